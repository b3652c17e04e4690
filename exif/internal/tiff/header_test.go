package tiff_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

func TestABigTIFFTellsWhatAClassicOneTells(t *testing.T) {
	for _, big := range []bool{false, true} {
		spec := fixture.Spec{
			Width: 40, Height: 26, Captured: shot(), SubSec: "25", Offset: "+02:00", GPSTime: shot(), Make: "Aldermere", Model: "Field 40",
			Serial: "A40-000123", Orientation: 6, Lat: fixture.Degrees(60.5), Lon: fixture.Degrees(5.25),
			Description: "früh", UserComment: "früher", XPComment: "am frühesten", Rating: 4, BigEndian: big,
			XMP: &fixture.Spec{Description: "in XMP"}, IPTC: &fixture.Spec{Description: "in IPTC"},
		}
		want := read(t, fixture.TIFF(spec))
		if len(want.Times) != 2 || len(want.Words) != 6 {
			t.Fatalf("classic: %+v", want)
		}
		if diff := cmp.Diff(want, read(t, fixture.BigTIFF(spec))); diff != "" {
			t.Errorf("big-endian %v (-TIFF +BigTIFF):\n%s", big, diff)
		}
	}
}

// bigTIFF is the header and one directory by hand.
func bigTIFF(tags ...tag) []byte {
	le := binary.LittleEndian
	out := append([]byte("II+\x00\x08\x00\x00\x00"), le.AppendUint64(nil, 16)...)
	out = le.AppendUint64(out, uint64(len(tags)))
	for _, t := range tags {
		out = le.AppendUint64(le.AppendUint16(le.AppendUint16(out, t.id), t.kind), t.count)
		out = append(out, append(slices.Clone(t.value), make([]byte, 8)...)[:8]...)
	}
	return le.AppendUint64(out, 0)
}

func TestNumbersOfEightBytesAreRead(t *testing.T) {
	const long8, orientation = 16, 0x0112
	eight := func(id uint16, v uint64) tag {
		return tag{id: id, kind: long8, count: 1, value: binary.LittleEndian.AppendUint64(nil, v)}
	}
	said := read(t, bigTIFF(eight(imageWidth, 4000), eight(imageLength, 3000), eight(orientation, 6)))
	if len(said.Sizes) != 1 || said.Sizes[0].Width != 4000 || said.Sizes[0].Height != 3000 {
		t.Errorf("sizes %v, want 4000 x 3000", said.Sizes)
	}
	for _, width := range []uint64{0, 1 << 40, 1<<64 - 1} {
		if said := read(t, bigTIFF(eight(imageWidth, width), eight(imageLength, 3000))); len(said.Sizes) != 0 {
			t.Errorf("width %d: sizes %v", width, said.Sizes)
		}
	}
}

func TestACountBeyondAllBoundsHidesOnlyItsTag(t *testing.T) {
	short := tag{id: maker, kind: ascii, count: 7, value: []byte("Alders\x00")}
	for _, count := range []uint64{1 << 32, 1<<63 + 2, 1<<64 - 1} {
		said := read(t, bigTIFF(tag{id: 0x010e, kind: ascii, count: count}, short))
		if len(said.Makes) != 1 {
			t.Errorf("count %d: makes %v", count, said.Makes)
		}
	}
}

func TestAHeaderThatIsNoneIsDamage(t *testing.T) {
	wide := bigTIFF()
	wide[4] = 16
	reserved := bigTIFF()
	reserved[6] = 1
	for name, content := range map[string][]byte{
		"empty":                     {},
		"cut short":                 []byte("II*\x00\x08\x00"),
		"text":                      []byte("II is a Roman two"),
		"BigTIFF, cut short":        []byte("II+\x00\x08\x00\x00\x00\x10\x00\x00\x00"),
		"BigTIFF, places of 16":     wide,
		"BigTIFF, not zero":         reserved,
		"orders that do not agree":  []byte("II\x00*\x00\x00\x00\x08\x00\x00"),
		"a directory of its own":    []byte("II*\x00\x00\x00\x00\x00"),
		"a directory far behind":    []byte("MM\x00*\x7f\xff\xff\xff\x00\x00"),
		"BigTIFF, a directory away": bytes.Replace(bigTIFF(), []byte("\x10\x00\x00"), []byte("\x10\x00\x10"), 1),
	} {
		if a := readDamaged(content); a.Complaint == "" {
			t.Errorf("%s: no complaint; %+v", name, a.Set)
		}
	}
}

func TestTheNumbersOfOtherMakersAreHeadersToo(t *testing.T) {
	for _, head := range []string{"IIRO", "IIRS", "IIU\x00"} {
		content := tiffOf(text(maker, "Aldermere"))
		copy(content, head)
		if said := read(t, content); len(said.Makes) != 1 {
			t.Errorf("%q: makes %v", head, said.Makes)
		}
	}
}
