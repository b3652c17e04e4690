package exif

import (
	"slices"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// choose makes facts of what was said: of each fact the claim whose source
// stands first in the tables of precedence.go.
func choose(format Format, kind Kind, said *claim.Set) Facts {
	f := Facts{Format: format, Kind: kindOf(kind, said), Capture: captureOf(kind, said)}
	f.Make, f.From.Make = bestText(said.Makes, cameraOrder)
	f.Model, f.From.Model = bestText(said.Models, cameraOrder)
	f.Serial, f.From.Serial = bestText(said.Serials, cameraOrder)
	f.Orientation, f.From.Orientation = bestNumber(said.Orientations, orientationOrder)
	f.Rotation, f.From.Rotation = bestNumber(said.Rotations, cameraOrder)
	f.Rating, f.From.Rating = bestNumber(said.Ratings, ratingOrder)
	f.ContentID, f.From.ContentID = bestText(said.ContentIDs, cameraOrder)
	f.Burst, f.From.Burst = bestText(said.Bursts, cameraOrder)
	if size, ok := best(said.Sizes, func(s claim.Size) string { return s.Source }, sizeOrder); ok {
		f.Width, f.Height, f.From.Size = size.Width, size.Height, Source(size.Source)
	}
	if place, ok := best(said.Places, func(p claim.Place) string { return p.Source }, cameraOrder); ok {
		f.Place, f.From.Place = Place{place.Lat, place.Lon}, Source(place.Source)
	}
	if i := satellites(said); i >= 0 {
		f.Satellites = said.Times[i].Wall
	}
	if d, ok := best(said.Durations, func(d claim.Duration) string { return d.Source }, sizeOrder); ok {
		f.Duration, f.From.Duration = d.Value, Source(d.Source)
	}
	if e, ok := best(said.Exposures, func(e claim.Exposure) string { return e.Source }, cameraOrder); ok {
		f.Exposure, f.From.Exposure = Exposure{e.Time, e.FNumber, e.FocalLength, e.ISO}, Source(e.Source)
	}
	written := slices.DeleteFunc(slices.Clone(said.Words), func(w claim.Text) bool { return isFiller(w.Value, f.Make, f.Model) })
	f.Description, f.From.Description = bestText(written, wordsOrder)
	return f
}

// best returns the claim whose source stands first in order, and of several of
// one source the one that was found first. A source that is not in order comes
// last; a test keeps the tables whole.
func best[C any](claims []C, source func(C) string, order []Source) (C, bool) {
	var chosen C
	rank := len(order) + 1
	for _, c := range claims {
		r := slices.Index(order, Source(source(c)))
		if r < 0 {
			r = len(order)
		}
		if r < rank {
			chosen, rank = c, r
		}
	}
	return chosen, rank <= len(order)
}

func bestText(claims []claim.Text, order []Source) (string, Source) {
	c, _ := best(claims, func(c claim.Text) string { return c.Source }, order)
	return c.Value, Source(c.Source)
}

func bestNumber(claims []claim.Number, order []Source) (int, Source) {
	c, _ := best(claims, func(c claim.Number) string { return c.Source }, order)
	return c.Value, Source(c.Source)
}

// kindOf refines what the format says by what the file says.
func kindOf(kind Kind, said *claim.Set) Kind {
	switch {
	case kind != KindPhoto:
		return kind
	case said.Raw:
		return KindRaw
	case said.MotionPhoto:
		return KindMotionPhoto
	case said.Screenshot:
		return KindScreenshot
	}
	return KindPhoto
}

// captureOf chooses the capture time and finds its offset.
func captureOf(kind Kind, said *claim.Set) Capture {
	times := said.Times
	if kind == KindVideo {
		times = slices.DeleteFunc(slices.Clone(times), func(t claim.Time) bool {
			return slices.Contains(photosOnly, Source(t.Source))
		})
	}
	t, ok := best(times, func(t claim.Time) string { return t.Source }, captureOrder)
	if !ok {
		return Capture{}
	}
	c := Capture{Wall: t.Wall, Source: Source(t.Source)}
	switch {
	case t.Instant:
		c.OffsetSource = OffsetUTC
	case t.HasOffset:
		c.Offset, c.OffsetSource = t.Offset, OffsetRecorded
	case slices.Contains(shutterTimes, c.Source):
		c.Offset, c.OffsetSource = offsetBeside(c.Wall, said)
	}
	return c
}

// satellites is the index of the first GPS time, -1 if there is none.
func satellites(said *claim.Set) int {
	return slices.IndexFunc(said.Times, func(t claim.Time) bool { return t.Source == claim.GPSDateTime })
}

// offsetBeside finds the offset of a shutter time without one in the records
// that stand beside it: the satellites' time, then what the camera's maker
// writes. An edit date gets none, because both belong to the shot.
func offsetBeside(wall time.Time, said *claim.Set) (time.Duration, OffsetSource) {
	if i := satellites(said); i >= 0 {
		if offset, ok := value.InferOffset(wall, said.Times[i].Wall); ok {
			return offset, OffsetFromGPS
		}
	}
	if len(said.Zones) > 0 {
		return said.Zones[0].Offset, OffsetFromMaker
	}
	return 0, OffsetUnknown
}
