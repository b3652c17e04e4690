package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// text is the body that puts a text into an album.
func text(words string, position map[string]any) map[string]any {
	return map[string]any{
		"newEnrichmentItem": map[string]any{"textEnrichment": map[string]any{"text": words}},
		"albumPosition":     position,
	}
}

// enrich adds an enrichment and returns its id.
func (c *client) enrich(albumID string, body any) string {
	c.t.Helper()
	a := c.post("/v1/albums/"+albumID+":addEnrichment", body)
	a.wantStatus(c.t, http.StatusOK)
	var res struct{ EnrichmentItem struct{ ID string } }
	a.into(c.t, &res)
	if res.EnrichmentItem.ID == "" {
		c.t.Fatalf("no id in %s", a.body)
	}
	return res.EnrichmentItem.ID
}

func afterEnrichment(id string) map[string]any {
	return map[string]any{"position": "AFTER_ENRICHMENT_ITEM", "relativeEnrichmentItemId": id}
}

// Contract 5, albums.addEnrichment; 7: enrichments stand in the order of the
// album, items can be placed after them, and no listing shows them.
func TestEnrichmentsStandAmongTheItems(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		had := c.add(album, nil, 1, 2)
		first := c.enrich(album, text("first", position("FIRST_IN_ALBUM")))
		last := c.enrich(album, text("last", map[string]any{}))
		middle := c.enrich(album, text("middle", after(had[0])))
		next := c.enrich(album, text("next", afterEnrichment(middle)))
		early := c.add(album, afterEnrichment(first), 10, 2)
		late := c.add(album, afterEnrichment(last), 20, 1)
		if got, want := c.inAlbum(album), []string{early[0], early[1], had[0], had[1], late[0]}; !slices.Equal(got, want) {
			t.Errorf("the album is %v\nwant %v", got, want)
		}
		want := []emulator.Enrichment{
			{ID: first, Kind: "text", Text: "first", At: 0}, {ID: middle, Kind: "text", Text: "middle", At: 3},
			{ID: next, Kind: "text", Text: "next", At: 3}, {ID: last, Kind: "text", Text: "last", At: 4},
		}
		if diff := cmp.Diff(want, c.s.Enrichments(album)); diff != "" {
			t.Errorf("enrichments (-want +got):\n%s", diff)
		}
		if got := c.get("/v1/albums/" + album).json(t)["mediaItemsCount"]; got != "5" {
			t.Errorf("the album counts %v items, want 5: enrichments are none", got)
		}
		// They stay where they are when the items around them leave.
		c.post("/v1/albums/"+album+":batchRemoveMediaItems", members(had...)).wantStatus(t, http.StatusOK)
		if got := c.s.Enrichments(album); len(got) != 4 || got[2].At != 2 || got[3].At != 2 {
			t.Errorf("without the items around them they are %+v", got)
		}
	})
}

// Contract 7, NewEnrichmentItem: texts, locations and maps.
func TestThereAreThreeKindsOfEnrichments(t *testing.T) {
	const lake = `{"locationName":"Lake","latlng":{"latitude":-90,"longitude":"180"}}`
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		for _, tt := range []struct{ item, kind, text string }{
			{`{"textEnrichment":{"text":"Day 1"}}`, "text", "Day 1"},
			{`{"locationEnrichment":{"location":` + lake + `}}`, "location", "Lake"},
			{`{"locationEnrichment":{"location":{"latlng":{"latitude":47.5,"longitude":-180}}}}`, "location", "47.5, -180"},
			{`{"map_enrichment":{"origin":{"location_name":"Home"},"destination":` + lake + `}}`, "map", "Home to Lake"},
			{`{"textEnrichment":{"text":"null is absent"},"mapEnrichment":null}`, "text", "null is absent"},
		} {
			id := c.enrich(album, `{"newEnrichmentItem":`+tt.item+`,"albumPosition":{"position":"LAST_IN_ALBUM"}}`)
			all := c.s.Enrichments(album)
			if got, want := all[len(all)-1], (emulator.Enrichment{ID: id, Kind: tt.kind, Text: tt.text}); got != want {
				t.Errorf("%s is %+v, want %+v", tt.item, got, want)
			}
		}
		if got := c.s.Enrichments("x"); got != nil {
			t.Errorf("an album that is not there has %v", got)
		}
	})
}

