package exif_test

import (
	"testing"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

// FuzzRead looks for files that make Read panic, read too much or tell facts
// that cannot be.
func FuzzRead(f *testing.F) {
	spec := fixture.Spec{
		Width: 8, Height: 8,
		Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00", Modified: wall(15, 0, 0), GPSTime: wall(12, 30, 5),
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6,
		Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054), UserComment: "Fähre",
	}
	for _, encode := range formats() {
		for _, big := range []bool{false, true} {
			spec.BigEndian = big
			f.Add(encode(spec))
		}
	}
	for _, raw := range raws() {
		f.Add(raw.encode(spec))
	}
	for _, file := range shaped() {
		f.Add(file)
	}
	for _, file := range chunked() {
		f.Add(file)
	}
	for _, file := range streamed() {
		f.Add(file)
	}
	for _, file := range boxed() {
		f.Add(file)
	}
	for _, encode := range movies() {
		f.Add(encode(filmed()))
	}
	f.Add(fixture.TinyJPEG(1, wall(1, 2, 3)))
	f.Add(withSubdirectory(subIFDs, text(dateTime, day)))
	f.Add(jpegOf(exifSegment(fixture.EXIF(spec)[:40]), exifSegment(fixture.EXIF(spec)[40:])))
	f.Fuzz(func(t *testing.T, file []byte) { readSoundly(t, "input", file) })
}

// FuzzResolve looks for names that make Resolve panic or find dates that cannot
// be.
func FuzzResolve(f *testing.F) {
	for _, name := range []string{
		"PXL_20240518_113005250.MP.jpg", "IMG_20240518_143005.jpg", "Screenshot 2024-05-18 at 2.30.05\u202fPM.png",
		"IMG-20240518-WA0012.jpg", "1987-06-12 grandmother.jpg", "DSC_0412.jpg",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		c := context(name)
		got := exif.Resolve(exif.Facts{}, c).Capture
		latest := c.Now.AddDate(0, 0, 3) // a day, and the distance of zones
		if got.IsZero() || got.Wall.Year() < 1826 || got.Wall.After(latest) {
			t.Errorf("%q: %q from %q", name, got, got.Source)
		}
	})
}
