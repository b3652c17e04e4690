package jxl_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/jxl"
	"github.com/albumwright/albumwright/internal/fixture"
)

func read(content []byte) claimtest.Answer { return claimtest.Read(jxl.Read, content) }

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name string, content []byte) claim.Set {
	t.Helper()
	return read(content).Must(t, name).Set
}

func box(kind string, pieces ...string) []byte { return []byte(claimtest.Box(kind, pieces...)) }

// container is a file of boxes.
func container(boxes ...[]byte) []byte {
	return slices.Concat(box("JXL ", "\r\n\x87\n"), box("ftyp", "jxl \x00\x00\x00\x00jxl "), slices.Concat(boxes...))
}

// packed is a box compressed with Brotli.
func packed(kind, body string) []byte {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	_, _ = w.Write([]byte(body)) // to memory
	_ = w.Close()
	return box("brob", kind, b.String())
}

func TestAPackedBoxThatUnpacksWithoutEndIsBounded(t *testing.T) {
	bomb := packed("Exif", strings.Repeat("\x00", 256<<20))
	content := container(bomb, box("jxlc", string(fixture.JXLCodestream(fixture.Spec{}))))
	if used := claimtest.Allocated(func() { read(content) }); used > 32<<20 {
		t.Errorf("%d bytes allocated, want at most 32 MiB", used)
	}
}

func TestTheSizeIsReadHoweverTheHeaderSaysIt(t *testing.T) {
	// A codestream has a short form for small sides, four lengths of numbers, and
	// seven ratios of the sides.
	for _, s := range [][2]int{
		{32, 24}, {256, 8}, {8, 256}, {264, 8}, {40, 40}, {1, 1}, {17, 400}, {512, 513}, {513, 512}, {8192, 8193}, {300_000, 5},
		{120, 100}, {4032, 3024}, {6000, 4000}, {1920, 1080}, {1280, 1024}, {2000, 1000}, {5, 4}, {11, 9},
	} {
		spec := fixture.Spec{Width: s[0], Height: s[1]}
		for name, content := range map[string][]byte{"bare": fixture.JXLCodestream(spec), "boxed": fixture.JXL(spec)} {
			if said := mustRead(t, name, content); !slices.Equal(said.Sizes, claimtest.Size(s[0], s[1])) {
				t.Errorf("%s: size %v, want %v", name, said.Sizes, s)
			}
		}
	}
}

func TestTheTurnIsReadFromTheCodestream(t *testing.T) {
	// 8 x 8 pixels in 9 bits: small, 0, ratio 1; then what the image metadata
	// begin with.
	const sides = 1 | 1<<6
	header := func(metadata uint32) string {
		bits := sides | metadata<<9
		return string([]byte{0xff, 0x0a, byte(bits), byte(bits >> 8), byte(bits >> 16)})
	}
	for _, tt := range []struct {
		name, stream string
		want         []claim.Number
	}{
		{"as usual", header(0b1), nil},
		{"nothing more", header(0b00), nil},
		{"upright", header(0b000_1_0), []claim.Number{{Value: 1, Source: claim.Header}}},
		{"a quarter", header(0b101_1_0), []claim.Number{{Value: 6, Source: claim.Header}}},
		{"mirrored", header(0b110_1_0), []claim.Number{{Value: 7, Source: claim.Header}}},
		{"cut behind the size", header(0)[:4], nil},
	} {
		said := mustRead(t, tt.name, []byte(tt.stream))
		if !slices.Equal(said.Orientations, tt.want) || !slices.Equal(said.Sizes, claimtest.Size(8, 8)) {
			t.Errorf("%s: orientation %v, want %v; size %v", tt.name, said.Orientations, tt.want, said.Sizes)
		}
	}
}

