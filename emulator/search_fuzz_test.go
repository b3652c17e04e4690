package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// fuzzed is a client of a server with some items of all kinds, and an album of
// them.
func fuzzed(f *testing.F) (c *client, album string) {
	f.Helper()
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		f.Fatal(err)
	}
	ids := s.Fill(100, func(i int) emulator.Stock {
		return emulator.Stock{Taken: on(2000, 1, 1).AddDate(0, 0, i*100), Video: i%7 == 0, Marks: emulator.Marks{
			Favorite: i%5 == 0, Archived: i%11 == 0, Trashed: i%13 == 0, Undated: i%17 == 0, Categories: []string{"PETS", "FOOD"}[:i%3%2],
		}}
	})
	return &client{s: s, http: &http.Client{Transport: s.Transport()}, base: "http://emulator.test"}, s.AlbumOf(ids)
}

// soon is the longest that an answer may take, on a machine with much else to do:
// it tells what never ends from what takes a millisecond.
const soon = time.Minute

// wantEnvelope wants a page of items, or one of the refusals that a search has
// (contract 2.1, 2.3), and that it was there soon.
func (a answer) wantEnvelope(t *testing.T, began time.Time) {
	t.Helper()
	if took := time.Since(began); took > soon {
		t.Errorf("it took %v", took)
	}
	var body struct {
		MediaItems    []item
		NextPageToken string
		Error         struct {
			Code            int
			Message, Status string
		}
	}
	if err := json.Unmarshal(a.body, &body); err != nil {
		t.Fatalf("%v in %d %s", err, a.status, a.body)
	}
	e := body.Error
	switch {
	case a.status == http.StatusOK && e.Code == 0:
	case a.status == http.StatusBadRequest && e.Code == a.status && e.Status == "INVALID_ARGUMENT" && e.Message != "":
	case a.status == http.StatusNotFound && e.Code == a.status && e.Status == "NOT_FOUND" && e.Message != "":
	default:
		t.Errorf("answered by %d %s", a.status, a.body)
	}
}

// FuzzSearch sends any body: it is answered by a page or by a refusal, never by
// a panic, and never late.
func FuzzSearch(f *testing.F) {
	c, album := fuzzed(f)
	for _, body := range []string{
		``, `{}`, `{"pageSize":"100"}`, `{"albumId":"` + album + `","page_size":3}`, `{"pageToken":"x"}`, `[]`, `null`, `{"filters":null}`,
		`{"filters":{"dateFilter":{"dates":[{"year":2001},{"month":2,"day":29},{"year":2002,"month":3}]}}}`,
		`{"filters":{"dateFilter":{"ranges":[{"startDate":{"month":1,"day":2},"endDate":{"month":3,"day":4}}]}},"orderBy":"MediaMetadata.creation_time"}`,
		`{"filters":{"date_filter":{"ranges":[{"start_date":{"year":1},"end_date":{"year":9999}}]}},"order_by":"MediaMetadata.creation_time desc"}`,
		`{"filters":{"contentFilter":{"includedContentCategories":["PETS",13],"excludedContentCategories":["NONE"]},"includeArchivedMedia":true}}`,
		`{"filters":{"mediaTypeFilter":{"mediaTypes":["VIDEO"]},"featureFilter":{"includedFeatures":["FAVORITES"]},"excludeNonAppCreatedData":true}}`,
		`{"filters":{"dateFilter":{"dates":[{"year":1e300}]}}}`, `{"filters":{"dateFilter":{"dates":[{"year":-2147483648,"month":2147483647,"day":0}]}}}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		c := *c
		c.t = t
		began := time.Now()
		c.post("/v1/mediaItems:search", body).wantEnvelope(t, began)
	})
}

// FuzzDateFilter asks for any date and any range, and compares with a plain
// reading of them.
func FuzzDateFilter(f *testing.F) {
	c, _ := fuzzed(f)
	items := c.s.MediaItems()
	slices.Reverse(items) // newest first
	f.Add(2001, 0, 0, 2001, 0, 0)
	f.Add(2001, 4, 10, 2010, 12, 31)
	f.Add(0, 2, 29, 0, 3, 31)
	f.Add(2004, 2, 29, 2008, 2, 29)
	f.Add(2003, 0, 1, 0, 0, 0)
	f.Fuzz(func(t *testing.T, y1, m1, d1, y2, m2, d2 int) {
		c := *c
		c.t = t
		a, b := plainDate{y1, m1, d1}, plainDate{y2, m2, d2}
		for _, filter := range []plainDateFilter{{Dates: []plainDate{a}}, {Ranges: []plainRange{{a, b}}}} {
			body := `{"pageSize":100,"filters":{"includeArchivedMedia":true,"dateFilter":` + asJSON(t, filter) + `}}`
			began := time.Now()
			answer := c.post("/v1/mediaItems:search", body)
			answer.wantEnvelope(t, began)
			if answer.status != http.StatusOK {
				continue
			}
			var want, got []string
			for _, it := range items {
				if !it.Marks.Trashed && !it.Marks.Undated && filter.matches(it.CreationTime) {
					want = append(want, it.Filename)
				}
			}
			var p itemPage
			answer.into(t, &p)
			for _, it := range p.MediaItems {
				got = append(got, it.Filename)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s finds %v, want %v", body, got, want)
			}
		}
	})
}

// FuzzPageToken sends any page token to each listing: what the server did not
// make is refused.
func FuzzPageToken(f *testing.F) {
	c, album := fuzzed(f)
	for _, token := range []string{"x", "AAAA", strings.Repeat("A", 43), strings.Repeat("A", 46), "=", "\x00", "Ä"} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		c := *c
		c.t = t
		if token == "" {
			return // the start
		}
		began := time.Now()
		for _, a := range []answer{
			c.get("/v1/mediaItems?pageToken=" + url.QueryEscape(token)),
			c.get("/v1/albums?pageToken=" + url.QueryEscape(token)),
			c.post("/v1/mediaItems:search", map[string]any{"pageToken": token}),
			c.post("/v1/mediaItems:search", map[string]any{"pageToken": token, "albumId": album}),
		} {
			a.wantEnvelope(t, began)
			if a.status == http.StatusOK {
				t.Errorf("%q is a page token: %s", token, a.body)
			}
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
