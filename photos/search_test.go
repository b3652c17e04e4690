package photos_test

import (
	"encoding/json"
	"iter"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/photos"
)

// filenames reads a listing of media items to its end.
func filenames(list iter.Seq2[photos.MediaItem, error]) (all []string, err error) {
	for it, err := range list {
		if err != nil {
			return all, err
		}
		all = append(all, it.Filename)
	}
	return all, nil
}

func TestASearchIsSentAsDocumentedWithDefaultsLeftOut(t *testing.T) {
	july := &photos.DateFilter{Dates: []photos.Date{{Year: 2024, Month: 7}}}
	for _, tc := range []struct {
		name string
		in   photos.SearchRequest
		want string
	}{
		{"the library", photos.SearchRequest{}, `{"pageSize":100}`},
		{"an album, in small pages", photos.SearchRequest{AlbumID: "A", PageSize: 1}, `{"albumId":"A","pageSize":1}`},
		{"a month, oldest first", photos.SearchRequest{Filters: &photos.Filters{DateFilter: july}, OrderBy: photos.OldestFirst},
			`{"pageSize":100,"filters":{"dateFilter":{"dates":[{"year":2024,"month":7}]}},"orderBy":"MediaMetadata.creation_time"}`},
		{"everything", photos.SearchRequest{Filters: &photos.Filters{
			DateFilter: &photos.DateFilter{Ranges: []photos.DateRange{{StartDate: photos.Date{Year: 2023}, EndDate: photos.Date{Year: 2024}}}},
			ContentFilter: &photos.ContentFilter{
				IncludedContentCategories: []photos.ContentCategory{photos.CategoryPets, photos.CategoryFood},
				ExcludedContentCategories: []photos.ContentCategory{photos.CategoryScreenshots},
			},
			MediaTypeFilter:      &photos.MediaTypeFilter{MediaTypes: []photos.MediaType{photos.PhotoOnly}},
			FeatureFilter:        &photos.FeatureFilter{IncludedFeatures: []photos.Feature{photos.FeatureFavorites}},
			IncludeArchivedMedia: true, ExcludeNonAppCreatedData: true,
		}}, `{"pageSize":100,"filters":{"dateFilter":{"ranges":[{"startDate":{"year":2023},"endDate":{"year":2024}}]},` +
			`"contentFilter":{"includedContentCategories":["PETS","FOOD"],"excludedContentCategories":["SCREENSHOTS"]},` +
			`"mediaTypeFilter":{"mediaTypes":["PHOTO"]},"featureFilter":{"includedFeatures":["FAVORITES"]},` +
			`"includeArchivedMedia":true,"excludeNonAppCreatedData":true}}`},
	} {
		b := &book{t: t, pages: []string{`{"mediaItems":[{"id":"a"}],"nextPageToken":"p/2"}`, `{}`}}
		if _, err := filenames(clientOn(t, b).MediaItems.Search(t.Context(), tc.in)); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		further := tc.want[:len(tc.want)-1] + `,"pageToken":"p/2"}`
		if diff := cmp.Diff([]string{"POST /v1/mediaItems:search " + tc.want, "POST /v1/mediaItems:search " + further}, b.requests); diff != "" {
			t.Errorf("%s: -want +got\n%s", tc.name, diff)
		}
	}
}

func TestASearchThatNeverEndsIsEnded(t *testing.T) {
	requests := 0
	c := clientOn(t, wire(func(*http.Request) (*http.Response, error) {
		requests++
		return reply(http.StatusOK, `{"mediaItems":[{"id":"a"}],"nextPageToken":"again"}`), nil
	}))
	got, err := filenames(c.MediaItems.Search(t.Context(), photos.SearchRequest{}))
	if err == nil || requests != 2 || len(got) != 1 {
		t.Errorf("%d items in %d requests, then %v; want an error after the page that repeats its token", len(got), requests, err)
	}
}

