package emulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// on is an instant of a date, in the morning.
func on(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 10, 0, 0, 0, time.UTC)
}

// stocked is a client of a server that has some media items.
func stocked(t *testing.T, items ...emulator.Stock) *client {
	t.Helper()
	c := direct(t, emulator.Config{})
	c.s.Fill(len(items), func(i int) emulator.Stock { return items[i] })
	return c
}

// found walks through a search and returns the names of all pages. more are
// further members of the body, beginning with a comma.
func (c *client) found(filters, more string) []string {
	c.t.Helper()
	names, _ := c.names(func(token string) answer {
		return c.post("/v1/mediaItems:search", fmt.Sprintf(`{"filters":%s%s,"pageToken":%q}`, filters, more, token))
	})
	return names
}

// wantFound compares what a search finds with names, separated by spaces.
func (c *client) wantFound(filters, more, want string) {
	c.t.Helper()
	if got := strings.Join(c.found(filters, more), " "); got != want {
		c.t.Errorf("%s%s\nfinds %q\n want %q", filters, more, got, want)
	}
}

// calendar has an item at each edge that a date can have.
func calendar(t *testing.T) *client {
	t.Helper()
	return stocked(t,
		emulator.Stock{Name: "silvester", Taken: time.Date(2023, 12, 31, 23, 59, 59, 0, time.UTC)},
		emulator.Stock{Name: "newyear", Taken: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)},
		emulator.Stock{Name: "january", Taken: time.Date(2024, 1, 31, 23, 59, 59, 0, time.UTC)},
		emulator.Stock{Name: "leap24", Taken: on(2024, 2, 29)},
		emulator.Stock{Name: "march", Taken: on(2024, 3, 1)},
		emulator.Stock{Name: "leap20", Taken: on(2020, 2, 29)},
		emulator.Stock{Name: "common", Taken: on(2023, 2, 28)},
		emulator.Stock{Name: "late", Taken: on(2024, 12, 31)},
		emulator.Stock{Name: "undated", Taken: on(2024, 2, 29), Marks: emulator.Marks{Undated: true}},
	)
}

// Contract 5, search: dates in all their forms, ranges with both ends in them,
// ORed; newest first.
func TestADateFilterTakesCalendarDates(t *testing.T) {
	c := calendar(t)
	for _, tt := range []struct{ filter, want string }{
		{`"dates":[{"year":2024}]`, "late march leap24 january newyear"},
		{`"dates":[{"year":2024,"month":1}]`, "january newyear"},
		{`"dates":[{"year":2024,"month":1,"day":1}]`, "newyear"},
		{`"dates":[{"year":2023,"month":12,"day":31}]`, "silvester"},
		{`"dates":[{"month":2,"day":29}]`, "leap24 leap20"},
		{`"dates":[{"month":12,"day":31}]`, "late silvester"},
		{`"dates":[{"year":2021}]`, ""},
		{`"dates":[{"year":9999}]`, ""},
		{`"dates":[{"year":1}]`, ""},
		{`"dates":[{"year":2020},{"year":2024,"month":1,"day":31},{"month":3,"day":1}]`, "march january leap20"},
		{`"dates":[{"year":2024,"month":1},{"year":2024,"month":1,"day":1}]`, "january newyear"},
		{`"ranges":[{"startDate":{"year":2023},"endDate":{"year":2024}}]`, "late march leap24 january newyear silvester common"},
		{`"ranges":[{"startDate":{"year":2023,"month":12},"endDate":{"year":2024,"month":1}}]`, "january newyear silvester"},
		{`"ranges":[{"startDate":{"year":2024,"month":1,"day":1},"endDate":{"year":2024,"month":1,"day":31}}]`, "january newyear"},
		{`"ranges":[{"startDate":{"year":2024,"month":1,"day":2},"endDate":{"year":2024,"month":1,"day":30}}]`, ""},
		{`"ranges":[{"startDate":{"month":2,"day":28},"endDate":{"month":3,"day":1}}]`, "march leap24 common leap20"},
		{`"ranges":[{"startDate":{"year":2024},"endDate":{"year":2024}}],"dates":[{"year":2020}]`, "late march leap24 january newyear leap20"},
		{`"dates":[{"year":"2024","month":"2","day":"29"}]`, "leap24"},
	} {
		c.wantFound(`{"dateFilter":{`+tt.filter+`}}`, "", tt.want)
	}
}

