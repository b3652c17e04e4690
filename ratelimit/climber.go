package ratelimit

import (
	"math"
	"time"
)

// The numbers by which the climber judges. They are ratios, so that they hold for a phone's uplink as for a data center's.
const (
	worth     = 1.03 // more lanes are kept if they bring at least this much more
	asGood    = 0.98 // fewer lanes are kept if at least this much of the best is left
	changed   = 0.25 // a throughput that is off by this much, twice in a row, means that the link is another one
	full      = 0.9  // lanes that were in use for less than this part of the time say nothing about the link
	heldBack  = 0.05 // nor do lanes that were held back for more than this part of the time
	carefully = 1.25 // a step up where something is known already
	boldly    = 2    // a step up where nothing is known, or where the last one brought what it promised

	// leastTried is the least number that the climber tries of itself: a lone lane leaves the link idle while it waits for its answer.
	leastTried = 2

	afterCut     = 3 * time.Second  // from a refusal to the next step up
	firstHold    = 30 * time.Second // from the end of a search to the next, doubled each time that it finds nothing
	longestHold  = 5 * time.Minute
	firstTrust   = 30 * time.Second // how long a ceiling is believed, doubled each time that it is met again
	longestTrust = 10 * time.Minute
)

// phase is what the climber is doing.
type phase int

const (
	measuring phase = iota // finding out what the present number brings
	climbing               // trying more lanes than base
	trimming               // trying fewer lanes than base
	holding                // staying at base until it is time to look again
)

// level is a number of lanes, and what it brought.
type level struct {
	lanes int
	rate  float64 // bytes per second; 0 = not known
}

// sample is what was seen of the present number of lanes.
type sample struct {
	at    time.Duration // when it ended, since the beginning
	took  time.Duration
	bytes int64         // that left
	busy  float64       // lanes in use, on average
	held  time.Duration // that lanes were held back by something else than the link, together
}

// climber decides how many lanes there are. It is a pure policy: its state and one sample, or one refusal, give the next number.
//
// It climbs while more lanes bring more, then goes down to the fewest that bring the same, and stays there; now and then, and when the
// throughput changes, it looks again. A refusal cuts the number at once. If so many lanes had never done well before, the number that was refused
// is remembered as a ceiling, and not tried again for a while.
type climber struct {
	least, most int // bounds; least <= most
	lanes       int // the present number

	phase  phase
	base   level   // what a try is compared with, and the number to go back to
	step   float64 // the factor of the next step up
	whole  bool    // this search ends by trying fewer lanes; a mere look upwards does not
	strays int     // samples in a row that are off by more than changed

	until time.Duration // when holding ends
	hold  time.Duration // how long the next one takes

	proven  int           // the largest number that has done well for a whole sample, as far as known
	ceiling int           // the number that was refused; 0 = none known
	trust   time.Duration // how long a ceiling is believed
	trusted time.Duration // until when this one is
	clean   bool          // a whole sample has been judged since the last refusal
}

func newClimber(least, most, start int) *climber {
	return &climber{least: least, most: most, lanes: start, step: boldly, whole: true, hold: firstHold, trust: firstTrust}
}

// judge takes a sample of the present number and gives the next.
func (c *climber) judge(s sample) int {
	if c.ceiling != 0 && s.at >= c.trusted {
		c.ceiling = 0
	}
	seconds := s.took.Seconds()
	if s.busy < full*float64(c.lanes) || s.held.Seconds() > heldBack*s.busy*seconds {
		return c.lanes
	}
	c.proven, c.clean = max(c.proven, c.lanes), true
	rate := float64(s.bytes) / seconds
	switch c.phase {
	case measuring:
		c.base = level{c.lanes, rate}
		c.up(s.at)
	case climbing:
		c.climbed(rate, s.at)
	case trimming:
		c.trimmed(rate, s.at)
	case holding:
		c.watch(rate, s.at)
	}
	return c.lanes
}

// climbed judges a step up.
func (c *climber) climbed(rate float64, at time.Duration) {
	if rate < c.base.rate*worth {
		c.base.rate = (c.base.rate + rate) / 2 // both are what the link carries
		if c.whole {
			c.down(at)
		} else {
			c.rest(at)
		}
		return
	}
	c.step = carefully
	if promised := float64(c.lanes)/float64(c.base.lanes) - 1; rate/c.base.rate-1 >= promised/2 {
		c.step = boldly
	}
	c.base, c.whole = level{c.lanes, rate}, true
	c.up(at)
}

// trimmed judges a step down.
func (c *climber) trimmed(rate float64, at time.Duration) {
	if rate < c.base.rate*asGood {
		c.rest(at)
		return
	}
	c.base = level{c.lanes, (c.base.rate + rate) / 2} // half of the old one, so that small losses do not add up
	c.down(at)
}

// watch looks for the time, or a reason, to search again.
func (c *climber) watch(rate float64, at time.Duration) {
	if c.base.rate == 0 {
		c.base.rate = rate
	}
	if math.Abs(rate/c.base.rate-1) <= changed {
		c.strays = 0
		c.base.rate += (rate - c.base.rate) / 4 // one sample is never the whole truth
	} else if c.strays++; c.strays == 2 {
		c.base.rate, c.whole, c.hold = rate, true, firstHold
		c.up(at)
		return
	}
	if at >= c.until {
		c.whole = false
		c.up(at)
	}
}

// up tries more lanes, or if there are no more to try, fewer.
func (c *climber) up(at time.Duration) {
	top := c.most
	if c.ceiling != 0 {
		top = min(top, c.ceiling-1)
	}
	c.strays = 0
	c.lanes = min(top, max(c.base.lanes+1, int(float64(c.base.lanes)*c.step)))
	c.phase = climbing
	if c.lanes > c.base.lanes {
		return
	}
	if c.whole {
		c.down(at)
	} else {
		c.rest(at)
	}
}

// down tries fewer lanes than base.
func (c *climber) down(at time.Duration) {
	c.phase = trimming
	c.lanes = max(c.least, leastTried, c.base.lanes-max(1, c.base.lanes/4))
	if c.lanes >= c.base.lanes {
		c.rest(at)
	}
}

// rest goes back to base and stays there.
func (c *climber) rest(at time.Duration) {
	if c.whole {
		c.hold = firstHold
	}
	c.lanes, c.phase, c.step, c.strays, c.whole = c.base.lanes, holding, carefully, 0, false
	c.until = at + c.hold
	c.hold = min(2*c.hold, longestHold)
}

// refused takes a refusal that came while so many lanes were in use, and gives the next number.
func (c *climber) refused(busy int, at time.Duration) int {
	busy = min(max(busy, c.least), max(c.lanes, c.least))
	safe := busy * 3 / 4
	if busy > c.proven { // it is the number that was too much
		safe = max(safe, c.proven)
		c.remember(busy, at)
	} else { // it did well before, so this may be any fault
		c.proven = 0
	}
	c.clean = false
	c.lanes = max(c.least, safe)
	c.base = level{lanes: c.lanes}
	c.phase, c.step, c.strays, c.whole, c.hold = holding, carefully, 0, false, firstHold
	c.until = at + afterCut
	return c.lanes
}

// remember keeps the ceiling in mind: longer each time that it is met again by a service that is otherwise well.
func (c *climber) remember(busy int, at time.Duration) {
	c.trust = min(2*c.trust, longestTrust)
	if !c.clean {
		c.trust = firstTrust
	}
	c.ceiling = max(busy, c.least+1)
	c.trusted = at + c.trust
}
