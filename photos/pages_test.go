package photos_test

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/photos"
)

// book is a listing of scripted pages. It records the requests as "GET path?query body".
type book struct {
	t        *testing.T
	pages    []string
	requests []string
}

func (b *book) RoundTrip(req *http.Request) (*http.Response, error) {
	at := len(b.requests)
	b.requests = append(b.requests, fmt.Sprintf("%s %s %s", req.Method, req.URL.RequestURI(), read(b.t, req)))
	if at >= len(b.pages) {
		b.t.Errorf("request %d of %d pages: %s", at+1, len(b.pages), b.requests[at])
		return reply(http.StatusOK, `{}`), nil
	}
	if b.pages[at] == "" {
		return reply(http.StatusServiceUnavailable, ""), nil
	}
	return reply(http.StatusOK, b.pages[at]), nil
}

// albumIDs reads a listing to its end, or until it has n albums.
func albumIDs(list iter.Seq2[photos.Album, error], n int) (ids []string, err error) {
	for a, err := range list {
		if err != nil {
			return ids, err
		}
		if ids = append(ids, a.ID); len(ids) == n {
			break
		}
	}
	return ids, nil
}

func TestAListingGoesOnUntilThereIsNoNextPage(t *testing.T) {
	for _, tc := range []struct {
		name  string
		pages []string
		want  []string
	}{
		{"one page", []string{`{"albums":[{"id":"a"},{"id":"b"}]}`}, []string{"a", "b"}},
		{"an empty library", []string{`{}`}, nil},
		{"several pages", []string{`{"albums":[{"id":"a"}],"nextPageToken":"2"}`, `{"albums":[{"id":"b"}],"nextPageToken":"3"}`, `{"albums":[{"id":"c"}]}`}, []string{"a", "b", "c"}},
		{"an empty page between", []string{`{"albums":[{"id":"a"}],"nextPageToken":"2"}`, `{"nextPageToken":"3"}`, `{"albums":[{"id":"c"}]}`}, []string{"a", "c"}},
		{"an empty page first", []string{`{"albums":[],"nextPageToken":"2"}`, `{"albums":[{"id":"b"}]}`}, []string{"b"}},
		{"an empty page last", []string{`{"albums":[{"id":"a"}],"nextPageToken":"2"}`, `{}`}, []string{"a"}},
	} {
		b := &book{t: t, pages: tc.pages}
		got, err := albumIDs(clientOn(t, b).Albums.List(t.Context()), -1)
		if err != nil || !slices.Equal(got, tc.want) || len(b.requests) != len(tc.pages) {
			t.Errorf("%s: albums %q in %d requests (%v), want %q in %d", tc.name, got, len(b.requests), err, tc.want, len(tc.pages))
		}
	}
}

func TestAnErrorEndsAListing(t *testing.T) {
	b := &book{t: t, pages: []string{`{"albums":[{"id":"a"}],"nextPageToken":"2"}`, ""}}
	var ids []string
	var errs []error
	for a, err := range clientOn(t, b).Albums.List(t.Context()) { // goes on after the error, as a careless caller does
		if err != nil {
			errs = append(errs, err)
			continue
		}
		ids = append(ids, a.ID)
	}
	if !slices.Equal(ids, []string{"a"}) || len(errs) != 1 || len(b.requests) != 2 {
		t.Errorf("albums %q, errors %v, %d requests, want a, one error, 2 requests", ids, errs, len(b.requests))
	}
	if asError(t, errors.Join(errs...)).Op != "albums.list" {
		t.Errorf("errors are %v, want the listing's", errs)
	}
}

func TestAListingThatIsLeftMakesNoFurtherRequest(t *testing.T) {
	b := &book{t: t, pages: []string{`{"albums":[{"id":"a"},{"id":"b"}],"nextPageToken":"2"}`}}
	for _, n := range []int{1, 2} { // in the middle, and at the last of the page
		b.requests = nil
		got, err := albumIDs(clientOn(t, b).Albums.List(t.Context()), n)
		if err != nil || len(got) != n || len(b.requests) != 1 {
			t.Errorf("left after %d: albums %q in %d requests (%v), want one request", n, got, len(b.requests), err)
		}
	}
}

func TestAListingThatIsNotReadMakesNoRequest(t *testing.T) {
	b := &book{t: t}
	clientOn(t, b).Albums.List(t.Context())
	if len(b.requests) != 0 {
		t.Errorf("requests %q, want none", b.requests)
	}
}

func TestAListingCanBeReadTwice(t *testing.T) {
	b := &book{t: t, pages: []string{`{"albums":[{"id":"a"}],"nextPageToken":"2"}`, `{}`, `{"albums":[{"id":"a"}]}`}}
	list := clientOn(t, b).Albums.List(t.Context())
	for range 2 {
		if got, err := albumIDs(list, -1); err != nil || !slices.Equal(got, []string{"a"}) {
			t.Errorf("albums %q (%v), want a", got, err)
		}
	}
}

