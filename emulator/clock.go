package emulator

import (
	"fmt"
	"time"
)

// now is the time on the server's clock, by which everything that ages does so:
// tokens, sessions, base URLs, quotas, the processing of videos. s.mu need not be
// held.
func (s *Server) now() time.Time {
	return s.config.Now().Add(time.Duration(s.ahead.Load()))
}

// maxAdvance is the largest step of the clock; ten years are more than anything
// here lives.
const maxAdvance = 10 * 366 * 24 * time.Hour

// Advance sets the server's clock forward, so that tokens, sessions and base URLs
// age, quotas come back and videos get ready as if that time had passed. With a
// [Config].Dir a later server goes on with the same clock. What is measured while
// a request is answered, such as [Config].Latency, is not affected.
//
// An error is a step backwards, or one of more than ten years.
func (s *Server) Advance(by time.Duration) error {
	if by < 0 || by > maxAdvance {
		return fmt.Errorf("emulator: the clock cannot go forward by %v, want 0 to %v", by, maxAdvance)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ahead := time.Duration(s.ahead.Load())
	if ahead+by > maxAdvance {
		return fmt.Errorf("emulator: the clock is %v ahead already, and cannot go more than %v", ahead, maxAdvance)
	}
	if err := s.commit(change{Clock: &clockSet{ahead + by}}); err != nil {
		return fmt.Errorf("emulator: %s", err.message)
	}
	s.serviceChanged()
	return nil
}

// clockSet: the server's clock is now so much ahead of that of its machine.
type clockSet struct {
	Ahead time.Duration `json:"ahead"` // nanoseconds
}

func (c *clockSet) apply(s *Server) { s.ahead.Store(int64(c.Ahead)) }
