package rehearse_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/clock"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/rehearse"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

// world is a library on disk, and the terms under which it is imported.
type world struct {
	t     testing.TB
	dir   string
	quota emulator.Quota
	limit int     // requests a day that the client allows itself
	rate  float64 // bytes per second
	chunk int64   // of resumable uploads, bytes; 0 = none is resumable
	began time.Time
	n     int // contents made so far
}

// newWorld is a world in which it is the time at which a testing/synctest bubble begins: four in the afternoon, Pacific time.
func newWorld(t testing.TB) *world {
	return &world{t: t, dir: t.TempDir(), began: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
}

// photos writes n photos of at least so many bytes into a folder.
func (w *world) photos(folder string, n int, bytes int64) {
	w.t.Helper()
	for range n {
		w.n++
		taken := time.Date(2024, 5, 18, 12, 0, w.n, 0, time.UTC)
		body := fixture.TinyJPEG(w.n, taken)
		if bytes > 0 {
			body = fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: w.n, Captured: taken, PadTo: bytes})
		}
		w.write(fmt.Sprintf("%s/%05d.jpg", folder, w.n), body)
	}
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

func (w *world) config() pipeline.Config {
	cfg := pipeline.Config{Paths: []string{w.dir}, AlbumBy: "folder", StateDir: w.t.TempDir(), Endpoint: "the service", ResumableFrom: -1}
	if w.chunk > 0 {
		cfg.ResumableFrom, cfg.Chunk = w.chunk, w.chunk
	}
	return cfg
}

func (w *world) service(cfg emulator.Config) *emulator.Server {
	w.t.Helper()
	cfg.Quota = w.quota
	s, err := emulator.New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			w.t.Error(err)
		}
	})
	return s
}

// rehearsal is a config for rehearsing, and the service that stands in.
func (w *world) rehearsal() (rehearse.Config, *emulator.Server) {
	w.t.Helper()
	still := clock.NewStill(w.began)
	s := w.service(emulator.Config{Now: still.Now})
	cfg := rehearse.Config{
		Import: w.config(), Service: s.Transport(), AccessToken: s.AccessToken(), Clock: still, BytesPerSecond: w.rate,
		Limits: ratelimit.Config{WritesPerMinute: ratelimit.DefaultWritesPerMinute},
	}
	cfg.Budget = budget.Config{Path: filepath.Join(cfg.Import.StateDir, "budget.db"), Limit: w.limit}
	return cfg, s
}

func (w *world) rehearse() (rehearse.Result, error) {
	w.t.Helper()
	cfg, s := w.rehearsal()
	out, err := rehearse.Run(w.t.Context(), cfg)
	if bad := out.Report.Check(); bad != nil {
		w.t.Error(bad)
	}
	for _, v := range s.Violations() {
		w.t.Errorf("violation of %s: %s", v.Rule, v.Detail)
	}
	return out, err
}

// real runs the import in a bubble, and tells what went over the wire on each day.
func (w *world) real(t *testing.T) (days []rehearse.Day) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(w.began))
		inside := *w
		inside.t = t
		days = inside.days()
	})
	return days
}

// days runs the import as often as it takes, waiting until the requests of the next day come back.
func (w *world) days() []rehearse.Day {
	w.t.Helper()
	s := w.service(emulator.Config{})
	cable := &cable{rate: w.rate, next: s.Transport()}
	cfg := w.config()
	for {
		err := w.runOnce(s, cable, cfg)
		if err == nil {
			return cable.days
		}
		if photos.Classify(err) != photos.ClassDailyQuota {
			w.t.Fatal(err)
		}
		time.Sleep(time.Until(budget.NextReset(time.Now())))
	}
}

func (w *world) runOnce(s *emulator.Server, cable *cable, cfg pipeline.Config) error {
	job, err := budget.Begin(w.t.Context(), budget.Config{Path: filepath.Join(cfg.StateDir, "budget.db"), Limit: w.limit})
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() {
		if err := job.Close(); err != nil {
			w.t.Error(err)
		}
	}()
	pace, err := ratelimit.New(ratelimit.Config{WritesPerMinute: ratelimit.DefaultWritesPerMinute})
	if err != nil {
		w.t.Fatal(err)
	}
	wire := budget.Transport(pace.Transport(cable), job)
	client, err := photos.New(photos.Config{
		Transport: wire, UploadTransport: wire, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	cfg.API, cfg.Budget = pipeline.ClientAPI(client), job
	cfg.Observe = func(ev pipeline.Event) {
		if end, ok := ev.(pipeline.FileEnd); ok && end.End == pipeline.Uploaded {
			cable.count(func(d *rehearse.Day) { d.Files++ })
		}
	}
	_, err = pipeline.Run(w.t.Context(), cfg)
	return err
}

// cable is a line that takes real time, and counts what goes over it.
type cable struct {
	rate float64
	next http.RoundTripper

	mu   sync.Mutex
	free time.Time
	days []rehearse.Day
}

func (c *cable) count(add func(*rehearse.Day)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err)
	}
	date := now.In(pacific).Format(time.DateOnly)
	if n := len(c.days); n == 0 || c.days[n-1].Date != date {
		c.days = append(c.days, rehearse.Day{Date: date, From: now})
	}
	day := &c.days[len(c.days)-1]
	add(day)
	day.To = now
}

// RoundTrip sends a request whose body takes its time.
func (c *cable) RoundTrip(req *http.Request) (*http.Response, error) {
	c.count(func(d *rehearse.Day) {
		d.Requests++
		if k := budget.KindOf(req); k == budget.BatchCreate || k == budget.AlbumCreate {
			d.Writes++
		}
	})
	if budget.KindOf(req) == budget.Upload && req.Body != nil {
		slow := req.Clone(req.Context())
		slow.Body = &slowBody{req.Body, req.Context(), c}
		req = slow
	}
	return c.next.RoundTrip(req)
}

type slowBody struct {
	io.ReadCloser
	ctx   context.Context
	cable *cable
}

func (b *slowBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.cable.mu.Lock()
	if now := time.Now(); b.cable.free.Before(now) {
		b.cable.free = now
	}
	if b.cable.rate > 0 {
		b.cable.free = b.cable.free.Add(time.Duration(float64(n) / b.cable.rate * float64(time.Second)))
	}
	until := b.cable.free
	b.cable.mu.Unlock()
	if n > 0 {
		time.Sleep(time.Until(until))
		b.cable.count(func(d *rehearse.Day) { d.Bytes += int64(n) })
	}
	return n, err
}
