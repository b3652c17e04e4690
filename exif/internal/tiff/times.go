package tiff

import (
	"time"

	goexif "github.com/rwcarlsen/goexif/exif"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// times claims the three dates, each with its own fraction and offset, and the
// time of the satellites.
func (t tags) times(to *claim.Set) {
	for _, record := range []struct {
		source               string
		date, subSec, offset goexif.FieldName
	}{
		{claim.DateTimeOriginal, goexif.DateTimeOriginal, goexif.SubSecTimeOriginal, offsetOriginal},
		{claim.DateTimeDigitized, goexif.DateTimeDigitized, goexif.SubSecTimeDigitized, offsetDigitized},
		{claim.DateTime, goexif.DateTime, goexif.SubSecTime, offsetTime},
	} {
		wall, ok := value.ParseDate(t.text(record.date))
		if !ok {
			continue
		}
		c := claim.Time{Wall: wall.Add(value.ParseSubSec(t.text(record.subSec))), Source: record.source}
		c.Offset, c.HasOffset = value.ParseOffset(t.text(record.offset))
		if !c.HasOffset { // some programs put it behind the date
			s, _ := value.ParseStamp(t.text(record.date))
			c.Offset, c.HasOffset = s.Offset, s.HasOffset
		}
		to.Times = append(to.Times, c)
	}
	if gps, ok := gpsTime(t); ok {
		to.Times = append(to.Times, claim.Time{Wall: gps, HasOffset: true, Instant: true, Source: claim.GPSDateTime})
	}
}

// gpsTime returns the GPS date and time, which are in UTC.
func gpsTime(t tags) (time.Time, bool) {
	clock := t.rationals(goexif.GPSTimeStamp)
	date := t.text(goexif.GPSDateStamp)
	if len(clock) < 3 || len(date) < len("2006:01:02") {
		return time.Time{}, false
	}
	day, ok := value.ParseDate(date[:len("2006:01:02")] + " 00:00:00")
	if !ok || !(clock[0] >= 0 && clock[0] < 24 && clock[1] >= 0 && clock[1] < 60 && clock[2] >= 0 && clock[2] < 60) {
		return time.Time{}, false
	}
	seconds := clock[0]*3600 + clock[1]*60 + clock[2]
	return day.Add(time.Duration(seconds * float64(time.Second)).Round(time.Millisecond)), true
}
