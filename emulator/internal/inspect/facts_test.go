package inspect_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

// shot is a wall clock, here read as UTC.
func shot() time.Time { return time.Date(2019, 5, 4, 3, 2, 1, 0, time.UTC) }

// mustLook looks at a file with which nothing is wrong.
func mustLook(t *testing.T, media []byte) inspect.Facts {
	t.Helper()
	f, err := look(string(media))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAPhotoTellsItsCamera(t *testing.T) {
	spec := fixture.Spec{
		Width: 40, Height: 30, Captured: shot(), Make: "Aldermere", Model: "Field 40", Orientation: 6,
		ExposureTime: [2]uint32{1, 60}, FNumber: [2]uint32{28, 10}, FocalLength: [2]uint32{425, 100}, ISO: 400,
	}
	for name, tt := range map[string]struct {
		encode func(fixture.Spec) []byte
		want   inspect.Type
	}{
		"JPEG": {fixture.JPEG, inspect.JPEG}, "TIFF": {fixture.TIFF, inspect.TIFF}, "PNG": {fixture.PNG, inspect.PNG},
		"WebP": {fixture.WebP, inspect.WebP}, "HEIC": {fixture.HEIC, inspect.HEIC}, "AVIF": {fixture.AVIF, inspect.AVIF},
		"DNG": {fixture.DNG, inspect.DNG}, "CR3": {fixture.CR3, inspect.CR3}, "RAF": {fixture.RAF, inspect.RAF},
	} {
		got := mustLook(t, tt.encode(spec))
		want := inspect.Facts{
			Type: tt.want, Width: 40, Height: 30, Taken: shot(), Orientation: got.Orientation, Make: "Aldermere", Model: "Field 40",
			Exposure: exif.Exposure{Time: 16_666_667, FNumber: 2.8, FocalLength: 4.25, ISO: 400},
		}
		if diff := cmp.Diff(want, got); diff != "" || got.Orientation == 0 {
			t.Errorf("%s, orientation %d (-want +got):\n%s", name, got.Orientation, diff)
		}
	}
}

func TestAFilmTellsItsCameraAndRate(t *testing.T) {
	spec := fixture.Spec{
		Width: 40, Height: 30, Captured: shot(), Offset: "+02:00", Make: "Aldermere", Model: "Pocket 2",
		Duration: 40 * time.Millisecond, Rotation: 90,
	}
	for name, tt := range map[string]struct {
		encode func(fixture.Spec) []byte
		want   inspect.Type
	}{
		"MP4": {fixture.MP4, inspect.MP4}, "MOV": {fixture.MOV, inspect.MOV}, "M4V with long times": {fixture.M4V, inspect.M4V},
	} {
		got := mustLook(t, tt.encode(spec))
		want := inspect.Facts{
			Type: tt.want, Width: 40, Height: 30, Taken: shot().Add(-2 * time.Hour), Orientation: 6, Make: "Aldermere", Model: "Pocket 2", FPS: 25,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := mustLook(t, fixture.AVI(fixture.Spec{})).FPS; got != 0 {
		t.Errorf("an AVI: %v pictures a second, want none: its index is not asked", got)
	}
}

// Contract 12 #40.
func TestTheTimeIsTheMomentOrElseTheWallClock(t *testing.T) {
	date := field{0x9003, 2, 0, "2019:05:04 03:02:01"}
	oneDate := func(text string) []byte {
		return []byte(jpegWith(app1("Exif\x00\x00" + tiff(big, "MM\x00*", sizeFields(1, 1), field{0x9003, 2, 0, text}))))
	}
	tests := []struct {
		name  string
		media []byte
		want  time.Time
	}{
		{"without a zone", fixture.JPEG(fixture.Spec{Captured: shot()}), shot()},
		{"with a zone", fixture.JPEG(fixture.Spec{Captured: shot(), Offset: "+05:30"}), shot().Add(-330 * time.Minute)},
		{"with a zone and a fraction", fixture.JPEG(fixture.Spec{Captured: shot(), SubSec: "75", Offset: "-01:00"}), shot().Add(time.Hour)},
		{"a zone that the satellites tell", fixture.JPEG(fixture.Spec{Captured: shot(), GPSTime: shot().Add(-2 * time.Hour)}), shot().Add(-2 * time.Hour)},
		{"the satellites alone", fixture.JPEG(fixture.Spec{GPSTime: shot()}), shot()},
		{"only the last edit", fixture.JPEG(fixture.Spec{Modified: shot()}), shot()},
		{"only XMP", fixture.JPEG(fixture.Spec{XMP: &fixture.Spec{Captured: shot()}}), shot()},
		{"a moment before all years", fixture.JPEG(fixture.Spec{Captured: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), Offset: "+02:00"}), time.Time{}},
		{"a date that is none", oneDate("0000:00:00 00:00:00"), time.Time{}},
		{"a date of blanks", oneDate("    :  :     :  :  "), time.Time{}},
		{"a TIFF", []byte(tiff(little, "II*\x00", sizeFields(7, 5), date)), shot()},
		{"no record", fixture.JPEG(fixture.Spec{Make: "Aldermere"}), time.Time{}},
		{"a record of nonsense", []byte(jpegWith(app1("Exif\x00\x00nonsense"))), time.Time{}},
	}
	for _, tt := range tests {
		if got := mustLook(t, tt.media).Taken; !got.Equal(tt.want) || got.Location() != time.UTC {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestHowAPictureIsTurned(t *testing.T) {
	jpeg := func(orientation int) []byte { return fixture.JPEG(fixture.Spec{Orientation: orientation}) }
	film := func(degrees int) []byte { return fixture.MP4(fixture.Spec{Rotation: degrees}) }
	for name, tt := range map[string]struct {
		media []byte
		want  int
	}{
		"not said": {jpeg(0), 0}, "upright": {jpeg(1), 1}, "mirrored": {jpeg(2), 2}, "on its side": {jpeg(8), 8},
		"an orientation that is none": {[]byte(jpegWith(app1("Exif\x00\x00" + tiff(big, "MM\x00*", []field{{0x112, 3, 1, uint16(9)}})))), 0},
		"an upright film":             {film(0), 1}, "a film turned right": {film(90), 6}, "a film upside down": {film(180), 3}, "a film turned left": {film(270), 8},
		"a HEIC turned by its header, and in EXIF": {fixture.HEIC(fixture.Spec{Orientation: 3, Rotation: 90}), 6},
	} {
		if got := mustLook(t, tt.media).Orientation; got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}

func TestARateIsThatOfTheFirstTrackOfPictures(t *testing.T) {
	full := func(numbers ...uint32) string {
		b := make([]byte, 0, 64)
		for _, n := range numbers {
			b = big.AppendUint32(b, n)
		}
		return string(b)
	}
	track := func(kind string, scale uint32, runs ...uint32) string {
		stts := box("stts", full(append([]uint32{0, uint32(len(runs) / 2)}, runs...)...))
		return box("trak", box("tkhd", "x")+box("mdia", box("mdhd", full(0, 1, 2, scale, 0))+box("hdlr", full(0, 0)+kind+full(0))+
			box("minf", box("stbl", stts))))
	}
	sound := track("soun", 48_000, 100, 1024)
	for name, tt := range map[string]struct {
		tracks string
		want   float64
	}{
		"behind the sound":      {sound + track("vide", 600, 50, 20), 30},
		"of changing length":    {track("vide", 1000, 1, 20, 1, 60), 25},
		"of film in television": {track("vide", 30_000, 300, 1001), 30_000.0 / 1001},
		"the first of two":      {track("vide", 600, 50, 20) + track("vide", 600, 50, 10), 30},
		"no pictures":           {sound, 0},
		"no time":               {track("vide", 600, 50, 0), 0},
		"no scale":              {track("vide", 0, 50, 20), 0},
		"no runs":               {track("vide", 600), 0},
		"more than can be":      {track("vide", 1_000_000, 50, 20), 0},
		"a list cut short":      {box("trak", box("mdia", box("hdlr", full(0, 0)+"vide")+box("minf", box("stbl", box("stts", "x"))))), 0},
	} {
		got := mustLook(t, []byte(ftyp("mp42")+box("moov", tt.tracks))).FPS
		if math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
