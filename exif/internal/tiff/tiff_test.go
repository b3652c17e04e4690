package tiff_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// Tags and types that the tests write by hand.
const (
	ascii, short, long, undefined = 2, 3, 4, 7

	imageWidth   = 0x0100
	imageLength  = 0x0101
	photometric  = 0x0106
	maker        = 0x010f
	dateTime     = 0x0132
	iptcDatasets = 0x83bb
	exifIFD      = 0x8769
	makerNote    = 0x927c
)

const day = "2024:05:18 14:30:05"

func shot() time.Time { return time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC) }

// tag is one entry of a hand-made directory; a value longer than its field is
// put behind the directory.
type tag struct {
	id, kind uint16
	count    uint64
	value    []byte
}

func text(id uint16, s string) tag {
	return tag{id: id, kind: ascii, count: uint64(len(s) + 1), value: append([]byte(s), 0)}
}

func number(id uint16, v uint32) tag {
	return tag{id: id, kind: long, count: 1, value: binary.LittleEndian.AppendUint32(nil, v)}
}

// directory makes one that stands at a place, little-endian.
func directory(at int, tags ...tag) []byte {
	le := binary.LittleEndian
	out := le.AppendUint16(nil, uint16(len(tags)))
	values := at + 2 + 12*len(tags) + 4
	var behind []byte
	for _, t := range tags {
		out = le.AppendUint32(le.AppendUint16(le.AppendUint16(out, t.id), t.kind), uint32(t.count))
		if len(t.value) <= 4 {
			out = append(out, append(t.value[:len(t.value):len(t.value)], 0, 0, 0, 0)[:4]...)
			continue
		}
		out = le.AppendUint32(out, uint32(values+len(behind)))
		behind = append(behind, t.value...)
	}
	return append(le.AppendUint32(out, 0), behind...)
}

func tiffOf(tags ...tag) []byte {
	return append([]byte("II*\x00\x08\x00\x00\x00"), directory(8, tags...)...)
}

// read claims what a file says that must have nothing wrong with it.
func read(t *testing.T, content []byte) claim.Set {
	t.Helper()
	return readDamaged(content).Must(t, "TIFF").Set
}

func readDamaged(content []byte) claimtest.Answer { return claimtest.Read(tiff.File, content) }

// raws are the raw formats of TIFF's shape.
func raws() map[string]func(fixture.Spec) []byte {
	return map[string]func(fixture.Spec) []byte{
		"DNG": fixture.DNG, "CR2": fixture.CR2, "NEF": fixture.NEF, "NRW": fixture.NRW,
		"ARW": fixture.ARW, "SR2": fixture.SR2, "PEF": fixture.PEF,
	}
}

func TestRawFilesOfTIFFsShapeTellTheirFacts(t *testing.T) {
	for format, encode := range raws() {
		for _, big := range []bool{false, true} {
			said := read(t, encode(fixture.Spec{
				Width: 40, Height: 26, Captured: shot(), SubSec: "25", Offset: "+02:00", Make: "Aldermere", Model: "Field 40",
				Serial: "A40-000123", Orientation: 6, Lat: fixture.Degrees(60.5), Lon: fixture.Degrees(5.25),
				Description: "früh", Rating: 4, BigEndian: big,
			}))
			want := claim.Set{
				Times: []claim.Time{{
					Wall: shot().Add(250 * time.Millisecond), Offset: 2 * time.Hour, HasOffset: true, Source: claim.DateTimeOriginal,
				}},
				Makes:        claimtest.Texts(claim.EXIF, "Aldermere"),
				Models:       claimtest.Texts(claim.EXIF, "Field 40"),
				Serials:      claimtest.Texts(claim.EXIF, "A40-000123"),
				Orientations: []claim.Number{{Value: 6, Source: claim.EXIF}},
				Sizes:        []claim.Size{{Width: 40, Height: 26, Source: claim.TIFF}},
				Places:       []claim.Place{{Lat: 60.5, Lon: 5.25, Source: claim.EXIF}},
				Words:        claimtest.Texts(claim.ImageDescription, "früh"),
				Ratings:      []claim.Number{{Value: 4, Source: claim.EXIF}},
				Raw:          true,
			}
			if format == "CR2" { // known by its signature; its size stands in EXIF
				want.Raw, want.Sizes[0].Source = false, claim.EXIF
			}
			if diff := cmp.Diff(want, said); diff != "" {
				t.Errorf("%s, big-endian %v (-want +got):\n%s", format, big, diff)
			}
		}
	}
}

