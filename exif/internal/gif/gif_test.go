package gif_test

import (
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/gif"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

const (
	plainScreen = "GIF89a\x40\x01\xf0\x00\x00\x00\x00"             // 320 x 240, no colours
	colours     = "GIF89a\x40\x01\xf0\x00\x81\x00\x00............" // and four colours
	control     = "!\xf9\x04\x00\x0a\x00\x00\x00"
	loop        = "!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
	comment     = "!\xfe\x05words\x05words\x00"
	image       = ",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
	xmpHead     = "!\xff\x0bXMP DataXMP"
)

func taken() fixture.Spec {
	return fixture.Spec{Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC)}
}

// packet is an extension with XMP as it should be.
func packet(more string) string {
	trailer := []byte{1}
	for i := range 256 {
		trailer = append(trailer, byte(255-i))
	}
	return xmpHead + string(fixture.XMP(taken())) + more + string(trailer) + "\x00"
}

// blocks is an extension with XMP as other data is written.
func blocks() string {
	out := xmpHead
	for rest := string(fixture.XMP(taken())); rest != ""; {
		n := min(len(rest), 255)
		out += string([]byte{byte(n)}) + rest[:n]
		rest = rest[n:]
	}
	return out + "\x00"
}

func read(content string) claimtest.Answer { return claimtest.Read(gif.Read, []byte(content)) }

func TestTheSizeIsThatOfTheScreen(t *testing.T) {
	want := claim.Set{Sizes: claimtest.Size(320, 240)}
	for name, file := range map[string]string{
		"plain": plainScreen + image + ";", "colours": colours + image + ";", "an animation": colours + loop + strings.Repeat(control+image, 9) + ";",
		"GIF87a": "GIF87a" + plainScreen[6:] + image + ";", "no end": plainScreen + image,
	} {
		a := read(file)
		if diff := cmp.Diff(want, a.Set); diff != "" || a.Complaint != "" {
			t.Errorf("%s: %q (-want +got):\n%s", name, a.Complaint, diff)
		}
	}
}

func TestXMPIsFoundBeforeAndBehindThePictures(t *testing.T) {
	pictures := strings.Repeat(control+image, 5000)
	for name, file := range map[string]string{
		"first":                      plainScreen + packet("") + image + ";",
		"behind the colours":         colours + packet("") + image + ";",
		"behind other extensions":    colours + loop + comment + packet("") + control + image + ";",
		"in sub-blocks":              colours + loop + blocks() + image + ";",
		"long":                       colours + packet(strings.Repeat(" ", 100_000)) + image + ";",
		"at the end":                 colours + pictures + packet("") + ";",
		"at the end of a small file": plainScreen + image + packet("") + ";",
		"at the end, long":           colours + pictures + packet(strings.Repeat(" ", 100_000)) + ";",
		"at the end, stray bytes":    colours + pictures + packet("") + ";\x00\x00\r\n",
		"no end":                     colours + pictures + packet(""),
	} {
		a := read(file)
		if len(a.Times) != 1 || !a.Times[0].Wall.Equal(taken().Captured) || a.Complaint != "" {
			t.Errorf("%s: times %v, complaint %q", name, a.Times, a.Complaint)
		}
	}
}

func TestThePicturesAreNotRead(t *testing.T) {
	pictures := strings.Repeat(control+image, 500_000)
	for name, file := range map[string]string{
		"no XMP": colours + pictures + ";", "XMP at the end": colours + pictures + packet("") + ";",
		"a trailer without XMP": colours + pictures + strings.TrimPrefix(packet(""), xmpHead) + ";",
	} {
		cost := read(file).Bytes
		if limit := map[bool]int64{true: 2 << 10, false: 2 << 20}[name == "no XMP"]; cost > limit {
			t.Errorf("%s: %d bytes read, want at most %d", name, cost, limit)
		}
	}
}

func TestADamagedFileSaysWhatIsWrong(t *testing.T) {
	for name, tt := range map[string]struct{ file, says string }{
		"cut in its header":     {plainScreen[:10], "header"},
		"cut behind its header": {plainScreen, "in front of its picture"},
		"cut in its colours":    {colours[:20], "in front of its picture"},
		"cut in a comment":      {plainScreen + comment[:5], "extension is cut short"},
		"cut in its XMP":        {plainScreen + packet("")[:400], "packet is cut short"},
	} {
		if a := read(tt.file); !strings.Contains(a.Complaint, tt.says) || a.Complaint == "" {
			t.Errorf("%s: complaint %q, want %q", name, a.Complaint, tt.says)
		}
	}
}

func TestBytesThatAreNoBlocksEndTheReading(t *testing.T) {
	for name, file := range map[string]string{
		"zeros": plainScreen + strings.Repeat("\x00", 100), "text": plainScreen + "stray bytes" + packet("") + image,
	} {
		if a := read(file); len(a.Sizes) != 1 || a.Complaint != "" {
			t.Errorf("%s: %v, complaint %q", name, a.Set, a.Complaint)
		}
	}
}
