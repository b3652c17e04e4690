package download_test

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/download"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/photos"
)

// foreseen are the paths that a dry run gives to items of some names.
func foreseen(t interface{ Fatal(...any) }, dir, title string, names ...string) []string {
	var items []photos.MediaItem
	for i, name := range names {
		items = append(items, photos.MediaItem{ID: fmt.Sprintf("id-%d", i), Filename: name, MediaMetadata: photos.MediaMetadata{Photo: &photos.Photo{}}})
	}
	var paths []string
	_, err := download.Run(context.Background(), download.Config{
		Dir: dir, Album: title, Items: wanted(items...), Fetcher: &photos.Fetcher{}, DryRun: true,
		Observe: func(it download.Item) { paths = append(paths, it.Files...) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func TestANameFromTheServiceIsANameAndNoPath(t *testing.T) {
	long := strings.Repeat("ä", 300)
	for name, want := range map[string]string{
		"IMG_1.jpg":                     "IMG_1.jpg",
		"a/b\\c:d.jpg":                  "a_b_c_d.jpg",
		"../../etc/passwd":              "__.._etc_passwd",
		"..":                            "id-0",
		".":                             "id-0",
		"":                              "id-0",
		" ":                             "id-0",
		"///":                           "id-0",
		".htaccess":                     "_htaccess",
		"...jpg":                        "_jpg",
		"/etc/cron.d/x":                 "_etc_cron.d_x",
		"a\x00b\x1b[2J\n.jpg":           "a_b_[2J_.jpg",
		"report\u202egpj.exe":           "report_gpj.exe",
		"CON":                           "_CON",
		"con.jpg":                       "_con.jpg",
		"Aux .tar.gz":                   "_Aux .tar.gz",
		"COM1":                          "_COM1",
		"lpt¹.jpg":                      "_lpt¹.jpg",
		"COMMON.jpg":                    "COMMON.jpg",
		"COM.jpg":                       "COM.jpg",
		"NUL":                           "_NUL",
		"trailing. . ":                  "trailing",
		"a\xff\xfeb.jpg":                "a_b.jpg",
		"e\u0301te\u0301.jpg":           "été.jpg",
		"👨\u200d👩\u200d👧.jpg":           "👨\u200d👩\u200d👧.jpg",
		"what? <1> \"2\" | 3*.jpg":      "what_ _1_ _2_ _ 3_.jpg",
		long + ".jpg":                   strings.Repeat("ä", 123) + ".jpg",
		"x" + long:                      "x" + strings.Repeat("ä", 125),
		"a." + strings.Repeat("b", 300): "a." + strings.Repeat("b", 249),
		".albumwright":                  "_albumwright",
	} {
		if got := foreseen(t, filepath.Join(t.TempDir(), "D"), "", name); len(got) != 1 || got[0] != want {
			t.Errorf("%.40q becomes %q, want %q", name, got, want)
		}
	}
}

// anyName draws names such as a service may have, the hostile ones more often.
func anyName() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[aA\x{e4}\x{c4}./\\ ~_()2:*]{0,12}(\.jpg|\.JPG|\.xmp)?`),
		rapid.SampledFrom([]string{"a.jpg", "A.JPG", "a (2).jpg", "a.jpg.xmp", "con", "..", "../a.jpg", ".albumwright", "id-0", "untitled", strings.Repeat("a", 300) + ".jpg", strings.Repeat("A", 251) + ".jpg"}),
	)
}

func TestNoTwoItemsHaveOnePathAndNoneIsOutside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "D")
	property.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(anyName(), 1, 12).Draw(t, "names")
		paths := foreseen(t, dir, anyName().Draw(t, "album"), names...)
		if len(paths) != len(names) {
			t.Fatalf("%d paths for %d names", len(paths), len(names))
		}
		seen := map[string]bool{}
		for i, p := range paths {
			for _, one := range []string{p, p + ".xmp"} {
				folded := strings.ToLower(one)
				if seen[folded] {
					t.Fatalf("%q is given twice", one)
				}
				seen[folded] = true
			}
			if !filepath.IsLocal(p) || path.Clean(p) != p || strings.Count(p, "/") > 1 {
				t.Fatalf("%q becomes %q", names[i], p)
			}
			for _, name := range strings.Split(p, "/") {
				bad := name == "" || name[0] == '.' || len(name) > 251 || !utf8.ValidString(name) || !norm.NFC.IsNormalString(name) ||
					strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, `\:*?"<>|`) || strings.TrimRight(name, ". ") != name
				if bad {
					t.Fatalf("%q becomes %q, which not every disk takes", names[i], p)
				}
			}
		}
	})
}

func TestAFolderAndAFileOfOneNameLiveSideBySide(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.jpg"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if paths := foreseen(t, dir, "a.jpg", "a.jpg"); len(paths) != 1 || paths[0] != "a (2).jpg/a.jpg" {
		t.Errorf("%q", paths)
	}
}
