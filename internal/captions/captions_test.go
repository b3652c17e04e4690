package captions_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/captions"
	"github.com/albumwright/albumwright/internal/property"
)

func TestCaptionsAreReadInBothForms(t *testing.T) {
	want := map[string]string{"/p/a.jpg": "The harbour, at noon", "/p/sub/b.jpg": "two\nlines", "/p/none.jpg": ""}
	for _, c := range []struct{ name, file, content string }{
		{"YAML", "captions.yaml", "a.jpg: The harbour, at noon\nsub/b.jpg: |\n  two\n  lines\nnone.jpg: ''\n"},
		{"YAML with comments and an empty value", "captions.yml", "# mine\n---\na.jpg: \"The harbour, at noon\" # yes\n\"sub/b.jpg\": \"two\\nlines\"\nnone.jpg:\n"},
		{"JSON is YAML", "captions.yaml", `{"a.jpg": "The harbour, at noon", "sub/b.jpg": "two\nlines", "none.jpg": ""}`},
		{"CSV with a header", "captions.csv", "file,caption\na.jpg,\"The harbour, at noon\"\nsub/b.jpg,\"two\nlines\"\nnone.jpg,\n"},
		{"CSV without one", "captions.csv", "a.jpg,\"The harbour, at noon\"\nsub/b.jpg,\"two\nlines\"\nnone.jpg,\n"},
		{"CSV with semicolons, a byte order mark and the line ends of Windows", "captions.csv",
			"\ufeffFile;Caption\r\na.jpg;The harbour, at noon\r\n\r\nsub/b.jpg;\"two\r\nlines\"\r\nnone.jpg;\r\n"},
		{"blanks around", "captions.csv", "a.jpg,\"  The harbour, at noon \"\n./sub//b.jpg,\"two\nlines\n\"\nnone.jpg, \n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := captions.Parse("/p/"+c.file, []byte(c.content), false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, texts(f)); diff != "" {
				t.Errorf("captions (-want +got):\n%s", diff)
			}
			if text, said := f.Text("/p/other.jpg"); said {
				t.Errorf("other.jpg has the caption %q, want none", text)
			}
		})
	}
}

func texts(f captions.File) map[string]string {
	all := map[string]string{}
	for _, p := range f.Paths() {
		all[p], _ = f.Text(p)
	}
	return all
}

func TestYAMLTextsCountAsTheyAreWritten(t *testing.T) {
	f, err := captions.Parse("/p/captions.yaml", []byte("1.jpg: 2024\n2.jpg: yes\n3.jpg: 2024-05-18\n4.jpg: 1e3\n"), false)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"/p/1.jpg": "2024", "/p/2.jpg": "yes", "/p/3.jpg": "2024-05-18", "/p/4.jpg": "1e3"}
	if diff := cmp.Diff(want, texts(f)); diff != "" {
		t.Errorf("captions (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeSeenIsNoPartOfAText(t *testing.T) {
	for file, content := range map[string]string{
		"captions.yaml": "a.jpg: \"one\\r\\ntwo\\x0bthree\\0 \\a\"\n",
		"captions.csv":  "a.jpg,\"one\r\ntwo\x0bthree\x00 \x07\"\n",
	} {
		f, err := captions.Parse("/p/"+file, []byte(content), false)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := f.Text("/p/a.jpg"); got != "one\ntwo\nthree" {
			t.Errorf("%s: read as %q", file, got)
		}
	}
}

func TestAFileWithNothingInItSaysNothing(t *testing.T) {
	for file, content := range map[string]string{"captions.yaml": "\n# none yet\n", "captions.csv": "", "words.CSV": "file,caption\n"} {
		if f, err := captions.Parse("/p/"+file, []byte(content), false); err != nil || len(f.Paths()) > 0 {
			t.Errorf("%s: %v, %v, want nothing", file, f.Paths(), err)
		}
	}
}

func TestNamesAreTheSameInBothFormsOfUnicode(t *testing.T) {
	f, err := captions.Parse("/p/captions.yaml", []byte("e\u0301t\u00e9.jpg: summer\n"), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/p/\u00e9t\u00e9.jpg", "/p/e\u0301te\u0301.jpg"} {
		if text, said := f.Text(path); text != "summer" || !said {
			t.Errorf("%+q has the caption %q", path, text)
		}
	}
}

func TestOnlyANamedFileMayNamePathsOutsideOfItsFolder(t *testing.T) {
	content := []byte("/q/a.jpg: absolute\n../r/b.jpg: beside\nc.jpg: below\n")
	f, err := captions.Parse("/p/words.yaml", content, true)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"/q/a.jpg": "absolute", "/r/b.jpg": "beside", "/p/c.jpg": "below"}
	if diff := cmp.Diff(want, texts(f)); diff != "" {
		t.Errorf("captions (-want +got):\n%s", diff)
	}
	_, err = captions.Parse("/p/captions.yaml", content, false)
	if err == nil || !strings.HasPrefix(err.Error(), `/p/captions.yaml:1:1: "/q/a.jpg" is not in the folder`) {
		t.Errorf("found by itself: %v, want an error in line 1", err)
	}
}

