package exif_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif"
)

// maxDegrees is how far a place may be off: two metres on the ground.
const maxDegrees = 2e-5

// fillers are descriptions in the samples that no person wrote.
func fillers() []string {
	return []string{
		"DIGITAL CAMERA", "MINOLTA DIGITAL CAMERA", "Minolta DSC", "Adobe Photoshop 7.0", "DCF 1.0",
		"OLYMPUS DIGITAL CAMERA", "<KENOX S730  / Samsung S730>",
	}
}

// thumbnailSize lists files for which the oracle names the size of the small
// preview in the first directory of a raw file. What the full picture has, we
// know from its own directory.
func thumbnailSize() map[string][2]int {
	return map[string][2]int{"files/6fae30a2809b52ec.nef": {3040, 2014}}
}

// cutShort lists samples that end before what they name: directories, the
// picture, the value of a tag.
func cutShort() []string {
	return []string{
		"files/3ce390af5bc051fb.arw", "files/a510a3784d39bf95.sample", "library/2005/m2-f4830e8d4fa458f78a09fcaaf260569c.tif",
	}
}

func TestFactsOfRealPhotosAgreeWithTheOracle(t *testing.T) {
	dir := samplesDir(t)
	agreed, of := map[string]int{}, map[string]int{}
	check := func(s sample, fact string, got, want any, equal bool) {
		t.Helper()
		of[fact]++
		if equal {
			agreed[fact]++
			return
		}
		t.Errorf("%s: %s is %v, want %v", s.File, fact, got, want)
	}
	for _, s := range oracle(t, dir) {
		f, err := readFile(t, filepath.Join(dir, s.File))
		if cut := slices.Contains(cutShort(), s.File); errors.Is(err, exif.ErrDamaged) != cut || err != nil && !cut {
			t.Errorf("%s: error %v, want damage: %v", s.File, err, cut)
		}
		checkCapture(s, f.Capture, check)
		check(s, "make", f.Make, s.Make, f.Make == s.Make)
		check(s, "model", f.Model, s.Model, f.Model == s.Model)
		check(s, "orientation", f.Orientation, s.Orientation, f.Orientation == s.Orientation)
		checkPlace(s, f.Place, check)
		checkSize(s, f, check)
		checkDescription(s, f.Description, check)
	}
	for fact, n := range of {
		t.Logf("%-12s agrees on %d of %d", fact, agreed[fact], n)
	}
}

type checker func(s sample, fact string, got, want any, equal bool)

// checkCapture compares the local time with its fraction and the offset. The
// oracle reads what the standard has a tag for, so an offset that was inferred
// from GPS or is in the maker's note stays out.
func checkCapture(s sample, c exif.Capture, check checker) {
	if c.OffsetSource == exif.OffsetFromGPS || c.OffsetSource == exif.OffsetFromMaker {
		c.Offset, c.OffsetSource = 0, exif.OffsetUnknown
	}
	want := strings.Replace(s.Capture, "+00:00", "Z", 1)
	check(s, "capture", c.String(), want, c.String() == want)
	source, ok := map[string]exif.Source{
		"EXIF:CreateDate": exif.SourceDigitized,
		"EXIF:ModifyDate": exif.SourceDateTime,
	}[s.CaptureSource]
	if !ok {
		source = exif.Source(s.CaptureSource) // the same names
	}
	check(s, "source", c.Source, source, c.Source == source)
}

func checkPlace(s sample, p exif.Place, check checker) {
	if s.Lat == nil || s.Lon == nil {
		check(s, "no place", p, exif.Place{}, p.IsZero())
		return
	}
	want := exif.Place{Lat: *s.Lat, Lon: *s.Lon}
	near := math.Abs(p.Lat-want.Lat) <= maxDegrees && math.Abs(p.Lon-want.Lon) <= maxDegrees
	check(s, "place", p, want, near)
}

func checkSize(s sample, f exif.Facts, check checker) {
	if s.Width == 0 {
		return
	}
	got, want := [2]int{f.Width, f.Height}, [2]int{s.Width, s.Height}
	if full, ok := thumbnailSize()[s.File]; ok {
		want = full
	}
	check(s, "size", got, want, got == want)
}

func checkDescription(s sample, got string, check checker) {
	want := s.Description
	if slices.Contains(fillers(), want) {
		want = ""
	}
	if s.Testable == nil || *s.Testable {
		check(s, "description", got, want, got == want)
	}
}

func readFile(t testing.TB, path string) (exif.Facts, error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return exif.ReadWithoutNet(f, info.Size())
}
