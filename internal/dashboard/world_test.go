package dashboard_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
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
	"time"

	"github.com/albumwright/albumwright/internal/dashboard"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/report"
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
	s.Failures, s.Last, s.Rates, s.Times = slices.Clone(s.Failures), slices.Clone(s.Last), slices.Clone(s.Rates), slices.Clone(s.Times)
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

// noon is when the day's snapshot was taken.
func noon() time.Time { return time.Now().Truncate(time.Second) }

// afternoon is a believable day: a watch since spring, a trip that is coming in, a few mishaps. dir has the photos of the wall, if it is not "".
func afternoon(dir string) watch.Snapshot {
	now := noon()
	s := watch.Snapshot{
		Time: now, Since: now.AddDate(0, -6, -11), State: watch.Sending, LastRun: now.Add(-4 * time.Minute), NextRun: now.Add(42 * time.Second),
		Found: 1412, Open: 74,
		Ends:   map[report.End]int{report.Uploaded: 1203, report.AlreadyThere: 87, report.Duplicate: 22, report.Skipped: 23, report.Failed: 3},
		Budget: []watch.Budget{{Project: "summit-photos", Used: 3412, Limit: 10000, Resets: now.Add(9*time.Hour + 17*time.Minute)}},
		Stages: []watch.Stage{
			{Name: "settle", Queue: 31, Done: 1381}, {Name: "ready", Queue: 12, Done: 1369}, {Name: "look", Queue: 4, Done: 1365},
			{Name: "upload", Queue: 22, Done: 1298, Bytes: 8_412_000_000}, {Name: "create", Queue: 5, Done: 1290},
		},
		Folders: []watch.Folder{
			{Path: "/home/mara/Pictures/Phone", Account: "mara@example.org", Rule: "an album for each month", State: "watching", Files: 21_408, Settling: 3, Ready: 0, LastScan: now.Add(-23 * time.Minute)},
			{Path: "/nas/family/Camera", Account: "mara@example.org", Rule: "an album for each folder", State: "polling", Why: "NFS tells nobody what changes on it: it is looked through every minute", Files: 112_903, Settling: 28, Ready: 12, LastScan: now.Add(-40 * time.Second), Scanning: true},
			{Path: "/media/mara/EOS_DIGITAL", Account: "mara@example.org", Rule: "an album for each event", State: "offline", Why: "not mounted since 11:02; nothing of it is forgotten", Files: 412, LastScan: now.Add(-3 * time.Hour)},
		},
		Current: []string{"/nas/family/Camera/2026-11 Lofoten/IMG_2291.CR3", "/nas/family/Camera/2026-11 Lofoten/IMG_2292.CR3", "/nas/family/Camera/2026-11 Lofoten/IMG_2293.CR3"},
		Failures: []watch.Failure{
			{Path: "/nas/family/Camera/2026-11 Lofoten/IMG_2207.JPG", Stage: "upload", Reason: "read error: input/output error at 12.4 MB", Tries: 3, Next: now.Add(12 * time.Minute)},
			{Path: "/home/mara/Pictures/Phone/VID_20261102_184211.mp4", Stage: "create", Reason: "the service could not read the video", Tries: 2},
			{Path: "/home/mara/Pictures/Phone/broken.jpg", Stage: "create", Reason: "the service says that this is no photo", Tries: 1},
		},
		FailureCount: 3,
		Trouble:      []watch.Trouble{{Kind: "offline", What: "/media/mara/EOS_DIGITAL is offline: not mounted", Do: "mount it, or plug it in; it goes on by itself then", Since: now.Add(-3 * time.Hour)}},
	}
	s.Rates, s.Times, s.Last = rates(now), trip(now, 640), lately(now, dir)
	return s
}

// rates are half an hour with two waits in it.
func rates(now time.Time) (out []watch.Rate) {
	rng := rand.New(rand.NewPCG(7, 7))
	for i := range 180 {
		r := watch.Rate{At: now.Add(time.Duration(i-179) * 10 * time.Second)}
		busy := 0.55 + 0.45*math.Sin(float64(i)/13) + rng.Float64()*0.3
		if i < 25 || i > 70 && i < 84 {
			busy = 0
		}
		r.Bytes, r.Items = int64(busy*62e6), int(busy*6+rng.Float64())
		switch {
		case i > 98 && i < 106:
			r.Bytes, r.Items, r.Waited, r.Limited = r.Bytes/5, 0, 9*time.Second, (i-98)%3
		case i == 141 || i == 142:
			r.Waited, r.Limited = 4*time.Second, 1
		}
		out = append(out, r)
	}
	return out
}

// trip is when photos of some days were taken, in albums by the day.
func trip(now time.Time, n int) (out []watch.Taken) {
	rng := rand.New(rand.NewPCG(5, 9))
	names := []string{"2026-11-14 Bodø", "2026-11-15 Ferry", "2026-11-16 Reine", "2026-11-17 Reinebringen", "2026-11-18 Nusfjord", "2026-11-19 Henningsvær", "2026-11-20 Northern lights"}
	from := now.AddDate(0, 0, -8).Truncate(24 * time.Hour)
	for range n {
		day := rng.IntN(len(names))
		hour := 9 + rng.NormFloat64()*1.6 + float64(rng.IntN(2))*6
		out = append(out, watch.Taken{At: from.AddDate(0, 0, day).Add(time.Duration(hour * float64(time.Hour))), Album: names[day]})
	}
	return out
}

// lately are the last files of the day, each with another picture.
func lately(now time.Time, dir string) (out []watch.Item) {
	names := []string{"photo", "photo", "photo", "video", "photo", "raw", "photo"}
	for i := range 28 {
		it := watch.Item{
			File:  report.File{Path: filepath.Join(dir, fmt.Sprintf("IMG_%04d.jpg", 2290-i)), Size: int64(3_100_000 + 41_000*i), End: report.Uploaded, Album: "2026-11-19 Henningsvær", ID: fmt.Sprint("item", i)},
			Ended: now.Add(-time.Duration(i*7) * time.Second), Captured: now.Add(-time.Duration(60+i) * time.Hour),
		}
		switch {
		case names[i%len(names)] == "video":
			it.Path = filepath.Join(dir, fmt.Sprintf("MVI_%04d.mp4", 2290-i))
		case i == 5:
			it.End, it.Reason, it.Album = report.Failed, "read error: input/output error at 12.4 MB", ""
		case i == 8:
			it.End, it.DuplicateOf = report.Duplicate, "IMG_2280.jpg"
		case i == 11:
			it.End = report.AlreadyThere
		case i == 13:
			it.End, it.Reason, it.Path, it.Album = report.Skipped, "not a photo or video", filepath.Join(dir, "notes.txt"), ""
		}
		out = append(out, it)
	}
	return out
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
