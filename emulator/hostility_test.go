package emulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// hostile is a client of a server with 60 photos, which are in one of 45 albums
// too, and the listings of all that.
func hostile(t *testing.T, h emulator.Hostility) (c *client, listings map[string]func(token string) answer) {
	t.Helper()
	c = direct(t, emulator.Config{Hostility: h})
	ids := c.s.Fill(60, func(i int) emulator.Stock {
		return emulator.Stock{Taken: on(2024, 1, 1).Add(time.Duration(i) * time.Hour), Video: i%2 == 0}
	})
	for range 44 {
		c.s.AlbumOf(nil)
	}
	album := c.s.AlbumOf(ids)
	search := func(body string) func(token string) answer {
		return func(token string) answer {
			return c.post("/v1/mediaItems:search", fmt.Sprintf(`{%s,"pageToken":%q}`, body, token))
		}
	}
	return c, map[string]func(token string) answer{
		"list":   func(token string) answer { return c.get("/v1/mediaItems?pageSize=10&pageToken=" + token) },
		"search": search(`"pageSize":7,"filters":{"mediaTypeFilter":{"mediaTypes":["VIDEO"]}}`),
		"album":  search(`"pageSize":9,"albumId":"` + album + `"`),
		"albums": func(token string) answer { return c.get("/v1/albums?pageSize=5&pageToken=" + token) },
	}
}

// walk goes through a listing of items or albums and returns its pages.
func walk(t *testing.T, get func(token string) answer) (pages [][]string) {
	t.Helper()
	type named struct{ ID, Filename string }
	for token := ""; ; {
		var p struct {
			MediaItems, Albums []named
			NextPageToken      string
		}
		a := get(token)
		a.wantStatus(t, http.StatusOK)
		a.into(t, &p)
		page := []string{}
		for _, it := range append(p.MediaItems, p.Albums...) {
			page = append(page, it.Filename)
			if it.Filename == "" {
				page[len(page)-1] = it.ID
			}
		}
		pages = append(pages, page)
		if token = p.NextPageToken; token == "" {
			return pages
		}
		if len(pages) > 1000 {
			t.Fatal("the listing does not end")
		}
	}
}

func sizes(pages [][]string) (all []int) {
	for _, p := range pages {
		all = append(all, len(p))
	}
	return all
}

// Contract 0 #19: on request pages are short or empty and go on, and all is
// listed once all the same.
func TestPagesMayBeShortOrEmptyAndGoOn(t *testing.T) {
	kinds := map[string]bool{}
	for seed := range uint64(8) {
		_, listings := hostile(t, emulator.Hostility{Seed: seed, ShortPages: true})
		_, again := hostile(t, emulator.Hostility{Seed: seed, ShortPages: true})
		for name, get := range listings {
			pages := walk(t, get)
			all := slices.Concat(pages...)
			want := map[string]int{"list": 60, "search": 30, "album": 60, "albums": 45}[name]
			if distinct := slices.Compact(slices.Sorted(slices.Values(all))); len(all) != want || len(distinct) != want {
				t.Errorf("seed %d, %s: %d of them, %d distinct, want %d", seed, name, len(all), len(distinct), want)
			}
			if diff := cmp.Diff(sizes(pages), sizes(walk(t, again[name]))); diff != "" {
				t.Errorf("seed %d, %s is cut in two ways:\n%s", seed, name, diff)
			}
			if n := len(pages); n > 1 && len(pages[n-2]) == 0 && len(pages[n-1]) == 0 {
				t.Errorf("seed %d, %s ends with more than one empty page: %v", seed, name, sizes(pages))
			}
			for i, p := range pages {
				kinds[fmt.Sprintf("empty: %v, first: %v, last: %v", len(p) == 0, i == 0, i == len(pages)-1)] = true
			}
		}
	}
	for _, kind := range []string{
		"empty: true, first: true, last: false", "empty: true, first: false, last: false", "empty: true, first: false, last: true",
		"empty: false, first: true, last: false", "empty: false, first: false, last: true",
	} {
		if !kinds[kind] {
			t.Errorf("no page with %s among %v", kind, kinds)
		}
	}
}

// Contract 5, search: contents may repeat over pages.
func TestAPageMayRepeatWhereTheLastOneEnded(t *testing.T) {
	_, plain := hostile(t, emulator.Hostility{})
	_, listings := hostile(t, emulator.Hostility{RepeatedItems: true})
	for _, name := range []string{"list", "search", "album"} {
		want, got := slices.Concat(walk(t, plain[name])...), slices.Concat(walk(t, listings[name])...)
		if len(got) <= len(want) {
			t.Errorf("%s: nothing repeats among %d items", name, len(got))
		}
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%s without what repeats:\n%v\nwant\n%v", name, got, want)
		}
	}
	// A page always gets on, even if there is room for one thing only.
	c, _ := hostile(t, emulator.Hostility{RepeatedItems: true})
	if pages := walk(t, func(token string) answer { return c.get("/v1/mediaItems?pageSize=1&pageToken=" + token) }); len(pages) != 60 {
		t.Errorf("60 items are on %d pages of one", len(pages))
	}
}

