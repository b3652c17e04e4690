package watch_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/auth"
	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// settle is how long the folders of these tests let files rest.
const settle = 10 * time.Second

// world is a watched folder, a service, and the watch between them.
type world struct {
	t       testing.TB
	dir     string // what is watched
	state   string
	service *emulator.Server
	wire    http.RoundTripper
	token   string // guarded by mu, as signIn
	signIn  string
	job     watch.Job
	once    bool
	limit   int // requests a day; 0 = only counted
	more    func(*watch.Config)

	n       int // contents made so far
	watch   *watch.Watch
	eyes    *eyes
	end     context.CancelCauseFunc // drops
	drain   context.CancelFunc
	done    chan error
	mu      sync.Mutex
	notes   []watch.Note // guarded by mu
	connect error        // guarded by mu; why there is no connection
}

func newWorldWith(t testing.TB, cfg emulator.Config) *world {
	t.Helper()
	s, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: filepath.Join(t.TempDir(), "pics"), state: t.TempDir(), service: s, wire: s.Transport(), token: s.AccessToken(), signIn: "one"}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := os.Mkdir(w.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	w.job = watch.Job{
		Root: w.dir, Rule: "an album for each folder", ByFolder: true,
		Run: pipeline.Config{AlbumBy: "folder", StateDir: w.state, Endpoint: "emulator", Account: "test"},
	}
	return w
}

// inBubble runs a test in virtual time.
func inBubble(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	inBubbleWith(t, emulator.Config{}, test)
}

func inBubbleWith(t *testing.T, cfg emulator.Config, test func(*testing.T, *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorldWith(t, cfg)
		defer w.kill()
		test(t, w)
	})
}

// pass lets virtual time pass.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// begin starts the watch.
func (w *world) begin() {
	w.t.Helper()
	var err error
	intake, drain := context.WithCancel(context.Background())
	w.drain = drain
	w.watch, err = watch.New(w.config(intake))
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, end := context.WithCancelCause(context.Background())
	w.end, w.done = end, make(chan error, 1)
	go func(started *watch.Watch, done chan error) { done <- started.Run(ctx) }(w.watch, w.done)
	synctest.Wait()
}

func (w *world) config(intake context.Context) watch.Config {
	cfg := watch.Config{
		Jobs: []watch.Job{w.job}, Once: w.once, StateDir: w.state, Intake: intake,
		Open: func(job watch.Job) (watch.Watcher, error) {
			w.eyes = newEyes(job.Root)
			return w.eyes, nil
		},
		Connect: w.connection, SignIn: func(watch.Job) string { w.mu.Lock(); defer w.mu.Unlock(); return w.signIn },
		Tell: func(n watch.Note) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.notes = append(w.notes, n)
		},
	}
	if w.more != nil {
		w.more(&cfg)
	}
	return cfg
}

func (w *world) connection(ctx context.Context, _ watch.Job, _ func(string, time.Time)) (watch.Service, error) {
	w.mu.Lock()
	err, token := w.connect, w.token
	w.mu.Unlock()
	if err != nil {
		return watch.Service{}, err
	}
	job, err := budget.Begin(ctx, budget.Config{Path: filepath.Join(w.state, "budget.db"), Limit: w.limit})
	if err != nil {
		return watch.Service{}, err
	}
	client, err := photos.New(photos.Config{
		Transport: budget.Transport(w.wire, job), UploadTransport: budget.Transport(w.wire, job),
		TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}),
	})
	use := func(cfg *pipeline.Config) { cfg.API, cfg.Budget = pipeline.ClientAPI(client), job }
	return watch.Service{Use: use, Close: job.Close}, err
}

// stop stops the watch gently, and returns how it ended.
func (w *world) stop() error {
	w.t.Helper()
	w.drain()
	return w.wait()
}

// kill drops everything, as a kill does: nothing is finished.
func (w *world) kill() {
	if w.done != nil {
		w.end(errKilled)
		_ = w.wait()
	}
}

var errKilled = fmt.Errorf("killed")

func (w *world) wait() error {
	w.t.Helper()
	err := <-w.done
	w.done = nil
	return err
}

// photo writes a new photo, different from all others.
func (w *world) photo(path string) []byte {
	w.t.Helper()
	body := w.photoBody()
	w.write(path, body)
	return body
}

