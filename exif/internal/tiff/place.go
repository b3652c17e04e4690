package tiff

import (
	"math"

	goexif "github.com/rwcarlsen/goexif/exif"

	"github.com/albumwright/albumwright/exif/internal/claim"
)

// place claims the position of the GPS directory.
func (t tags) place(to *claim.Set) {
	lat, okLat := coordinate(t, goexif.GPSLatitude, goexif.GPSLatitudeRef, 'N', 'S', 90)
	lon, okLon := coordinate(t, goexif.GPSLongitude, goexif.GPSLongitudeRef, 'E', 'W', 180)
	if okLat && okLon {
		to.AddPlace(claim.EXIF, lat, lon)
	}
}

// coordinate reads degrees, minutes and seconds with their hemisphere. Without
// the hemisphere the place could be one of four, which is none.
func coordinate(t tags, value, ref goexif.FieldName, positive, negative byte, limit float64) (float64, bool) {
	parts := t.rationals(value)
	side := t.text(ref)
	if len(parts) == 0 || len(side) == 0 {
		return 0, false
	}
	degrees := 0.0
	for i, unit := range [...]float64{1, 60, 3600} {
		// Phones write 0/0 for seconds that they did not measure.
		if i < len(parts) && (i == 0 || !math.IsNaN(parts[i])) {
			degrees += parts[i] / unit
		}
	}
	switch side[0] &^ 0x20 { // upper case
	case positive:
	case negative:
		degrees = -degrees
	default:
		return 0, false
	}
	// Written so that NaN fails.
	return degrees, math.Abs(degrees) <= limit
}
