package claim

import (
	"math"
	"time"
)

// maxSide is more pixels than any picture has in a row.
const maxSide = 1 << 24

// maxDuration is longer than any video: a week.
const maxDuration = 7 * 24 * time.Hour

// More than any photo was exposed with; the fastest camera goes to ISO 4,560,000.
const (
	maxExposure    = 24 * time.Hour
	maxFNumber     = 1000
	maxFocalLength = 100_000 // millimetres
	maxISO         = 10_000_000
)

// The Add methods take a claim if it can be true, and drop it otherwise.

// AddText appends to one of the lists of texts.
func AddText(list *[]Text, source, value string) {
	if value != "" {
		*list = append(*list, Text{value, source})
	}
}

// AddSize takes a size in pixels.
func (s *Set) AddSize(source string, width, height int64) {
	if width >= 1 && height >= 1 && width <= maxSide && height <= maxSide {
		s.Sizes = append(s.Sizes, Size{int(width), int(height), source})
	}
}

// AddPlace takes a position in degrees. Latitude and longitude of exactly zero
// are what receivers without a fix write.
func (s *Set) AddPlace(source string, lat, lon float64) {
	// Written so that NaN fails.
	if math.Abs(lat) <= 90 && math.Abs(lon) <= 180 && (lat != 0 || lon != 0) {
		s.Places = append(s.Places, Place{lat, lon, source})
	}
}

// AddOrientation takes EXIF's number.
func (s *Set) AddOrientation(source string, n int) {
	if n >= 1 && n <= 8 {
		s.Orientations = append(s.Orientations, Number{n, source})
	}
}

// AddRating takes stars; none at all is no claim.
func (s *Set) AddRating(source string, stars int) {
	if stars == -1 || stars >= 1 && stars <= 5 {
		s.Ratings = append(s.Ratings, Number{stars, source})
	}
}

// AddDuration takes a video's length.
func (s *Set) AddDuration(source string, d time.Duration) {
	if d > 0 && d <= maxDuration {
		s.Durations = append(s.Durations, Duration{d, source})
	}
}

// AddExposure takes how a picture was exposed: each of the four numbers that can
// be true. Cameras write zero, or x/0, for what their lens does not tell them.
func (s *Set) AddExposure(source string, seconds, fNumber, focalLength float64, iso int) {
	e := Exposure{
		FNumber: upTo(maxFNumber, fNumber), FocalLength: upTo(maxFocalLength, focalLength),
		Time: time.Duration(math.Round(upTo(maxExposure.Seconds(), seconds) * float64(time.Second))),
	}
	if iso > 0 && iso <= maxISO {
		e.ISO = iso
	}
	if e != (Exposure{}) {
		e.Source = source
		s.Exposures = append(s.Exposures, e)
	}
}

// upTo is v if it is above zero and not above most, else zero. NaN is neither.
func upTo(most, v float64) float64 {
	if v > 0 && v <= most {
		return v
	}
	return 0
}
