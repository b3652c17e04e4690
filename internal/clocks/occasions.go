package clocks

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"time"
)

const (
	// binLength is how finely time is divided; photos in one bin or in two neighbours count as taken together.
	binLength = 5 * time.Minute
	// occasionGap is the pause that ends an occasion: more than a wrong zone can pull apart what belongs together.
	occasionGap = 15 * time.Hour
	// furthest is how far two clocks are looked at for: zones and summer time, in whole hours.
	furthest = 14
	// mostBins bounds an occasion: two weeks.
	mostBins = 14 * 24 * int(time.Hour/binLength)
	// leastBins are the bins with photos that a camera needs for a pattern, leastPauses how often it has to pause.
	leastBins, leastPauses = 8, 3
)

// Occasions finds cameras whose photos of one occasion look shifted against each other: work and pauses fit when the clock of one is moved by whole hours, and
// do not fit as they are. It is used by one goroutine; the zero value is ready.
type Occasions struct {
	first, last time.Time
	bins        map[Camera][]uint64 // bit sets
	fresh       map[Camera]bool     // whose photos there are new ones of
	found       map[[2]string]time.Duration
}

// Next takes a photo, in the order of their wall clocks. Of cameras of which an occasion has no fresh photo nothing is said.
func (o *Occasions) Next(c Camera, at time.Time, fresh bool) {
	if o.bins != nil && (at.Sub(o.last) > occasionGap || int(at.Sub(o.first)/binLength) >= mostBins) {
		o.end()
	}
	if o.bins == nil {
		o.first, o.bins, o.fresh = at, map[Camera][]uint64{}, map[Camera]bool{}
	}
	o.last = at
	bin := int(at.Sub(o.first) / binLength)
	set := o.bins[c]
	for len(set) <= bin/64 {
		set = append(set, 0)
	}
	set[bin/64] |= 1 << (bin % 64)
	o.bins[c], o.fresh[c] = set, o.fresh[c] || fresh
}

// Warnings ends the last occasion and says which cameras look shifted, in a steady order.
func (o *Occasions) Warnings() []string {
	o.end()
	var out []string
	for pair, by := range o.found {
		out = append(out, fmt.Sprintf("the clocks of %s and %s look %s apart: what they photographed together fits when one of them is moved; if so: --time-shift '%s'",
			pair[0], pair[1], by.Abs(), Shift{pair[1], by}))
	}
	slices.Sort(out)
	return out
}

// end compares the cameras of an occasion, each with each.
func (o *Occasions) end() {
	var cameras []Camera
	for c, set := range o.bins {
		if c.Name() != "" && patterned(set) {
			cameras = append(cameras, c)
		}
	}
	slices.SortFunc(cameras, func(a, b Camera) int { return cmp.Compare(a.Full(), b.Full()) })
	for i, a := range cameras {
		for _, b := range cameras[i+1:] {
			if by, ok := shifted(o.bins[a], o.bins[b]); ok && (o.fresh[a] || o.fresh[b]) {
				if o.found == nil {
					o.found = map[[2]string]time.Duration{}
				}
				o.found[[2]string{a.Full(), b.Full()}] = by
			}
		}
	}
	o.bins = nil
}

// patterned tells whether there is enough to compare: somebody who photographs all day without a pause fits everywhere.
func patterned(set []uint64) bool {
	n, runs, before := 0, 0, false
	for i := range len(set) * 64 {
		has := has(set, i)
		if has {
			n++
		}
		if has && !before {
			runs++
		}
		before = has
	}
	return n >= leastBins && runs > leastPauses
}

// shifted finds by how many hours b's clock would have to be moved: nearly all bins have company then, hardly more than half have some as they are, and no other
// number of hours comes near.
func shifted(a, b []uint64) (time.Duration, bool) {
	const perHour = int(time.Hour / binLength)
	const fits, doesNot, nearly = 0.85, 0.55, 0.7
	if alikeness(a, b, 0) > doesNot {
		return 0, false
	}
	best, second, hours := 0.0, 0.0, 0
	for h := -furthest; h <= furthest; h++ {
		switch fit := alikeness(a, b, h*perHour); {
		case fit > best:
			best, second, hours = fit, best, h
		case fit > second:
			second = fit
		}
	}
	return time.Duration(hours) * time.Hour, best > fits && second < nearly
}

// alikeness is the share of bins of either that have one of the other in the same bin or beside it, with b's moved.
func alikeness(a, b []uint64, move int) float64 {
	return float64(company(a, b, move)+company(b, a, -move)) / float64(count(a)+count(b))
}

// company counts the bins of a set that have one of the other, moved, with or beside them.
func company(a, b []uint64, move int) (n int) {
	for i := range len(a) * 64 {
		if has(a, i) && (has(b, i-move) || has(b, i-move-1) || has(b, i-move+1)) {
			n++
		}
	}
	return n
}

func has(set []uint64, i int) bool { return i >= 0 && i/64 < len(set) && set[i/64]&(1<<(i%64)) != 0 }

func count(set []uint64) (n int) {
	for _, word := range set {
		n += bits.OnesCount64(word)
	}
	return n
}
