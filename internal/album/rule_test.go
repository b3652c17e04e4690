package album_test

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/photos"
)

func TestARuleNamesTheAlbumOfAFile(t *testing.T) {
	none, folder, byPath := album.Rule{}, album.Rule{By: album.ByFolder}, album.Rule{By: album.ByPath}
	x := strings.Repeat
	for _, tc := range []struct {
		name       string
		rule       album.Rule
		root, file string
		want       string
	}{
		{"no rule", none, "/p", "/p/2024/a.jpg", ""},
		{"none", album.Rule{By: album.ByNone}, "/p", "/p/2024/a.jpg", ""},

		{"one album for everything", album.Rule{Title: "Summer"}, "/p", "/p/2024/a.jpg", "Summer"},
		{"one album for everything, none by rule", album.Rule{Title: "Summer", By: album.ByNone}, "/p", "/p/a.jpg", "Summer"},
		{"one album, its name cleaned", album.Rule{Title: " Su\u0308d\n"}, "/p", "/p/a.jpg", "Süd"},

		{"folder", folder, "/p", "/p/2024/Rome/a.jpg", "Rome"},
		{"folder, right in the root", folder, "/p/Rome", "/p/Rome/a.jpg", "Rome"},
		{"folder, the root is the file", folder, "/p/Rome/a.jpg", "/p/Rome/a.jpg", "Rome"},
		{"folder, right in the root of all", folder, "/", "/a.jpg", ""},

		{"path", byPath, "/p", "/p/2024/Rome/Forum/a.jpg", "2024 / Rome / Forum"},
		{"path of one folder", byPath, "/p", "/p/2024/a.jpg", "2024"},
		{"path, right in the root", byPath, "/p/Rome", "/p/Rome/a.jpg", "Rome"},
		{"path, the root is the file", byPath, "/p/Rome/a.jpg", "/p/Rome/a.jpg", "Rome"},
		{"path, below the root of all", byPath, "/", "/p/2024/a.jpg", "p / 2024"},
		{"path, right in the root of all", byPath, "/", "/a.jpg", ""},
		{"path, a folder that begins with dots", byPath, "/p", "/p/..old/Rome/a.jpg", "..old / Rome"},
		{"path, a folder of three dots", byPath, "/p", "/p/.../Rome/a.jpg", "... / Rome"},
		{"path, outside of the root", byPath, "/p/Rome", "/p/Oslo/2024/a.jpg", "2024"},
		{"path, a root with a slash at its end", byPath, "/p/", "/p/2024/a.jpg", "2024"},

		{"a file of which no folder is known", folder, ".", "a.jpg", ""},

		{"decomposed letters", folder, "/p", "/p/Mu\u0308nchen/a.jpg", "München"},
		{"control characters", folder, "/p", "/p/a\tb\x00c\u0085d/a.jpg", "a b c d"},
		{"line separators", folder, "/p", "/p/a\u2028b\u2029c/a.jpg", "a b c"},
		{"space around", folder, "/p", "/p/ Rome \n/a.jpg", "Rome"},
		{"nothing visible", folder, "/p", "/p/ \t/a.jpg", ""},
		{"bytes that are not UTF-8", folder, "/p", "/p/a\xffb/a.jpg", "a�b"},
		{"500 characters", folder, "/p", "/p/" + x("ü", 500) + "/a.jpg", x("ü", 500)},
		{"501 characters", folder, "/p", "/p/" + x("ü", 501) + "/a.jpg", x("ü", 500)},
		{"501 characters with a space at the cut", folder, "/p", "/p/" + x("a", 499) + " b/a.jpg", x("a", 499)},
		{"a path of 501 characters", byPath, "/p", "/p/" + x("a", 250) + "/" + x("b", 248) + "/a.jpg", x("a", 250) + " / " + x("b", 247)},
	} {
		file := album.File{Root: filepath.FromSlash(tc.root), Path: filepath.FromSlash(tc.file)}
		if got := titles(t, file, album.Options{}, tc.rule); got[0] != tc.want {
			t.Errorf("%s: root %q, file %q: album %q, want %q", tc.name, tc.root, tc.file, got, tc.want)
		}
	}
}

func TestARuleThatCannotBeIsRefused(t *testing.T) {
	for _, tc := range []struct {
		rule album.Rule
		want string // what the refusal says; "" if there is none
	}{
		{album.Rule{}, ""},
		{album.Rule{By: album.ByNone}, ""},
		{album.Rule{By: album.ByFolder}, ""},
		{album.Rule{By: album.ByPath}, ""},
		{album.Rule{Title: "Summer"}, ""},
		{album.Rule{Title: "Summer", By: album.ByNone}, ""},
		{album.Rule{Title: "Summer", By: album.ByFolder}, "cannot be given together"},
		{album.Rule{Title: "Summer", By: album.ByPath}, "cannot be given together"},
		{album.Rule{Title: " \n"}, `album name " \n" has no visible character`},
		{album.Rule{Title: "/"}, "no visible character"},
		{album.Rule{Title: "\u200b \ufeff"}, "no visible character"},
		{album.Rule{Template: "\u200b"}, "without a visible character"},
		{album.Rule{By: "year"}, ""},
		{album.Rule{By: "week"}, `cannot be named by "week": use folder, path, day, month, year, event, camera or none`},
		{album.Rule{By: "Folder"}, "cannot be named by"},
		{album.Rule{Template: "{folder}"}, ""},
		{album.Rule{Template: "{foldr}"}, "unknown token"},
		{album.Rule{Template: "{folder}", By: album.ByFolder}, "cannot be given together"},
		{album.Rule{Template: "{folder}", Title: "Summer"}, "cannot be given together"},
	} {
		err := tc.rule.Valid()
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("rule %+v: %v, want %q", tc.rule, err, tc.want)
		}
	}
}

func TestACleanTitleFitsAndStays(t *testing.T) {
	piece := rapid.OneOf(rapid.SampledFrom([]string{"a", " ", "/", ".", "u\u0308", "日", "\x00", "\n", "\u0085", "\u2028", "\xff", "\u0301"}), rapid.String())
	property.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.OneOf(rapid.SliceOfN(piece, 0, 5), rapid.SliceOfN(piece, 400, 600)).Draw(t, "title"), "")
		got := album.CleanTitle(in)
		if n := utf8.RuneCountInString(got); n > photos.MaxTitle {
			t.Fatalf("%d characters, want at most %d", n, photos.MaxTitle)
		}
		if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || got != strings.TrimSpace(got) || strings.ContainsFunc(got, unicode.IsControl) {
			t.Fatalf("%q became %q, want composed UTF-8 on one line without space around it", in, got)
		}
		if again := album.CleanTitle(got); again != got {
			t.Fatalf("%q became %q, and then %q", in, got, again)
		}
	})
}
