package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// seeded is a library that a client knows from elsewhere.
func seeded(now time.Time) emulator.Seed {
	content := func(n byte) [32]byte { return [32]byte{n} }
	return emulator.Seed{
		Contents: []emulator.SeedContent{
			{SHA256: content(1), Size: 11, MIMEType: "image/jpeg", Taken: now.AddDate(-1, 0, 0), ID: "item-1", Filename: "a.jpg"},
			{SHA256: content(2), Size: 12, MIMEType: "video/mp4", ID: "item-2"},
			{SHA256: content(3), Size: 13, MIMEType: "image/heic", Token: "young", Issued: now.Add(-time.Hour), Filename: "c.heic"},
			{SHA256: content(4), Size: 14, MIMEType: "of no known kind", Token: "old", Issued: now.Add(-23 * time.Hour)},
		},
		Albums: []emulator.SeedAlbum{{ID: "album-1", Title: "Pier", Items: []string{"item-2", "item-1"}, Enrichments: []emulator.Enrichment{
			{ID: "text-1", Kind: "text", Text: "Morning"}, {ID: "text-2", Kind: "text", Text: "Noon", At: 1}}}, {ID: "album-2", Title: "Theirs", Foreign: true}},
		Requests: 100,
	}
}

func TestASeededLibraryIsThereUnderItsIDs(t *testing.T) {
	bothWays(t, emulator.Config{Quota: emulator.ServiceQuota()}, func(t *testing.T, c *client) {
		if err := c.s.Seed(seeded(time.Now())); err != nil {
			t.Fatal(err)
		}
		if got := c.inAlbum("album-1"); !slices.Equal(got, []string{"item-2", "item-1"}) {
			t.Errorf("the album holds %q", got)
		}
		position := map[string]any{"position": "AFTER_MEDIA_ITEM", "relativeMediaItemId": "item-2"}
		late := c.add("album-1", position, 1, 1)
		made := c.create(batch("album-1", nil, "young"))[0].MediaItem
		if made == nil || made.Filename != "c.heic" || made.MIMEType != "image/heic" {
			t.Fatalf("of the token became %+v", made)
		}
		if got, want := c.inAlbum("album-1"), []string{"item-2", late[0], "item-1", made.ID}; !slices.Equal(got, want) {
			t.Errorf("the album holds %q, want %q", got, want)
		}
		a := c.get("/v1/albums")
		a.wantStatus(t, http.StatusOK)
		if text := string(a.body); !strings.Contains(text, "album-1") || strings.Contains(text, "album-2") {
			t.Errorf("the listing is %s", text)
		}
		want := []emulator.Enrichment{{ID: "text-1", Kind: "text", Text: "Morning"}, {ID: "text-2", Kind: "text", Text: "Noon", At: 2}} // behind the late one
		if got := c.s.Enrichments("album-1"); !slices.Equal(got, want) {
			t.Errorf("between the items stand %+v, want %+v", got, want)
		}
		if spent := c.s.Spent().Requests; spent != 100+6 {
			t.Errorf("%d requests are spent, want 100 and those of the test", spent)
		}
	})
}

func TestSeededTokensAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		if err := c.s.Seed(seeded(time.Now())); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		res := c.create(batch("", nil, "young", "old"))
		if res[0].MediaItem == nil || res[1].MediaItem != nil || res[1].Status.Code != 3 {
			t.Errorf("an hour later the young token and the old one become %+v", res)
		}
	})
}

func TestASeedThatDoesNotFitChangesNothing(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*emulator.Seed)
	}{
		{"an id twice", func(s *emulator.Seed) { s.Contents[1].ID = "item-1" }},
		{"an album with an item's id", func(s *emulator.Seed) { s.Albums[1].ID = "item-1" }},
		{"a content twice", func(s *emulator.Seed) { s.Contents[1].SHA256 = s.Contents[0].SHA256 }},
		{"a token twice", func(s *emulator.Seed) { s.Contents[3].Token = "young" }},
		{"an album without an id", func(s *emulator.Seed) { s.Albums[0].ID = "" }},
		{"an unknown item in an album", func(s *emulator.Seed) { s.Albums[0].Items[0] = "item-3" }},
		{"an item twice in an album", func(s *emulator.Seed) { s.Albums[0].Items[0] = "item-1" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, emulator.Config{})
			seed := seeded(time.Now())
			test.spoil(&seed)
			if err := s.Seed(seed); err == nil {
				t.Error("it was taken")
			}
			if len(s.MediaItems())+len(s.Albums())+s.Spent().Requests != 0 {
				t.Error("some of it is there")
			}
			if err := s.Seed(seeded(time.Now())); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestASeededLibraryOutlivesARestart(t *testing.T) {
	dir := t.TempDir()
	s, err := emulator.New(emulator.Config{Dir: dir})
	if err == nil {
		err = s.Seed(seeded(time.Now()))
	}
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	again := newServer(t, emulator.Config{Dir: dir})
	if n := len(again.MediaItems()); n != 2 || len(again.Albums()) == 0 || again.Spent().Requests != 100 {
		t.Errorf("after a restart there are %d items, albums %v, %d requests spent", n, again.Albums(), again.Spent().Requests)
	}
}
