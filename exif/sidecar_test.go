package exif_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

func TestATakeoutSidecarIsRead(t *testing.T) {
	spec := fixture.Spec{
		Captured: wall(14, 30, 5), Offset: "+02:00", Description: "Segel & Wind",
		Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054),
	}
	got, err := exif.ReadTakeout(bytes.NewReader(fixture.Takeout(spec, "a&b.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	want := exif.Sidecar{Kind: exif.SidecarTakeout, Title: "a&b.jpg", Facts: exif.Facts{
		Capture:     exif.Capture{Wall: wall(12, 30, 5), OffsetSource: exif.OffsetUTC, Source: exif.SourceTakeout},
		Description: "Segel & Wind", Place: exif.Place{Lat: 60.391262, Lon: 5.322054},
		From: exif.Origins{Description: "Takeout:description", Place: "Takeout:geoData"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-put in +read):\n%s", diff)
	}
	if !got.Fits("folder/a_b.jpg") || got.Fits("c.jpg") {
		t.Error("the title does not decide whose sidecar it is")
	}
}

func TestATakeoutSidecarMayHaveNothingToSay(t *testing.T) {
	got, err := exif.ReadTakeout(bytes.NewReader(fixture.Takeout(fixture.Spec{}, "a.jpg")))
	if want := (exif.Sidecar{Kind: exif.SidecarTakeout, Title: "a.jpg"}); err != nil || got != want {
		t.Errorf("%+v, error %v, want %+v", got, err, want)
	}
}

func TestAnXMPSidecarIsRead(t *testing.T) {
	spec := fixture.Spec{
		Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00", Digitized: wall(14, 30, 6), Modified: wall(15, 0, 0),
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6, Rating: 4,
		Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054), Description: "Segel & Wind",
	}
	got, err := exif.SidecarFile{Kind: exif.SidecarXMP}.Read(bytes.NewReader(fixture.XMP(spec)))
	if err != nil {
		t.Fatal(err)
	}
	near := cmp.Comparer(func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 })
	want := exif.Sidecar{Kind: exif.SidecarXMP, Facts: exif.Facts{
		Capture: exif.Capture{
			Wall: wall(14, 30, 5).Add(250 * time.Millisecond), Offset: 2 * time.Hour, OffsetSource: exif.OffsetRecorded,
			Source: exif.SourceSidecarOriginal,
		},
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6, Rating: 4,
		Place: exif.Place{Lat: 60.391262, Lon: 5.322054}, Description: "Segel & Wind",
		From: exif.Origins{
			Make: "Sidecar XMP", Model: "Sidecar XMP", Serial: "Sidecar XMP", Orientation: "Sidecar XMP", Rating: "Sidecar XMP",
			Place: "Sidecar XMP", Description: "Sidecar XMP-dc:Description",
		},
	}}
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Errorf("(-put in +read):\n%s", diff)
	}
}

func TestOnlyTimesOfTheShotCountInAnXMPSidecar(t *testing.T) {
	for name, tt := range map[string]struct {
		spec fixture.Spec
		want exif.Source
	}{
		"created":  {fixture.Spec{Digitized: wall(14, 30, 5)}, exif.SourceSidecarCreateDate},
		"modified": {fixture.Spec{Modified: wall(14, 30, 5)}, exif.SourceNone},
		"GPS":      {fixture.Spec{GPSTime: wall(12, 30, 5)}, exif.SourceNone},
	} {
		got, err := exif.ReadXMP(bytes.NewReader(fixture.XMP(tt.spec)))
		if err != nil || got.Facts.Capture.Source != tt.want {
			t.Errorf("%s: %q from %q (%v), want from %q", name, got.Facts.Capture, got.Facts.Capture.Source, err, tt.want)
		}
	}
}