func TestAPictureIsRawByItsPixelsOrItsMakersMark(t *testing.T) {
	const compression, subfile, private, dngVersion = 0x0103, 0x00fe, 0xc634, 0xc612
	tests := []struct {
		name string
		tags []tag
		want bool
	}{
		{"three colours", []tag{number(photometric, 2)}, false},
		{"a sensor's", []tag{number(photometric, 32803)}, true},
		{"a sensor's, linear", []tag{number(photometric, 34892)}, true},
		{"packed by Nikon", []tag{number(compression, 34713)}, true},
		{"packed by Sony", []tag{number(compression, 32767)}, true},
		{"packed by Pentax", []tag{number(compression, 65535)}, true},
		{"packed as JPEG", []tag{number(compression, 7)}, false},
		{"a DNG's preview", []tag{number(subfile, 1), number(dngVersion, 0x401)}, true},
		{"Sony's private data beside a thumbnail", []tag{number(subfile, 1), number(private, 8)}, true},
		{"private data beside a picture", []tag{number(subfile, 0), number(private, 8)}, false},
	}
	for _, tt := range tests {
		if said := read(t, tiffOf(append(tt.tags, text(dateTime, day))...)); said.Raw != tt.want {
			t.Errorf("%s: raw %v, want %v", tt.name, said.Raw, tt.want)
		}
	}
}

// A raw converter may copy the tags of the sensor's picture into a JPEG's EXIF.
func TestAnEXIFBlockDoesNotMakeAPhotoRaw(t *testing.T) {
	var said claim.Set
	tiff.Read(file.Memory(tiffOf(number(photometric, 32803), text(maker, "Aldermere"))), &said, new(file.Complaints))
	if said.Raw || len(said.Makes) != 1 {
		t.Errorf("raw %v, makes %v", said.Raw, said.Makes)
	}
}

func TestASizeInEXIFBeatsAReducedCopyOnly(t *testing.T) {
	const subfile, pixelX, pixelY = 0x00fe, 0xa002, 0xa003
	file := func(kind, side uint32) []byte {
		first := []tag{number(subfile, kind), number(imageWidth, 100), number(imageLength, 80), number(exifIFD, 0)}
		at := len(tiffOf(first...))
		first[3] = number(exifIFD, uint32(at))
		return append(tiffOf(first...), directory(at, number(pixelX, side), number(pixelY, side))...)
	}
	full := claim.Size{Width: 100, Height: 80, Source: claim.TIFF}
	tests := []struct {
		name       string
		kind, side uint32
		want       bool // that the directory's size is claimed
	}{
		{"full picture", 0, 5000, true}, {"thumbnail", 1, 5000, false}, {"thumbnail, and less in EXIF", 1, 50, true},
	}
	for _, tt := range tests {
		sizes := read(t, file(tt.kind, tt.side)).Sizes
		if got := sizes[len(sizes)-1] == full; got != tt.want {
			t.Errorf("%s: sizes %v", tt.name, sizes)
		}
	}
}