func TestEXIFAndXMPAreReadWhereverTheyStand(t *testing.T) {
	exif := string(fixture.EXIF(fixture.Spec{Make: "Aldermere"}))
	xmp := box("xml ", string(fixture.XMP(fixture.Spec{Model: "Field 40"})))
	stream := string(fixture.JXLCodestream(fixture.Spec{Width: 40, Height: 25}))
	whole := box("jxlc", stream)
	for name, content := range map[string][]byte{
		"in front":                container(box("Exif", "\x00\x00\x00\x00", exif), xmp, whole),
		"behind":                  container(whole, xmp, box("Exif", "\x00\x00\x00\x00", exif)),
		"between parts":           container(box("jxlp", "\x00\x00\x00\x00", stream[:9]), box("Exif", "\x00\x00\x00\x00", exif), xmp, box("jxlp", "\x80\x00\x00\x01", stream[9:])),
		"with a signature":        container(box("Exif", "\x00\x00\x00\x06Exif\x00\x00", exif), xmp, whole),
		"without their number":    container(box("Exif", exif), xmp, whole),
		"beside unknown boxes":    container(box("jxll", "\x0a"), box("jumb", "abc"), box("Exif", "\x00\x00\x00\x00", exif), xmp, box("jbrd", "abc"), whole),
		"packed":                  container(packed("Exif", "\x00\x00\x00\x00"+exif), packed("xml ", string(xmp[8:])), whole),
		"beside packed strangers": container(packed("jumb", "abc"), box("Exif", "\x00\x00\x00\x00", exif), xmp, whole),
		"stream up to the end":    container(box("Exif", "\x00\x00\x00\x00", exif), xmp, append([]byte("\x00\x00\x00\x00jxlc"), stream...)),
		"stream in a large box":   container(box("Exif", "\x00\x00\x00\x00", exif), xmp, binary.BigEndian.AppendUint64([]byte("\x00\x00\x00\x01jxlc"), uint64(16+len(stream))), []byte(stream)),
	} {
		said := mustRead(t, name, content)
		if !slices.Equal(said.Makes, claimtest.Texts(claim.EXIF, "Aldermere")) || !slices.Equal(said.Models, claimtest.Texts(claim.XMP, "Field 40")) || !slices.Equal(said.Sizes, claimtest.Size(40, 25)) {
			t.Errorf("%s: make %v, model %v, size %v", name, said.Makes, said.Models, said.Sizes)
		}
	}
}

func TestDamageIsSaidAndTheRestIsRead(t *testing.T) {
	exif := box("Exif", "\x00\x00\x00\x00", string(fixture.EXIF(fixture.Spec{Make: "Aldermere"})))
	stream := fixture.JXLCodestream(fixture.Spec{Width: 513, Height: 512})
	whole := box("jxlc", string(stream))
	for _, tt := range []struct {
		name, says string
		content    []byte
		read       bool // whether the EXIF block is
	}{
		{"bare stream of a signature", "header is cut short", stream[:2], false},
		{"bare stream cut", "header is cut short", stream[:5], false},
		{"stream cut", "ends inside of its jxlc box", container(exif, whole)[:len(container(exif, whole))-1], true},
		{"no stream", "no codestream", container(exif), true},
		{"empty stream", "has no header", container(exif, box("jxlc")), true},
		{"another stream", "has no header", container(exif, box("jxlc", "\xff\xd8\xff\xe0")), true},
		{"box smaller than its head", "boxes of the file", container(exif, whole, []byte("\x00\x00\x00\x02abcd")), true},
		{"no TIFF header", "without a TIFF header", container(box("Exif", "\x00\x00\x00\x00nothing"), whole), false},
	} {
		a := read(tt.content)
		if !strings.Contains(a.Complaint, tt.says) {
			t.Errorf("%s: complaint %q, want %q in it", tt.name, a.Complaint, tt.says)
		}
		if read := slices.Equal(a.Makes, claimtest.Texts(claim.EXIF, "Aldermere")); read != tt.read {
			t.Errorf("%s: make %v, want it read: %v", tt.name, a.Makes, tt.read)
		}
	}
}

func TestReadingCostsLittleMoreThanTheMetadata(t *testing.T) {
	spec := fixture.Spec{Width: 4032, Height: 3024, PadTo: 3 << 20}
	if a := read(fixture.JXLCodestream(spec)); a.Bytes > 512 {
		t.Errorf("bare: %d bytes read, want one read of 512", a.Bytes)
	}
	spec.Make, spec.Model, spec.Orientation = "Aldermere", "Field 40", 6
	if a := read(fixture.JXL(spec)); a.Bytes > 1024 || a.Calls > 4 {
		t.Errorf("boxed: %d bytes in %d reads, want at most 1 KiB in 4", a.Bytes, a.Calls)
	}
	// Many EXIF boxes, each of which would be read.
	many := container(bytes.Repeat(box("Exif", "\x00\x00\x00\x00", string(fixture.EXIF(spec))), 900))
	if a := read(many); a.Bytes > 16<<10 {
		t.Errorf("900 EXIF boxes: %d bytes read, want at most 16 KiB", a.Bytes)
	}
}