func TestASearchThatBreaksALimitIsNotSent(t *testing.T) {
	dates := func(d ...photos.Date) *photos.DateFilter { return &photos.DateFilter{Dates: d} }
	between := func(from, to photos.Date) photos.SearchRequest {
		return photos.SearchRequest{Filters: &photos.Filters{DateFilter: &photos.DateFilter{Ranges: []photos.DateRange{{StartDate: from, EndDate: to}}}}}
	}
	content := func(in, out []photos.ContentCategory) photos.SearchRequest {
		return photos.SearchRequest{Filters: &photos.Filters{ContentFilter: &photos.ContentFilter{IncludedContentCategories: in, ExcludedContentCategories: out}}}
	}
	types := func(m ...photos.MediaType) photos.SearchRequest {
		return photos.SearchRequest{Filters: &photos.Filters{MediaTypeFilter: &photos.MediaTypeFilter{MediaTypes: m}}}
	}
	year := photos.Date{Year: 2024}
	pet, food := []photos.ContentCategory{photos.CategoryPets}, []photos.ContentCategory{photos.CategoryFood}
	for _, tc := range []struct {
		name    string
		in      photos.SearchRequest
		refusal string
	}{
		{"the largest page", photos.SearchRequest{PageSize: 100}, ""},
		{"a larger page", photos.SearchRequest{PageSize: 101}, "pageSize is 101, want 1 to 100"},
		{"a negative page", photos.SearchRequest{PageSize: -1}, "pageSize is -1"},
		{"an album with filters", photos.SearchRequest{AlbumID: "A", Filters: &photos.Filters{}}, "albumId cannot stand beside filters"},
		{"another order", photos.SearchRequest{OrderBy: "title", Filters: &photos.Filters{DateFilter: dates(year)}}, `orderBy is "title", want`},
		{"an order without a date", photos.SearchRequest{OrderBy: photos.NewestFirst}, "orderBy works with a date filter only"},
		{"an order with other filters only", photos.SearchRequest{OrderBy: photos.NewestFirst, Filters: &photos.Filters{}}, "orderBy works with a date filter only"},
		{"an order beside yes and no", photos.SearchRequest{OrderBy: photos.NewestFirst, Filters: &photos.Filters{DateFilter: dates(year), IncludeArchivedMedia: true}}, ""},
		{"an order beside a type", photos.SearchRequest{OrderBy: photos.OldestFirst, Filters: &photos.Filters{
			DateFilter: dates(year), MediaTypeFilter: &photos.MediaTypeFilter{MediaTypes: []photos.MediaType{photos.VideoOnly}},
		}}, "orderBy cannot stand beside"},
		{"5 dates", photos.SearchRequest{Filters: &photos.Filters{DateFilter: dates(slices.Repeat([]photos.Date{year}, 5)...)}}, ""},
		{"6 dates", photos.SearchRequest{Filters: &photos.Filters{DateFilter: dates(slices.Repeat([]photos.Date{year}, 6)...)}}, "has 6 dates and 0 ranges"},
		{"6 ranges", photos.SearchRequest{Filters: &photos.Filters{DateFilter: &photos.DateFilter{Ranges: make([]photos.DateRange, 6)}}}, "has 0 dates and 6 ranges"},
		{"a range", between(photos.Date{Year: 2024, Month: 5}, photos.Date{Year: 2024, Month: 7}), ""},
		{"a range of two forms", between(photos.Date{Year: 2023}, photos.Date{Year: 2024, Month: 7}), "2023-00-00 and 2024-07-00 are not of the same form"},
		{"a range without an end", between(year, photos.Date{}), "ranges[0]: 2024-00-00 to 0000-00-00: one is no date"},
		{"10 categories", content(slices.Repeat(pet, 10), nil), ""},
		{"11 categories", content(slices.Repeat(pet, 11), nil), "includes 11 categories and excludes 0"},
		{"11 categories to exclude", content(pet, slices.Repeat(food, 11)), "includes 1 categories and excludes 11"},
		{"a category on both sides", content(slices.Concat(food, pet), pet), "includes PETS and excludes it"},
		{"one type", types(photos.VideoOnly), ""},
		{"no type", types(), "mediaTypes has 0 types"},
		{"two types", types(photos.VideoOnly, photos.PhotoOnly), "mediaTypes has 2 types"},
	} {
		limitCase{tc.name, tc.refusal, func(c *photos.Client) error { _, err := filenames(c.MediaItems.Search(t.Context(), tc.in)); return err }}.check(t)
	}
}

