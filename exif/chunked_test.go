package exif_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// chunked are files made of chunks or blocks that hold their facts in other
// records than EXIF, or none.
func chunked() map[string][]byte {
	inside := fixture.Spec{
		Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00", Make: "Aldermere", Model: "Field 40", Orientation: 6,
		Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054), Description: "Fähre", Rating: 4,
	}
	dated := fixture.Spec{Captured: wall(14, 30, 5), Offset: "+02:00", Description: "Fähre"}
	return map[string][]byte{
		"PNG with XMP":            fixture.PNG(fixture.Spec{XMP: &inside}),
		"PNG with IPTC":           fixture.PNG(fixture.Spec{IPTC: &dated}),
		"WebP with XMP":           fixture.WebP(fixture.Spec{XMP: &inside}),
		"GIF with XMP":            fixture.GIF(fixture.Spec{XMP: &inside}),
		"GIF with XMP at its end": xmpMovedToTheEnd(fixture.GIF(fixture.Spec{XMP: &inside})),
		"BMP":                     fixture.BMP(fixture.Spec{}),
		"ICO":                     fixture.ICO(fixture.Spec{}),
		"AVI with EXIF tags": fixture.AVI(fixture.Spec{
			Captured: wall(14, 30, 5), Make: "Aldermere", Model: "Field 40", Description: "Fähre", Duration: 2500 * time.Millisecond,
		}),
		"AVI with XMP": fixture.AVI(fixture.Spec{XMP: &inside}),
	}
}

// xmpMovedToTheEnd puts the XMP of a GIF where Adobe's programs have it: behind
// the pictures.
func xmpMovedToTheEnd(file []byte) []byte {
	at := bytes.Index(file, []byte("!\xff\x0bXMP Data"))
	trailer := []byte("\x03\x02\x01\x00\x00")
	end := at + bytes.Index(file[at:], trailer) + len(trailer)
	out := slices.Concat(file[:at], file[end:len(file)-1], file[at:end])
	return append(out, ';')
}

