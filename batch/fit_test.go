package batch_test

import (
	"path"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/photos"
)

func TestFileNamesAreMadeToFit(t *testing.T) {
	x := strings.Repeat
	for _, tc := range []struct{ name, in, want string }{
		{"nothing to do", "IMG_0001.JPG", "IMG_0001.JPG"},
		{"empty", "", ""},
		{"255 characters", x("a", 251) + ".jpg", x("a", 251) + ".jpg"},
		{"256 characters", x("a", 252) + ".jpg", x("a", 251) + ".jpg"},
		{"much too long", x("a", 1000) + ".jpeg", x("a", 250) + ".jpeg"},
		{"255 characters of several bytes", x("ü", 251) + ".jpg", x("ü", 251) + ".jpg"},
		{"256 characters of several bytes", x("日", 252) + ".jpg", x("日", 251) + ".jpg"},
		{"no extension", x("a", 300), x("a", 255)},
		{"an extension that is too long to be one", "a." + x("b", 300), "a." + x("b", 253)},
		{"an extension of 254, and no room before it", "ab." + x("c", 253), "a." + x("c", 253)},
		{"an extension of 255", "ab." + x("c", 254), "ab." + x("c", 252)},
		{"nothing but an extension", "." + x("b", 300), "." + x("b", 254)},
		{"control characters", "a\x00b\tc\u0085\x7f.jpg", "a_b_c__.jpg"},
		{"bytes that are not UTF-8", "a\xffb\xc3.jpg", "a�b�.jpg"},
		{"decomposed letters", "u\u0308ber.jpg", "über.jpg"},
		{"256 decomposed, 254 composed", x("a", 248) + "u\u0308u\u0308.jpg", x("a", 248) + "üü.jpg"},
	} {
		if got := batch.FitFileName(tc.in); got != tc.want {
			t.Errorf("%s: %q became %q (%d characters), want %q", tc.name, tc.in, got, utf8.RuneCountInString(got), tc.want)
		}
	}
}

// anyText is text as it stands in names and captions: words, letters of several bytes, marks, control characters, and bytes that are no text.
func anyText(least, most int) *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"a", "word", " ", ".", ".jpg", "/", "ü", "u\u0308", "日本", "👩‍👧", "\u0301", "\x00", "\n", "\u0085", "\xff", "\xe6\x97", "\u2028", "가", "\u1100\u1161"}),
		rapid.String(),
	)
	return rapid.Map(rapid.SliceOfN(piece, least, most), func(all []string) string { return strings.Join(all, "") })
}

func TestAFittedFileNameFitsAndStays(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(anyText(0, 20), anyText(200, 300)).Draw(t, "name")
		got := batch.FitFileName(in)
		if n := utf8.RuneCountInString(got); n > photos.MaxFileName {
			t.Fatalf("%d characters, want at most %d", n, photos.MaxFileName)
		}
		if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || strings.ContainsFunc(got, unicode.IsControl) {
			t.Fatalf("%q became %q, want composed UTF-8 without control characters", in, got)
		}
		if again := batch.FitFileName(got); again != got {
			t.Fatalf("%q became %q, and then %q", in, got, again)
		}
	})
}

func TestAShortExtensionIsNeverCut(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		stem := anyText(1, 300).Draw(t, "stem")
		ext := rapid.SampledFrom([]string{".jpg", ".JPEG", ".heic", ".mp4", ".CR3"}).Draw(t, "ext")
		if got := batch.FitFileName(stem + ext); path.Ext(got) != ext {
			t.Fatalf("%q became %q, want its extension %s kept", stem+ext, got, ext)
		}
	})
}

func TestDescriptionsAreMadeToFit(t *testing.T) {
	x := strings.Repeat
	for _, tc := range []struct{ name, in, want string }{
		{"nothing to do", "The last evening.\nCold.", "The last evening.\nCold."},
		{"empty", "", ""},
		{"998 characters", x("a", 998), x("a", 998)},
		{"999 characters", x("a", 999), x("a", 999)},
		{"1000 characters without a space", x("a", 1000), x("a", 998) + "…"},
		{"1001 characters without a space", x("a", 1001), x("a", 998) + "…"},
		{"999 characters of several bytes", x("日", 999), x("日", 999)},
		{"1000 characters of several bytes", x("日", 1000), x("日", 998) + "…"},
		{"cut inside a word", x("a", 990) + " bbbbbbbbbbbbbbbb", x("a", 990) + "…"},
		{"several spaces before the cut", x("a", 980) + "   \n " + x("b", 50), x("a", 980) + "…"},
		{"a space too early to cut there", x("a", 100) + " " + x("b", 1000), x("a", 100) + " " + x("b", 897) + "…"},
		{"nothing but spaces", x(" ", 1000), "…"},
		{"bytes that are not UTF-8", "a\xff\xfeb", "a�b"},
	} {
		if got := batch.FitDescription(tc.in); got != tc.want {
			t.Errorf("%s: became %q (%d characters), want %q", tc.name, got, utf8.RuneCountInString(got), tc.want)
		}
	}
}

func TestAFittedDescriptionFitsAndStays(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(anyText(0, 20), anyText(800, 1200)).Draw(t, "text")
		got := batch.FitDescription(in)
		if n := utf8.RuneCountInString(got); n > photos.MaxDescription || n > utf8.RuneCountInString(in) {
			t.Fatalf("%d characters became %d, want no more, and at most %d", utf8.RuneCountInString(in), n, photos.MaxDescription)
		}
		if !utf8.ValidString(got) {
			t.Fatalf("%q became %q, want UTF-8", in, got)
		}
		if again := batch.FitDescription(got); again != got {
			t.Fatalf("%q became %q, and then %q", in, got, again)
		}
		if valid := strings.ToValidUTF8(in, "�"); utf8.RuneCountInString(valid) <= photos.MaxDescription && got != valid {
			t.Fatalf("%q became %q, want it left as it is", in, got)
		}
	})
}

func TestADescriptionThatEndsWithAWordAtTheLimitKeepsThatWord(t *testing.T) {
	text := strings.Repeat("x", photos.MaxDescription-5) + " end more"
	if got, want := batch.FitDescription(text), strings.Repeat("x", photos.MaxDescription-5)+" end…"; got != want {
		t.Errorf("cut to …%q, want …%q", got[len(got)-12:], want[len(want)-12:])
	}
}
