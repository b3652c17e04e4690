package ratelimit

import "time"

// Climber is the policy behind [Lanes], for its tests: it is pure, and has no door of its own.
type Climber struct{ *climber }

// NewClimber makes one.
func NewClimber(least, most, start int) Climber { return Climber{newClimber(least, most, start)} }

// Judge gives it a sample.
func (c Climber) Judge(at, took time.Duration, bytes int64, busy float64, held time.Duration) int {
	return c.judge(sample{at: at, took: took, bytes: bytes, busy: busy, held: held})
}

// Refused gives it a refusal.
func (c Climber) Refused(busy int, at time.Duration) int { return c.refused(busy, at) }

// Lanes is the present number.
func (c Climber) Lanes() int { return c.lanes }
