package library_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/library"
)

func TestAnAlbumIsFoundByIDOrTitle(t *testing.T) {
	w := newWorld(t, 0, emulator.Config{})
	longTitle := strings.Repeat("ALongTitleThatMightBeAnId", 2)
	id := "seeded-" + strings.Repeat("i", 40)
	if err := w.server.Seed(emulator.Seed{Albums: []emulator.SeedAlbum{
		{ID: "1", Title: "Rome 2024"}, {ID: "2", Title: "rome 2024"}, {ID: "3", Title: "Caf\u00e9"}, {ID: "4", Title: "Twice"}, {ID: "5", Title: "Twice"},
		{ID: "6", Title: "ÜBER"}, {ID: id, Title: "By id"}, {ID: "8", Title: longTitle}, {ID: "9", Title: "one"}, {ID: "10", Title: "ONE"},
	}}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, asked, id string
		requests        int
		says            string // of the error
	}{
		{"a title", "Rome 2024", "1", 1, ""},
		{"a title that another one resembles", "rome 2024", "2", 1, ""},
		{"in another form of Unicode", "Cafe\u0301", "3", 1, ""},
		{"in another case", "garden", "album-garden", 1, ""},
		{"in another case, beyond ASCII", "über", "6", 1, ""},
		{"an id", id, id, 1, ""},
		{"a title that could be an id", longTitle, "8", 2, ""},
		{"two of one title", "Twice", "", 1, "more than one album has this title: "},
		{"two that resemble it", "One", "", 1, "more than one album"},
		{"none", "Gardn", "", 1, `no album of this app's has this id or title; the nearest titles are "Garden", `},
		{"an id that is none", strings.Repeat("x", 68), "", 2, "no album"},
		{"nothing", "", "", 0, "empty"},
	} {
		before := w.Requests()
		a, err := w.Album(t.Context(), tc.asked)
		if n := w.Requests() - before; a.ID != tc.id || n != tc.requests {
			t.Errorf("%s: album %q in %d requests (%v), want %q in %d", tc.name, a.ID, n, err, tc.id, tc.requests)
		}
		switch {
		case tc.says == "" && err != nil:
			t.Errorf("%s: %v", tc.name, err)
		case tc.says != "" && (err == nil || !strings.Contains(err.Error(), tc.says)):
			t.Errorf("%s: %v, want %q", tc.name, err, tc.says)
		}
	}
	_, err := w.Album(t.Context(), "Twice")
	if !errors.Is(err, library.ErrSeveralAlbums) || !strings.HasSuffix(err.Error(), ": 5, 4") && !strings.HasSuffix(err.Error(), ": 4, 5") {
		t.Errorf("two of one title: %v, want both ids", err)
	}
}
