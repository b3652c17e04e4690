package planfile_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/planfile"
)

const head = "version: 1\nendpoint: \"http://x\"\naccount: a\nroot: /p\n"

const stamp = "as: 1@2024-05-18T12:00:00Z"

func TestEverythingThatIsWrongIsSaidAtOnce(t *testing.T) {
	long := strings.Repeat("x", 501)
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "line 1, column 1: this is no plan: it does not begin with version: 1"},
		{"a text", "hello", "line 1, column 1: this must have keys: version, endpoint, account, root, time-shift, order"},
		{"another version", "version: 2\nendpoint: x\naccount: a\nroot: /p\n", `line 1, column 10: version is "2", but this program knows version 1 only`},
		{"a root that is not absolute", "version: 1\nendpoint: x\naccount: a\nroot: p\n", `line 4, column 7: root "p" is not absolute`},
		{"a head without account", "version: 1\nendpoint: x\nroot: /p\n", "line 1, column 1: account is missing"},
		{"a plan that was cut off", head + "---\nalbum: a\nitems: []\n", "line 6, column 1: the plan was cut off behind this line: it does not close with end: true"},
		{"a key twice", head + "account: b\n", "line 5, column 1: account is given twice, first in line 3"},
		{"no YAML", head + "---\nalbum: [1\nitems: 2\n", "line 7, column 6: not YAML: did not find expected ',' or ']'"},
		{"words with a comma", head + "---\nlibrary:\n  - {file: a, " + stamp + ", description: The pier, at noon}\n",
			`line 7, column 66: "at noon" is no key; if it belongs to the text before it, put that in quotation marks, because there is a comma in it`},
		{"a colon without a blank", head + "---\nlibrary:\n  - {file: a, " + stamp + ", description:noon}\n", "line 7, column 43: a blank is missing behind description:"},
		{"a title with a #", head + "---\nalbum: Garden #1\nitems: []\n", `line 6, column 8: #1 is a comment; a text with a # in it stands in quotation marks`},
		{"a title that begins with a #", head + "---\nalbum: #1 Garden\nitems: []\n", "line 6, column 7: #1 is a comment; a text with a # in it stands in quotation marks\n" +
			`line 6, column 7: the title "" has no visible character; files in no album stand under library`},
		{"Latin-1", head + "---\nalbum: caf\xe9\nitems: []\n", "this is no text in UTF-8, as which your editor can save it: invalid trailing UTF-8 octet (value: 10)"},
		{"a zero", head + "---\nalbum: a\x00b\nitems: []\n", "this is no text in UTF-8, as which your editor can save it: control characters are not allowed (value: 0)"},
		{"a tab", head + "---\nalbum: a\nitems:\n\t- x\n", "line 8, column 1: not YAML: found character that cannot start any token"},
		{"unknown keys", head + "---\nalbun: a\nitms: []\n", "line 6, column 1: unknown key \"albun\"; did you mean \"album\"?\n" +
			"line 7, column 1: unknown key \"itms\"; did you mean \"items\"?\nline 6, column 1: album is missing\nline 6, column 1: items is missing"},
		{"wrong types", head + "---\nalbum: [a]\nitems: {a: b}\n", "line 6, column 8: this must be a text\n" +
			"line 6, column 8: the title \"\" has no visible character; files in no album stand under library\n" +
			"line 7, column 8: this must be a list, each line with a - before it"},
		{"an item that is a text", head + "---\nlibrary:\n  - a.jpg\n", "line 7, column 5: this must have keys: captured, file, as, description"},
		{"library beside items", head + "---\nlibrary: []\nitems: []\n", "line 6, column 1: an album has album and items, and library stands alone; a line --- parts them"},
		{"an empty title", head + "---\nalbum: \" \"\nitems: []\n", `line 6, column 8: the title " " has no visible character; files in no album stand under library`},
		{"a long title", head + "---\nalbum: " + long + "\nitems: []\n", "line 6, column 8: the title has 501 characters, but the service takes at most 500"},
		{"a long description", head + "---\nlibrary:\n  - {file: a, " + stamp + ", description: " + long + long + "}\n",
			"line 7, column 56: the description has 1002 characters, but the service takes at most 999"},
		{"a file without its state", head + "---\nlibrary:\n  - {file: a}\n", "line 7, column 5: as is missing"},
		{"a state that is none", head + "---\nlibrary:\n  - {file: a, as: 1}\n  - {file: b, as: x@2024}\n  - {file: c, as: 1@2024}\n",
			"line 7, column 19: as: has no @ between size and time; it must be as the plan had it\n" +
				"line 8, column 19: as: \"x\" is no size in bytes; it must be as the plan had it\n" +
				"line 9, column 19: as: \"2024\" is no time; it must be as the plan had it"},
		{"files outside of the root", head + "---\nlibrary:\n  - {file: /etc/passwd, " + stamp + "}\n  - {file: a/../../b, " + stamp + "}\n  - {file: ., " + stamp + "}\n",
			"line 7, column 12: file \"/etc/passwd\" does not lie in root\nline 8, column 12: file \"a/../../b\" does not lie in root\n" +
				"line 9, column 12: file \".\" does not lie in root"},
		{"a file twice in an album", head + "---\nalbum: a\nitems:\n  - {file: x, " + stamp + "}\n  - {file: ./x, " + stamp + "}\n",
			`line 9, column 12: file "./x" is in this album already, in line 8`},
		{"a file twice in two lists of one album", head + "---\nalbum: a\nitems:\n  - {file: x, " + stamp + "}\n---\nalbum: \"a \"\nitems:\n  - {file: x, " + stamp + "}\n",
			`line 12, column 12: file "x" is in this album already, in line 8`},
		{"a file with two descriptions", head + "---\nlibrary:\n  - {file: x, " + stamp + "}\n---\nalbum: a\nitems:\n  - {file: x, " + stamp + ", description: y}\n",
			`line 11, column 12: file "x" has another description in line 7: it is one media item, which has one`},
		{"a file with two states", head + "---\nlibrary:\n  - {file: x, " + stamp + "}\n---\nalbum: a\nitems:\n  - {file: x, as: 2@2024-05-18T12:00:00Z}\n",
			`line 11, column 12: file "x" has another as in line 7`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := planfile.Read(strings.NewReader(c.text))
			if err == nil {
				t.Fatal("it was read, want problems")
			}
			if diff := cmp.Diff(c.want, strings.ReplaceAll(strings.TrimPrefix(err.Error(), "  "), "\n  ", "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestManyProblemsAreCounted(t *testing.T) {
	text := head + "---\nlibrary:\n" + strings.Repeat("  - x\n", 100)
	_, err := planfile.Read(strings.NewReader(text))
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 21 || lines[20] != "  and 80 more" {
		t.Errorf("%d lines, the last one %q, want 21, and 80 more", len(lines), lines[len(lines)-1])
	}
}

// What a person's editing leaves behind is read as it is meant.
func TestWhatEditingLeavesIsRead(t *testing.T) {
	line := func(name string) string { return "  - {file: " + name + ", " + stamp + "}\n" }
	for _, c := range []struct {
		name, text string
		want       map[string]int // files by title
	}{
		{"a deleted album", head + "---\n---\nalbum: a\nitems:\n" + line("x"), map[string]int{"a": 1}},
		{"an album whose lines were deleted", head + "---\nalbum: b\nitems:\n---\nalbum: a\nitems:\n" + line("x"), map[string]int{"a": 1, "b": 0}},
		{"two lists made one", head + "---\nalbum: a\nitems:\n" + line("x") + "# album: b\n" + line("y"), map[string]int{"a": 2}},
		{"Windows line ends", strings.ReplaceAll(head+"---\nalbum: a\nitems:\n"+line("x"), "\n", "\r\n"), map[string]int{"a": 1}},
		{"comments", head + "---\nalbum: a # mine\nitems: #\n" + line("x") + line("y") + "# z\n", map[string]int{"a": 2}},
		{"a # in quotation marks", head + "---\nalbum: \"a #1\" #yes\nitems: #all\n" + line("x"), map[string]int{"a #1": 1}},
		{"a byte order mark", "\ufeff" + head + "---\nalbum: a\nitems:\n" + line("x"), map[string]int{"a": 1}},
		{"an item over several lines", head + "---\nalbum: a\nitems:\n- file: x\n  as: 1@2024-05-18T12:00:00Z\n", map[string]int{"a": 1}},
		{"nothing left", head, map[string]int{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := planfile.Read(strings.NewReader(c.text + "---\nend: true\n"))
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			for _, a := range f.Albums {
				got[a.Title] += len(a.Items)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(head + "---\nalbum: a\nitems:\n  - {file: x, " + stamp + "}\n---\nend: true\n")
	f.Add(head + "---\nlibrary: &a [*a]\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := planfile.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := planfile.Read(strings.NewReader(string(write(t, got))))
		if err != nil {
			t.Fatalf("what was read cannot be written and read again: %v", err)
		}
		if diff := cmp.Diff(counts(got), again); diff != "" {
			t.Errorf("(-read +read again):\n%s", diff)
		}
	})
}
