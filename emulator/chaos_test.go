package emulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// outcome is what a client sees of one attempt.
func (c *client) outcome(r *http.Request) string {
	start := time.Now()
	a, err := c.try(r)
	seen := fmt.Sprintf("%d %s", a.status, a.header.Get("Content-Type"))
	if err != nil {
		seen = "broken"
	}
	if r.URL.Path == "/v1/mediaItems:batchCreate" && a.status/100 == 2 && len(a.body) > 0 && a.body[0] == '{' {
		for _, res := range a.results(c.t) { // in their order, by name
			name := ""
			if res.MediaItem != nil {
				name = res.MediaItem.Filename
			}
			seen += fmt.Sprintf(" %d:%s", res.Status.Code, name)
		}
	}
	return fmt.Sprintf("%s after %v", seen, time.Since(start))
}

// work is some work with everything in it: uploads in an order, albums, batches
// and listings. It returns what the client saw, by what it asked for.
func work(t *testing.T, chaos emulator.Chaos, order []int) (seen map[string][]string, disturbed map[string]int) {
	t.Helper()
	seen = map[string][]string{}
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Chaos: chaos})
		c.uploadAll(seen, order)
		c.createAll(seen)
		disturbed = c.s.Disturbed()
		c.wantClean()
	})
	return seen, disturbed
}

// uploadAll sends each photo three times, all at once.
func (c *client) uploadAll(seen map[string][]string, order []int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, n := range order {
		all.Go(func() {
			var outcomes []string
			for range 3 {
				outcomes = append(outcomes, c.outcome(c.uploadRequest(strings.NewReader(string(photo(n))))))
			}
			mu.Lock()
			defer mu.Unlock()
			seen[fmt.Sprint("photo ", n)] = outcomes
		})
	}
	all.Wait()
}

// createAll makes albums and items; tokens are asked for until there are some.
func (c *client) createAll(seen map[string][]string) {
	for i := range 12 {
		entries := []any{}
		for n := range 4 {
			entries = append(entries, entry(c.token(100*i+n), fmt.Sprintf("%d.gif", 100*i+n), ""))
		}
		c.note(seen, "create", func() *http.Request { return c.albumRequest(fmt.Sprint("album ", i)) })
		body := map[string]any{"newMediaItems": entries}
		if albums := c.s.Albums(); len(albums) > 0 {
			body["albumId"] = albums[len(albums)-1].ID
		}
		c.note(seen, "batch", func() *http.Request { return c.batchRequest(body) })
		path := fmt.Sprint("/v1/albums?pageSize=", 1+i)
		c.note(seen, "list", func() *http.Request { return c.request(http.MethodGet, path, nil) })
	}
	if items := c.s.MediaItems(); len(items) > 0 {
		c.note(seen, "get", func() *http.Request { return c.request(http.MethodGet, "/v1/mediaItems/"+items[0].ID, nil) })
	}
}

// note sends a request four times and notes what came of it.
func (c *client) note(seen map[string][]string, what string, request func() *http.Request) {
	for range 4 {
		seen[what] = append(seen[what], c.outcome(request()))
	}
}

// token uploads a photo until it has a token for it.
func (c *client) token(n int) string {
	c.t.Helper()
	for range 10 {
		a, err := c.try(c.uploadRequest(strings.NewReader(string(photo(n)))))
		if err == nil && strings.HasPrefix(string(a.body), "CAIS") {
			return string(a.body)
		}
	}
	c.t.Fatalf("no token for photo %d in 10 attempts", n)
	return ""
}

// The same seed does the same to the same work in another order and on another
// server, whose ids and tokens are others; another seed does something else.
func TestChaosIsReproducible(t *testing.T) {
	order := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	back := []int{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}
	chaos := emulator.Chaos{Seed: 1, Rate: 0.5}
	seen, disturbed := work(t, chaos, order)
	again, disturbedAgain := work(t, chaos, back)
	if diff := cmp.Diff(seen, again); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(disturbed, disturbedAgain); diff != "" {
		t.Error(diff)
	}
	chaos.Seed = 2
	if other, _ := work(t, chaos, order); cmp.Equal(seen, other) {
		t.Error("another seed does the same")
	}
}

