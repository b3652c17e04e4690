package filename_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/filename"
	"github.com/albumwright/albumwright/internal/property"
)

func TestANameIsMadeThatEveryDiskTakes(t *testing.T) {
	for text, want := range map[string]string{
		"IMG_0001.JPG":                    "IMG_0001.JPG",
		"Wedding: Ann & Bo":               "Wedding_ Ann & Bo",
		"NIKON/Z 6":                       "NIKON_Z 6",
		"..":                              "instead",
		".hidden":                         "_hidden",
		"con.jpg":                         "_con.jpg",
		"ends with dots...":               "ends with dots",
		"Cafe\u0301.JPG":                  "Café.JPG",
		strings.Repeat("x", 300) + ".JPG": strings.Repeat("x", 96) + ".JPG",
	} {
		if got := filename.Clean(text, "instead", 100); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestACleanNameIsSafeShortAndStays(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(20, 255).Draw(t, "most")
		name := filename.Clean(rapid.String().Draw(t, "text"), rapid.String().Draw(t, "instead"), most)
		bad := name == "" || name[0] == '.' || len(name) > most || !utf8.ValidString(name) || !norm.NFC.IsNormalString(name) ||
			strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, `/\:*?"<>|`) || strings.TrimRight(name, ". ") != name
		if bad {
			t.Fatalf("%q is not taken by every disk", name)
		}
		if again := filename.Clean(name, "", most); again != name {
			t.Fatalf("%q becomes %q when it is cleaned again", name, again)
		}
	})
}
