package planpage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/plan"
	"github.com/albumwright/albumwright/internal/planpage"
	"github.com/albumwright/albumwright/internal/report"
)

// original is the source of a time that the camera wrote.
const original = "EXIF:DateTimeOriginal"

// world is a page of files that are cut into events as simply as can be, and what it hands over at its end.
type world struct {
	t     *testing.T
	items []plan.Item
	title func(begin time.Time) string // of an event
	alter func(*plan.Plan)             // what is else in a plan; nil is nothing
	err   error                        // of the next plans
	url   string
	start planpage.Settings
	rules string // what albums are named by: "" by events, else "time" or "folder"

	mu    sync.Mutex // guards the following
	asked []planpage.Settings
	ended chan end
	stop  context.CancelFunc
}

type end struct {
	yaml []byte
	err  error
}

func newWorld(t *testing.T, items ...plan.Item) *world {
	return &world{
		t: t, items: items, start: planpage.Settings{Gap: time.Hour},
		title: func(begin time.Time) string { return begin.Format("2006-01-02 15:04") },
	}
}

// serve begins to show the page.
func (w *world) serve() *world {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	w.ended, w.stop = make(chan end, 1), stop
	ready := make(chan string, 1)
	go func() {
		yaml, err := planpage.Serve(ctx, planpage.Config{
			Replan: w.replan, Start: w.start, ByEvent: w.rules == "", ByTime: w.rules != "folder", Ready: func(url string) { ready <- url },
			Cost: func(p plan.Plan) string { return fmt.Sprintf("%d days", (p.Requests.Total()+9999)/10000) },
		})
		w.ended <- end{yaml, err}
	}()
	w.t.Cleanup(stop)
	select {
	case w.url = <-ready:
	case e := <-w.ended:
		w.t.Fatal(e.err)
	}
	w.t.Cleanup(func() {
		if w.ended != nil {
			stop()
			if e := <-w.ended; !errors.Is(e.err, context.Canceled) {
				w.t.Error("the page ended with", e.err)
			}
		}
	})
	return w
}

// end waits for what the page hands over.
func (w *world) end() end {
	e := <-w.ended
	w.ended = nil
	return e
}

func (w *world) replan(ctx context.Context, set planpage.Settings) (plan.Plan, []byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, set)
	if w.err != nil {
		return plan.Plan{}, nil, w.err
	}
	p := w.cut(set)
	if w.alter != nil {
		w.alter(&p)
	}
	return p, yamlOf(set, p), ctx.Err()
}

// fail makes the next plans fail.
func (w *world) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = err
}

// plans are the settings of the plans that were made.
func (w *world) plans() []planpage.Settings {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

// cut makes albums of events, and one of what has no time.
func (w *world) cut(set planpage.Settings) plan.Plan {
	items := slices.Clone(w.items)
	slices.SortStableFunc(items, func(a, b plan.Item) int { return a.Captured.Compare(b.Captured) })
	p := plan.Plan{Found: len(items), Ends: map[report.End]int{report.Uploaded: len(items)}, ListsAtLeast: true}
	var undated []plan.Item
	var before time.Time
	for _, it := range items {
		p.Bytes += it.Size
		p.Requests.Uploads++
		if it.Source == "ModTime" {
			undated = append(undated, it)
			continue
		}
		if len(p.Albums) == 0 || it.Captured.Sub(before) > set.Gap {
			p.Albums = append(p.Albums, plan.Album{Title: w.title(it.Captured.Add(-set.DayStart)), New: len(p.Albums)%3 != 2})
		}
		last := &p.Albums[len(p.Albums)-1]
		last.Items = append(last.Items, it)
		before = it.Captured
	}
	if undated != nil {
		p.Albums = append(p.Albums, plan.Album{Title: "Undated", New: true, Items: undated})
	}
	for i := range p.Albums {
		p.Albums[i].Batches = (len(p.Albums[i].Items) + 49) / 50
		p.Requests.BatchCreates += p.Albums[i].Batches
		if p.Albums[i].New {
			p.Requests.AlbumCreates++
		}
	}
	p.Requests.AlbumLists = 1
	return p
}

// yamlOf stands for the file of a plan.
func yamlOf(set planpage.Settings, p plan.Plan) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "event_gap: %s\nday_start: %s\nalbums:\n", set.Gap, set.DayStart)
	for _, a := range p.Albums {
		fmt.Fprintf(&b, "  - title: %q\n    items:\n", a.Title)
		for _, it := range a.Items {
			fmt.Fprintf(&b, "      - %q\n", it.Path)
		}
	}
	return b.Bytes()
}

// taken is an item of a file that is not there.
func taken(name string, at time.Time) plan.Item {
	file := "/photos/" + name
	return plan.Item{Path: report.Text(file), File: file, Size: 1000, Captured: at, Source: original, Sent: true}
}

// clockTime is a wall clock.
type clockTime = time.Time

func clock(day, hour, minute int) time.Time {
	return time.Date(2024, 5, day, hour, minute, 0, 0, time.UTC)
}

// weekend is three events by the hour: the morning of the 18th, its afternoon, the night after it.
func weekend() []plan.Item {
	var items []plan.Item
	for i, at := range []time.Time{
		clock(18, 9, 0), clock(18, 9, 20), clock(18, 9, 50), clock(18, 14, 0), clock(18, 14, 30), clock(19, 0, 30), clock(19, 0, 40),
	} {
		items = append(items, taken(fmt.Sprintf("%d.jpg", i+1), at))
	}
	return items
}

// file writes a file of a photo, and is its item.
func (w *world) file(name string, media []byte, at time.Time) {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), name)
	if err := os.WriteFile(path, media, 0o600); err != nil {
		w.t.Fatal(err)
	}
	it := taken(name, at)
	it.Path, it.File, it.Size = report.Text(path), path, int64(len(media))
	w.items = append(w.items, it)
}

func photo(seed int) []byte { return fixture.JPEG(fixture.Spec{Seed: seed, Width: 90, Height: 60}) }

// get asks for an address below the page's.
func (w *world) get(path string) (status int, header http.Header, body string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do(r)
}

func (w *world) do(r *http.Request) (status int, header http.Header, body string) {
	w.t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(text)
}

// wantIn wants texts on a page.
func wantIn(t *testing.T, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("the page does not say %q:\n%s", text, body)
		}
	}
}

// replanner plans at once the first time, and then until it is stopped.
func replanner(w *world, begun chan<- bool, stopped chan<- error) func(context.Context, planpage.Settings) (plan.Plan, []byte, error) {
	return func(ctx context.Context, set planpage.Settings) (plan.Plan, []byte, error) {
		if set == w.start {
			return w.replan(ctx, set)
		}
		begun <- true
		<-ctx.Done()
		stopped <- context.Cause(ctx)
		return plan.Plan{}, nil, context.Cause(ctx)
	}
}