func TestFactsAreReadFromFilesMadeOfChunks(t *testing.T) {
	place := exif.Place{Lat: 60.391262, Lon: 5.322054}
	captured := func(fraction, offset time.Duration, source exif.Source) exif.Capture {
		c := exif.Capture{Wall: wall(14, 30, 5).Add(fraction), Source: source}
		if offset != 0 {
			c.Offset, c.OffsetSource = offset, exif.OffsetRecorded
		}
		return c
	}
	xmp := exif.Facts{
		Kind: exif.KindPhoto, Capture: captured(250*time.Millisecond, 2*time.Hour, exif.SourceXMPOriginal),
		Make: "Aldermere", Model: "Field 40", Orientation: 6, Width: 32, Height: 24, Place: place, Description: "Fähre", Rating: 4,
	}
	video := xmp
	video.Kind, video.Duration = exif.KindVideo, time.Second
	bare := exif.Facts{Kind: exif.KindPhoto, Width: 32, Height: 24}
	iptc, tags := bare, bare
	iptc.Capture, iptc.Description = captured(0, 2*time.Hour, exif.SourceIPTC), "Fähre"
	tags.Kind, tags.Capture, tags.Make, tags.Model = exif.KindVideo, captured(0, 0, exif.SourceRIFF), "Aldermere", "Field 40"
	tags.Description, tags.Duration = "Fähre", 2500*time.Millisecond
	want := map[string]exif.Facts{
		"PNG with XMP": xmp, "WebP with XMP": xmp, "GIF with XMP": xmp, "GIF with XMP at its end": xmp,
		"PNG with IPTC": iptc, "BMP": bare, "ICO": bare, "AVI with EXIF tags": tags, "AVI with XMP": video,
	}
	near := cmp.Comparer(func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 })
	for name, file := range chunked() {
		format, _, _ := strings.Cut(name, " ")
		facts := want[name]
		facts.Format = exif.Format(format)
		if diff := cmp.Diff(facts, withoutOrigins(mustRead(t, file)), near); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFilesMadeOfChunksCostLittleReadingHoweverLargeTheyAre(t *testing.T) {
	const large = 5 << 20
	for name, encode := range map[string]func(fixture.Spec) []byte{
		"PNG": fixture.PNG, "WebP": fixture.WebP, "GIF": fixture.GIF, "BMP": fixture.BMP, "ICO": fixture.ICO, "AVI": fixture.AVI,
	} {
		spec := fixture.Spec{PadTo: large}
		if name == "PNG" || name == "WebP" || name == "AVI" {
			spec.Captured = wall(14, 30, 5)
		}
		m := newMeter(encode(spec))
		if _, err := exif.ReadWithoutNet(m, m.Size()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if m.bytes > 2<<10 || m.calls > 12 {
			t.Errorf("%s: %d bytes in %d reads, want at most 2 KiB in 12", name, m.bytes, m.calls)
		}
	}
}

func TestAPictureThatIsCutShortIsDamagedAndKeepsItsFacts(t *testing.T) {
	for name, file := range map[string][]byte{
		"PNG": fixture.PNG(fixture.Spec{Captured: wall(14, 30, 5)}), "AVI": fixture.AVI(fixture.Spec{Captured: wall(14, 30, 5)}),
	} {
		file = file[:len(file)-100]
		f, err := exif.Read(bytes.NewReader(file), int64(len(file)))
		if err == nil || f.Capture.IsZero() {
			t.Errorf("%s: error %v, capture time %q", name, err, f.Capture)
		}
	}
}

// hostileChunks are files of many small or growing things.
func hostileChunks() map[string][]byte {
	riff := func(form string, body []byte) []byte {
		return slices.Concat([]byte("RIFF\xff\xff\xff\x7f"+form), body)
	}
	many := func(s string) []byte { return bytes.Repeat([]byte(s), 8<<20/len(s)) }
	head := fixture.PNG(fixture.Spec{})[:33]
	bomb := func(key string) []byte {
		var packed bytes.Buffer
		z := zlib.NewWriter(&packed)
		_, _ = z.Write(make([]byte, 1<<20)) // to memory
		_ = z.Close()
		body := append([]byte(key+"\x00\x00"), packed.Bytes()...)
		return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(len(body))), []byte("zTXt"), body, []byte("sums"))
	}
	return map[string][]byte{
		"PNG, 8 MiB of empty chunks":     slices.Concat(head, many("\x00\x00\x00\x00tEXtsums")),
		"PNG, 8 MiB of descriptions":     slices.Concat(head, many("\x00\x00\x00\x0dtEXtDescription\x00wsums")),
		"PNG, a thousand packed packets": slices.Concat(head, bytes.Repeat(bomb("XML:com.adobe.xmp"), 1000)),
		"PNG, a thousand packed texts":   slices.Concat(head, bytes.Repeat(bomb("Description"), 1000)),
		"WebP, 8 MiB of frames":          riff("WEBPVP8X", many("\x00\x00\x00\x00ANMF")),
		"AVI, 8 MiB of comments":         riff("AVI LIST\xff\xff\x7f\x00INFO", many("ICMT\x02\x00\x00\x00ab")),
		"AVI, 8 MiB of parts":            riff("AVI ", many("RIFF\x00\x00\x00\x00AVIX")),
		"AVI, lists in lists":            riff("AVI ", many("LIST\xff\xff\x7f\x00hdrl")),
		"AVI, 8 MiB of junk":             riff("AVI ", many("JUNK\x12\x00\x00\x00PENTDigital Camera")),
		"GIF, 8 MiB of comments":         slices.Concat([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), many("!\xfe\x00")),
		"GIF, 8 MiB of XMP":              slices.Concat([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00!\xff\x0bXMP DataXMP"), many("<a>")),
		"GIF, a trailer without XMP":     slices.Concat([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), many(","), []byte("\x04\x03\x02\x01\x00\x00;")),
	}
}

func TestHostileChunksCostLittle(t *testing.T) {
	for name, file := range hostileChunks() {
		checkCost(t, name, file)
	}
}

func TestAScreenshotIsOneWhereverItSaysSo(t *testing.T) {
	says := fixture.Spec{UserComment: "Screenshot"} // as Apple's systems do
	for name, spec := range map[string]fixture.Spec{"in EXIF": says, "in XMP": {XMP: &says}} {
		f := mustRead(t, fixture.PNG(spec))
		if f.Kind != exif.KindScreenshot || f.Description != "" {
			t.Errorf("%s: %q, description %q", name, f.Kind, f.Description)
		}
	}
}
