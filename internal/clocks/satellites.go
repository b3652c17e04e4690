package clocks

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// zoneStep is what the offsets of all time zones are multiples of. Where a photo does not record its zone, a clock's error is known up to it.
	zoneStep = 15 * time.Minute
	// tolerable is how far a clock may be off before somebody cares: albums are put in order by more than that.
	tolerable = time.Minute
	// alike is how far single photos may be from what most say: satellites' time in a photo is that of the last fix.
	alike = 30 * time.Second
	// enough photos have to say it.
	enough = 5
	// mostKept bounds the memory for one camera.
	mostKept = 1000
)

// Satellites compares cameras' clocks with the satellites' time in the same photos. It is safe for concurrent use; the zero value is ready.
type Satellites struct {
	mu     sync.Mutex
	errors map[Camera][]time.Duration // guarded by mu: how far ahead the camera's clock was
}

// Add takes a photo: the wall clock as the camera showed it, its offset from UTC if it is recorded, and the satellites' time.
func (s *Satellites) Add(c Camera, wall time.Time, offset *time.Duration, satellites time.Time) {
	ahead := wall.Sub(satellites)
	if offset != nil {
		ahead -= *offset
	} else {
		ahead -= ahead.Round(zoneStep)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.errors == nil {
		s.errors = map[Camera][]time.Duration{}
	}
	if len(s.errors[c]) < mostKept {
		s.errors[c] = append(s.errors[c], ahead)
	}
}

// Warnings says which clocks are off that are not put right, in a steady order.
func (s *Satellites) Warnings(but Shifts) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for camera, errors := range s.errors {
		if _, known := but.Of(camera); known {
			continue
		}
		if text := judge(camera, errors); text != "" {
			out = append(out, text)
		}
	}
	slices.Sort(out)
	return out
}

// judge believes what three photos in four say.
func judge(c Camera, errors []time.Duration) string {
	if len(errors) < enough {
		return ""
	}
	slices.Sort(errors)
	ahead := errors[len(errors)/2]
	agree := 0
	for _, e := range errors {
		if (e - ahead).Abs() <= alike {
			agree++
		}
	}
	if ahead.Abs() <= tolerable || 4*agree < 3*len(errors) {
		return ""
	}
	direction := "behind"
	if ahead > 0 {
		direction = "ahead of"
	}
	return fmt.Sprintf("the clock of the camera %s was %s %s the satellites' (%d of %d photos with both say so); to put its photos in order: --time-shift '%s'",
		c.Full(), ahead.Abs().Round(time.Second), direction, agree, len(errors), Shift{c.Full(), -ahead.Round(time.Second)})
}
