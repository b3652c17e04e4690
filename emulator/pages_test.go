package emulator_test

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 0 #19: a page that would look at too much ends early, with a token
// for what is behind it.
func TestAPageLooksAtABoundedNumberOfItems(t *testing.T) {
	const n = 3*emulator.MaxLooked + 1
	c := direct(t, emulator.Config{})
	c.s.Fill(n, func(i int) emulator.Stock {
		s := emulator.Stock{Taken: on(2000, 1, 1).Add(time.Duration(i) * time.Hour)}
		if i == 0 || i == n-1 {
			s.Marks.Categories = []string{"PETS"}
		}
		if i%2 == 1 {
			s.Marks.Archived = true
		}
		return s
	})
	pets := func(token string) answer {
		return c.post("/v1/mediaItems:search",
			`{"filters":{"contentFilter":{"includedContentCategories":["PETS"]},"includeArchivedMedia":true},"pageToken":"`+token+`"}`)
	}
	names, sizes := c.names(pets)
	if want := []string{fmt.Sprint(n - 1), "0"}; !slices.Equal(names, want) || !slices.Equal(sizes, []int{1, 0, 0, 1}) {
		t.Errorf("pages of %v with %v, want 1, 0, 0, 1 with %v", sizes, names, want)
	}
	// What a date filter passes over is not looked at.
	const day = `{"dateFilter":{"dates":[{"year":2000,"month":1,"day":1}]}}`
	first, sizes := c.names(func(token string) answer {
		return c.post("/v1/mediaItems:search", `{"filters":`+day+`,"pageToken":"`+token+`"}`)
	})
	if len(sizes) != 1 || len(first) != 7 {
		t.Errorf("one day has pages of %v, want one of 7", sizes)
	}
	all, _ := c.names(func(token string) answer { return c.get("/v1/mediaItems?pageSize=100&pageToken=" + token) })
	if len(all) != (n+1)/2 {
		t.Errorf("%d items are listed, want %d", len(all), (n+1)/2)
	}
}

// Contract 5, search; 12 #15: what is no token of this request is refused.
func TestPageTokensThatAreRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		c.add("", nil, 1, 3)
		var p itemPage
		c.get("/v1/mediaItems?pageSize=1").into(t, &p)
		c.get("/v1/mediaItems?pageSize=1&pageToken="+p.NextPageToken).wantStatus(t, http.StatusOK)
		raw, err := base64.RawURLEncoding.DecodeString(p.NextPageToken)
		if err != nil {
			t.Fatal(err)
		}
		other := direct(t, emulator.Config{})
		other.add("", nil, 1, 3)
		var theirs itemPage
		other.get("/v1/mediaItems?pageSize=1").into(t, &theirs)
		for name, token := range map[string]string{
			"of another server":  theirs.NextPageToken,
			"no base64":          "%21",
			"too short":          "AAAA",
			"a letter less":      p.NextPageToken[:len(p.NextPageToken)-1],
			"a letter more":      p.NextPageToken + "A",
			"another place":      base64.RawURLEncoding.EncodeToString(append(slices.Clone(raw[:len(raw)-1]), raw[len(raw)-1]^1)),
			"a seal and nothing": base64.RawURLEncoding.EncodeToString(raw[:32]),
		} {
			t.Run(name, func(t *testing.T) {
				c.get("/v1/mediaItems?pageSize=1&pageToken="+token).
					wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid page token.")
			})
		}
	})
}

// Contract 12 #14.
func TestPageSizesOfASearchHaveTheirRange(t *testing.T) {
	c := direct(t, emulator.Config{})
	c.s.Fill(130, func(i int) emulator.Stock {
		return emulator.Stock{Taken: on(2024, 1, 1).Add(time.Duration(i) * time.Hour)}
	})
	for size, want := range map[int]int{0: 25, 1: 1, 100: 100} {
		var p itemPage
		c.post("/v1/mediaItems:search", fmt.Sprintf(`{"pageSize":%d}`, size)).into(t, &p)
		if len(p.MediaItems) != want {
			t.Errorf("pageSize %d gives %d items, want %d", size, len(p.MediaItems), want)
		}
	}
	for _, size := range []int{-1, 101, math.MaxInt32, math.MinInt32} {
		c.post("/v1/mediaItems:search", fmt.Sprintf(`{"pageSize":%d}`, size)).
			wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
	}
}

// A photo that is older than all others has its place among them at once,
// however many come in whatever order.
func TestOldPhotosFindTheirPlaces(t *testing.T) {
	c := direct(t, emulator.Config{})
	const n = 2500
	taken := func(i int) time.Time { return on(2000, 1, 1).Add(time.Duration(i*7919%n) * time.Hour) }
	for from := 0; from < n; from += 500 {
		c.s.Fill(500, func(i int) emulator.Stock {
			return emulator.Stock{Name: taken(from + i).Format("2006-01-02 15h"), Taken: taken(from + i)}
		})
		names, _ := c.names(func(token string) answer { return c.get("/v1/mediaItems?pageSize=100&pageToken=" + token) })
		sorted := slices.Sorted(slices.Values(names))
		slices.Reverse(sorted)
		if len(names) != from+500 || !slices.Equal(names, sorted) {
			t.Fatalf("%d items are not listed newest first", len(names))
		}
	}
}