func (w *world) photoBody() []byte {
	w.n++
	return fixture.TinyJPEG(w.n, time.Date(2024, 5, 18, 12, 0, w.n, 0, time.UTC))
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
	if err := os.Chtimes(full, time.Now(), time.Now()); err != nil { // virtual
		w.t.Fatal(err)
	}
	w.poke()
}

func (w *world) poke() {
	if w.eyes != nil {
		w.eyes.poke()
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

// checkLibrary checks that nothing is doubled, and that nothing was done that a client must not do.
func (w *world) checkLibrary() {
	w.t.Helper()
	for _, v := range w.service.Violations() {
		w.t.Errorf("violation of %s: %s", v.Rule, v.Detail)
	}
	contents := map[[sha256.Size]byte]string{}
	for _, m := range w.service.MediaItems() {
		if other, ok := contents[m.SHA256]; ok {
			w.t.Errorf("%s and %s have the same content", m.Filename, other)
		}
		contents[m.SHA256] = m.Filename
	}
	titles := map[string]bool{}
	for _, a := range w.service.Albums() {
		if titles[a.Title] {
			w.t.Errorf("two albums are called %q", a.Title)
		}
		titles[a.Title] = true
	}
}

// wantAll checks that the library holds what is in the folder, each file in the album of its folder, and nothing else.
func (w *world) wantAll() {
	w.t.Helper()
	want := map[[sha256.Size]byte]string{}
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		want[sha256.Sum256(body)] = path
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	album := map[string]string{}
	for _, a := range w.service.Albums() {
		for _, id := range a.Items {
			album[id] = a.Title
		}
	}
	for _, m := range w.service.MediaItems() {
		path, ok := want[m.SHA256]
		if dir := filepath.Base(filepath.Dir(path)); ok && album[m.ID] != dir {
			w.t.Errorf("%s is in album %q, want %q", path, album[m.ID], dir)
		}
		delete(want, m.SHA256)
	}
	for _, path := range want {
		w.t.Errorf("%s is not in the library", path)
	}
	w.checkLibrary()
}

// wantCount checks how many media items there are.
func (w *world) wantCount(n int) {
	w.t.Helper()
	if got := len(w.service.MediaItems()); got != n {
		w.t.Errorf("%d media items, want %d", got, n)
	}
}

// wantSums checks that the snapshot adds up.
func (w *world) wantSums() watch.Snapshot {
	w.t.Helper()
	s := w.watch.Snapshot()
	sum := s.Open
	for _, n := range s.Ends {
		sum += n
	}
	if sum != s.Found || s.Open < 0 {
		w.t.Errorf("%d found, but %d open and ends %v", s.Found, s.Open, s.Ends)
	}
	return s
}

// told returns the notes of a kind, as one text.
func (w *world) told(kind watch.Kind) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var lines []string
	for _, n := range w.notes {
		if n.Kind == kind {
			lines = append(lines, n.Text)
		}
	}
	return strings.Join(lines, "\n")
}

func (w *world) wantTold(kind watch.Kind, text string) {
	w.t.Helper()
	if got := w.told(kind); !strings.Contains(got, text) {
		w.t.Errorf("told of %s: %q, want %q in it", kind, got, text)
	}
}

// runs counts the runs that the ledger knows of.
func (w *world) runs() int {
	r, err := ledger.OpenRead(w.t.Context(), pipeline.LedgerPath(w.job.Run))
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Close()
	runs, err := r.Runs(w.t.Context(), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(runs)
}

// takeAway unmounts the folder: an empty one is in its place.
func (w *world) takeAway() {
	if err := errors.Join(os.Rename(w.dir, w.dir+" away"), os.Mkdir(w.dir, 0o755)); err != nil {
		w.t.Error(err)
	}
	w.poke()
}

func (w *world) bringBack() {
	if err := errors.Join(os.Remove(w.dir), os.Rename(w.dir+" away", w.dir)); err != nil {
		w.t.Error(err)
	}
	w.poke()
}

// signAs is somebody who signs in, or out.
func (w *world) signAs(token, signIn string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.token, w.signIn = token, signIn
}

func (w *world) setConnect(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.connect = err
}

func pipelineNoSignIn() error { return auth.NotSignedIn("test") }

func body1(text string) io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }

// noSpace is what a run says when the disk of the ledger is full.
func noSpace() error {
	return fmt.Errorf("%w: %w", pipeline.ErrLedger, &fs.PathError{Op: "write", Path: "ledger", Err: syscall.ENOSPC})
}
