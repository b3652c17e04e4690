package order

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// nearTurn is how far from 9999 and 0001 the numbers of one moment are, if the camera began again in it.
const nearTurn = 1000

// moment is what sets have in common between which only their numbers decide.
type moment struct {
	time   uint64
	series string
}

// shot is a set in a moment.
type shot struct {
	set    *set
	number int64
	fixed  bool
}

// turned finds the moments in which a camera's numbers began again after 9999, and returns the numbers by which sets are sorted there: what was taken
// before the turn is below zero; where that is fixed with its own number, what was taken after it is above 9999.
func (f *Folder) turned(in []Wanted, sets []*set) map[*set]int64 {
	if !bothEnds(sets) {
		return nil
	}
	moments := map[moment][]shot{}
	for _, s := range sets {
		head, n := f.Files[in[s.head].File], s.number
		if !n.wraps || head.Guessed {
			continue
		}
		at := moment{timeBytes(head.Captured), n.series}
		if s.base != nil {
			if fixed, ok := numberOf(s.base); ok {
				at, n = moment{binary.BigEndian.Uint64(s.base), fixed.series}, fixed
			}
		}
		moments[at] = append(moments[at], shot{s, n.number, s.base != nil})
	}
	numbers := map[*set]int64{}
	for _, shots := range moments {
		if !atTurn(shots) {
			continue
		}
		slices.SortFunc(shots, func(a, b shot) int {
			if a.fixed != b.fixed && a.fixed {
				return -1
			} else if a.fixed != b.fixed {
				return 1
			}
			return cmp.Compare(a.number, b.number)
		})
		for _, s := range shots {
			numbers[s.set] = nearest(s.number, shots[0].number)
		}
	}
	return numbers
}

// bothEnds tells whether there are numbers near both ends at all: in most folders there are not.
func bothEnds(sets []*set) bool {
	low, high := false, false
	for _, s := range sets {
		n := s.number.number
		if s.base != nil {
			if fixed, ok := numberOf(s.base); ok {
				n = fixed.number
			}
		}
		low, high = low || nearLow(n), high || nearHigh(n)
	}
	return low && high
}

// within is a number without the times that the camera began again.
func within(number int64) int64 { return ((number % dcfNumbers) + dcfNumbers) % dcfNumbers }

func nearLow(number int64) bool  { return within(number) <= nearTurn }
func nearHigh(number int64) bool { return within(number) >= dcfNumbers-nearTurn }

// atTurn tells whether a camera began again among the shots of a moment: there are numbers near both ends, and none between.
func atTurn(shots []shot) bool {
	low, high := false, false
	for _, s := range shots {
		switch {
		case nearLow(s.number):
			low = true
		case nearHigh(s.number):
			high = true
		default:
			return false
		}
	}
	return low && high
}

// nearest is the number, counted on over the turn or back over it, that is nearest to another one.
func nearest(number, to int64) int64 {
	switch {
	case number-to > dcfNumbers/2:
		return number - dcfNumbers
	case to-number > dcfNumbers/2:
		return number + dcfNumbers
	}
	return number
}
