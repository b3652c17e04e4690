package exif_test

import (
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// rawFormat is the maker of a raw fixture and the format that its first bytes
// tell: those of many are TIFF's.
type rawFormat struct {
	encode func(fixture.Spec) []byte
	format exif.Format
}

func raws() map[string]rawFormat {
	return map[string]rawFormat{
		"DNG": {fixture.DNG, "DNG"}, "CR2": {fixture.CR2, "CR2"}, "CR3": {fixture.CR3, "CR3"},
		"NEF": {fixture.NEF, "TIFF"}, "NRW": {fixture.NRW, "TIFF"}, "ARW": {fixture.ARW, "TIFF"},
		"SR2": {fixture.SR2, "TIFF"}, "PEF": {fixture.PEF, "TIFF"},
		"RAF": {fixture.RAF, "RAF"}, "ORF": {fixture.ORF, "ORF"}, "RW2": {fixture.RW2, "RW2"},
	}
}

// shaped are further files in the shape of TIFF.
func shaped() map[string][]byte {
	spec := fixture.Spec{Captured: wall(14, 30, 5), Make: "Canon", XMP: &fixture.Spec{Description: "words"}, IPTC: &fixture.Spec{Description: "words"}}
	nikon, canon, apple, olympus, pentax := spec, spec, spec, spec, spec
	nikon.Note, canon.Note = fixture.NikonNote(60, true, "3105364"), fixture.CanonNote(60, 19, 730407016, false)
	olympus.Note, pentax.Note = fixture.OlympusNote("BHSA19729"), fixture.PentaxNote("1234567")
	apple.ContentID, apple.Burst = "2F9A0E2C-51A1-4C28-8B10-A9D5B3CFA3A6", "0F9A0E2C-51A1-4C28-8B10-A9D5B3CFA3A6"
	return map[string][]byte{
		"BigTIFF": fixture.BigTIFF(spec), "Nikon's note": fixture.NEF(nikon), "Canon's note": fixture.CR2(canon),
		"Canon's note apart": fixture.CR3(canon), "Apple's note": fixture.DNG(apple),
		"Olympus' note": fixture.ORF(olympus), "Pentax' note": fixture.PEF(pentax),
	}
}

func TestRawFilesTellTheirFactsAndTheirKind(t *testing.T) {
	spec := fixture.Spec{
		Width: 40, Height: 26,
		Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00", Digitized: wall(15, 0, 0), Modified: wall(16, 0, 0),
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6, Rating: 4,
		Lat: fixture.Degrees(-33.856784), Lon: fixture.Degrees(151.215297),
		Description: "Segel im Hafen, früh", UserComment: "not this one", XPComment: "nor this one",
		XMP: &fixture.Spec{Rating: 2, Description: "nor this one"},
	}
	want := exif.Facts{
		Kind: exif.KindRaw,
		Capture: exif.Capture{
			Wall:   wall(14, 30, 5).Add(250 * time.Millisecond),
			Offset: 2 * time.Hour, OffsetSource: exif.OffsetRecorded,
			Source: exif.SourceDateTimeOriginal,
		},
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6, Rating: 2,
		Width: 40, Height: 26,
		Place:       exif.Place{Lat: -33.856784, Lon: 151.215297},
		Description: "Segel im Hafen, früh",
	}
	near := cmp.Comparer(func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 })
	for name, raw := range raws() {
		for _, big := range []bool{false, true} {
			spec.BigEndian, want.Format = big, raw.format
			got := withoutOrigins(mustRead(t, raw.encode(spec)))
			if diff := cmp.Diff(want, got, near); diff != "" {
				t.Errorf("%s, big-endian %v (-want +got):\n%s", name, big, diff)
			}
		}
	}
}

func TestAMakersZoneAndSerialNumberFillInForTheStandardOnes(t *testing.T) {
	for name, want := range map[string]struct {
		capture, serial string
		offset          exif.OffsetSource
	}{
		"Nikon's note":       {"2024-05-18T14:30:05+02:00", "3105364", exif.OffsetFromMaker},
		"Canon's note":       {"2024-05-18T14:30:05+01:00", "0730407016", exif.OffsetFromMaker},
		"Canon's note apart": {"2024-05-18T14:30:05+01:00", "0730407016", exif.OffsetFromMaker},
		"Olympus' note":      {"2024-05-18T14:30:05", "BHSA19729", exif.OffsetUnknown},
		"Pentax' note":       {"2024-05-18T14:30:05", "1234567", exif.OffsetUnknown},
	} {
		f := mustRead(t, shaped()[name])
		if f.Capture.String() != want.capture || f.Capture.OffsetSource != want.offset || f.Serial != want.serial || f.From.Serial != "MakerNote" {
			t.Errorf("%s: %q (%q), serial %q from %q; want %q (%q), %q", name,
				f.Capture, f.Capture.OffsetSource, f.Serial, f.From.Serial, want.capture, want.offset, want.serial)
		}
	}
	apple := mustRead(t, shaped()["Apple's note"])
	if apple.ContentID == "" || apple.Burst == "" || apple.From.ContentID != "MakerNote" || apple.From.Burst != "MakerNote" {
		t.Errorf("Apple's note: content %q, burst %q", apple.ContentID, apple.Burst)
	}
}

func TestTheGPSTimeBeatsTheMakersZone(t *testing.T) {
	spec := fixture.Spec{Captured: wall(14, 30, 5), GPSTime: wall(12, 30, 5), Note: fixture.NikonNote(540, false, "")}
	f := mustRead(t, fixture.NEF(spec))
	if got := f.Capture.String(); got != "2024-05-18T14:30:05+02:00" || f.Capture.OffsetSource != exif.OffsetFromGPS {
		t.Errorf("%q by %q, want +02:00 by the satellites", got, f.Capture.OffsetSource)
	}
}

func TestRawFilesCostAFewKiBOfReading(t *testing.T) {
	for name, raw := range raws() {
		m := newMeter(raw.encode(fixture.Spec{Captured: wall(14, 30, 5), Make: "Aldermere", PadTo: 5 << 20}))
		if _, err := exif.ReadWithoutNet(m, m.Size()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if m.bytes > maxTypical || m.calls > 6 {
			t.Errorf("%s: %d bytes in %d reads, want at most %d in 6", name, m.bytes, m.calls, maxTypical)
		}
	}
}
