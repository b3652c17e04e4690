package ratelimit_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/ratelimit"
)

// rig runs a climber against a made-up link, a sample every few seconds.
type rig struct {
	ratelimit.Climber
	now     time.Duration
	rate    func(lanes int) float64 // bytes per second
	numbers []int                   // that the climber has had
}

func newRig(least, most int, rate func(int) float64) *rig {
	return &rig{Climber: ratelimit.NewClimber(least, most, min(max(4, least), most)), rate: rate}
}

const each = 2500 * time.Millisecond

// samples lets so many samples pass, with all lanes in use.
func (r *rig) samples(n int) {
	for range n {
		r.now += each
		r.note(r.Judge(r.now, 2*time.Second, int64(2*r.rate(r.Lanes())), float64(r.Lanes()), 0))
	}
}

func (r *rig) note(lanes int) { r.numbers = append(r.numbers, lanes) }

// carries is a link of a capacity, over which a lane alone brings so much.
func carries(capacity, lane float64) func(int) float64 {
	return func(lanes int) float64 { return min(capacity, lane*float64(lanes)) }
}

func TestTheNumberOfLanesByLink(t *testing.T) {
	for _, tc := range []struct {
		name        string
		least, most int
		rate        func(int) float64
		want        []int // after each sample
	}{
		{"a home uplink that one lane fills settles at two", 1, 32, carries(2.5e6, 2.5e6), []int{8, 3, 2, 2, 2}},
		{"a link that two lanes fill", 1, 32, carries(2.5e6, 1.25e6), []int{8, 3, 2, 2, 2}},
		{"a link that three lanes fill", 1, 32, carries(3e6, 1e6), []int{8, 3, 2, 3, 3}},
		{"a link that twelve lanes fill", 1, 32, carries(12e6, 1e6), []int{8, 16, 32, 12, 9, 12, 12}},
		{"a link without end", 1, 32, carries(1e12, 1e6), []int{8, 16, 32, 24, 32, 32}},
		{"no more than there may be", 1, 6, carries(1e12, 1e6), []int{6, 5, 6, 6}},
		{"no fewer than there may be", 3, 32, carries(1e6, 1e6), []int{8, 3, 3}},
		{"one lane only", 1, 1, carries(1e6, 1e6), []int{1, 1, 1}},
		{"more lanes are worse", 1, 32, func(n int) float64 { return 9e6 / float64(n) }, []int{8, 3, 2, 2}},
	} {
		r := newRig(tc.least, tc.most, tc.rate)
		r.samples(len(tc.want))
		if !slices.Equal(r.numbers, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, r.numbers, tc.want)
		}
	}
}

func TestLanesThatAreNotFullOrAreHeldBackAreNotJudged(t *testing.T) {
	for _, tc := range []struct {
		name string
		busy float64
		held time.Duration
		want int
	}{
		{"full", 4, 0, 8},
		{"nearly full", 3.7, 0, 8},
		{"half empty", 2, 0, 4},
		{"idle", 0, 0, 4},
		{"held back a little", 4, 300 * time.Millisecond, 8},
		{"held back", 4, 500 * time.Millisecond, 4},
	} {
		c := ratelimit.NewClimber(1, 32, 4)
		if got := c.Judge(2*time.Second, 2*time.Second, 4e6, tc.busy, tc.held); got != tc.want {
			t.Errorf("%s: %d lanes, want %d", tc.name, got, tc.want)
		}
	}
}

func TestNowAndThenMoreLanesAreTried(t *testing.T) {
	capacity := 2.5e6
	r := newRig(1, 32, func(n int) float64 { return min(capacity, 1.25e6*float64(n)) })
	r.samples(5)
	for _, until := range []time.Duration{40 * time.Second, 110 * time.Second} { // half a minute, then a minute
		for r.Lanes() == 2 && r.now < time.Hour {
			r.samples(1)
		}
		if r.now > until+each {
			t.Fatalf("looked again after %v, want about %v", r.now, until)
		}
		r.samples(1)
	}
	capacity = 25e6
	if r.samples(60); r.Lanes() < 20 {
		t.Errorf("%d lanes two and a half minutes after the link grew tenfold, want about 20", r.Lanes())
	}
}

func TestAChangeOfThroughputIsFollowed(t *testing.T) {
	capacity := 24e6
	r := newRig(1, 32, func(n int) float64 { return min(capacity, 1e6*float64(n)) })
	r.samples(9)
	if r.Lanes() != 24 {
		t.Fatalf("%d lanes, want 24 to begin with", r.Lanes())
	}
	capacity = 4e6
	if r.samples(12); r.Lanes() > 6 {
		t.Errorf("%d lanes half a minute after a drop, want about 4 (%v)", r.Lanes(), r.numbers)
	}
	capacity = 24e6
	if r.samples(30); r.Lanes() < 22 {
		t.Errorf("%d lanes after the link came back, want about 24 (%v)", r.Lanes(), r.numbers)
	}
}

