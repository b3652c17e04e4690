package main

import (
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/download"
	"github.com/albumwright/albumwright/photos"
)

// listingOf is a listing of so many items, which ends with an error if there is one.
func listingOf(n int, err error) iter.Seq2[photos.MediaItem, error] {
	return func(yield func(photos.MediaItem, error) bool) {
		for i := range n {
			if !yield(photos.MediaItem{ID: strconv.Itoa(i)}, nil) {
				return
			}
		}
		if err != nil {
			yield(photos.MediaItem{}, err)
		}
	}
}

func TestASearchKnowsItsNumberWhenItsEndIsInSight(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		items   int
		err     error
		knownAt int // so many items are handed on before the number is known; -1 = never
	}{{0, nil, 0}, {1, nil, 0}, {readAhead - 1, nil, 0}, {readAhead, nil, 1}, {250, nil, 151}, {250, broken, -1}} {
		handed, knownAt, last := 0, -1, 0
		var ended error
		for it, err := range ahead(listingOf(c.items, c.err), func(n int, all bool) {
			if last = n; all && knownAt < 0 {
				knownAt = handed
			}
		}) {
			if err != nil {
				ended = err
				break
			}
			if it.ID != strconv.Itoa(handed) {
				t.Fatalf("item %s in the place of %d", it.ID, handed)
			}
			handed++
		}
		if handed != c.items || last != c.items || knownAt != c.knownAt || !errors.Is(ended, c.err) {
			t.Errorf("%d items, %v: handed %d, seen %d, ended with %v; the number was known after %d, want %d", c.items, c.err, handed, last, ended, knownAt, c.knownAt)
		}
	}
}

func TestADownloadForetellsItsEndOnceItKnowsHowManyItemsThereAre(t *testing.T) {
	counts := &download.Progress{}
	show := newDownloadProgress(io.Discard, true, counts)
	defer show.end()
	start := time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC)
	show.expect(40, false)
	show.text(start)
	counts.Found.Store(20)
	counts.Done.Store(10)
	if line := show.text(start.Add(10 * time.Second)); !strings.HasSuffix(line, "  1.0 items/s") || !strings.Contains(line, "10/40+ items") || strings.Contains(line, "ETA") {
		t.Errorf("while more may come it says %q", line)
	}
	show.expect(50, true)
	if line := show.text(start.Add(10 * time.Second)); !strings.Contains(line, "10/50 items") || !strings.HasSuffix(line, "ETA 40s") {
		t.Errorf("when all are known it says %q", line)
	}
}

// Whoever names ids on stdin tells the number with the last of them, long before the last is loaded; and nothing waits for the end.
func TestIDsOnStdinAreCountedAheadAndHandedOnAtOnce(t *testing.T) {
	in, names := io.Pipe()
	ids := &givenIDs{args: []string{"-"}, in: in}
	known := make(chan int, 2*entriesAhead)
	next, stop := iter.Pull(untilEnd(t.Context(), ids.entries(), func(n int, all bool) {
		if all {
			known <- n
		}
	}))
	defer stop()
	say := func(text string) {
		if _, err := io.WriteString(names, text); err != nil {
			t.Error(err)
		}
	}
	go say("first\n")
	if id, ok := next(); !ok || id != "first" { // the pipe is still open
		t.Errorf("the first id is %q, %v", id, ok)
	}
	say(strings.Repeat("another\n", 100))
	if err := names.Close(); err != nil {
		t.Fatal(err)
	}
	if n := <-known; n != 101 { // none of the others was asked for
		t.Errorf("%d ids were counted, want 101", n)
	}
	left := 0
	for _, ok := next(); ok; _, ok = next() {
		left++
	}
	if left != 100 {
		t.Errorf("%d ids came after the first, want 100", left)
	}
}
