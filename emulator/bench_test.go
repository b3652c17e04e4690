package emulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// What a call may take, however large the library is.
const (
	longestPage  = 20 * time.Millisecond
	longestBatch = 5 * time.Millisecond
)

// clocked runs a benchmark and fails it if even the fastest call took longer than
// allowed: the slower ones tell about the neighbours on the machine. before each
// call, and after it, the clock stands still.
func clocked(b *testing.B, limit time.Duration, before func(), call func(), after func()) {
	b.Helper()
	fastest := time.Duration(math.MaxInt64)
	for b.Loop() {
		b.StopTimer()
		before()
		b.StartTimer()
		began := time.Now()
		call()
		fastest = min(fastest, time.Since(began))
		b.StopTimer()
		after()
		b.StartTimer()
	}
	b.ReportMetric(float64(fastest)/float64(time.Millisecond), "best-ms")
	if fastest > limit {
		b.Errorf("a call takes %v, at most %v is allowed", fastest, limit)
	}
}

func nothing() {}

// manyItems is a server of a million media items of twenty years, a tenth of
// them videos, of which a single one, the oldest, shows a wedding.
var manyItems = sync.OnceValue(func() *emulator.Server {
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		panic(err)
	}
	const n = 1_000_000
	r := rand.New(rand.NewPCG(1, 2))
	s.Fill(n, func(i int) emulator.Stock {
		if i == 0 {
			return emulator.Stock{Taken: on(1999, 1, 1), Marks: emulator.Marks{Categories: []string{"WEDDINGS"}}}
		}
		taken := on(2004, 1, 1).Add(time.Duration(r.Int64N(int64(20 * 365 * 24 * time.Hour))))
		return emulator.Stock{Taken: taken, Video: r.IntN(10) == 0, Marks: emulator.Marks{Favorite: r.IntN(1000) == 0}}
	})
	return s
})

// ask sends one request and reads the answer.
func ask(b *testing.B, s *emulator.Server, method, path, body string) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, "http://emulator.test"+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	if method == http.MethodGet {
		r.Body = nil
	}
	r.Header.Set("Authorization", "Bearer "+s.AccessToken())
	res, err := s.Transport().RoundTrip(r)
	if err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Fatal(res.Status, err, string(text))
	}
}

// BenchmarkPage is a page of 100 of a library of a million, from the first byte of the request to
// the last of the answer.
func BenchmarkPage(b *testing.B) {
	s := manyItems()
	for _, bb := range []struct{ name, body string }{
		{"everything", `{"pageSize":100}`},
		{"a year", `{"pageSize":100,"filters":{"dateFilter":{"dates":[{"year":2010}]}}}`},
		{"a day", `{"pageSize":100,"filters":{"dateFilter":{"dates":[{"year":2007,"month":5,"day":31}]}}}`},
		{"an anniversary", `{"pageSize":100,"filters":{"dateFilter":{"dates":[{"month":5,"day":31}]}}}`},
		{"a day that no year has", `{"pageSize":100,"filters":{"dateFilter":{"dates":[{"year":1970,"month":1,"day":1}]}}}`},
		{"from the oldest on", `{"pageSize":100,"orderBy":"MediaMetadata.creation_time","filters":{"dateFilter":{"dates":[{"year":2010}]}}}`},
		{"videos", `{"pageSize":100,"filters":{"mediaTypeFilter":{"mediaTypes":["VIDEO"]}}}`},
		{"favorites", `{"pageSize":100,"filters":{"featureFilter":{"includedFeatures":["FAVORITES"]}}}`},
		{"one match far away", `{"pageSize":100,"filters":{"contentFilter":{"includedContentCategories":["WEDDINGS"]}}}`},
		{"all filters", `{"pageSize":100,"filters":{"dateFilter":{"ranges":[{"startDate":{"year":2005},"endDate":{"year":2023}}]},` +
			`"mediaTypeFilter":{"mediaTypes":["PHOTO"]},"featureFilter":{"includedFeatures":["FAVORITES"]},` +
			`"contentFilter":{"excludedContentCategories":["FOOD"]},"includeArchivedMedia":true}}`},
	} {
		b.Run(bb.name, func(b *testing.B) {
			clocked(b, longestPage, nothing, func() { ask(b, s, http.MethodPost, "/v1/mediaItems:search", bb.body) }, nothing)
		})
	}
	list := func() { ask(b, s, http.MethodGet, "/v1/mediaItems?pageSize=100", "") }
	b.Run("list", func(b *testing.B) { clocked(b, longestPage, nothing, list, nothing) })
	b.Run("after a batch of old photos", func(b *testing.B) { // which have their places to find first
		clocked(b, longestPage, func() {
			s.Fill(50, func(i int) emulator.Stock { return emulator.Stock{Taken: on(2000, 1, 1+i)} })
		}, list, nothing)
	})
}

// BenchmarkBatchCreate is a batchCreate of 50 in a library of 100,000, of photos
// that are older than all others, into no album and into albums of some sizes.
func BenchmarkBatchCreate(b *testing.B) {
	for _, held := range []int{0, 1000, 19_900} {
		b.Run(fmt.Sprintf("album of %d", held), func(b *testing.B) {
			s, err := emulator.New(emulator.Config{})
			if err != nil {
				b.Fatal(err)
			}
			ids := s.Fill(100_000, func(i int) emulator.Stock {
				return emulator.Stock{Taken: on(2004, 1, 1).Add(time.Duration(i) * time.Minute)}
			})
			var album, body string
			clocked(b, longestBatch, func() {
				if held > 0 {
					album = s.AlbumOf(ids[:held])
				}
				raw, err := json.Marshal(batch(album, nil, s.Tokens(50, on(1999, 1, 1))...))
				if err != nil {
					b.Fatal(err)
				}
				body = string(raw)
			}, func() {
				ask(b, s, http.MethodPost, "/v1/mediaItems:batchCreate", body)
			}, func() { s.DeleteAlbum(album) })
		})
	}
}
