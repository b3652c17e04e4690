package order

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Key is what a file's place in its album is reckoned from: keys sort as bytes.
type Key struct {
	Sort  []byte
	Fixed bool // the file is in the album already, and cannot move
}

// Follow makes keys that stand in the order of the list. As many as possible stay as they are; each of the others gets a key directly behind the file before it
// in the list, so that what comes to the album later still finds its place by its own key. A fixed key never changes. Fixed ones that contradict the list, and
// each other, are as if they were not in it.
func Follow(list []Key) [][]byte {
	keep := kept(list)
	next := following(list, keep)
	out := make([][]byte, len(list))
	base, last, n := before(list, keep), []byte(nil), uint32(0)
	for i, k := range list {
		switch {
		case k.Fixed && !keep[i]:
			out[i] = k.Sort
			continue
		case k.Fixed || keep[i] && bytes.Compare(k.Sort, last) > 0:
			out[i], base, n = k.Sort, append(slices.Clip(k.Sort), 0), 0
		default:
			out[i] = behind(base, n, last, next[i])
			n++
		}
		last = out[i]
	}
	return out
}

// behind is the n-th key that begins with base, if that is before the next one, and else one directly behind the last one: then a list that was changed
// puts something between two that stand behind the same one since.
func behind(base []byte, n uint32, last, next []byte) []byte {
	key := binary.BigEndian.AppendUint32(slices.Clip(base), 1<<31+n)
	if next != nil && bytes.Compare(key, next) >= 0 {
		return append(slices.Clip(last), 0)
	}
	return key
}

// following is, for each place in the list, the first key behind it that stays.
func following(list []Key, keep []bool) [][]byte {
	next := make([][]byte, len(list))
	for i := len(list) - 2; i >= 0; i-- {
		next[i] = next[i+1]
		if keep[i+1] {
			next[i] = list[i+1].Sort
		}
	}
	return next
}

// before is what a key begins with that is to sort directly before the first kept one, whatever follows.
func before(list []Key, keep []bool) []byte {
	first := slices.Index(keep, true)
	if first < 0 {
		return nil
	}
	key := bytes.TrimRight(list[first].Sort, "\x00")
	if len(key) == 0 {
		return nil
	}
	end := len(key) - 1
	return append(slices.Clip(key[:end]), key[end]-1, 0xff)
}

// kept tells which keys stay: of the fixed ones as many as are in order, and of the others as many as are in order with those.
func kept(list []Key) []bool {
	keep := make([]bool, len(list))
	var fixed []int
	for i, k := range list {
		if k.Fixed {
			fixed = append(fixed, i)
		}
	}
	for _, i := range increasing(list, fixed) {
		keep[i] = true
	}
	for _, i := range increasing(list, fitting(list, keep)) {
		keep[i] = true
	}
	return keep
}

// fitting are the kept fixed keys, and all that sort between the two that they stand between.
func fitting(list []Key, keep []bool) []int {
	var fit, free []int
	var from []byte
	flush := func(to []byte) {
		for _, i := range free {
			if bytes.Compare(list[i].Sort, from) > 0 && (to == nil || bytes.Compare(list[i].Sort, to) < 0) {
				fit = append(fit, i)
			}
		}
		from, free = to, nil
	}
	for i, k := range list {
		switch {
		case keep[i]:
			flush(k.Sort)
			fit = append(fit, i)
		case !k.Fixed:
			free = append(free, i)
		}
	}
	flush(nil)
	return fit
}

// increasing finds the most of the given places in a list whose keys increase.
func increasing(list []Key, at []int) []int {
	ends := make([]int, 0, len(at)) // ends[n] is the smallest key with which n+1 increasing ones can end
	previous := make(map[int]int, len(at))
	for _, i := range at {
		n, _ := slices.BinarySearchFunc(ends, list[i].Sort, func(e int, key []byte) int { return bytes.Compare(list[e].Sort, key) })
		previous[i] = -1
		if n > 0 {
			previous[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		}
		ends[n] = i
	}
	if len(ends) == 0 {
		return nil
	}
	var out []int
	for i := ends[len(ends)-1]; i >= 0; i = previous[i] {
		out = append(out, i)
	}
	slices.Reverse(out)
	return out
}
