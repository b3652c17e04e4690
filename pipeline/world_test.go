package pipeline_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// world is a folder, a service and a state folder: all that a run needs.
type world struct {
	t       testing.TB
	dir     string
	service *emulator.Server
	wire    http.RoundTripper // what carries requests to the service; tests put faults in between
	cfg     pipeline.Config
	n       int                // contents made so far
	tokens  oauth2.TokenSource // nil: the one that the service accepts

	tolerant bool // violations are expected
	unseen   bool // albums go by what the service does not see: sidecars, clocks that were put right, a plan
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldWith(t, emulator.Config{})
}

func newWorldWith(t testing.TB, cfg emulator.Config) *world {
	t.Helper()
	s, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, dir: t.TempDir(), service: s, wire: s.Transport()}
	w.cfg = pipeline.Config{Paths: []string{w.dir}, AlbumBy: "folder", StateDir: t.TempDir(), Endpoint: "emulator"}
	path := pipeline.LedgerPath(w.cfg)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, emptyLedger, 0o600)); err != nil {
		t.Fatal(err)
	}
	return w
}

// inBubble runs a test in virtual time: what waits for minutes takes none.
func inBubble(t *testing.T, name string, test func(*testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// pass lets virtual time pass.
func pass(d time.Duration) { time.Sleep(d) }

// noon is the capture time of a photo taken so many minutes after noon.
func noon(minutes int) time.Time {
	return time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

// photo writes a new photo, different from all others, captured so many minutes after noon.
func (w *world) photo(path string, minutes int) []byte {
	w.t.Helper()
	w.n++
	body := fixture.TinyJPEG(w.n, noon(minutes))
	w.write(path, body)
	return body
}

func (w *world) write(path string, body []byte) {
	w.t.Helper()
	full := filepath.Join(w.dir, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(full, body, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) rename(from, to string) {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Dir(filepath.Join(w.dir, to)), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(w.dir, from), filepath.Join(w.dir, to)); err != nil {
		w.t.Fatal(err)
	}
}

// try runs an import and checks what must hold after any run, ended well or not.
func (w *world) try(ctx context.Context) (pipeline.Report, error) {
	w.t.Helper()
	tokens := w.tokens
	if tokens == nil {
		tokens = oauth2.StaticTokenSource(&oauth2.Token{AccessToken: w.service.AccessToken()})
	}
	client, err := photos.New(photos.Config{Transport: w.wire, UploadTransport: w.wire, TokenSource: tokens, Patience: w.cfg.Patience})
	if err != nil {
		w.t.Fatal(err)
	}
	cfg := w.cfg
	cfg.API = pipeline.ClientAPI(client)
	ends := map[string]int{}
	observe := cfg.Observe
	cfg.Observe = func(ev pipeline.Event) {
		if end, ok := ev.(pipeline.FileEnd); ok {
			ends[end.Path]++
		}
		if observe != nil {
			observe(ev)
		}
	}
	rep, err := pipeline.Run(ctx, cfg)
	if bad := rep.Check(); bad != nil {
		w.t.Error(bad)
	}
	for path, n := range ends {
		if n != 1 {
			w.t.Errorf("%s ended %d times", path, n)
		}
	}
	if want := rep.Found - rep.Ends[pipeline.Unfinished]; len(ends) != want {
		w.t.Errorf("%d files were told to the observer, want %d", len(ends), want)
	}
	w.checkLibrary()
	return rep, err
}

// run runs an import that must end well.
func (w *world) run() pipeline.Report {
	w.t.Helper()
	rep, err := w.try(w.t.Context())
	if err != nil {
		w.t.Fatalf("Run: %v", err)
	}
	return rep
}

// plan foresees a run.
func (w *world) plan() pipeline.Foresight {
	w.t.Helper()
	p, err := pipeline.Plan(w.t.Context(), w.cfg)
	if err != nil {
		w.t.Fatalf("Plan: %v", err)
	}
	return p
}

// checkLibrary checks the whole service: nothing doubled, albums in the order of the times that the service itself has read, nothing done that a
// client must not do.
func (w *world) checkLibrary() {
	w.t.Helper()
	for _, v := range w.service.Violations() {
		if w.tolerant {
			break
		}
		w.t.Errorf("violation of %s: %s", v.Rule, v.Detail)
	}
	byID := map[string]emulator.MediaItem{}
	contents := map[[sha256.Size]byte]string{}
	for _, m := range w.service.MediaItems() {
		if other, ok := contents[m.SHA256]; ok {
			w.t.Errorf("%s and %s have the same content", m.Filename, other)
		}
		contents[m.SHA256], byID[m.ID] = m.Filename, m
	}
	titles := map[string]bool{}
	for _, a := range w.service.Albums() {
		if titles[a.Title] {
			w.t.Errorf("two albums are called %q", a.Title)
		}
		titles[a.Title] = true
		for i := 1; i < len(a.Items); i++ {
			before, after := byID[a.Items[i-1]], byID[a.Items[i]]
			if after.CreationTime.Before(before.CreationTime) && !w.unseen {
				w.t.Errorf("album %q: %s (%s) stands before %s (%s)", a.Title, before.Filename, before.CreationTime, after.Filename, after.CreationTime)
			}
		}
	}
}

// albums are the service's albums by title, each with its file names in order.
func (w *world) albums() map[string][]string {
	names := map[string]string{}
	for _, m := range w.service.MediaItems() {
		names[m.ID] = m.Filename
	}
	albums := map[string][]string{}
	for _, a := range w.service.Albums() {
		albums[a.Title] = []string{}
		for _, id := range a.Items {
			albums[a.Title] = append(albums[a.Title], names[id])
		}
	}
	return albums
}

func (w *world) wantAlbums(want map[string][]string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.albums()); diff != "" {
		w.t.Errorf("albums (-want +got):\n%s", diff)
	}
}

// wantEnds compares a report's ends; what is not named must be zero.
func wantEnds(t testing.TB, rep pipeline.Report, want map[pipeline.End]int) {
	t.Helper()
	for _, e := range pipeline.Ends() {
		if rep.Ends[e] != want[e] {
			t.Errorf("%d files ended %q, want %d (all: %v)", rep.Ends[e], e, want[e], rep.Ends)
		}
	}
}

// calls counts the service's requests since the last look, and forgets those of before.
func (w *world) calls(since map[string]int) map[string]int {
	diff := map[string]int{}
	for op, n := range w.service.Calls() {
		if n -= since[op]; n != 0 {
			diff[op] = n
		}
	}
	return diff
}

func wantCalls(t testing.TB, got, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// names makes photos name0, name1, … one minute apart, and returns their names in capture order.
func (w *world) series(dir, name string, n, from int) []string {
	w.t.Helper()
	var names []string
	for i := range n {
		file := fmt.Sprintf("%s%03d.jpg", name, n-i) // against the order of the names
		w.photo(filepath.Join(dir, file), from+i)
		names = append(names, file)
	}
	return names
}

// fault is a transport that does something else to some requests.
type fault func(next http.RoundTripper, req *http.Request) (*http.Response, error)

type faulty struct {
	next http.RoundTripper
	do   fault
}

func (f faulty) RoundTrip(req *http.Request) (*http.Response, error) { return f.do(f.next, req) }

// through puts a fault between the client and the service.
func (w *world) through(do fault) { w.wire = faulty{w.service.Transport(), do} }

// mended takes it away.
func (w *world) mended() { w.wire = w.service.Transport() }

func sortedCopy(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}
