package exif_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// streams are the makers of videos that are not made of boxes or chunks.
func streams() map[exif.Format]func(fixture.Spec) []byte {
	return map[exif.Format]func(fixture.Spec) []byte{
		"M2TS": fixture.MTS, "M2T": fixture.M2T, "MPG": fixture.MPG,
		"MKV": fixture.MKV, "WebM": fixture.WebM, "ASF": fixture.WMV,
	}
}

// streamed are files of each, with all facts that they carry.
func streamed() map[string][]byte {
	files := map[string][]byte{
		"ASF with XMP": fixture.WMV(fixture.Spec{XMP: &fixture.Spec{Captured: wall(14, 30, 5), Make: "Aldermere"}}),
	}
	for format, encode := range streams() {
		files[string(format)] = encode(recorded())
	}
	return files
}

func recorded() fixture.Spec {
	return fixture.Spec{
		Width: 40, Height: 24, Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00", Make: "Sony", Model: "HDR-CX405",
		Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054), Rotation: 270, Duration: 2500 * time.Millisecond,
		Description: "Segel im Hafen, früh", Rating: 4,
	}
}

func TestAllFactsOfAStreamAreRead(t *testing.T) {
	bare := exif.Facts{Kind: exif.KindVideo, Width: 40, Height: 24}
	camcorder := bare
	camcorder.Capture = exif.Capture{
		Wall: wall(14, 30, 5), Offset: 2 * time.Hour, OffsetSource: exif.OffsetRecorded, Source: exif.SourceH264,
	}
	camcorder.Make, camcorder.Model, camcorder.Place = "Sony", "HDR-CX405", exif.Place{Lat: 60.391262, Lon: 5.322054}

	matroska := bare
	matroska.Capture = exif.Capture{Wall: wall(12, 30, 5).Add(250 * time.Millisecond), OffsetSource: exif.OffsetUTC, Source: exif.SourceMatroska}
	matroska.Make, matroska.Model, matroska.Rotation = "Sony", "HDR-CX405", 270
	matroska.Duration, matroska.Description, matroska.Rating = 2500*time.Millisecond, "Segel im Hafen, früh", 4

	windows := bare
	windows.Capture = exif.Capture{Wall: wall(12, 30, 5), OffsetSource: exif.OffsetUTC, Source: exif.SourceASF}
	windows.Duration, windows.Description, windows.Rating = 2500*time.Millisecond, "Segel im Hafen, früh", 4

	edited := exif.Facts{
		Kind: exif.KindVideo, Width: 32, Height: 24, Make: "Aldermere", Duration: time.Second,
		Capture: exif.Capture{Wall: wall(14, 30, 5), Source: exif.SourceXMPOriginal},
	}
	want := map[string]exif.Facts{
		"M2TS": camcorder, "M2T": camcorder, "MPG": bare, "MKV": matroska, "WebM": matroska, "ASF": windows, "ASF with XMP": edited,
	}
	near := cmp.Comparer(func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 })
	for name, file := range streamed() {
		facts := want[name]
		facts.Format = exif.Format(name)
		if name == "ASF with XMP" {
			facts.Format = "ASF"
		}
		if diff := cmp.Diff(facts, withoutOrigins(mustRead(t, file)), near); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAStreamWithoutFactsHasNone(t *testing.T) {
	for format, encode := range streams() {
		f := mustRead(t, encode(fixture.Spec{}))
		if !f.Capture.IsZero() || f.Make != "" || !f.Place.IsZero() || f.Description != "" || f.Width != 32 || f.Height != 24 {
			t.Errorf("%s: %+v", format, f)
		}
	}
}

func TestADateOfRecordingIsBelievedBeforeThatOfTheFile(t *testing.T) {
	// A tag of the same length is put in the place of the maker's.
	file := fixture.MKV(fixture.Spec{Captured: wall(20, 0, 0), Make: "A maker of a very long name."})
	file = bytes.Replace(file, []byte("\x45\xa3\x84MAKE\x44\x87\x9cA maker of a very long name."),
		[]byte("\x45\xa3\x8dDATE_RECORDED\x44\x87\x932024-05-18T14:30:05"), 1)
	f := mustRead(t, file)
	if f.Capture.String() != "2024-05-18T14:30:05" || f.Capture.Source != exif.SourceMatroskaRecorded {
		t.Errorf("%q from %s", f.Capture, f.Capture.Source)
	}
}

func TestStreamsCostLittleReadingHoweverLargeTheyAre(t *testing.T) {
	for format, encode := range streams() {
		spec := recorded()
		spec.Width, spec.Height, spec.PadTo = 640, 480, 5<<20
		m := newMeter(encode(spec))
		if f, err := exif.ReadWithoutNet(m, m.Size()); err != nil || f.Width != 640 {
			t.Errorf("%s: width %d, error %v", format, f.Width, err)
		}
		if m.bytes > 2<<10 || m.calls > 6 {
			t.Errorf("%s: %d bytes in %d reads, want at most 2 KiB in 6", format, m.bytes, m.calls)
		}
	}
}

func TestAStreamThatIsCutShortKeepsItsFacts(t *testing.T) {
	for format, encode := range streams() {
		spec := recorded()
		spec.Width, spec.Height, spec.PadTo = 640, 480, 100_000
		file := encode(spec)[:50_000]
		f, err := exif.ReadWithoutNet(newMeter(file), int64(len(file)))
		if f.Width != 640 || format != "MPG" && f.Capture.IsZero() {
			t.Errorf("%s: width %d, capture time %q", format, f.Width, f.Capture)
		}
		// That MPEG streams end anywhere is how they are.
		damaged := format == "MKV" || format == "WebM" || format == "ASF"
		if errors.Is(err, exif.ErrDamaged) != damaged {
			t.Errorf("%s: error %v, want damage: %v", format, err, damaged)
		}
	}
}

func TestARealMatroskaFileAgreesWithTheOracle(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(samplesDir(t), "files", "c031e8bab37cda0e.mkv"))
	if err != nil {
		t.Skipf("no Matroska sample: %v", err)
	}
	m := newMeter(file)
	f, err := exif.ReadWithoutNet(m, m.Size())
	if err != nil {
		t.Fatal(err)
	}
	want := exif.Facts{
		Format: "MKV", Kind: exif.KindVideo, Width: 1080, Height: 720, Duration: 1139 * time.Millisecond,
		Capture: exif.Capture{Wall: time.Date(2020, 12, 2, 10, 46, 6, 0, time.UTC), OffsetSource: exif.OffsetUTC, Source: exif.SourceMatroska},
	}
	if diff := cmp.Diff(want, withoutOrigins(f)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if m.bytes > 3<<10 {
		t.Errorf("%d bytes read", m.bytes)
	}
}