// All of the effects that chaos can draw are drawn, and no other: none that
// lasts, none that is not for the operation.
func TestChaosDrawsWhatPasses(t *testing.T) {
	want := map[string][]string{
		"uploads":       {"400-upload-quota", "429-minute", "500", "503", "apply-then-cut", "cut-before", "empty", "html", "slow", "stall"},
		"albums.create": {"409", "429-concurrent", "429-minute", "500", "503", "apply-then-cut", "cut-before", "empty", "html", "slow", "stall"},
		"albums.list":   {"429-minute", "500", "503", "apply-then-cut", "cut-before", "empty", "html", "slow", "stall"},
		"mediaItems.batchCreate": {
			"207", "409", "429-concurrent", "429-minute", "500", "503", "apply-then-cut", "cut-before", "empty", "html",
			"missing", "shuffled", "slow", "stall",
		},
	}
	synctest.Test(t, func(t *testing.T) {
		got := map[string][]string{}
		for seed := range uint64(400) {
			c := direct(t, emulator.Config{Chaos: emulator.Chaos{Seed: seed, Rate: 1, MaxAttempts: 1}})
			token, other := c.token(1), c.token(2)
			for operation, r := range map[string]*http.Request{
				"uploads":                c.uploadRequest(strings.NewReader(string(photo(3)))),
				"albums.create":          c.albumRequest("x"),
				"albums.list":            c.request(http.MethodGet, "/v1/albums", nil),
				"mediaItems.batchCreate": c.batchRequest(batch("", nil, token, other)),
			} {
				before := c.s.Disturbed()
				_, _ = c.try(r)
				for name, n := range c.s.Disturbed() {
					if n > before[name] {
						got[operation] = append(got[operation], name)
					}
				}
			}
			c.wantClean()
		}
		for operation := range got {
			got[operation] = unique(got[operation])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// An entry that chaos fails has one of the codes that pass, and it is drawn for
// its content: whatever else is in the batch.
func TestChaosFailsEntries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		codes := map[int]bool{}
		for seed := range uint64(60) {
			// The whole batch is drawn for once, so that its entries get a turn.
			chaos := emulator.Chaos{Seed: seed, Rate: 0.6, MaxAttempts: 1}
			together, apart := map[string]int{}, map[string]int{}
			c := direct(t, emulator.Config{Chaos: chaos})
			c.entryCodes(together, 1, 2, 3, 4, 5)
			d := direct(t, emulator.Config{Chaos: chaos})
			d.entryCodes(apart, 1, 2)
			d.entryCodes(apart, 5, 4, 3)
			if diff := cmp.Diff(together, apart); diff != "" {
				t.Errorf("seed %d: %s", seed, diff)
			}
			for _, code := range together {
				codes[code] = true
			}
		}
		want := map[int]bool{0: true, 4: true, 8: true, 10: true, 13: true, 14: true}
		if diff := cmp.Diff(want, codes); diff != "" {
			t.Error(diff)
		}
	})
}

// entryCodes creates photos, and notes the code that each had when its batch
// was drawn for entry by entry.
func (c *client) entryCodes(codes map[string]int, photos ...int) {
	c.t.Helper()
	var tokens []string
	names := map[string]string{}
	for _, n := range photos {
		token := c.token(n)
		tokens, names[token] = append(tokens, token), fmt.Sprint("photo ", n)
	}
	for {
		before := whole(c.s)
		a, _ := c.try(c.batchRequest(batch("", nil, tokens...)))
		if whole(c.s) > before {
			continue // it was drawn for as a whole
		}
		for _, r := range a.results(c.t) {
			codes[names[r.UploadToken]] = r.Status.Code
		}
		return
	}
}

// whole is how many requests were disturbed as a whole.
func whole(s *emulator.Server) int {
	n := 0
	for name, times := range s.Disturbed() {
		if name != "item" {
			n += times
		}
	}
	return n
}

// unique sorts names and drops what repeats.
func unique(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
