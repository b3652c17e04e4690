package exif

import (
	"math"

	goexif "github.com/rwcarlsen/goexif/exif"
)

// Place is where a photo was taken, in degrees, north and east positive. The
// zero Place means unknown: latitude and longitude of exactly zero are what
// receivers without a fix write.
type Place struct{ Lat, Lon float64 }

// IsZero reports whether the place is unknown.
func (p Place) IsZero() bool { return p == Place{} }

func placeOf(t tags) Place {
	lat, okLat := coordinate(t, goexif.GPSLatitude, goexif.GPSLatitudeRef, 'N', 'S', 90)
	lon, okLon := coordinate(t, goexif.GPSLongitude, goexif.GPSLongitudeRef, 'E', 'W', 180)
	if !okLat || !okLon {
		return Place{}
	}
	return Place{Lat: lat, Lon: lon}
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