func TestListingsAskForTheLargestPageAndPassTheTokenOn(t *testing.T) {
	for _, tc := range []struct {
		name string
		page string
		read func(*photos.Client) error
		want []string
	}{
		{"albums", "albums", func(c *photos.Client) error { return drained(c.Albums.List(t.Context())) },
			[]string{"GET /v1/albums?pageSize=50 ", "GET /v1/albums?pageSize=50&pageToken=p%2F2 "}},
		{"media items", "mediaItems", func(c *photos.Client) error { return drained(c.MediaItems.List(t.Context())) },
			[]string{"GET /v1/mediaItems?pageSize=100 ", "GET /v1/mediaItems?pageSize=100&pageToken=p%2F2 "}},
		{"an album's items", "mediaItems", func(c *photos.Client) error { return drained(c.MediaItems.InAlbum(t.Context(), "A")) },
			[]string{`POST /v1/mediaItems:search {"albumId":"A","pageSize":100}`, `POST /v1/mediaItems:search {"albumId":"A","pageSize":100,"pageToken":"p/2"}`}},
	} {
		b := &book{t: t, pages: []string{fmt.Sprintf(`{%q:[{"id":"a"}],"nextPageToken":"p/2"}`, tc.page), fmt.Sprintf(`{%q:[{"id":"b"}]}`, tc.page)}}
		if err := tc.read(clientOn(t, b)); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if diff := cmp.Diff(tc.want, b.requests); diff != "" {
			t.Errorf("%s: requests, -want +got\n%s", tc.name, diff)
		}
	}
}

// drained reads two items, and wants their ids to be a and b.
func drained[T any](list iter.Seq2[T, error]) error {
	var got []string
	for it, err := range list {
		if err != nil {
			return err
		}
		switch it := any(it).(type) {
		case photos.Album:
			got = append(got, it.ID)
		case photos.MediaItem:
			got = append(got, it.ID)
		}
	}
	if !slices.Equal(got, []string{"a", "b"}) {
		return fmt.Errorf("items %q, want a and b", got)
	}
	return nil
}

func TestAListingThatNeverEndsIsEnded(t *testing.T) {
	requests := 0
	c := clientOn(t, wire(func(*http.Request) (*http.Response, error) {
		requests++
		return reply(200, `{"albums":[{"id":"a"}],"nextPageToken":"again"}`), nil
	}))
	var last error
	for _, err := range c.Albums.List(t.Context()) {
		last = err
	}
	if last == nil || requests != 2 {
		t.Errorf("%d requests, then %v; want an error after the page that repeats its token", requests, last)
	}
}

func TestWhatComesAgainIsLeftOut(t *testing.T) {
	b := &book{t: t, pages: []string{`{"mediaItems":[{"id":"a"},{"id":"b"}],"nextPageToken":"2"}`, `{"mediaItems":[{"id":"b"},{"id":"c"},{"id":"a"}]}`}}
	got := ""
	for m, err := range clientOn(t, b).MediaItems.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got += m.ID
	}
	if got != "abc" {
		t.Errorf("items %q, want abc", got)
	}
}

func TestAListingGoesOnFromThePageThatFailed(t *testing.T) {
	b := &book{t: t, pages: []string{`{"albums":[{"id":"a"}],"nextPageToken":"2"}`, "", `{"albums":[{"id":"b"}],"nextPageToken":"3"}`, `{"albums":[{"id":"c"}]}`}}
	albums := clientOn(t, b).Albums
	ids, err := albumIDs(albums.List(t.Context()), -1)
	failed := (*photos.PageError)(nil)
	if !errors.As(err, &failed) || failed.Token != "2" || !slices.Equal(ids, []string{"a"}) {
		t.Fatalf("%q, then %v; want the token of the page that failed", ids, err)
	}
	ids, err = albumIDs(albums.From(failed.Token).Only("id").AppCreated().List(t.Context()), -1)
	if err != nil || !slices.Equal(ids, []string{"b", "c"}) {
		t.Errorf("then %q (%v), want b and c", ids, err)
	}
}

func TestAPageTokenThatIsNotTakenIsNamed(t *testing.T) {
	refusal := `{"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT"}}`
	items := clientOn(t, always(http.StatusBadRequest, refusal)).MediaItems
	for name, c := range map[string]struct {
		list iter.Seq2[photos.MediaItem, error]
		want bool
	}{
		"a listing that goes on": {items.From("old").List(t.Context()), true},
		"a search that goes on":  {items.From("old").Search(t.Context(), photos.SearchRequest{}), true},
		"one that begins":        {items.List(t.Context()), false},
		"one that is not sent":   {items.From("old").Search(t.Context(), photos.SearchRequest{PageSize: 101}), false},
	} {
		for _, err := range c.list {
			if errors.Is(err, photos.ErrPageToken) != c.want {
				t.Errorf("%s: %v; blames the page token: %t, want %t", name, err, !c.want, c.want)
			}
		}
	}
}
