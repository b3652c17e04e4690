package bitmap_test

import (
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/bitmap"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/google/go-cmp/cmp"
)

const bmpHead = "BM\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// icons is a list of icons of the given sides, without the pictures.
func icons(sides ...string) string {
	out := "\x00\x00\x01\x00" + string([]byte{byte(len(sides)), 0})
	for _, s := range sides {
		out += s + strings.Repeat("\x00", 14)
	}
	return out
}

func read(content string) claimtest.Answer { return claimtest.Read(bitmap.Read, []byte(content)) }

func TestTheSizeIsReadFromEveryKindOfHeader(t *testing.T) {
	want := claim.Set{Sizes: claimtest.Size(320, 240)}
	for name, file := range map[string]string{
		"BMP":                   bmpHead + "\x28\x00\x00\x00\x40\x01\x00\x00\xf0\x00\x00\x00",
		"BMP of version 5":      bmpHead + "\x7c\x00\x00\x00\x40\x01\x00\x00\xf0\x00\x00\x00",
		"BMP, first row first":  bmpHead + "\x28\x00\x00\x00\x40\x01\x00\x00\x10\xff\xff\xff",
		"BMP of OS/2":           bmpHead + "\x0c\x00\x00\x00\x40\x01\xf0\x00\x01\x00\x18\x00",
		"BMP of OS/2 version 2": bmpHead + "\x40\x00\x00\x00\x40\x01\x00\x00\xf0\x00\x00\x00",
	} {
		a := read(file)
		if diff := cmp.Diff(want, a.Set); diff != "" || a.Complaint != "" {
			t.Errorf("%s: %q (-want +got):\n%s", name, a.Complaint, diff)
		}
	}
}

func TestTheSizeOfAnIconIsThatOfItsLargestPicture(t *testing.T) {
	for name, tt := range map[string]struct {
		file          string
		width, height int
	}{
		"one":         {icons("\x20\x18"), 32, 24},
		"256":         {icons("\x00\x00"), 256, 256},
		"growing":     {icons("\x10\x10", "\x20\x20", "\x30\x30"), 48, 48},
		"shrinking":   {icons("\x00\x00", "\x20\x20", "\x10\x10"), 256, 256},
		"a long list": {icons(strings.Split(strings.Repeat("\x10\x10,", 99)+"\x20\x20", ",")...), 16, 16},
	} {
		a := read(tt.file)
		if len(a.Sizes) != 1 || a.Sizes[0].Width != tt.width || a.Sizes[0].Height != tt.height || a.Complaint != "" {
			t.Errorf("%s: %v, complaint %q, want %d x %d", name, a.Sizes, a.Complaint, tt.width, tt.height)
		}
	}
}

func TestSizesThatCannotBeAreAbsent(t *testing.T) {
	for name, tt := range map[string]struct{ file, says string }{
		"no width":       {bmpHead + "\x28\x00\x00\x00\x00\x00\x00\x00\xf0\x00\x00\x00", ""},
		"no height":      {bmpHead + "\x28\x00\x00\x00\x40\x01\x00\x00\x00\x00\x00\x00", ""},
		"huge":           {bmpHead + "\x28\x00\x00\x00\xff\xff\xff\xff\x00\x00\x00\x80", ""},
		"BMP cut short":  {bmpHead + "\x28\x00", "header is cut short"},
		"ICO cut short":  {"\x00\x00\x01\x00\x01", "header is cut short"},
		"list cut short": {icons("\x10\x10")[:12], "list of pictures"},
		"one byte":       {"B", ""},
		"no pictures":    {icons(), ""},
	} {
		a := read(tt.file)
		if len(a.Sizes) != 0 || !strings.Contains(a.Complaint, tt.says) || (a.Complaint == "") != (tt.says == "") {
			t.Errorf("%s: %v, complaint %q, want %q", name, a.Sizes, a.Complaint, tt.says)
		}
	}
}
