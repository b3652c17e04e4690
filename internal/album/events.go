package album

import (
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
)

// EventCutter finds the events of shots: runs of them without a pause longer than Gap, of all cameras together. A shot without an event is counted to that
// of the nearest one before it in its run; if none has one, to the event of the nearest one after it; if no shot of the run has any, to a new one, which is
// called by the time of the run's first shot. So an event, once named, keeps its name and its files, whatever comes later.
//
// Shots come in the order of their wall clocks; among equals, those that have an event first, then those that have a zone, by zone.
type EventCutter struct {
	Gap   time.Duration
	Found func(ledger.Stretch) // is told which event shots without one are counted to

	last  *ledger.Shot
	open  *ledger.Stretch // shots without an event since the last that has one
	event time.Time       // of the last shot of the run that has one
}

// Next takes the next shot.
func (c *EventCutter) Next(s ledger.Shot) {
	if c.last != nil && Apart(*c.last, s) > c.Gap {
		c.End()
	}
	c.last = &s
	if !s.Event.IsZero() {
		c.close(s.Event)
		c.event = s.Event
		return
	}
	if c.open == nil {
		c.open = &ledger.Stretch{From: s.Captured}
	}
	c.open.To = s.Captured
}

// End ends the run of the last shot.
func (c *EventCutter) End() {
	if c.open != nil {
		c.close(c.open.From)
	}
	c.last, c.event = nil, time.Time{}
}

// close tells which event the open shots are counted to: that of the shot before them, if it has one.
func (c *EventCutter) close(otherwise time.Time) {
	if c.open == nil {
		return
	}
	c.open.Event = c.event
	if c.event.IsZero() {
		c.open.Event = otherwise
	}
	c.Found(*c.open)
	c.open = nil
}

// Apart is how far two shots are apart: on the wall clocks, or in fact if both zones are known, whichever is less. Where a clock is put forward by an hour,
// two shots in two minutes are not an hour apart; where it is put back, or a traveller's clock is, albums go by what clocks showed.
func Apart(a, b ledger.Shot) time.Duration {
	apart := b.Captured.Sub(a.Captured).Abs()
	if a.Offset == nil || b.Offset == nil {
		return apart
	}
	moved := time.Duration(*b.Offset-*a.Offset) * time.Second
	return min(apart, (b.Captured.Sub(a.Captured) - moved).Abs())
}