// Contract 5, albums.addEnrichment; 7; 12 #11, #12: what is refused adds
// nothing.
func TestEnrichmentsThatAreRefused(t *testing.T) {
	const last = `,"albumPosition":{"position":"LAST_IN_ALBUM"}}`
	kind := func(item string) string { return `{"newEnrichmentItem":` + item + last }
	place := func(latlng string) string {
		return kind(`{"locationEnrichment":{"location":{"latlng":` + latlng + `}}}`)
	}
	positioned := func(p string) string {
		return `{"newEnrichmentItem":{"textEnrichment":{"text":"x"}},"albumPosition":` + p + `}`
	}
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album, other := c.album("Summer"), c.album("Winter")
		foreign := c.s.AddForeignAlbum("Theirs")
		elsewhere := c.enrich(other, text("elsewhere", position("LAST_IN_ALBUM")))
		good := kind(`{"textEnrichment":{"text":"x"}}`)
		for _, tt := range []struct {
			name, album, body string
			message           string
		}{
			{"no enrichment", album, `{"albumPosition":{"position":"LAST_IN_ALBUM"}}`, "Request must contain a new enrichment item."},
			{"an enrichment of no kind", album, kind(`{}`), ""},
			{"two kinds at once", album, kind(`{"textEnrichment":{"text":"x"},"locationEnrichment":{"location":{"locationName":"y"}}}`), ""},
			{"no position", album, `{"newEnrichmentItem":{"textEnrichment":{"text":"x"}}}`, "Request must contain an album position."},
			{"an empty text", album, kind(`{"textEnrichment":{}}`), ""},
			{"no location", album, kind(`{"locationEnrichment":{}}`), ""},
			{"a map with one end", album, kind(`{"mapEnrichment":{"origin":{"locationName":"x"}}}`), ""},
			{"too far north", album, place(`{"latitude":90.5}`), ""},
			{"too far south", album, place(`{"latitude":-90.5}`), ""},
			{"too far east", album, place(`{"longitude":180.5}`), ""},
			{"too far west", album, place(`{"longitude":-180.5}`), ""},
			{"a latitude that is no number", album, place(`{"latitude":"north"}`), ""},
			{"a latitude that is not a number", album, place(`{"latitude":"NaN"}`), ""},
			{"a latitude that is a flag", album, place(`{"latitude":true}`), ""},
			{"an unknown name below", album, kind(`{"textEnrichment":{"text":"x","size":7}}`), ""},
			{"an unknown name in a location", album, kind(`{"locationEnrichment":{"location":{"name":"x"}}}`), ""},
			{"after an enrichment of another album", album, positioned(`{"position":"AFTER_ENRICHMENT_ITEM","relativeEnrichmentItemId":"` + elsewhere + `"}`), ""},
			{"after an enrichment that is not said", album, positioned(`{"position":"AFTER_ENRICHMENT_ITEM"}`), ""},
			{"first, with an enrichment", album, positioned(`{"position":"FIRST_IN_ALBUM","relativeEnrichmentItemId":"` + elsewhere + `"}`), ""},
			{"no album", "x", good, "Invalid album ID."},
			{"another app's album", foreign, good, "No permission to add media items to this album."},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c.post("/v1/albums/"+tt.album+":addEnrichment", tt.body).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", tt.message)
			})
		}
		if got := c.s.Enrichments(album); len(got) != 0 {
			t.Errorf("the refused calls added %v", got)
		}
		a := c.post("/v1/albums/"+album+":addEnrichment", place(`{"latitude":90.5}`))
		if !strings.Contains(string(a.body), `"new_enrichment_item.location_enrichment.location.latlng.latitude"`) {
			t.Errorf("no field is named in %s", a.body)
		}
	})
}
