package emulator

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Chaos disturbs requests by chance, with effects that pass: a client that
// tries again, and waits where it must, gets through. The zero value disturbs
// nothing.
//
// What happens to a request is drawn from the seed, the operation, what the
// request says and how often it came before, and from nothing else. So a seed
// does the same to the same work, however its requests are interleaved. An
// upload says its bytes. The start of a resumable one can only say what it
// announces, so that two that announce the same are drawn for as one; what
// follows says that, its bytes, and those that came before. A batchCreate says
// the set of contents behind its tokens and its album, an entry of it its
// content and the album; ids and tokens that are random stand for what they
// name. To know that, requests are read whole before anything happens to them.
//
// Where a fault is planned for a request, chaos leaves it alone.
type Chaos struct {
	// Seed picks one of many chaoses.
	Seed uint64

	// Rate is the probability that a request, or an entry of a batchCreate that
	// was not disturbed as a whole, is disturbed: 0 to 1.
	Rate float64

	// MaxAttempts is how often a request that comes again and again is drawn for;
	// from then on it is left alone. 0: 3.
	MaxAttempts int
}

func (c Chaos) withDefaults() Chaos {
	if c.MaxAttempts == 0 {
		c.MaxAttempts = 3
	}
	return c
}

func (c Chaos) valid() error {
	switch {
	case !(c.Rate >= 0 && c.Rate <= 1): // NaN too
		return fmt.Errorf("emulator: Config.Chaos.Rate is %v, want 0 to 1", c.Rate)
	case c.MaxAttempts < 0:
		return errors.New("emulator: Config.Chaos.MaxAttempts is negative")
	default:
		return nil
	}
}

// chaos is Chaos with what it remembers. Server.mu guards it.
type chaos struct {
	Chaos
	attempts map[[sha256.Size]byte]int // by operation and content
}

// chance is an effect that chaos may draw.
type chance struct {
	effect string
	weight uint64
	fits   func(op operation, entries int) bool // nil = always
}

func writes(op operation, _ int) bool       { return op.write }
func uploads(op operation, _ int) bool      { return op.bare }
func batches(_ operation, entries int) bool { return entries > 0 }
func longBatches(_ operation, n int) bool   { return n > 1 }

// chances are the effects of chaos; the waits of a stall are long. Read only.
var chances = []chance{
	{"500", 4, nil},
	{"503", 4, nil},
	{"429-minute", 3, nil},
	{"429-concurrent", 3, writes},
	{"400-upload-quota", 3, uploads},
	{"409", 3, writes},
	{effectCutBefore, 4, nil},
	{effectCutAfter, 4, nil},
	{effectStall, 1, nil},
	{effectHTML, 2, nil},
	{effectEmpty, 2, nil},
	{effectSlow, 3, nil},
	{effectShuffled, 3, longBatches},
	{effectMissing, 3, batches},
	{effect207, 3, batches},
}

// passingCodes are the per-item codes that say "again" (contract 6).
var passingCodes = []int{13, 14, 8, 10, 4}

const (
	slowest = 10               // seconds that chaos lets an answer wait, at most
	stalled = 10 * time.Minute // then a stall ends by itself: some clients set themselves no limit
)

// draw decides about one request. Server.mu is held.
func (c *chaos) draw(op operation, seen subject) (d disturbance) {
	if c.Rate == 0 {
		return d
	}
	if l := c.drawLot(op.name, seen.key); l.hit {
		d.Effect = l.pick(op, len(seen.entries))
		if d.Name == effectMissing {
			d.entries = []int{d.Entry}
		}
		return d
	}
	for i, e := range seen.entries {
		if l := c.drawLot(op.name+" entry", e.key); l.hit {
			code := passingCodes[l.which%uint64(len(passingCodes))]
			if d.items == nil {
				d.Name, d.items = effectItem, map[int]statusWire{}
			}
			d.items[i] = *itemStatus(code, "Failed")
		}
	}
	return d
}

// lot is one draw.
type lot struct {
	hit          bool
	which, extra uint64
}

// drawLot is a function of the seed and its arguments and of how often it was
// asked for the same: never of a stream that all requests share.
func (c *chaos) drawLot(operation, content string) lot {
	key := sha256.Sum256([]byte(operation + "\x00" + content))
	attempt := c.attempts[key]
	c.attempts[key]++
	if attempt >= c.MaxAttempts {
		return lot{}
	}
	raw := binary.BigEndian.AppendUint64(key[:], c.Seed)
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(raw, uint64(attempt)))
	part := func(i int) uint64 { return binary.BigEndian.Uint64(sum[8*i:]) }
	chance := float64(part(0)>>11) / (1 << 53) // 0 to 1, as math/rand makes it
	return lot{hit: chance < c.Rate, which: part(1), extra: part(2)}
}

// pick is the effect that the lot fell on, among those that fit.
func (l lot) pick(op operation, entries int) Effect {
	var sum uint64
	var fitting []chance
	for _, c := range chances {
		if c.fits == nil || c.fits(op, entries) {
			fitting = append(fitting, c)
			sum += c.weight
		}
	}
	at := l.which % sum
	i := 0
	for ; at >= fitting[i].weight; i++ {
		at -= fitting[i].weight
	}
	e := Effect{Name: fitting[i].effect}
	switch e.Name {
	case effectSlow:
		e.Delay = Duration(1+l.extra%slowest) * Duration(time.Second)
	case effectStall:
		e.Delay = Duration(stalled)
	case effectMissing:
		e.Entry = int(l.extra % uint64(entries))
	}
	return e
}