func TestADateHasOneOfFourForms(t *testing.T) {
	for _, tc := range []struct {
		date photos.Date
		ok   bool
	}{
		{photos.Date{Year: 2024}, true}, {photos.Date{Year: 1}, true}, {photos.Date{Year: 9999}, true},
		{photos.Date{Year: 2024, Month: 2}, true}, {photos.Date{Year: 2024, Month: 2, Day: 29}, true}, {photos.Date{Month: 2, Day: 29}, true},
		{photos.Date{Month: 12, Day: 31}, true},
		{photos.Date{}, false}, {photos.Date{Month: 2}, false}, {photos.Date{Day: 5}, false}, {photos.Date{Year: 2024, Day: 5}, false},
		{photos.Date{Year: 10000}, false}, {photos.Date{Year: -1}, false}, {photos.Date{Year: 2024, Month: 13}, false},
		{photos.Date{Year: 2024, Month: -1, Day: 5}, false}, {photos.Date{Year: 2023, Month: 2, Day: 29}, false},
		{photos.Date{Month: 4, Day: 31}, false}, {photos.Date{Month: 4, Day: -1}, false},
	} {
		refusal := tc.date.String() + " is no date that a search knows"
		if tc.ok {
			refusal = ""
		}
		in := photos.SearchRequest{Filters: &photos.Filters{DateFilter: &photos.DateFilter{Dates: []photos.Date{tc.date}}}}
		limitCase{tc.date.String(), refusal, func(c *photos.Client) error { _, _, err := c.MediaItems.SearchPage(t.Context(), in, ""); return err }}.check(t)
	}
}

func TestReadsAskForTheFieldsThatAreWantedAndTheirOwn(t *testing.T) {
	for _, tc := range []struct {
		name, want string
		call       func(*photos.Client) error
	}{
		{"get", "id,baseUrl", func(c *photos.Client) error {
			_, err := c.MediaItems.Only("id", "baseUrl").Get(t.Context(), "M")
			return err
		}},
		{"batchGet", "mediaItemResults(status,mediaItem(id))", func(c *photos.Client) error {
			_, err := c.MediaItems.Only("id").BatchGet(t.Context(), names(2))
			return err
		}},
		{"list", "mediaItems(id),nextPageToken", func(c *photos.Client) error {
			_, err := filenames(c.MediaItems.Only("id").List(t.Context()))
			return err
		}},
		{"search", "mediaItems(id,mediaMetadata(width,height)),nextPageToken", func(c *photos.Client) error {
			_, err := filenames(c.MediaItems.Only("id", "mediaMetadata(width,height)").InAlbum(t.Context(), "A"))
			return err
		}},
		{"album", "title", func(c *photos.Client) error { _, err := c.Albums.Only("title").Get(t.Context(), "A"); return err }},
		{"albums", "albums(title),nextPageToken", func(c *photos.Client) error {
			_, err := albumIDs(c.Albums.AppCreated().Only("title").List(t.Context()), -1)
			return err
		}},
		{"no wish", "", func(c *photos.Client) error { _, err := c.MediaItems.Only().Get(t.Context(), "M"); return err }},
		{"a write", "", func(c *photos.Client) error {
			_, err := c.MediaItems.Only("id").Patch(t.Context(), "M", "x")
			return err
		}},
	} {
		var got string
		c := clientOn(t, wire(func(req *http.Request) (*http.Response, error) {
			got = req.URL.Query().Get("fields")
			return reply(http.StatusOK, `{"mediaItemResults":[{},{}]}`), nil
		}))
		if err := tc.call(c); err != nil || got != tc.want {
			t.Errorf("%s: fields %q (%v), want %q", tc.name, got, err, tc.want)
		}
	}
}

func TestAListingOfFewFieldsStillGoesOn(t *testing.T) {
	s, c := onEmulator(t)
	for range 51 {
		if _, err := c.Albums.Create(t.Context(), "album"); err != nil {
			t.Fatal(err)
		}
	}
	count := 0
	for a, err := range c.Albums.Only("id").List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if rest, _ := json.Marshal(a); a.ID == "" || a != (photos.Album{ID: a.ID}) {
			t.Fatalf("album %s, want its id alone", rest)
		}
		count++
	}
	if count != 51 || s.Calls()["albums.list"] != 2 {
		t.Errorf("%d albums in %d requests, want 51 in 2", count, s.Calls()["albums.list"])
	}
}
