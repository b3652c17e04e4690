package riff_test

import (
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

const (
	vp8  = "\x30\x01\x00\x9d\x01\x2a\x40\x01\xf0\x80" // 320 x 240, the height with a scale
	vp8l = "\x2f\x3f\xc1\x3b\x00"                     // 320 x 240
	vp8x = "\x08\x00\x00\x00\x3f\x01\x00\xef\x00\x00" // 320 x 240
)

func taken() fixture.Spec {
	return fixture.Spec{Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), Make: "Aldermere"}
}

func TestTheSizeOfAWebPIsReadInAllItsForms(t *testing.T) {
	want := claimtest.Size(320, 240)
	for name, c := range map[string]string{
		"lossy": chunkOf("VP8 ", vp8), "lossless": chunkOf("VP8L", vp8l), "extended": chunkOf("VP8X", vp8x),
		"lossless, with transparency": chunkOf("VP8L", "\x2f\x3f\xc1\x3b\x10more"),
	} {
		if diff := cmp.Diff(want, mustRead(t, name, riffOf("WEBP", c)).Sizes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	large := mustRead(t, "large", riffOf("WEBP", chunkOf("VP8X", "\x00\x00\x00\x00\xff\xff\xff\x00\x00\x00")))
	if got := large.Sizes[0]; got.Width != 1<<24 || got.Height != 1 {
		t.Errorf("largest canvas: %v", got)
	}
}

func TestTheCanvasOfAnExtendedWebPComesBeforeThePicture(t *testing.T) {
	file := riffOf("WEBP", chunkOf("VP8X", "\x00\x00\x00\x00\x09\x00\x00\x07\x00\x00"), chunkOf("VP8 ", vp8))
	if got := mustRead(t, "extended", file).Sizes[0]; got.Width != 10 || got.Height != 8 {
		t.Errorf("size %v, want that of the canvas, 10 x 8", got)
	}
}

func TestEXIFAndXMPOfAWebPAreFoundInAllTheirForms(t *testing.T) {
	exif, xmp := string(fixture.EXIF(taken())), string(fixture.XMP(taken()))
	x, picture := chunkOf("VP8X", vp8x), chunkOf("VP8 ", vp8)
	frames := strings.Repeat(chunkOf("ANMF", strings.Repeat("f", 301)), 300)
	tests := map[string]string{
		"EXIF":                       riffOf("WEBP", x, picture, chunkOf("EXIF", exif)),
		"EXIF with JPEG's prefix":    riffOf("WEBP", x, picture, chunkOf("EXIF", "Exif\x00\x00"+exif)),
		"EXIF of odd size":           riffOf("WEBP", x, picture, chunkOf("EXIF", exif+"\x00"), chunkOf("what", "")),
		"EXIF first":                 riffOf("WEBP", x, chunkOf("EXIF", exif), picture),
		"EXIF behind the file's end": riffOf("WEBP", picture) + chunkOf("EXIF", exif),
		"EXIF, no pad byte at last":  riffOf("WEBP", x, picture, "EXIF"+number(len(exif)+1)+exif+"\x00"),
		"no extended header":         riffOf("WEBP", picture, chunkOf("EXIF", exif)),
		"size of the file is zero":   "RIFF\x00\x00\x00\x00" + riffOf("WEBP", x, picture, chunkOf("EXIF", exif))[8:],
		"stray bytes at the end":     riffOf("WEBP", x, picture, chunkOf("EXIF", exif)) + "\x01\x02\x03\x04stray bytes",
		"an animation":               riffOf("WEBP", x, chunkOf("ANIM", "......"), frames, chunkOf("EXIF", exif)),
		"XMP":                        riffOf("WEBP", x, picture, chunkOf("XMP ", xmp)),
		"XMP named with a NUL":       riffOf("WEBP", x, picture, chunkOf("XMP\x00", xmp)),
		"XMP of odd size":            riffOf("WEBP", x, picture, chunkOf("XMP ", xmp+" "), chunkOf("what", "")),
	}
	for name, file := range tests {
		said := mustRead(t, name, file)
		if len(said.Times) != 1 || !said.Times[0].Wall.Equal(taken().Captured) || len(said.Makes) != 1 {
			t.Errorf("%s: times %v, makes %v", name, said.Times, said.Makes)
		}
	}
}

func TestADamagedWebPSaysWhatIsWrongAndTellsTheRest(t *testing.T) {
	exif, x, picture := chunkOf("EXIF", string(fixture.EXIF(taken()))), chunkOf("VP8X", vp8x), chunkOf("VP8 ", vp8)
	whole := riffOf("WEBP", x, exif, picture)
	tests := map[string]struct {
		file, says  string
		times, size int
	}{
		"cut in its picture":  {riffOf("WEBP", x, exif, chunkOf("VP8 ", vp8+strings.Repeat("p", 99)))[:len(whole)+5], `"VP8 " is cut short`, 1, 1},
		"cut in its EXIF":     {whole[:len(whole)-len(picture)-20], "lies outside", 0, 1},
		"cut in its header":   {"RIFF\x00\x00\x00\x00WEB", "header", 0, 0},
		"no chunk":            {riffOf("WEBP", x, "\x01\x02\x03\x04\x00\x00\x00\x00", exif), "no chunk", 0, 1},
		"EXIF without header": {riffOf("WEBP", x, chunkOf("EXIF", "nothing"), exif), "without a TIFF header", 1, 1},
		"empty EXIF":          {riffOf("WEBP", x, chunkOf("EXIF", ""), exif), "without a TIFF header", 1, 1},
		"picture of no kind":  {riffOf("WEBP", chunkOf("VP8 ", "0123456789"), exif), "no size", 1, 0},
		"short canvas":        {riffOf("WEBP", chunkOf("VP8X", "0123"), exif), "no size", 1, 0},
	}
	for name, tt := range tests {
		a := read(tt.file)
		if !strings.Contains(a.Complaint, tt.says) || a.Complaint == "" {
			t.Errorf("%s: complaint %q, want %q", name, a.Complaint, tt.says)
		}
		if len(a.Times) != tt.times || len(a.Sizes) == 0 != (tt.size == 0) {
			t.Errorf("%s: times %v, sizes %v", name, a.Times, a.Sizes)
		}
	}
}

func TestOnlyTheHeadsOfLargeChunksAreRead(t *testing.T) {
	exif := chunkOf("EXIF", string(fixture.EXIF(taken())))
	file := riffOf("WEBP", chunkOf("VP8X", vp8x), chunkOf("ICCP", strings.Repeat("i", 100_000)),
		chunkOf("VP8 ", vp8+strings.Repeat("p", 5<<20)), exif)
	a := read(file)
	if len(a.Times) != 1 || a.Bytes > 2<<10 || a.Calls > 5 {
		t.Errorf("times %v, %d bytes in %d reads, want at most 2 KiB in 5", a.Times, a.Bytes, a.Calls)
	}
}