// Contract 5, search: what is no date, and what is too many of them.
func TestDateFiltersThatAreRefused(t *testing.T) {
	c := calendar(t)
	const day = `{"year":2024,"month":1,"day":1}`
	six := strings.Repeat(day+",", 5) + day
	span := func(from, to string) string { return `{"startDate":` + from + `,"endDate":` + to + `}` }
	for name, filter := range map[string]string{
		"all zero":               `"dates":[{"year":0,"month":0,"day":0}]`,
		"nothing":                `"dates":[{}]`,
		"a day without a month":  `"dates":[{"year":2024,"day":1}]`,
		"a month only":           `"dates":[{"month":2}]`,
		"a day only":             `"dates":[{"day":2}]`,
		"a year too early":       `"dates":[{"year":-1}]`,
		"a year too late":        `"dates":[{"year":10000}]`,
		"a month too late":       `"dates":[{"year":2024,"month":13}]`,
		"a month too early":      `"dates":[{"year":2024,"month":-1}]`,
		"a day too late":         `"dates":[{"year":2024,"month":1,"day":32}]`,
		"a day too early":        `"dates":[{"year":2024,"month":1,"day":-1}]`,
		"30 February":            `"dates":[{"month":2,"day":30}]`,
		"29 February of 2023":    `"dates":[{"year":2023,"month":2,"day":29}]`,
		"31 April":               `"dates":[{"year":2023,"month":4,"day":31}]`,
		"six dates":              `"dates":[` + six + `]`,
		"six ranges":             `"ranges":[` + strings.Repeat(span(day, day)+",", 5) + span(day, day) + `]`,
		"ends of two forms":      `"ranges":[` + span(`{"year":2024}`, `{"year":2024,"month":2}`) + `]`,
		"an end that is missing": `"ranges":[{"startDate":` + day + `}]`,
		"an end before a start":  `"ranges":[` + span(`{"year":2024}`, `{"year":2023}`) + `]`,
		"over the end of a year": `"ranges":[` + span(`{"month":12,"day":24}`, `{"month":1,"day":6}`) + `]`,
		"an empty filter":        ``,
		"no list":                `"dates":` + day,
		"no number":              `"dates":[{"year":"soon"}]`,
		"a fraction":             `"dates":[{"year":2024.5}]`,
		"a field of no date":     `"dates":[{"year":2024,"hour":1}]`,
		"a field of no range":    `"ranges":[{"startDate":` + day + `,"endDate":` + day + `,"middle":1}]`,
		"a field of no filter":   `"dates":[` + day + `],"date":1`,
	} {
		t.Run(name, func(t *testing.T) {
			c.post("/v1/mediaItems:search", `{"filters":{"dateFilter":{`+filter+`}}}`).
				wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		})
	}
	five := strings.TrimSuffix(six, ","+day)
	c.wantFound(`{"dateFilter":{"dates":[`+five+`]}}`, "", "newyear")
	c.wantFound(`{"dateFilter":{"ranges":[`+strings.Repeat(span(day, day)+",", 4)+span(day, day)+`]}}`, "", "newyear")
}

// Contract 5, search; 12 #40: the capture date counts, as the wall clock of the
// camera said it. What has none matches no date, not even that of its upload.
func TestWhatHasNoCaptureDateMatchesNoDate(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		dated, undated := c.upload(jpegPhoto(40, 30, "2019:05:04 23:59:59")), c.upload(photo(1))
		c.create(map[string]any{"newMediaItems": []any{entry(dated, "dated.jpg", ""), entry(undated, "undated.gif", "")}})
		year := time.Now().UTC().Year()
		c.wantFound(`{"dateFilter":{"dates":[{"year":2019,"month":5,"day":4}]}}`, "", "dated.jpg")
		c.wantFound(fmt.Sprintf(`{"dateFilter":{"ranges":[{"startDate":{"year":1},"endDate":{"year":%d}}]}}`, year+1), "", "dated.jpg")
		c.wantFound(`{}`, "", "undated.gif dated.jpg")
	})
}

// Contract 5, search: an order needs dates, and bears few filters beside it.
func TestASearchMayGoFromTheOldestOn(t *testing.T) {
	c := calendar(t)
	const (
		january = `"dateFilter":{"dates":[{"year":2024,"month":1},{"month":12,"day":31}]}`
		up      = `,"orderBy":"MediaMetadata.creation_time"`
		down    = `,"orderBy":"MediaMetadata.creation_time desc"`
	)
	for _, more := range []string{"", `,"includeArchivedMedia":true`, `,"excludeNonAppCreatedData":true`} {
		c.wantFound(`{`+january+more+`}`, up, "silvester newyear january late")
		c.wantFound(`{`+january+more+`}`, down, "late january newyear silvester")
	}
	c.wantFound(`{`+january+`}`, up+`,"pageSize":1`, "silvester newyear january late")
	c.wantFound(`{`+january+`}`, `,"pageSize":1`, "late january newyear silvester")
	album := c.album("Summer")
	for _, body := range []string{
		`{"orderBy":"MediaMetadata.creation_time"}`,
		`{"filters":{}` + up + `}`,
		`{"filters":{"includeArchivedMedia":true}` + down + `}`,
		`{"filters":{` + january + `,"mediaTypeFilter":{"mediaTypes":["ALL_MEDIA"]}}` + up + `}`,
		`{"filters":{` + january + `,"contentFilter":{}}` + down + `}`,
		`{"filters":{` + january + `,"featureFilter":{}}` + down + `}`,
		`{"filters":{` + january + `},"orderBy":"MediaMetadata.creation_time asc"}`,
		`{"filters":{` + january + `},"orderBy":"creation_time"}`,
		`{"albumId":"` + album + `"` + up + `}`,
	} {
		c.post("/v1/mediaItems:search", body).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
	}
}

