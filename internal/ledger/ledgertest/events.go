package ledgertest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

// awaiting makes a file that waits for its event, captured so many seconds after ten.
func awaiting(name string, second byte) ledger.Sighting {
	s := sighting(name, "", second)
	s.Awaits, s.Root = "1h", "/photos"
	return s
}

// shots lists what events can be found from.
func shots(t *testing.T, l ledger.Ledger, run ledger.RunID, scope string) (found []ledger.Shot) {
	t.Helper()
	if err := l.Shots(t.Context(), run, scope, func(s ledger.Shot) { found = append(found, s) }); err != nil {
		t.Fatal(err)
	}
	return found
}

func eventsOf(t *testing.T, l ledger.Ledger, scope string) map[string]time.Time {
	t.Helper()
	events, err := l.Events(t.Context(), scope, "/photos/a\xff")
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func events(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	a, b := awaiting("a.jpg", 5), awaiting("b.jpg", 2)
	record(t, l, run, a, b)
	if n, err := l.Unfinished(t.Context(), run); n != 0 || err != nil {
		t.Errorf("%d unfinished, %v: a file that waits for its event wishes for no album yet", n, err)
	}
	began := b.Facts.Captured
	want := []ledger.Shot{{Captured: b.Facts.Captured, Offset: b.Facts.Offset}, {Captured: a.Facts.Captured, Offset: a.Facts.Offset}}
	if diff := cmp.Diff(want, shots(t, l, run, "1h")); diff != "" {
		t.Errorf("shots (-want +got):\n%s", diff)
	}
	if len(shots(t, l, run, "2h")) != 0 {
		t.Error("shots of another scope")
	}
	if err := l.SetEvents(t.Context(), run, "1h", []ledger.Stretch{{From: began, To: a.Facts.Captured, Event: began}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]time.Time{"a.jpg": began, "b.jpg": began}, eventsOf(t, l, "1h")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	wishByEvent(t, l, run)

	// A later run: a file of the same time keeps its event, one of another time waits for a new one; nobody waits for an earlier run's.
	later, err := l.BeginRun(t.Context(), "later")
	if err != nil {
		t.Fatal(err)
	}
	b.Facts.Captured = began.Add(time.Hour)
	record(t, l, later, a, b)
	want = []ledger.Shot{{Captured: a.Facts.Captured, Offset: a.Facts.Offset, Event: began}, {Captured: b.Facts.Captured, Offset: b.Facts.Offset}}
	if diff := cmp.Diff(want, shots(t, l, later, "1h")); diff != "" {
		t.Errorf("shots of a later run (-want +got):\n%s", diff)
	}
	if got := shots(t, l, run, "1h"); len(got) != 1 {
		t.Errorf("the earlier run still sees %v", got)
	}
}

// wishByEvent goes through the files that waited, one a page, and gives each two albums.
func wishByEvent(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	t.Helper()
	var names []string
	var wishes []ledger.Wish
	for after := (ledger.Awaiting{}); ; {
		page, err := l.Awaiting(t.Context(), run, "1h", after.File, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		after = page[0]
		names = append(names, after.Root+" "+after.Dir+" "+after.Name)
		for _, title := range []string{"First", "Second"} {
			wishes = append(wishes, ledger.Wish{File: after.File, Album: title, Sort: []byte(after.Name)})
		}
	}
	if diff := cmp.Diff([]string{"/photos /photos/a\xff a.jpg", "/photos /photos/a\xff b.jpg"}, names); diff != "" {
		t.Errorf("files that waited (-want +got):\n%s", diff)
	}
	if err := l.Wish(t.Context(), run, wishes); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Unfinished(t.Context(), run); n != 2 || err != nil {
		t.Errorf("%d unfinished, %v; want 2 files, of two albums each", n, err)
	}
}

func siblings(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a.jpg", "Pier", 1), sighting("a.jpg", "Best", 1), sighting("b.jpg", "Pier", 2))
	albums, err := l.PendingAlbums(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	others := map[string]int{}
	var item ledger.ItemID
	for _, a := range albums {
		page, err := l.Pending(t.Context(), run, a.ID, ledger.Cursor{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			others[a.Title+" "+p.Name] = p.Others
			if a.Title == "Best" {
				item = p.Item
				create(t, l, run, a.ID, item, "text")
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"Best a.jpg": 1, "Pier a.jpg": 1, "Pier b.jpg": 0}, others); diff != "" {
		t.Errorf("other items of the file (-want +got):\n%s", diff)
	}
	all, err := l.Siblings(t.Context(), run, item)
	if err != nil || len(all) != 2 || all[0].Album != "Best" || all[0].State != ledger.Created || all[0].MediaItem != "media-text" ||
		all[1].Album != "Pier" || all[1].State != ledger.Described {
		t.Errorf("siblings %+v, %v", all, err)
	}
	if n, err := l.Unfinished(t.Context(), run); n != 2 || err != nil {
		t.Errorf("%d unfinished, %v; want both files", n, err)
	}
}
