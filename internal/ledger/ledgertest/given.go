package ledgertest

import (
	"slices"
	"testing"

	"github.com/albumwright/albumwright/internal/ledger"
)

// given: the first description of a media item is remembered, until it is said to have another one, or it is another item.
func given(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	sum := content("x").SHA256
	end := func(name, mediaItem string, description *string) {
		t.Helper()
		s := sighting(name, "A "+name, 1)
		record(t, l, run, s)
		album, page := pending(t, l, run)
		if err := l.Sent(t.Context(), page[0].Item, content("x")); err != nil {
			t.Fatal(err)
		}
		batch, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{page[0].Item}})
		if err != nil {
			t.Fatal(err)
		}
		e := ledger.End{Item: page[0].Item, State: ledger.Created, MediaItem: mediaItem, Given: description}
		if err := l.FinishBatch(t.Context(), batch, []ledger.End{e}); err != nil {
			t.Fatal(err)
		}
	}
	want := func(when, want string) ledger.ContentID {
		t.Helper()
		c, _, err := l.Content(t.Context(), sum)
		if err != nil {
			t.Fatal(err)
		}
		got := "nobody knows"
		if c.Given != nil {
			got = *c.Given
		}
		if got != want {
			t.Errorf("%s it was given %q, want %q", when, got, want)
		}
		return c.ID
	}
	words := func(s string) *string { return &s }

	end("1", "m1", nil)
	want("created without an answer about it,", "nobody knows")
	end("2", "m1", words("first"))
	want("created again,", "first")
	end("3", "m1", words("second"))
	id := want("created a third time,", "first")
	if err := l.SetGiven(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	want("taken away,", "")
	end("4", "m2", nil)
	want("as another media item,", "nobody knows")

	paths, err := l.FilesOf(t.Context(), id)
	dir := sighting("", "", 1).Dir
	if err != nil || !slices.Equal(paths, []string{dir + "/1", dir + "/2", dir + "/3", dir + "/4"}) {
		t.Errorf("FilesOf gives %q, %v", paths, err)
	}
	if dirs, err := l.Folders(t.Context()); err != nil || !slices.Equal(dirs, []string{dir}) {
		t.Errorf("Folders gives %q, %v", dirs, err)
	}
}
