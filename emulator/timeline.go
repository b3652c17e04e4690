package emulator

import (
	"cmp"
	"slices"
	"time"
)

// timeline is the user's own media items, oldest creationTime first and among
// equals in order of creation. Server.mu guards it.
//
// New items mostly belong at the end. Those that do not wait in late until
// somebody looks, or until they are many: then all are put in their places in one
// pass, so that neither a batch of old photos nor a restart moves the others once
// for each of them.
type timeline struct {
	sorted []*item
	late   []*item
}

// maxLate is how many items wait for their places, at most.
const maxLate = 1000

func (t *timeline) add(it *item) {
	n := len(t.sorted)
	if len(t.late) == 0 && (n == 0 || byCreationTime(t.sorted[n-1], it) < 0) {
		t.sorted = append(t.sorted, it)
		return
	}
	if t.late = append(t.late, it); len(t.late) >= maxLate {
		t.all()
	}
}

// remove takes items out.
func (t *timeline) remove(gone map[*item]bool) {
	t.sorted = slices.DeleteFunc(slices.Clone(t.all()), func(it *item) bool { return gone[it] })
}

// all are the items in order. The slice is good until the next one is added.
func (t *timeline) all() []*item {
	if len(t.late) == 0 {
		return t.sorted
	}
	slices.SortFunc(t.late, byCreationTime)
	n := len(t.sorted) // those that are not in their new places yet
	t.sorted = append(t.sorted, t.late...)
	for k := len(t.late) - 1; k >= 0; k-- {
		it := t.late[k]
		at, _ := slices.BinarySearchFunc(t.sorted[:n], it, byCreationTime)
		copy(t.sorted[at+k+1:], t.sorted[at:n])
		t.sorted[at+k], n = it, at
	}
	t.late = t.late[:0:0]
	return t.sorted
}

func byCreationTime(a, b *item) int {
	return cmp.Or(a.taken.Compare(b.taken), a.seq-b.seq)
}

// index is where an item is in order, or would be.
func (t *timeline) index(it *item) int {
	at, _ := slices.BinarySearchFunc(t.all(), it, byCreationTime)
	return at
}

// from is the index of the first item of a day or of a later one.
func (t *timeline) from(d calendarDay) int {
	at, _ := slices.BinarySearchFunc(t.all(), d, func(it *item, d calendarDay) int {
		return int(dayOf(it.taken) - d)
	})
	return at
}

// calendarDay is a date as a number that sorts as dates do: 20240531.
type calendarDay int

// dayOf is the date of a creationTime, in UTC as answers show it. Of a file without
// a zone, that is the date that people saw (contract 12 #40).
func dayOf(t time.Time) calendarDay {
	y, m, d := t.UTC().Date()
	return calendarDay(y*10000 + int(m)*100 + d)
}
