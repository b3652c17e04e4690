package exif

import (
	"slices"
	"time"

	"github.com/albumwright/albumwright/exif/internal/value"
)

// withSidecars chooses between the file's own time and those of its sidecars.
func withSidecars(f Facts, xmps []Sidecar, takeout Capture) Capture {
	t := f.Capture
	if corrected, ok := sidecarTime(xmps, SourceSidecarOriginal, SourceSidecarCreated); ok {
		if !agree(t, corrected) {
			return corrected
		}
		if corrected.OffsetSource == OffsetRecorded && !isInstant(t) {
			t.Offset, t.OffsetSource = corrected.Offset, OffsetRecorded
		}
	}
	if !t.IsZero() && !t.Source.Late() {
		return t
	}
	// In the sidecar of a video it is when an editor's project was begun.
	if created, ok := sidecarTime(xmps, SourceSidecarCreateDate); ok && f.Kind != KindVideo {
		return created
	}
	if !takeout.IsZero() {
		return takeout
	}
	return t
}

// sidecarTime returns the first time from one of the sources.
func sidecarTime(xmps []Sidecar, sources ...Source) (Capture, bool) {
	for _, s := range xmps {
		if slices.Contains(sources, s.Facts.Capture.Source) {
			return s.Facts.Capture, true
		}
	}
	return Capture{}, false
}

// agree reports whether a sidecar repeats the file's own time instead of
// correcting it. Late resorts are no match for a sidecar, even if they agree.
func agree(own, beside Capture) bool {
	if own.IsZero() || own.Source.Late() {
		return false
	}
	bothKnown := own.OffsetSource == OffsetRecorded && beside.OffsetSource == OffsetRecorded
	if bothKnown && own.Offset != beside.Offset {
		return false
	}
	wall := own.Wall.Add(-own.Shifted)
	if isInstant(own) {
		wall = wall.Add(-own.Offset) // what stands in the file
	}
	return wall.Truncate(time.Second).Equal(beside.Wall.Truncate(time.Second))
}

// isInstant reports whether the record is a moment in UTC, on whatever clock it
// is shown by now.
func isInstant(t Capture) bool { return t.OffsetSource == OffsetUTC || t.OffsetSource == OffsetAssumed }

// fromTakeout infers an unknown offset from the instant that Google has found.
// Google had the camera's time as it was, so a clock that was wrong is no
// hindrance as long as it has not been put right.
func fromTakeout(t, takeout Capture) Capture {
	known := t.IsZero() || t.OffsetSource != OffsetUnknown
	if known || t.Shifted != 0 || takeout.IsZero() {
		return t
	}
	// Google writes the wall clock of an unknown zone as if it were UTC.
	if offset, ok := value.InferOffset(t.Wall, takeout.Wall); ok && offset != 0 {
		t.Offset, t.OffsetSource = offset, OffsetFromTakeout
	}
	return t
}

// shifted puts a time of the camera's clock right, once.
func (c Context) shifted(t Capture) Capture {
	if !t.Source.OfCamera() || t.Shifted != 0 || c.Shift == 0 {
		return t
	}
	if t.OffsetSource == OffsetFromGPS {
		// The offset was the distance of the wrong clock from the satellites'.
		offset, ok := value.InferOffset(t.Wall.Add(t.Offset+c.Shift), t.Wall)
		t.Offset = offset
		if !ok {
			t.OffsetSource = OffsetUnknown
		}
	}
	t.Wall, t.Shifted = t.Wall.Add(c.Shift), c.Shift
	return t
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

// offsetIn returns how far a zone's clocks are ahead of UTC when they show wall.
func offsetIn(zone *time.Location, wall time.Time) time.Duration {
	at := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	_, seconds := at.Zone()
	return time.Duration(seconds) * time.Second
}