func TestOneOddSampleChangesNothing(t *testing.T) {
	odd := false
	r := newRig(1, 32, func(n int) float64 {
		if odd {
			return 1e6
		}
		return min(12e6, 1e6*float64(n))
	})
	r.samples(8)
	odd = true
	r.samples(1)
	odd = false
	if r.samples(1); r.Lanes() != 12 {
		t.Errorf("%d lanes after one slow sample, want 12 as before", r.Lanes())
	}
}

// capped counts what a service with a cap refuses over a time.
func (r *rig) capped(streams int, until time.Duration) (refusals int) {
	for r.now < until {
		if r.Lanes() > streams {
			r.now += each / 10
			r.note(r.Refused(streams+1, r.now))
			refusals++
			continue
		}
		r.samples(1)
	}
	return refusals
}

func TestACeilingIsRememberedLongerEachTime(t *testing.T) {
	r := newRig(1, 32, carries(1e12, 1e6))
	first := r.capped(10, time.Minute)
	if r.Lanes() != 10 || first > 3 {
		t.Errorf("%d lanes after a minute and %d refusals, want 10 and at most 3 (%v)", r.Lanes(), first, r.numbers)
	}
	if hour := r.capped(10, time.Hour); hour > 12 {
		t.Errorf("%d refusals in an hour, want at most 12: a ceiling is tried again after ten minutes at most", hour)
	}
	if r.capped(32, r.now+15*time.Minute); r.Lanes() < 30 {
		t.Errorf("%d lanes a quarter of an hour after the cap went, want about 32", r.Lanes())
	}
}

func TestARefusalCutsAtOnce(t *testing.T) {
	for _, tc := range []struct {
		name    string
		samples int // before
		busy    int
		want    int
	}{
		{"at the very beginning", 0, 4, 3},
		{"with one lane in use", 0, 1, 1},
		{"on the way up, to what did well", 2, 9, 8},
		{"on the way up, far beyond what did well", 2, 16, 12},
		{"where all was well before", 9, 24, 18},
	} {
		r := newRig(1, 32, carries(24e6, 1e6))
		r.samples(tc.samples)
		if got := r.Refused(tc.busy, r.now); got != tc.want {
			t.Errorf("%s: %d lanes after a refusal at %d, want %d", tc.name, got, tc.busy, tc.want)
		}
	}
}

func TestAfterAnOutageTheLanesComeBackSoon(t *testing.T) {
	r := newRig(1, 32, carries(24e6, 1e6))
	r.samples(9)
	for range 200 { // ten minutes of broken connections
		r.now += 3 * time.Second
		r.Refused(r.Lanes(), r.now)
	}
	if r.Lanes() != 1 {
		t.Errorf("%d lanes in the middle of an outage, want 1", r.Lanes())
	}
	if r.samples(30); r.Lanes() < 20 {
		t.Errorf("%d lanes 75 seconds after the outage, want about 24 (%v)", r.Lanes(), r.numbers)
	}
}

func TestAStrayRefusalDoesNotKeepTheLanesDown(t *testing.T) {
	r := newRig(1, 32, carries(24e6, 1e6))
	r.samples(9)
	for range 30 { // one broken connection every half a minute
		r.Refused(r.Lanes(), r.now)
		r.samples(12)
		if r.Lanes() < 18 {
			t.Fatalf("%d lanes half a minute after a stray refusal, want about 24 (%v)", r.Lanes(), r.numbers)
		}
	}
}

func TestOnANoisyLinkMostOfItIsUsed(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		capacity := rapid.Float64Range(1e5, 1e8).Draw(t, "capacity")
		fills := rapid.IntRange(1, 32).Draw(t, "lanes that fill it")
		random := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "noise")))
		quiet := carries(capacity, capacity/float64(fills))
		r := newRig(1, 32, func(n int) float64 { return quiet(n) * (0.97 + 0.06*random.Float64()) })
		r.samples(40)
		var sum float64
		for range 40 {
			r.samples(1)
			sum += quiet(r.Lanes())
		}
		if share := sum / 40 / capacity; share < 0.85 {
			t.Fatalf("%.2f of the link, want at least 0.85 (%v)", share, r.numbers)
		}
		if least, most := slices.Min(r.numbers), slices.Max(r.numbers); least < 2 || most > 32 {
			t.Fatalf("between %d and %d lanes, want 2 to 32", least, most)
		}
	})
}
