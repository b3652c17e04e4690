package emulator

import (
	"errors"
	"net/http"
	"time"
)

// clockWire is the server's clock.
type clockWire struct {
	Now   time.Time `json:"now"`
	Ahead Duration  `json:"ahead"` // of the clock of the machine
}

func (s *Server) controlClock(*http.Request) (any, error) {
	return clockWire{s.now(), Duration(s.ahead.Load())}, nil
}

// controlAdvance sets the clock forward, as [Server.Advance].
func (s *Server) controlAdvance(r *http.Request) (any, error) {
	var step struct {
		By Duration `json:"advance"`
	}
	if err := readControl(r, &step); err != nil {
		return nil, err
	}
	if step.By == 0 {
		return nil, errors.New(`body: no step, want {"advance": "25h"}`)
	}
	if err := s.Advance(time.Duration(step.By)); err != nil {
		return nil, err
	}
	return s.controlClock(r)
}

func (s *Server) controlLog(*http.Request) (any, error) {
	return map[string]any{"requests": s.Requests()}, nil
}
