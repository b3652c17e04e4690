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

	// Sidecars are what files beside this one say about it, the most believed
	// first: [Siblings.Of] finds them in that order. Of Takeout's JSON the first
	// counts whose title fits the name; the others are other photos'.
	Sidecars []Sidecar

	// Zone is where the photos were taken, if the owner says so: it gives an
	// offset to a wall clock that has none. Where a clock was put back and showed
	// an hour twice, or left one out, the offset is the one that [time.Date]
	// takes. Nil: such offsets stay unknown.
	Zone *time.Location

	// Local is where the owner's photos are taken for want of better knowledge:
	// times that are known as instants only (of GPS, of movie headers, Takeout's,
	// the modification time) are shown on its clocks. Nil: UTC.
	Local *time.Location

	// Shift puts a camera's clock right that was wrong by so much: minus an hour
	// for one that was an hour fast. It is added to the times in the file, and to
	// those only: sidecars, GPS, the name and the modification time have clocks
	// of their own. Capture.Shifted tells of it.
	Shift time.Duration

	// VideoLocal says that movie headers hold the camera's wall clock and not UTC
	// as they should. GoPro's and many other cameras' do.
	VideoLocal bool

	// Now is the time by which a date in a name is of the future. Zero: the
	// present.
	Now time.Time
}

// Resolve returns f with what its sidecars, its name and the owner add, above
// all with a capture time if there is any way to one. The first of these counts:
//
//  1. the original or created date of an XMP sidecar: somebody's correction. If
//     it agrees to the second with the file's own time, that one stays, with its
//     fraction and its offset;
//  2. the time that the file itself records, unless it is a late resort;
//  3. xmp:CreateDate of a sidecar, for photos;
//  4. Takeout's photoTakenTime;
//  5. the late resorts (see [Source.Late]): the file's edit date or GPS time, the
//     date in its name, the modification time. A date in a name that does not
//     exist, or lies more than a day after both c.Now and c.ModTime, is not taken;
//     a date without a time of day is put at midnight.
//
// A wall clock without an offset gets one from its distance to Takeout's instant,
// if that is close to a zone's, and else from c.Zone. A distance of nothing tells
// nothing: of a clock whose zone it does not know, Google writes the wall clock as
// if it were UTC.
//
// The description is that of an XMP sidecar, then Takeout's, then the file's; the
// rating a sidecar's, then the file's. The camera, the place and a photo's
// orientation are the file's, and sidecars fill them. Text of cameras and editors
// does not count anywhere.
//
// The kind follows the name where the content cannot tell: of raw formats that
// look like TIFF, and of screenshots without a camera.
//
// To resolve facts again, in the same context, changes nothing.
func Resolve(f Facts, c Context) Facts {
	if c.Local == nil {
		c.Local = time.UTC
	}
	if c.Now.IsZero() {
		c.Now = time.Now()
	}
	c.Name = lastPart(c.Name)
	xmps, takeout := c.sidecars()
	fill(&f, xmps, takeout)
	f.Format, f.Kind = kindByName(f, c.Name)
	f.Capture = c.capture(f, xmps, takeout)
	return f
}

// lastPart is a name without the folders in front of it.
func lastPart(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// sidecars returns the XMP sidecars and the one of Takeout that is this file's;
// the zero Sidecar if none is.
func (c Context) sidecars() (xmps []Sidecar, takeout Sidecar) {
	for _, s := range c.Sidecars {
		switch {
		case s.Kind == SidecarXMP:
			xmps = append(xmps, s)
		case s.Kind == SidecarTakeout && takeout.Kind == "" && (c.Name == "" || s.Fits(c.Name)):
			takeout = s
		}
	}
	return xmps, takeout
}

// capture finds the capture time and its offset.
func (c Context) capture(f Facts, xmps []Sidecar, takeout Sidecar) Capture {
	if c.VideoLocal && f.Capture.Source == SourceQuickTime && f.Capture.OffsetSource == OffsetUTC {
		f.Capture.OffsetSource = OffsetUnknown
	}
	t := withSidecars(f, xmps, takeout.Facts.Capture)
	if t.IsZero() {
		t = c.lastResort()
	}
	t = fromTakeout(t, takeout.Facts.Capture)
	t = c.shifted(t)
	if instant, ok := t.Instant(); ok && t.OffsetSource == OffsetUTC {
		shift := t.Shifted
		t = onClockOf(c.Local, instant, t.Source)
		t.Shifted = shift
	}
	if c.Zone != nil && !t.IsZero() && t.OffsetSource == OffsetUnknown {
		t.Offset, t.OffsetSource = offsetIn(c.Zone, t.Wall), OffsetChosen
	}
	return t
}

// lastResort takes the date out of the file's name, or its modification time.
func (c Context) lastResort() Capture {
	if named, ok := c.fromName(); ok {
		return named
	}
	if !c.ModTime.IsZero() {
		return onClockOf(c.Local, c.ModTime, SourceModTime)
	}
	return Capture{}
}

// fromName takes the date out of the file's name.
func (c Context) fromName() (Capture, bool) {
	// A file can be newer than the clock of this machine, but hardly by a day;
	// the day is for zones.
	latest := c.Now
	if c.ModTime.After(latest) {
		latest = c.ModTime
	}
	latest = latest.Add(24 * time.Hour)
	date, ok := dateInName(c.Name, latest)
	if !ok {
		return Capture{}, false
	}
	if date.utc {
		return onClockOf(c.Local, date.wall, SourceFileName), true
	}
	return Capture{Wall: date.wall, Source: SourceFileName}, true
}
