package pipeline

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/clocks"
	"github.com/albumwright/albumwright/internal/ledger"
)

// ClockShift puts the clock of a camera right: for albums and their order; the files are sent as they are.
type ClockShift = clocks.Shift

// shutters puts cameras' clocks right and finds those that are wrong. It is safe for concurrent use.
type shutters struct {
	shifts     clocks.Shifts
	satellites clocks.Satellites
	photos     atomic.Bool
	used       sync.Map // of the shifts whose camera took a photo, by camera as the shift names it
}

// shift is how far a camera's clock is put forward.
func (s *shutters) shift(c clocks.Camera) time.Duration {
	s.photos.Store(true)
	for _, shift := range s.shifts {
		if shift.Names(c) {
			s.used.Store(shift.Camera, true)
		}
	}
	shift, _ := s.shifts.Of(c)
	return shift.By
}

// correct puts the time of a known file right, whose facts were found under other shifts.
func (s *shutters) correct(f ledger.Facts) ledger.Facts {
	by := s.shift(clocks.Camera{Make: f.Make, Model: f.Model, Serial: f.Serial})
	if exif.Source(f.CaptureSource).OfCamera() && by != f.Shifted {
		f.Captured, f.Shifted = f.Captured.Add(by-f.Shifted), by
	}
	return f
}

// compare compares the camera's clock with the satellites', as both stand in a file.
func (s *shutters) compare(f exif.Facts) {
	if !f.Capture.Source.OfCamera() || f.Satellites.IsZero() || f.Capture.OffsetSource == exif.OffsetUTC {
		return
	}
	var offset *time.Duration
	if f.Capture.OffsetSource == exif.OffsetRecorded {
		offset = &f.Capture.Offset
	}
	s.satellites.Add(camera(f), f.Capture.Wall.Add(-f.Capture.Shifted), offset, f.Satellites)
}

func camera(f exif.Facts) clocks.Camera {
	return clocks.Camera{Make: f.Make, Model: f.Model, Serial: f.Serial}
}

// warnOfClocks says which cameras' clocks look wrong, among those that were not put right, and which shifts are for no camera that there is.
func (r *run) warnOfClocks(ctx context.Context) error {
	for _, text := range r.shutters.satellites.Warnings(r.cfg.Shifts) {
		r.warn(text)
	}
	var together clocks.Occasions
	if err := r.ledger.Captures(ctx, r.id, func(f ledger.Facts, unfinished bool) {
		if exif.Source(f.CaptureSource).OfCamera() {
			together.Next(clocks.Camera{Make: f.Make, Model: f.Model, Serial: f.Serial}, f.Captured, unfinished)
		}
	}); err != nil {
		return err
	}
	for _, text := range together.Warnings() {
		r.warn(text)
	}
	for _, s := range r.cfg.Shifts {
		if _, used := r.shutters.used.Load(s.Camera); !used && s.Camera != "" && r.shutters.photos.Load() {
			r.warn(fmt.Sprintf("--time-shift '%s' is for a camera of which there is no photo here; `albumwright facts` shows how cameras call themselves", s))
		}
	}
	return nil
}
