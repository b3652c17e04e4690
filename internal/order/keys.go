package order

import (
	"bytes"
	"strings"
)

// Wanted is a file of a folder that is in an album, or on its way there.
type Wanted struct {
	File  int    // index
	Fixed []byte // its key, if it cannot be moved any more
}

// Keys makes the keys by time of files that are wanted in one album, in their order. Fixed ones keep theirs. The others stand with their set: behind or
// before the fixed file that it has, as their roles have it, else where the set's first file belongs.
func (f *Folder) Keys(in []Wanted) [][]byte {
	sets := f.sets(in)
	turned := f.turned(in, sets)
	keys := make([][]byte, len(in))
	for _, set := range sets {
		base := set.base
		if base == nil {
			base = f.baseOf(in, set, turned)
		}
		for _, w := range set.members {
			file := f.Files[in[w].File]
			switch {
			case in[w].Fixed != nil:
				keys[w] = in[w].Fixed
			case w == set.head && set.base == nil:
				keys[w] = keyIn(base, role(file), "")
			default:
				keys[w] = keyIn(base, role(file), file.Name)
			}
		}
	}
	return keys
}

// keyIn is the key of a file in a set, in no more memory than it takes: there is one for each file of an import.
func keyIn(base []byte, role byte, name string) []byte {
	key := append(make([]byte, 0, len(base)+1+len(name)), base...)
	return append(append(key, role), name...)
}

// set is the files of an album that stand together.
type set struct {
	members []int    // indexes of what is wanted
	head    int      // the one that leads
	base    []byte   // of the fixed one that the others join; nil: none is fixed
	number  numbered // of the head
}

// sets cuts what is wanted into sets. Most have one file.
func (f *Folder) sets(in []Wanted) []*set {
	of := make([]int, len(f.Files)) // file -> wanted, from 1
	for w := range in {
		of[in[w].File] = w + 1
	}
	leads := make([]int, len(in))
	for w := range leads {
		leads[w] = w
	}
	find := func(w int) int {
		for leads[w] != w {
			leads[w] = leads[leads[w]]
			w = leads[w]
		}
		return w
	}
	for _, p := range f.Pairs {
		if a, b := of[p.First], of[p.Second]; a > 0 && b > 0 {
			leads[find(b-1)] = find(a - 1)
		}
	}
	byLead := make([]*set, len(in))
	sets := make([]*set, 0, len(in))
	room, ones := make([]set, len(in)), make([]int, len(in)) // for all sets, and a member of each
	for w := range in {
		lead := find(w)
		s := byLead[lead]
		if s == nil {
			s = &room[w]
			s.head, s.members = w, ones[w:w:w+1]
			byLead[lead] = s
			sets = append(sets, s)
		}
		s.members = append(s.members, w)
		if f.leads(in[w].File, in[s.head].File) {
			s.head = w
		}
	}
	for _, s := range sets {
		s.base, s.number = joined(in, s), sequence(f.Files[in[s.head].File])
	}
	return sets
}

// joined is the base of the first fixed file of a set.
func joined(in []Wanted, s *set) []byte {
	var first []byte
	for _, w := range s.members {
		if k := in[w].Fixed; k != nil && (first == nil || bytes.Compare(k, first) < 0) {
			first = k
		}
	}
	if first == nil {
		return nil
	}
	if base, ok := cut(first); ok {
		return base
	}
	return append(first[:len(first):len(first)], 0) // a key of another order: right behind it
}

// leads tells whether a file comes before another one of its set.
func (f *Folder) leads(a, b int) bool {
	x, y := f.Files[a], f.Files[b]
	if rx, ry := role(x), role(y); rx != ry {
		return rx < ry
	}
	if !x.Captured.Equal(y.Captured) {
		return x.Captured.Before(y.Captured)
	}
	return strings.Compare(x.Name, y.Name) < 0
}

// baseOf is the base of a set that joins no fixed file.
func (f *Folder) baseOf(in []Wanted, s *set, turned map[*set]int64) []byte {
	head := f.Files[in[s.head].File]
	n := s.number
	if number, ok := turned[s]; ok {
		n.number = number
	}
	return base(head, n)
}