func TestWhatIsWrongIsSaidWithItsPlace(t *testing.T) {
	for _, c := range []struct{ name, file, content, want string }{
		{"a name twice", "captions.yaml", "a.jpg: one\nb.jpg: x\n./a.jpg: two\n", `/p/captions.yaml:3:1: "./a.jpg" has two captions, the first is in line 1`},
		{"a name twice in CSV", "captions.csv", "a.jpg,one\n\na.jpg,two\n", `/p/captions.csv:3:1: "a.jpg" has two captions, the first is in line 1`},
		{"no YAML", "captions.yaml", "a.jpg: one\n  b.jpg: [two\n", "/p/captions.yaml:"},
		{"a tab in YAML", "captions.yaml", "a.jpg: one\n\tb.jpg: two\n", "/p/captions.yaml:2:"},
		{"a list", "captions.yaml", "- a.jpg\n", "/p/captions.yaml:1:1: it must be lines of NAME: TEXT"},
		{"a folder's mapping", "captions.yaml", "a.jpg: x\nsub:\n  b.jpg: y\n", `/p/captions.yaml:3:3: the caption of "sub" must be a plain text`},
		{"an alias", "captions.yaml", "a.jpg: &x one\nb.jpg: *x\n", `/p/captions.yaml:2:8: the caption of "b.jpg" must be a plain text`},
		{"a merge", "captions.yaml", "<<: {a.jpg: x}\n", "/p/captions.yaml:1:1: the name of a file must be a plain text"},
		{"a tag", "captions.yaml", "a.jpg: !!binary aGFsbG8=\n", `/p/captions.yaml:1:8: the caption of "a.jpg" must be a plain text`},
		{"a # in a text", "captions.yaml", "a.jpg: x # mine\nb.jpg: Rain #3 again\n", "/p/captions.yaml:2:8: #3 is a comment; a text with a # in it stands in quotation marks"},
		{"a # before a text", "captions.yaml", "a.jpg: #rain\n", "/p/captions.yaml:1:7: #rain is a comment"},
		{"a colon in a text", "captions.yaml", "a.jpg: Rome: the first day\n",
			"/p/captions.yaml:1:12: it is not YAML: mapping values are not allowed in this context; a text with : or # in it stands in quotation marks"},
		{"two documents", "captions.yaml", "a.jpg: x\n---\nb.jpg: y\n", "/p/captions.yaml:2:1: it must be one YAML document"},
		{"three columns", "captions.csv", "a.jpg,one\nb.jpg,two, and three\n", "/p/captions.csv:2:1: there are 3 columns"},
		{"one column", "captions.csv", "a.jpg\n", "/p/captions.csv:1:1: there are 1 columns"},
		{"an open quotation mark", "captions.csv", "a.jpg,\"one\nb.jpg,two\n", "/p/captions.csv:"},
		{"the file's name", "captions.csv", "file,caption\nsub/a.jpg,a.jpg\n", `/p/captions.csv:2:1: the caption of "sub/a.jpg" is its name`},
		{"no name", "captions.csv", "a.jpg,x\n,two\n", `/p/captions.csv:2:1: "" is no name of a file`},
		{"Latin-1", "captions.csv", "a.jpg,x\nb.jpg,caf\xe9\n", "/p/captions.csv:2:10: it is not UTF-8"},
		{"UTF-16", "captions.csv", "\xff\xfea\x00", "/p/captions.csv:1:1: it is not UTF-8"},
		{"another form", "captions.txt", "a.jpg x\n", "/p/captions.txt: captions are in a file whose name ends in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := captions.Parse("/p/"+c.file, []byte(c.content), false)
			bad := (*captions.Error)(nil)
			if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), c.want) {
				t.Fatalf("error %v, want %s", err, c.want)
			}
			if (bad.Line == 0 || bad.Column == 0) && c.name != "another form" {
				t.Errorf("error %v without its place", err)
			}
		})
	}
}

func TestWhateverStandsInAFileItIsReadOrRefused(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(captions.Names()).Draw(t, "name")
		content := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("ab.:,;\"'\n \t-&*!|>[]{}#%/\\")))).Draw(t, "content")
		_, err := captions.Parse("/p/"+name, []byte(content), false)
		if bad := (*captions.Error)(nil); err != nil && !errors.As(err, &bad) {
			t.Fatalf("%q: %v, want a captions.Error", content, err)
		}
	})
}

func TestTextsComeBackWhateverTheyAre(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		said := strings.TrimSpace(rapid.StringOf(rapid.RuneFrom([]rune("aé,;\"' :#-\n漢"))).Draw(t, "text"))
		comma := rapid.SampledFrom([]string{",", ";"}).Draw(t, "separator")
		line := `"a.jpg"` + comma + `"` + strings.ReplaceAll(said, `"`, `""`) + `"` + "\n"
		f, err := captions.Parse("/p/captions.csv", []byte(line), false)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if got, _ := f.Text("/p/a.jpg"); got != said {
			t.Fatalf("%q: read as %q, want %q", line, got, said)
		}
	})
}