// Contract 5, search; 12 #15: a token is good for the same search, however it
// is written.
func TestAPageTokenIsBoundToItsFilters(t *testing.T) {
	c := calendar(t)
	const year = `{"filters":{"dateFilter":{"dates":[{"year":2024}]}},"pageSize":1`
	var first itemPage
	c.post("/v1/mediaItems:search", year+"}").into(t, &first)
	token := `,"pageToken":"` + first.NextPageToken + `"}`
	same := c.post("/v1/mediaItems:search", year+token).lasting(t)
	for _, body := range []string{
		`{"filters":{"date_filter":{"dates":[{"year":"2024","month":0}],"ranges":null}},"page_size":1` + token,
		`{"filters":{"dateFilter":{"dates":[{"year":2024}]},"includeArchivedMedia":false},"pageSize":1` + token,
	} {
		if diff := cmp.Diff(same, c.post("/v1/mediaItems:search", body).lasting(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
	for _, body := range []string{
		`{"pageSize":1` + token,
		`{"filters":{"dateFilter":{"dates":[{"year":2023}]}},"pageSize":1` + token,
		`{"filters":{"dateFilter":{"dates":[{"year":2024}]},"includeArchivedMedia":true},"pageSize":1` + token,
		`{"filters":{"dateFilter":{"dates":[{"year":2024}]}},"pageSize":1,"orderBy":"MediaMetadata.creation_time desc"` + token,
		`{"filters":{"dateFilter":{"dates":[{"year":2024}]}},"pageSize":2` + token,
	} {
		c.post("/v1/mediaItems:search", body).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid page token.")
	}
	c.get("/v1/mediaItems?pageSize=1&pageToken="+first.NextPageToken).
		wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid page token.")
}

// Contract 5, search: what comes while somebody goes through the pages shifts
// nothing, in either order.
func TestASearchGoesOnWhereItEnded(t *testing.T) {
	for _, order := range []string{"MediaMetadata.creation_time", "MediaMetadata.creation_time desc"} {
		c := calendar(t)
		body := `{"filters":{"dateFilter":{"dates":[{"year":2024}]}},"pageSize":2,"orderBy":"` + order + `"`
		var first itemPage
		c.post("/v1/mediaItems:search", body+"}").into(t, &first)
		c.s.Fill(4, func(i int) emulator.Stock {
			return emulator.Stock{Name: "new", Taken: []time.Time{on(2024, 1, 1), on(2024, 12, 31), on(2019, 1, 1), on(2025, 1, 1)}[i]}
		})
		rest, _ := c.names(func(token string) answer {
			if token == "" {
				token = first.NextPageToken
			}
			return c.post("/v1/mediaItems:search", body+`,"pageToken":"`+token+`"}`)
		})
		var got []string
		for _, it := range first.MediaItems {
			got = append(got, it.Filename)
		}
		got = append(got, slices.DeleteFunc(rest, func(name string) bool { return name == "new" })...)
		want := strings.Fields("newyear january leap24 march late")
		if strings.HasSuffix(order, " desc") {
			slices.Reverse(want)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", order, got, want)
		}
	}
}

// Contract 7, MediaItem: where a search in an album found an item, its link leads
// into the album.
func TestASearchInAnAlbumPointsIntoIt(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		id := c.add(album, nil, 1, 1)[0]
		var inAlbum, inLibrary itemPage
		c.post("/v1/mediaItems:search", map[string]any{"albumId": album}).into(t, &inAlbum)
		c.post("/v1/mediaItems:search", `{}`).into(t, &inLibrary)
		if got, want := inAlbum.MediaItems[0].ProductURL, "https://photos.google.com/lr/album/"+album+"/photo/"+id; got != want {
			t.Errorf("in the album it is %s, want %s", got, want)
		}
		if got, want := inLibrary.MediaItems[0].ProductURL, "https://photos.google.com/lr/photo/"+id; got != want {
			t.Errorf("in the library it is %s, want %s", got, want)
		}
	})
}