func TestDamagedSidecarsSayWhatIsWrong(t *testing.T) {
	takeout := fixture.Takeout(fixture.Spec{Captured: wall(14, 30, 5)}, "a.jpg")
	xmp := fixture.XMP(fixture.Spec{Captured: wall(14, 30, 5)})
	for name, tt := range map[string]struct {
		kind    exif.SidecarKind
		content io.Reader
	}{
		"an empty JSON":    {exif.SidecarTakeout, strings.NewReader("")},
		"a cut JSON":       {exif.SidecarTakeout, bytes.NewReader(takeout[:len(takeout)/2])},
		"no JSON":          {exif.SidecarTakeout, bytes.NewReader(fixture.TinyJPEG(1, wall(1, 2, 3)))},
		"a JSON too long":  {exif.SidecarTakeout, io.LimitReader(blanks{}, 1<<20+1)},
		"an endless JSON":  {exif.SidecarTakeout, blanks{}},
		"an XMP too long":  {exif.SidecarXMP, io.LimitReader(blanks{}, 8<<20+1)},
		"a cut XMP packet": {exif.SidecarXMP, bytes.NewReader(xmp[:bytes.Index(xmp, []byte("14:30"))])},
	} {
		_, err := exif.SidecarFile{Kind: tt.kind}.Read(tt.content)
		if !errors.Is(err, exif.ErrDamaged) || errors.Is(err, exif.ErrNotSidecar) {
			t.Errorf("%s: error %v, want damage", name, err)
		}
	}
}

// blanks is a file without an end.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestASidecarMayBeAsLongAsIsAllowed(t *testing.T) {
	content := fixture.Takeout(fixture.Spec{Captured: wall(14, 30, 5)}, "a.jpg")
	padded := append(bytes.Repeat([]byte(" "), 1<<20-len(content)), content...)
	got, err := exif.ReadTakeout(iotest.OneByteReader(bytes.NewReader(padded)))
	if err != nil || got.Facts.Capture.IsZero() {
		t.Errorf("%q, error %v", got.Facts.Capture, err)
	}
}

func TestAnAlbumsJSONIsNoSidecar(t *testing.T) {
	for _, content := range []string{`{"title": "Trip", "date": {"timestamp": "1502439626"}}`, `{}`, `null`} {
		got, err := exif.ReadTakeout(strings.NewReader(content))
		if !errors.Is(err, exif.ErrNotSidecar) || errors.Is(err, exif.ErrDamaged) || got != (exif.Sidecar{}) {
			t.Errorf("%s: %+v, error %v, want ErrNotSidecar", content, got, err)
		}
	}
}

func TestAReadersOwnErrorComesBack(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, kind := range []exif.SidecarKind{exif.SidecarXMP, exif.SidecarTakeout} {
		_, err := exif.SidecarFile{Kind: kind}.Read(iotest.ErrReader(broken))
		if !errors.Is(err, broken) || errors.Is(err, exif.ErrDamaged) {
			t.Errorf("%s: error %v, want that of the reader", kind, err)
		}
		_, err = exif.SidecarFile{Kind: kind}.Read(idle{})
		if !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("%s: error %v, want no progress", kind, err)
		}
	}
}

// idle never gives a byte.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func FuzzReadTakeout(f *testing.F) {
	spec := fixture.Spec{Captured: wall(14, 30, 5), Description: "words", Lat: fixture.Degrees(60.4), Lon: fixture.Degrees(5.3)}
	f.Add(fixture.Takeout(spec, "a.jpg"))
	f.Add(fixture.Takeout(fixture.Spec{}, ""))
	f.Add([]byte(`{"albumData": {"title": "a", "photoTakenTime": {"timestamp": 1}}}`))
	f.Add([]byte(`{"title": 1, "photoTakenTime": "x", "geoData": [], "description": {}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := exif.ReadTakeout(bytes.NewReader(content))
		if err != nil && !errors.Is(err, exif.ErrDamaged) && !errors.Is(err, exif.ErrNotSidecar) {
			t.Errorf("error %v", err)
		}
		checkSidecar(t, s)
	})
}

// checkSidecar checks what holds for any sidecar, and for facts resolved with it.
func checkSidecar(t *testing.T, s exif.Sidecar) {
	t.Helper()
	c := context("a.jpg")
	c.Sidecars = []exif.Sidecar{s}
	for _, f := range []exif.Facts{s.Facts, exif.Resolve(exif.Facts{}, c)} {
		// An instant at the edge of what is allowed may be another year on the clocks of a zone.
		if at := f.Capture; !at.IsZero() && (at.Wall.Year() < 1825 || at.Wall.Year() > 10_000) {
			t.Errorf("capture time %v", at)
		}
		p := f.Place
		if !(p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180) {
			t.Errorf("place %v", p)
		}
		if strings.ContainsRune(f.Description, 0) {
			t.Errorf("description %q", f.Description)
		}
	}
}
