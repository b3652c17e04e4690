package exif

import (
	"strings"
	"time"
)

// Context is what is known of a file beside its content, for [Resolve].
type Context struct {
	// Name is the file's name; folders in front of it are not looked at.
	Name string

	// ModTime is when the file was last written. The zero time means unknown.
	ModTime time.Time

	// Zone is where the owner's photos are taken for want of better knowledge:
	// times that are known as instants only are shown on its clocks. Nil: UTC.
	Zone *time.Location

	// Now is the time by which a date in a name is of the future. Zero: the
	// present.
	Now time.Time
}

// Resolve returns f with a capture time, if there is any way to one.
//
// A time that the file itself records stays as it is, except that a time known
// only from GPS is moved from UTC to the wall clock of c.Zone. Otherwise the date
// in the file's name is taken, and after it the modification time, each marked
// in Capture.Source. A date in a name that does not exist, or lies more than a
// day after both c.Now and c.ModTime, is not taken. What has a date but no time of
// day is put at midnight.
func Resolve(f Facts, c Context) Facts {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Now.IsZero() {
		c.Now = time.Now()
	}
	if instant, ok := f.Capture.Instant(); ok && f.Capture.OffsetSource == OffsetUTC {
		f.Capture = onClockOf(c.Zone, instant, f.Capture.Source)
	}
	if !f.Capture.IsZero() {
		return f
	}
	if named, ok := captureFromName(c); ok {
		f.Capture = named
	} else if !c.ModTime.IsZero() {
		f.Capture = onClockOf(c.Zone, c.ModTime, SourceModTime)
	}
	return f
}

// onClockOf shows an instant on the clocks of a zone.
func onClockOf(zone *time.Location, instant time.Time, source Source) Capture {
	_, seconds := instant.In(zone).Zone()
	offset := time.Duration(seconds) * time.Second
	return Capture{
		Wall:         instant.UTC().Add(offset),
		Offset:       offset,
		OffsetSource: OffsetAssumed,
		Source:       source,
	}
}

// captureFromName takes the date out of the file's name.
func captureFromName(c Context) (Capture, bool) {
	// A file can be newer than the clock of this machine, but hardly by a day;
	// the day is for zones.
	latest := c.Now
	if c.ModTime.After(latest) {
		latest = c.ModTime
	}
	latest = latest.Add(24 * time.Hour)
	name := c.Name[strings.LastIndexAny(c.Name, `/\`)+1:]
	date, ok := dateInName(name, latest)
	if !ok {
		return Capture{}, false
	}
	if date.utc {
		return onClockOf(c.Zone, date.wall, SourceFileName), true
	}
	return Capture{Wall: date.wall, Source: SourceFileName}, true
}