func TestTheFirstFullPictureOfSeveralPagesIsTheOne(t *testing.T) {
	const subfile, reduced, page = 0x00fe, 1, 2
	picture := func(kind, side uint32) []tag {
		return []tag{number(subfile, kind), number(imageWidth, side), number(imageLength, side)}
	}
	chain := func(pictures ...[]tag) []byte {
		out := []byte("II*\x00\x08\x00\x00\x00")
		for _, p := range pictures {
			out = append(out, directory(len(out), p...)...)
			binary.LittleEndian.PutUint32(out[len(out)-4:], uint32(len(out)))
		}
		binary.LittleEndian.PutUint32(out[len(out)-4:], 0)
		return out
	}
	circle := chain(picture(reduced, 10), picture(reduced, 20))
	binary.LittleEndian.PutUint32(circle[len(circle)-4:], 8)
	for name, tt := range map[string]struct {
		content []byte
		side    int
	}{
		"full, then larger":       {chain(picture(0, 40), picture(0, 60)), 40},
		"page after page":         {chain(picture(page, 40), picture(page, 60)), 40},
		"thumbnail, then full":    {chain(picture(reduced, 10), picture(reduced, 20), picture(0, 60), picture(0, 90)), 60},
		"thumbnails in a circle":  {circle, 10},
		"thumbnail, then nothing": {chain(picture(reduced, 10)), 10},
	} {
		if sizes := read(t, tt.content).Sizes; len(sizes) != 1 || sizes[0].Width != tt.side {
			t.Errorf("%s: sizes %v, want %d", name, sizes, tt.side)
		}
	}
}

func TestWindowsCommentsAndIOSScreenshotsAreRead(t *testing.T) {
	spec := fixture.Spec{XPComment: "Segel, früh 🛥", UserComment: "Screenshot", BigEndian: true}
	said := read(t, fixture.TIFF(spec))
	if want := claimtest.Texts(claim.XPComment, spec.XPComment); !cmp.Equal(said.Words, want) {
		t.Errorf("words %v, want %v", said.Words, want)
	}
	if !said.Screenshot {
		t.Error("not a screenshot")
	}
	if said := read(t, fixture.TIFF(fixture.Spec{UserComment: "Screenshot of the tides"})); said.Screenshot || len(said.Words) != 1 {
		t.Errorf("screenshot %v, words %v", said.Screenshot, said.Words)
	}
}

func TestPacketsInsideOfATIFFAreRead(t *testing.T) {
	said := read(t, fixture.TIFF(fixture.Spec{XMP: &fixture.Spec{Description: "in XMP"}, IPTC: &fixture.Spec{Description: "in IPTC"}}))
	want := []claim.Text{
		{Value: "in XMP", Source: claim.XMPDescription},
		{Value: "in IPTC", Source: claim.IPTCCaption}, {Value: "in IPTC", Source: claim.IPTCCaption},
	}
	if diff := cmp.Diff(want, said.Words); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

func TestIPTCIsReadInEveryFormThatWritersGiveIt(t *testing.T) {
	datasets := fixture.IPTC(fixture.Spec{Description: "in IPTC"})
	for len(datasets)%4 != 0 {
		datasets = append(datasets, 0)
	}
	turned := bytes.Clone(datasets)
	for i := 0; i < len(turned); i += 4 {
		turned[i], turned[i+1], turned[i+2], turned[i+3] = turned[i+3], turned[i+2], turned[i+1], turned[i]
	}
	size := uint64(len(datasets))
	for name, content := range map[string]tag{
		"bytes":             {id: iptcDatasets, kind: 1, count: size, value: datasets},
		"undefined":         {id: iptcDatasets, kind: undefined, count: size, value: datasets},
		"LONGs":             {id: iptcDatasets, kind: long, count: size / 4, value: datasets},
		"LONGs turned over": {id: iptcDatasets, kind: long, count: size / 4, value: turned},
	} {
		said := read(t, tiffOf(content))
		if len(said.Words) != 1 || said.Words[0].Value != "in IPTC" {
			t.Errorf("%s: words %v", name, said.Words)
		}
	}
}

func TestAPacketCutShortIsDamage(t *testing.T) {
	whole := tiffOf(text(dateTime, day), tag{id: iptcDatasets, kind: undefined, count: 4000, value: make([]byte, 4000)})
	a := readDamaged(whole[:3000])
	if a.Complaint == "" || len(a.Times) != 1 {
		t.Errorf("complaint %q, times %v", a.Complaint, a.Times)
	}
}

func TestAnEmptyPacketIsNothing(t *testing.T) {
	for _, id := range []uint16{0x02bc, iptcDatasets, 0x8649} {
		said := read(t, tiffOf(tag{id: id, kind: undefined}, tag{id: id, kind: undefined, count: 1}, text(dateTime, day)))
		if len(said.Times) != 1 {
			t.Errorf("%#04x: times %v", id, said.Times)
		}
	}
}
