package exif

import (
	"time"

	goexif "github.com/rwcarlsen/goexif/exif"
)

// Source says which record a capture time was taken from.
type Source string

// The sources, from the best to the last resort.
const (
	SourceNone             Source = ""
	SourceDateTimeOriginal Source = "EXIF:DateTimeOriginal"  // when the shutter opened
	SourceDigitized        Source = "EXIF:DateTimeDigitized" // when it was stored, or scanned
	SourceDateTime         Source = "EXIF:DateTime"          // when it was last edited
	SourceGPS              Source = "EXIF:GPSDateTime"       // the satellites' clock, in UTC
	SourceFileName         Source = "FileName"               // set by Resolve
	SourceModTime          Source = "ModTime"                // set by Resolve
)

// OffsetSource says how the offset of a capture time from UTC is known.
type OffsetSource string

// What an offset may rest on.
const (
	OffsetUnknown  OffsetSource = ""
	OffsetRecorded OffsetSource = "recorded" // the file says it
	OffsetFromGPS  OffsetSource = "GPS"      // inferred from the GPS time beside the camera's
	OffsetAssumed  OffsetSource = "assumed"  // the time is an instant; its zone is [Context.Zone]
)

// Capture is the time at which a photo was taken, as the clock on the wall showed
// it there. Nine in ten photos do not record their zone, so the wall clock is the
// fact that all of them share and by which they can be put in order.
type Capture struct {
	// Wall holds the wall clock with its fraction of a second, in the location
	// time.UTC; it is an instant only together with a known offset.
	Wall time.Time

	// Offset is how far the wall clock is ahead of UTC, if OffsetSource is not
	// OffsetUnknown.
	Offset       time.Duration
	OffsetSource OffsetSource

	Source Source
}

// IsZero reports whether no capture time is known.
func (c Capture) IsZero() bool { return c.Source == SourceNone }

// Instant returns the moment in time, in a zone with the known offset; false if
// the offset is not known.
func (c Capture) Instant() (time.Time, bool) {
	if c.IsZero() || c.OffsetSource == OffsetUnknown {
		return time.Time{}, false
	}
	zone := time.UTC
	if c.Offset != 0 {
		zone = time.FixedZone("", int(c.Offset/time.Second))
	}
	return c.Wall.Add(-c.Offset).In(zone), true
}

// String returns the time in the form of RFC 3339 with as many digits of the
// second as are known, and without a zone if the offset is unknown:
// "2024-05-18T14:30:05.25+02:00", "2024-05-18T14:30:05". It is empty if the
// capture time is.
func (c Capture) String() string {
	if c.IsZero() {
		return ""
	}
	if t, ok := c.Instant(); ok {
		return t.Format(time.RFC3339Nano)
	}
	return c.Wall.Format("2006-01-02T15:04:05.999999999")
}

// captureOf finds the capture time of an EXIF block, in the order of the Source
// constants.
func captureOf(t tags) Capture {
	gps, hasGPS := gpsTime(t)
	for _, record := range []struct {
		source               Source
		date, subSec, offset goexif.FieldName
	}{
		{SourceDateTimeOriginal, goexif.DateTimeOriginal, goexif.SubSecTimeOriginal, offsetOriginal},
		{SourceDigitized, goexif.DateTimeDigitized, goexif.SubSecTimeDigitized, offsetDigitized},
		{SourceDateTime, goexif.DateTime, goexif.SubSecTime, offsetTime},
	} {
		wall, ok := parseDate(t.text(record.date))
		if !ok {
			continue
		}
		c := Capture{Wall: wall.Add(parseSubSec(t.text(record.subSec))), Source: record.source}
		if offset, ok := parseOffset(t.text(record.offset)); ok {
			c.Offset, c.OffsetSource = offset, OffsetRecorded
		} else if offset, ok := inferOffset(c.Wall, gps); ok && hasGPS && record.source != SourceDateTime {
			// The GPS time belongs to the shot, so it says nothing of an edit.
			c.Offset, c.OffsetSource = offset, OffsetFromGPS
		}
		return c
	}
	if hasGPS {
		return Capture{Wall: gps, OffsetSource: OffsetRecorded, Source: SourceGPS}
	}
	return Capture{}
}

// gpsTime returns the GPS date and time, which are in UTC.
func gpsTime(t tags) (time.Time, bool) {
	clock := t.rationals(goexif.GPSTimeStamp)
	date := t.text(goexif.GPSDateStamp)
	if len(clock) < 3 || len(date) < len("2006:01:02") {
		return time.Time{}, false
	}
	day, ok := parseDate(date[:len("2006:01:02")] + " 00:00:00")
	if !ok || !(clock[0] >= 0 && clock[0] < 24 && clock[1] >= 0 && clock[1] < 60 && clock[2] >= 0 && clock[2] < 60) {
		return time.Time{}, false
	}
	seconds := clock[0]*3600 + clock[1]*60 + clock[2]
	return day.Add(time.Duration(seconds * float64(time.Second)).Round(time.Millisecond)), true
}
