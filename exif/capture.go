package exif

import "time"

// OffsetSource says how the offset of a capture time from UTC is known.
type OffsetSource string

// What an offset may rest on.
const (
	OffsetUnknown   OffsetSource = ""
	OffsetRecorded  OffsetSource = "recorded" // the record says it
	OffsetFromGPS   OffsetSource = "GPS"      // inferred from the GPS time beside the camera's
	OffsetFromMaker OffsetSource = "maker"    // the camera's maker has a tag for it
	OffsetUTC       OffsetSource = "UTC"      // the record is in UTC; the clock on the wall is not known

	// Set by Resolve.
	OffsetFromTakeout OffsetSource = "Takeout" // inferred from the instant in the Takeout sidecar
	OffsetChosen      OffsetSource = "chosen"  // by the owner, see [Context.Zone]
	OffsetAssumed     OffsetSource = "assumed" // the time is an instant, shown in [Context.Local]
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

	// Shifted is how far Resolve has put Wall right by [Context.Shift]; zero for
	// a time as it is recorded.
	Shifted time.Duration
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
