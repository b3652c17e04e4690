package ledgertest

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

func session(url string, hashed int64) ledger.Session {
	return ledger.Session{
		URL: url, Granularity: 262144, Started: time.Unix(1700000002, 3).UTC(), Hashed: hashed, SHA256: sha256.Sum256([]byte(url)),
	}
}

// onlyPending is the one unfinished item of a run.
func onlyPending(t *testing.T, l ledger.Ledger, run ledger.RunID) ledger.Pending {
	t.Helper()
	_, page := pending(t, l, run)
	if len(page) != 1 {
		t.Fatalf("%d items are pending, want one", len(page))
	}
	return page[0]
}

func keep(t *testing.T, l ledger.Ledger, item ledger.ItemID, s ledger.Session) {
	t.Helper()
	if err := l.KeepSession(t.Context(), item, s); err != nil {
		t.Fatalf("KeepSession: %v", err)
	}
}

func sessions(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	s := sighting("film.mp4", "Pier", 1)
	record(t, l, run, s)
	p := onlyPending(t, l, run)
	if p.Session != nil {
		t.Errorf("a file of which nothing was sent has the session %+v", p.Session)
	}
	keep(t, l, p.Item, session("https://one", 0))
	want := session("https://one", 1<<20)
	keep(t, l, p.Item, want)
	if p = onlyPending(t, l, run); p.Session == nil || !cmp.Equal(*p.Session, want) {
		t.Errorf("the session is %+v, want the last one kept: %+v", p.Session, want)
	}
	record(t, l, run, s) // seen again, unchanged
	if p = onlyPending(t, l, run); p.Session == nil {
		t.Error("the session is lost although the file is the same")
	}
	keep(t, l, p.Item, want)
	s.ModTime = s.ModTime.Add(time.Second)
	record(t, l, run, s)
	if p = onlyPending(t, l, run); p.Session != nil {
		t.Errorf("the file is another one, and still has the session %+v", p.Session)
	}
	keep(t, l, p.Item, session("https://two", 0))
	if err := l.Sent(t.Context(), p.Item, content("bytes")); err != nil {
		t.Fatal(err)
	}
	if p = onlyPending(t, l, run); p.Session != nil || p.Content == nil {
		t.Errorf("after Sent: session %v, content %v; want only a content", p.Session, p.Content)
	}
	keep(t, l, p.Item, session("https://three", 0)) // its token was too old
	if err := l.Sent(t.Context(), p.Item, content("bytes")); err != nil {
		t.Error(err)
	}
}

func replacedFileStartsOver(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	s := sighting("a.jpg", "Pier", 1)
	record(t, l, run, s)
	if err := l.Sent(t.Context(), onlyPending(t, l, run).Item, content("first")); err != nil {
		t.Fatal(err)
	}
	unknown := s
	unknown.Changed = time.Time{}
	record(t, l, run, unknown)
	if p := onlyPending(t, l, run); p.Content == nil {
		t.Error("the content is forgotten although nobody knows of a change")
	}
	record(t, l, run, s)
	doubted := s
	doubted.Doubt = true
	record(t, l, run, doubted)
	if p := onlyPending(t, l, run); p.Content != nil {
		t.Errorf("size and times were doubted, and the content is still %x", p.Content.SHA256)
	}
	if err := l.Sent(t.Context(), onlyPending(t, l, run).Item, content("first")); err != nil {
		t.Fatal(err)
	}
	s.Changed = s.Changed.Add(time.Nanosecond)
	record(t, l, run, s)
	if p := onlyPending(t, l, run); p.Content != nil {
		t.Errorf("the file was replaced, and still has the content %x", p.Content.SHA256)
	}
}

// fail ends the only pending item as failed.
func fail(t *testing.T, l ledger.Ledger, run ledger.RunID, album ledger.AlbumID, item ledger.ItemID, text string, permanent bool) {
	t.Helper()
	if err := l.Sent(t.Context(), item, content(text)); err != nil {
		t.Fatal(err)
	}
	batch, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{item}})
	if err != nil {
		t.Fatal(err)
	}
	end := ledger.End{Item: item, State: ledger.Failed, Reason: "no", Permanent: permanent}
	if err := l.FinishBatch(t.Context(), batch, []ledger.End{end}); err != nil {
		t.Fatal(err)
	}
}

func adoptFailed(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("good", "A", 1), sighting("broken pipe", "A", 2), sighting("junk", "A", 3))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "good")
	fail(t, l, run, album, page[1].Item, "broken pipe", false)
	fail(t, l, run, album, page[2].Item, "junk", true)
	next, err := l.BeginRun(t.Context(), "retry")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := l.AdoptFailed(t.Context(), next, ledger.Again{}); n != 1 || err != nil {
		t.Fatalf("AdoptFailed = %d, %v; want 1", n, err)
	}
	if p := onlyPending(t, l, next); p.Name != "broken pipe" {
		t.Errorf("%s is tried again, want the broken pipe", p.Name)
	}
	if n, err := l.AdoptFailed(t.Context(), next, ledger.Again{Refused: true}); n != 1 || err != nil {
		t.Fatalf("AdoptFailed(permanent) = %d, %v; want 1 more", n, err)
	}
	if c, _, err := l.Content(t.Context(), content("junk").SHA256); c.Refused != "" || err != nil {
		t.Errorf("the junk is still refused: %q, %v", c.Refused, err)
	}
	if n, err := l.AdoptFailed(t.Context(), next, ledger.Again{Refused: true}); n != 0 || err != nil {
		t.Errorf("AdoptFailed = %d, %v when nothing failed", n, err)
	}
}

func confirm(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a", "A", 1), sighting("b", "A", 2))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "a")
	for range 2 { // once more is no fault
		if err := l.Confirm(t.Context(), []ledger.ItemID{page[0].Item}); err != nil {
			t.Fatal(err)
		}
	}
	known, err := l.Folder(t.Context(), page[0].Dir)
	if it := known.Known("a").Items; err != nil || len(it) != 1 || it[0].State != ledger.Confirmed {
		t.Errorf("items %+v (%v), want one confirmed", it, err)
	}
	if c := known.Known("a").Content; c == nil || c.SHA256 != content("a").SHA256 || c.MediaItem != "media-a" {
		t.Errorf("content %+v, want that of a", c)
	}
	if err := l.Confirm(t.Context(), []ledger.ItemID{page[1].Item}); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("confirming what was never created: %v, want ErrTransition", err)
	}
}
