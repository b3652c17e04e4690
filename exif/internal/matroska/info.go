package matroska

import (
	"math"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// Elements of RFC 9559 sections 5.1.2 and 5.1.4.
const (
	idTimeScale  = 0x2ad7b1
	idDuration   = 0x4489
	idDate       = 0x4461
	idTrack      = 0xae
	idTrackUID   = 0x73c5
	idVideo      = 0xe0
	idWidth      = 0xb0
	idHeight     = 0xba
	idProjection = 0x7670
	idProjected  = 0x7671
	idRoll       = 0x7675

	defaultTimeScale = 1_000_000 // nanoseconds of a tick
	dateSize         = 8
)

// info claims the date and the duration.
func (s *segment) info(info element) error {
	scale, ticks := uint64(defaultTimeScale), 0.0
	err := info.each(func(e element) bool {
		switch e.id {
		case idTimeScale:
			if v, ok := e.unsigned(); ok {
				scale = v
			}
		case idDuration:
			ticks, _ = e.float()
		case idDate:
			s.date(e)
		}
		return true
	})
	// Written so that NaN fails.
	if length := ticks * float64(scale); length > 0 && length < math.MaxInt64 {
		s.to.AddDuration(claim.Header, time.Duration(length).Round(time.Microsecond))
	}
	return err
}

// date claims the time in nanoseconds since 2001, in UTC. Zero is no date, and no
// bytes are a short form of zero.
func (s *segment) date(e element) {
	v, ok := e.unsigned()
	if !ok || v == 0 || e.body.Size() != dateSize {
		return
	}
	t := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(v))
	if _, ok := value.Wall(t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second()); ok {
		s.to.Times = append(s.to.Times, claim.Time{Wall: t, Instant: true, Source: claim.MatroskaDate})
	}
}

// tracks claims the size of the first track of video, and how it is to be turned.
func (s *segment) tracks(tracks element) error {
	found := false
	return tracks.each(func(track element) bool {
		if track.id != idTrack {
			return true
		}
		uid := uint64(0)
		err := track.each(func(e element) bool {
			switch e.id {
			case idTrackUID:
				uid, _ = e.unsigned()
			case idVideo:
				found = true
				s.picture(e)
			}
			return true
		})
		if found {
			s.track = uid
		}
		if err != nil {
			s.bad.Add("a track: %v", err)
		}
		return !found
	})
}

func (s *segment) picture(video element) {
	var width, height uint64
	err := video.each(func(e element) bool {
		switch e.id {
		case idWidth:
			width, _ = e.unsigned()
		case idHeight:
			height, _ = e.unsigned()
		case idProjection:
			s.projection(e)
		}
		return true
	})
	if err != nil {
		s.bad.Add("a track of video: %v", err)
	}
	s.to.AddSize(claim.Header, int64(min(width, math.MaxInt64)), int64(min(height, math.MaxInt64)))
}

// projection claims a rotation: of a flat picture the roll is one, in degrees
// against the clock.
func (s *segment) projection(projection element) {
	flat, rolled, roll := true, false, 0.0
	err := projection.each(func(e element) bool {
		switch e.id {
		case idProjected:
			v, ok := e.unsigned()
			flat = ok && v == 0
		case idRoll:
			roll, rolled = e.float()
		}
		return true
	})
	if err == nil && flat && rolled {
		s.rotation(-roll)
	}
}

// rotation claims a rotation by degrees clockwise, if it is by whole quarters.
func (s *segment) rotation(degrees float64) {
	quarters := math.Round(degrees / 90)
	if math.Abs(quarters) <= 4 && quarters*90 == degrees {
		clockwise := (int(quarters)*90 + 360) % 360
		s.to.Rotations = append(s.to.Rotations, claim.Number{Value: clockwise, Source: claim.Matroska})
	}
}
