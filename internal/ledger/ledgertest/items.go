package ledgertest

import (
	"bytes"
	"errors"
	"testing"

	"github.com/albumwright/albumwright/internal/ledger"
)

func wayToCreated(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a.jpg", "Pier", 1))
	album, page := pending(t, l, run)
	c := content("bytes")
	if err := l.Sent(t.Context(), page[0].Item, c); err != nil {
		t.Fatal(err)
	}
	if _, page = pending(t, l, run); page[0].Content == nil || page[0].Content.Token != c.Token || !page[0].Content.Issued.Equal(c.Issued) {
		t.Fatalf("after Sent the item's content is %+v", page[0].Content)
	}
	create(t, l, run, album, page[0].Item, "bytes")
	if n, err := l.Unfinished(t.Context(), run); n != 0 || err != nil {
		t.Errorf("%d unfinished (%v), want 0", n, err)
	}
	got, ok, err := l.Content(t.Context(), c.SHA256)
	if err != nil || !ok || got.MediaItem != "media-bytes" || got.Size != c.Size {
		t.Errorf("content %+v, %v, %v", got, ok, err)
	}
	p, ok, err := l.Placed(t.Context(), album, got.ID)
	if err != nil || !ok || p.MediaItem != "media-bytes" || p.Run != run || !bytes.Equal(p.Sort, []byte{1}) {
		t.Errorf("placement %+v, %v, %v", p, ok, err)
	}
	if path, err := l.Holder(t.Context(), album, got.ID); err != nil || path != "/photos/a\xff/a.jpg" {
		t.Errorf("Holder gives %q, %v", path, err)
	}
	if has, err := l.HasSize(t.Context(), c.Size); !has || err != nil {
		t.Errorf("HasSize(%d) = %v, %v", c.Size, has, err)
	}
	if has, _ := l.HasSize(t.Context(), c.Size+1); has {
		t.Error("HasSize is true for a size that no content has")
	}
}

func refusedContent(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a.jpg", "", 1))
	album, page := pending(t, l, run)
	c := content("junk")
	if err := l.Sent(t.Context(), page[0].Item, c); err != nil {
		t.Fatal(err)
	}
	batch, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{page[0].Item}})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.FinishBatch(t.Context(), batch, []ledger.End{{Item: page[0].Item, State: ledger.Failed, Reason: "NOT_IMAGE", Permanent: true}}); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := l.Content(t.Context(), c.SHA256); got.Refused != "NOT_IMAGE" || got.MediaItem != "" {
		t.Errorf("content %+v, want it refused", got)
	}
	known, err := l.Folder(t.Context(), "/photos/a\xff")
	if it := known.Known("a.jpg").Items; err != nil || len(it) != 1 || it[0].State != ledger.Failed || !it[0].Permanent || it[0].Reason != "NOT_IMAGE" {
		t.Errorf("item %+v, %v", it, err)
	}
}

func transitions(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a.jpg", "Pier", 1))
	album, page := pending(t, l, run)
	item := page[0].Item
	if err := l.FinishBatch(t.Context(), 1, []ledger.End{{Item: item, State: ledger.Created, MediaItem: "m"}}); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("described to created: %v, want ErrTransition", err)
	}
	create(t, l, run, album, item, "x")
	for _, state := range []ledger.State{ledger.Failed, ledger.Already, ledger.Duplicate, ledger.Skipped} {
		if err := l.Finish(t.Context(), ledger.End{Item: item, State: state}); !errors.Is(err, ledger.ErrTransition) {
			t.Errorf("created to %s: %v, want ErrTransition", state, err)
		}
	}
	if err := l.Sent(t.Context(), item, content("x")); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("created to sent: %v, want ErrTransition", err)
	}
	if err := l.Adopt(t.Context(), run, []ledger.ItemID{item}); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("adopting an ended item: %v, want ErrTransition", err)
	}
	if err := l.EndRun(t.Context(), run, "{}"); err != nil {
		t.Error(err)
	}
	if err := l.EndRun(t.Context(), run, "{}"); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("ending a run twice: %v, want ErrTransition", err)
	}
}

func adopt(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("described", "A", 1), sighting("creating", "A", 2), sighting("failed", "A", 3))
	album, page := pending(t, l, run)
	if err := l.Sent(t.Context(), page[1].Item, content("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{page[1].Item}}); err != nil {
		t.Fatal(err)
	}
	if err := l.Finish(t.Context(), ledger.End{Item: page[2].Item, State: ledger.Failed, Reason: "broken pipe"}); err != nil {
		t.Fatal(err)
	}
	next, err := l.BeginRun(t.Context(), "again")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Adopt(t.Context(), next, []ledger.ItemID{page[0].Item, page[1].Item, page[2].Item}); err != nil {
		t.Fatal(err)
	}
	if n, _ := l.Unfinished(t.Context(), run); n != 0 {
		t.Errorf("the old run still has %d unfinished items", n)
	}
	if n, _ := l.Unfinished(t.Context(), next); n != 3 {
		t.Errorf("the new run has %d unfinished items, want 3", n)
	}
	create(t, l, next, album, page[1].Item, "x") // from creating, by way of sent
}

func staleToken(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a", "A", 1))
	album, page := pending(t, l, run)
	c := content("x")
	if err := l.Sent(t.Context(), page[0].Item, c); err != nil {
		t.Fatal(err)
	}
	batch, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{page[0].Item}})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.FinishBatch(t.Context(), batch, []ledger.End{{Item: page[0].Item, State: ledger.Described}}); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := l.Content(t.Context(), c.SHA256); err != nil || !ok || got.Token != "" || !got.Issued.IsZero() {
		t.Errorf("content %+v, %v, %v; want it known without a token", got, ok, err)
	}
	create(t, l, run, album, page[0].Item, "x")
}
