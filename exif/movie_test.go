package exif_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// movies are the makers of movies that are made of boxes.
func movies() map[exif.Format]func(fixture.Spec) []byte {
	return map[exif.Format]func(fixture.Spec) []byte{
		"MP4": fixture.MP4, "M4V": fixture.M4V, "MOV": fixture.MOV, "3GP": fixture.ThreeGP, "3G2": fixture.ThreeG2,
	}
}

// filmed has all facts that each of them carries.
func filmed() fixture.Spec {
	return fixture.Spec{
		Width: 40, Height: 24, Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00",
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123",
		Lat: fixture.Degrees(-33.856784), Lon: fixture.Degrees(151.215297),
		Description: "Segel im Hafen, früh", UserComment: "not this one", Rotation: 90, Duration: 2500 * time.Millisecond,
	}
}

func TestAllFactsOfAMovieAreRead(t *testing.T) {
	const places = 2e-5 // a location of 3GPP is good to 1.5e-5 degrees
	near := cmp.Comparer(func(a, b float64) bool { return a-b < places && b-a < places })
	for format, encode := range movies() {
		spec := filmed()
		want := exif.Facts{
			Format: format, Kind: exif.KindVideo,
			Capture: exif.Capture{
				Wall:   wall(14, 30, 5).Add(250 * time.Millisecond),
				Offset: 2 * time.Hour, OffsetSource: exif.OffsetRecorded, Source: exif.SourceUserData,
			},
			Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Rotation: 90, Width: 40, Height: 24,
			Duration: 2500 * time.Millisecond, Place: exif.Place{Lat: -33.856784, Lon: 151.215297},
			Description: "Segel im Hafen, früh",
		}
		if !strings.HasPrefix(string(format), "3") {
			spec.Rating, want.Rating = 4, 4
		}
		if format == "MOV" {
			spec.ContentID, want.ContentID = "6B29FC40-CA47", "6B29FC40-CA47"
			want.Capture.Source = exif.SourceKeys
		}
		if diff := cmp.Diff(want, withoutOrigins(mustRead(t, encode(spec))), near); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

func TestAMovieWithoutMetadataTellsWhatItsHeaderDoes(t *testing.T) {
	for format, encode := range movies() {
		want := exif.Facts{Format: format, Kind: exif.KindVideo, Width: 32, Height: 24, Duration: time.Second}
		if diff := cmp.Diff(want, withoutOrigins(mustRead(t, encode(fixture.Spec{})))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
		f := mustRead(t, encode(fixture.Spec{Captured: wall(14, 30, 5)}))
		c := f.Capture
		if c.String() != "2024-05-18T14:30:05Z" || c.Source != exif.SourceQuickTime || c.OffsetSource != exif.OffsetUTC {
			t.Errorf("%s: %q from %q, offset %q", format, c, c.Source, c.OffsetSource)
		}
		if f.From.Rotation == "" || f.From.Duration != "Header" {
			t.Errorf("%s: rotation from %q, duration from %q", format, f.From.Rotation, f.From.Duration)
		}
	}
}

func TestTheXMPOfAMovieIsBelievedBeforeItsHeaderAndBehindItsKeys(t *testing.T) {
	packet := &fixture.Spec{Captured: wall(9, 0, 0), Digitized: wall(8, 0, 0), Description: "in XMP", Rating: 2}
	for format, encode := range movies() {
		f := mustRead(t, encode(fixture.Spec{Captured: wall(14, 30, 5), XMP: packet}))
		if f.Capture.Source != exif.SourceXMPOriginal || f.Description != "in XMP" || f.Rating != 2 {
			t.Errorf("%s: capture %q, description %q, rating %d", format, f.Capture.Source, f.Description, f.Rating)
		}
		f = mustRead(t, encode(fixture.Spec{Captured: wall(14, 30, 5), Offset: "+02:00", XMP: packet}))
		if f.Capture.String() != "2024-05-18T14:30:05+02:00" {
			t.Errorf("%s: capture %q", format, f.Capture)
		}
		// When a project was begun is no capture time.
		f = mustRead(t, encode(fixture.Spec{XMP: &fixture.Spec{Digitized: wall(8, 0, 0)}}))
		if !f.Capture.IsZero() {
			t.Errorf("%s: capture %q from %q", format, f.Capture, f.Capture.Source)
		}
	}
}

// The padding of a movie lies in its pictures, in front of the header or behind it.
func TestAMovieCostsTwoKiBAtMost(t *testing.T) {
	for format, encode := range movies() {
		spec := filmed()
		spec.PadTo = 20 << 20
		m := newMeter(encode(spec))
		if _, err := exif.ReadWithoutNet(m, m.Size()); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		if m.bytes > 2<<10 || m.calls > 6 {
			t.Errorf("%s: %d bytes in %d reads, want at most 2 KiB in 6", format, m.bytes, m.calls)
		}
	}
}

func TestACutMovieIsDamagedAndTellsWhatIsLeft(t *testing.T) {
	spec := filmed()
	spec.PadTo = 100_000
	for _, format := range []exif.Format{"M4V", "3GP"} { // whose header stands in front
		file := movies()[format](spec)[:50_000]
		f, err := exif.ReadWithoutNet(strings.NewReader(string(file)), int64(len(file)))
		if !errors.Is(err, exif.ErrDamaged) || f.Capture.String() != "2024-05-18T14:30:05.25+02:00" {
			t.Errorf("%s: capture %q, error %v", format, f.Capture, err)
		}
	}
}

func TestDamagedMoviesAreReadWithinBounds(t *testing.T) {
	for format, encode := range movies() {
		spec := filmed()
		spec.XMP = &fixture.Spec{Description: "in XMP"}
		damage(t, string(format), encode(spec))
	}
}

// movieSample is a sample with what only videos have.
type movieSample struct {
	sample
	Rotation *int
}

// realMovies gives each of the sample movies in turn.
func realMovies(t *testing.T, each func(s movieSample, file []byte)) {
	t.Helper()
	dir := samplesDir(t)
	list, err := os.Open(filepath.Join(dir, "samples.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	for dec := json.NewDecoder(list); ; {
		var s movieSample
		if err := dec.Decode(&s); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		if movies()[exif.Format(s.Type)] == nil {
			continue
		}
		file, err := os.ReadFile(filepath.Join(dir, s.File))
		if err != nil {
			t.Fatal(err)
		}
		each(s, file)
	}
}

func TestRealMoviesAgreeWithTheOracle(t *testing.T) {
	realMovies(t, func(s movieSample, file []byte) {
		f := mustRead(t, file)
		got := strings.Replace(f.Capture.String(), "Z", "+00:00", 1) // as the oracle writes it
		if got != s.Capture || f.Make != s.Make || f.Model != s.Model || f.Description != s.Description {
			t.Errorf("%s: %q, %q, %q, %q; want %q, %q, %q, %q",
				s.File, got, f.Make, f.Model, f.Description, s.Capture, s.Make, s.Model, s.Description)
		}
		if s.Width != 0 && (f.Width != s.Width || f.Height != s.Height) || s.Rotation != nil && f.Rotation != *s.Rotation {
			t.Errorf("%s: %d x %d, rotation %d", s.File, f.Width, f.Height, f.Rotation)
		}
	})
}

func TestRealMoviesCostTwoKiBOfReading(t *testing.T) {
	var costs []int64
	realMovies(t, func(s movieSample, file []byte) {
		m := newMeter(file)
		if _, err := exif.ReadWithoutNet(m, m.Size()); err != nil {
			t.Errorf("%s: %v", s.File, err)
		}
		costs = append(costs, m.bytes)
	})
	slices.Sort(costs)
	if median := costs[len(costs)/2]; median > 2<<10 {
		t.Errorf("median of %d bytes read, want at most 2 KiB: %v", median, costs)
	}
}

func TestDamagedRealMoviesAreReadWithinBounds(t *testing.T) {
	realMovies(t, func(s movieSample, file []byte) { damage(t, s.File, file) })
}
