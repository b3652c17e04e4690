// Package claim is what the readers of containers and records say about a file.
//
// A file tells most facts more than once: a photo's time stands in EXIF, in XMP
// and in IPTC, and the three need not agree. Readers do not choose. They put
// every claim that can be true into a [Set], with the record that it comes from,
// and package exif picks the best of each by one table.
package claim

import "time"

// Set is all that was said about one file, in the order in which it was found.
type Set struct {
	Times        []Time
	Zones        []Zone
	Makes        []Text
	Models       []Text
	Serials      []Text
	Orientations []Number // EXIF's number, 1 to 8
	Rotations    []Number // of a video or a HEIF picture: 0, 90, 180 or 270 degrees clockwise to show it upright
	Sizes        []Size
	Places       []Place
	Words        []Text   // what may be a person's description; fillers are sorted out later
	Ratings      []Number // stars, 1 to 5; -1 for rejected
	Durations    []Duration
	ContentIDs   []Text // shared by the photo and the video of a Live Photo
	Bursts       []Text // shared by the photos of a burst
	Exposures    []Exposure

	MotionPhoto bool // a still with a video inside
	Screenshot  bool // the file says that it is one
	Raw         bool // a raw format that its signature does not tell from TIFF
}

// Time is a capture time.
type Time struct {
	Wall      time.Time // wall clock with its fraction, in the location time.UTC
	Offset    time.Duration
	HasOffset bool // Offset is recorded with this time
	Instant   bool // the record is a moment in UTC and tells nothing of the wall clock there
	Source    string
}

// Zone is an offset from UTC that a camera records apart from its times.
type Zone struct {
	Offset time.Duration
	Source string
}

// Text is a name or words, in UTF-8, trimmed and not empty.
type Text struct{ Value, Source string }

// Number is a whole number.
type Number struct {
	Value  int
	Source string
}

// Size is a picture's or video's size as stored, in pixels, both above zero.
type Size struct {
	Width, Height int
	Source        string
}

// Place is a position in degrees, north and east positive, never 0,0.
type Place struct {
	Lat, Lon float64
	Source   string
}

// Exposure is how a picture was exposed. What is not known is zero; something is.
type Exposure struct {
	Time        time.Duration
	FNumber     float64
	FocalLength float64 // millimetres
	ISO         int
	Source      string
}

// Duration is how long a video lasts.
type Duration struct {
	Value  time.Duration
	Source string
}
