package ledgertest

import (
	"testing"

	"github.com/albumwright/albumwright/internal/ledger"
)

func unread(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("same", "A", 10), sighting("other", "A", 20))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "a")
	create(t, l, run, album, page[1].Item, "b")
	dir := page[0].Dir
	set := func(run ledger.RunID) {
		t.Helper()
		err := l.SetUnread(t.Context(), run, []ledger.Unread{
			{Dir: dir, Name: "same", Reason: "no"}, {Dir: dir, Name: "other", Reason: "no", Other: true}, {Dir: dir, Name: "new", Reason: "no"}, {Dir: "/", Name: "photos2", Reason: "no"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	count := func(want int) {
		t.Helper()
		if n, err := l.Unread(t.Context()); err != nil || n != want {
			t.Errorf("%d files could not be read, %v; want %d", n, err, want)
		}
	}
	state := func(name string, want ...ledger.State) {
		t.Helper()
		known, err := l.Folder(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		got := map[ledger.State]int{}
		for _, it := range known.Known(name).Items {
			got[it.State]++
		}
		for _, s := range want {
			got[s]--
		}
		for s, n := range got {
			if n != 0 {
				t.Errorf("%s has %+v, want %v (%s)", name, known.Known(name).Items, want, s)
			}
		}
	}
	set(run)
	set(run)
	count(3)
	state("same", ledger.Created)
	state("other", ledger.Gone, ledger.Failed)
	state("new", ledger.Failed)
	if n, err := l.AdoptFailed(t.Context(), run, ledger.Again{Refused: true}); n != 0 || err != nil {
		t.Errorf("%d files are tried again, %v; want none: nobody knows what they are", n, err)
	}
	record(t, l, run, sighting("other", "A", 30))
	state("other", ledger.Described)
	count(2)
	next, err := l.BeginRun(t.Context(), "next")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.ClearUnread(t.Context(), next, []string{"/photos"}); err != nil {
		t.Fatal(err)
	}
	state("new")
	count(1) // /photos2
	set(next)
	if err := l.ClearUnread(t.Context(), next, []string{"/"}); err != nil {
		t.Fatal(err)
	}
	count(3) // as this run has found
}
