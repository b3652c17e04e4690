package dashboard_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/albumwright/albumwright/internal/dashboard"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/watch"
)

// fake is a watch that does what a test says, and notes what it is told.
type fake struct {
	mu      sync.Mutex // guards the following
	now     watch.Snapshot
	changed chan struct{}
	told    []string
	asked   int   // for a snapshot
	err     error // of what it is told next

	stuck chan struct{} // not nil: it says nothing until that is closed
}

func newFake(s watch.Snapshot) *fake { return &fake{now: s, changed: make(chan struct{})} }

// Snapshot implements watch.Control.
func (f *fake) Snapshot() watch.Snapshot {
	if f.stuck != nil {
		<-f.stuck
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	s := f.now
	s.Folders, s.Failures, s.Last, s.Rates, s.Times = slices.Clone(s.Folders), slices.Clone(s.Failures), slices.Clone(s.Last), slices.Clone(s.Rates), slices.Clone(s.Times)
	return s
}

// Changed implements watch.Control.
func (f *fake) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// change lets something happen.
func (f *fake) change(what func(*watch.Snapshot)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	what(&f.now)
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *fake) tell(what string, then func(*watch.Snapshot)) error {
	f.mu.Lock()
	f.told = append(f.told, what)
	err := f.err
	f.mu.Unlock()
	if err == nil {
		f.change(then)
	}
	return err
}

// Pause implements watch.Control.
func (f *fake) Pause(context.Context) error {
	return f.tell("pause", func(s *watch.Snapshot) { s.State = watch.Paused })
}

// Resume implements watch.Control.
func (f *fake) Resume(context.Context) error {
	return f.tell("resume", func(s *watch.Snapshot) { s.State = watch.Sending })
}

// Retry implements watch.Control.
func (f *fake) Retry(_ context.Context, path string) (n int, err error) {
	err = f.tell("retry "+path, func(s *watch.Snapshot) {
		n = s.FailureCount
		if path == "" {
			s.Failures, s.FailureCount = nil, 0
			return
		}
		n = 1
		s.Failures = slices.DeleteFunc(s.Failures, func(x watch.Failure) bool { return x.Path == path })
		s.FailureCount--
	})
	return n, err
}

// Rescan implements watch.Control.
func (f *fake) Rescan() {
	_ = f.tell("rescan", func(s *watch.Snapshot) { s.Folders[0].Scanning = true })
}

// heard is what the watch was told.
func (f *fake) heard() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.told, ", ")
}

// world is a page that is served.
type world struct {
	t     *testing.T
	watch *fake
	url   string // with a slash at its end
}

func serve(t *testing.T, s watch.Snapshot) *world {
	t.Helper()
	return serveAs(t, newFake(s), dashboard.Config{})
}

// serveAs serves a page until the test ends.
func serveAs(t *testing.T, f *fake, cfg dashboard.Config) *world {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	cfg.Control = f
	page := dashboard.New(cfg)
	go func() { ended <- page.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error("the page ended with", err)
		}
	})
	at := "http://" + ln.Addr().String() + "/"
	if cfg.Secret != "" {
		at += cfg.Secret + "/"
	}
	return &world{t: t, watch: f, url: at}
}

// get asks for an address below the page's.
func (w *world) get(path string) (status int, header http.Header, body string) {
	w.t.Helper()
	return w.do(w.request(http.MethodGet, path, nil))
}

// post sends a form.
func (w *world) post(path string, form url.Values) (status int, header http.Header, body string) {
	w.t.Helper()
	r := w.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(r)
}

func (w *world) request(method, path string, body io.Reader) *http.Request {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
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

// token is that of the page's forms.
func (w *world) token() string {
	w.t.Helper()
	_, _, body := w.get("")
	m := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(body)
	if m == nil {
		w.t.Fatal("the page has no token")
	}
	return m[1]
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

// photos writes a photo for each file of the wall that is one.
func photos(t testing.TB, s watch.Snapshot) {
	t.Helper()
	for i, it := range s.Last {
		if filepath.Ext(it.Path) != ".jpg" {
			continue
		}
		if err := os.WriteFile(it.Path, fixture.JPEG(fixture.Spec{Seed: i, Width: 160, Height: 120}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func isPicture(header http.Header, body string) bool {
	return strings.HasPrefix(header.Get("Content-Type"), "image/") && (bytes.HasPrefix([]byte(body), []byte("\xff\xd8")) || strings.HasPrefix(body, "\x89PNG"))
}