// Contract 12 #28: on request a new item is missing from listings for a while,
// but is there.
func TestANewItemMayBeListedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Hostility: emulator.Hostility{VisibleAfter: time.Minute}})
		album := c.album("Summer")
		id := c.add(album, nil, 1, 1)[0]
		seen := func() []string { return append(c.ids(`{}`), c.inAlbum(album)...) }
		time.Sleep(time.Minute - time.Nanosecond)
		if got := seen(); got != nil {
			t.Errorf("%v can be seen too early", got)
		}
		c.get("/v1/mediaItems/"+id).wantStatus(t, http.StatusOK)
		if got := c.get("/v1/albums/" + album).json(t)["mediaItemsCount"]; got != "1" {
			t.Errorf("the album counts %v items", got)
		}
		time.Sleep(time.Nanosecond)
		if got := seen(); !slices.Equal(got, []string{id, id}) {
			t.Errorf("a minute later %v can be seen, want %s twice", got, id)
		}
	})
}

// known is a JSON value without the members that no message has.
func known(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if v[name] = known(member); strings.HasPrefix(name, "unheardOf") {
				delete(v, name)
			}
		}
	case []any:
		for i := range v {
			v[i] = known(v[i])
		}
	}
	return v
}

// names are those of a JSON text's members as they come.
func names(t *testing.T, raw []byte) string {
	t.Helper()
	var all []string
	for line := range strings.Lines(string(raw)) { // indented, a member begins a line
		if name, _, found := strings.Cut(strings.TrimSpace(line), ": "); found {
			all = append(all, name)
		}
	}
	return strings.Join(all, " ")
}

// On request the members of objects come in another order, with others that
// nobody knows, in successes and in errors; for the same seed always so.
func TestFieldsMayBeShuffledAndUnknown(t *testing.T) {
	ask := func(h emulator.Hostility) (all []answer) {
		c, listings := hostile(t, h)
		var p itemPage
		first := listings["list"]("")
		first.into(t, &p)
		return []answer{
			first, c.get("/v1/mediaItems/" + p.MediaItems[0].ID), c.post("/v1/albums", `{"album":{"title":"Æ<>"}}`),
			c.get("/v1/mediaItems/x"), c.post("/v1/mediaItems:search", `{"x":1}`), c.post("/v1/uploads", "x"),
		}
	}
	plain, one, same, other := ask(emulator.Hostility{}), ask(emulator.Hostility{ShuffleFields: true}),
		ask(emulator.Hostility{ShuffleFields: true}), ask(emulator.Hostility{ShuffleFields: true, Seed: 1})
	strange := 0
	for i := range plain {
		strange += strings.Count(string(one[i].body), "unheardOf")
		if names(t, one[i].body) != names(t, same[i].body) {
			t.Errorf("answer %d has two orders for one seed:\n%s\n%s", i, one[i].body, same[i].body)
		}
		want, got := plain[i].json(t), known(one[i].json(t)).(map[string]any)
		if i > 2 { // errors have no ids, which differ
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("answer %d without unknown fields (-want +got):\n%s", i, diff)
			}
		}
		if len(want) != len(got) || one[i].header.Get("Content-Length") != fmt.Sprint(len(one[i].body)) {
			t.Errorf("answer %d is %s", i, one[i].body)
		}
	}
	before, behind := 0, 0
	for _, it := range strings.Split(string(one[0].body), `"productUrl"`)[1:] {
		if strings.Index(it, `"filename"`) < strings.Index(it, `"mimeType"`) {
			before++
		} else {
			behind++
		}
	}
	if before == 0 || behind == 0 || strange == 0 || names(t, one[0].body) == names(t, other[0].body) {
		t.Errorf("%d file names before types, %d behind, %d unknown fields; two seeds give\n%s\n%s",
			before, behind, strange, names(t, one[0].body), names(t, other[0].body))
	}
}

// What is asked for by its fields has no others.
func TestShuffledFieldsKeepToTheMask(t *testing.T) {
	c, _ := hostile(t, emulator.Hostility{ShuffleFields: true})
	a := c.get("/v1/mediaItems?pageSize=100&prettyPrint=false&fields=mediaItems(id,filename)")
	for _, it := range a.json(t)["mediaItems"].([]any) {
		if fields := it.(map[string]any); len(fields) != 2 || fields["id"] == nil || fields["filename"] == nil {
			t.Fatalf("an item has %v", fields)
		}
	}
	if n := strings.Count(string(a.body), "\n"); n != 1 {
		t.Errorf("prettyPrint=false has %d lines", n)
	}
}

// A quota's metadata is a map of texts, which anybody may read as one.
func TestShuffledErrorsKeepTheirMaps(t *testing.T) {
	for seed := range uint64(20) {
		c, _ := hostile(t, emulator.Hostility{ShuffleFields: true, Seed: seed})
		c.plan(emulator.Fault{Operation: "albums.list", Effect: emulator.Refuse("429-day")})
		var e struct {
			Error struct {
				Details []struct{ Metadata map[string]string }
			}
		}
		c.get("/v1/albums").into(t, &e)
		if got := e.Error.Details[0].Metadata; got["quota_limit"] != "ApiCallsPerProjectPerDay" || len(got) != 6 {
			t.Errorf("seed %d: metadata %v", seed, got)
		}
	}
}

func TestHostilityThatMakesNoSenseIsRefused(t *testing.T) {
	_, err := emulator.New(emulator.Config{Hostility: emulator.Hostility{VisibleAfter: -1}})
	if err == nil || !strings.Contains(err.Error(), "Config.Hostility.VisibleAfter") {
		t.Errorf("the error is %v", err)
	}
}
