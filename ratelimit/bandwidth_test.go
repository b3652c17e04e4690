package ratelimit_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/ratelimit"
)

// sink takes bodies at any speed, and remembers when which bytes came.
type sink struct {
	began time.Time

	mu    sync.Mutex
	bytes map[string]int        // guarded by mu; by the request's query
	per   map[time.Duration]int // guarded by mu; by the second
}

func newSink() *sink {
	return &sink{began: time.Now(), bytes: map[string]int{}, per: map[time.Duration]int{}}
}

func (s *sink) RoundTrip(req *http.Request) (*http.Response, error) {
	defer req.Body.Close()
	for buf := make([]byte, 64<<10); ; {
		n, err := req.Body.Read(buf)
		s.mu.Lock()
		s.bytes[req.URL.RawQuery] += n
		s.per[time.Since(s.began).Truncate(time.Second)] += n
		s.mu.Unlock()
		if err == io.EOF {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// uploadOf is the request for an upload of so many bytes.
func uploadOf(ctx context.Context, name string, n int64) *http.Request {
	req := request(ctx, http.MethodPost, "/v1/uploads?"+name)
	req.Body, req.ContentLength = io.NopCloser(io.LimitReader(zeros{}, n)), n
	return req
}

func send(t *testing.T, through http.RoundTripper, req *http.Request) {
	t.Helper()
	resp, err := through.RoundTrip(req)
	if err != nil {
		t.Error(err)
		return
	}
	_ = resp.Body.Close()
}

func TestAllUploadsTogetherKeepToTheBytesOfASecond(t *testing.T) {
	for _, limit := range []string{"2000B", "10k", "1M", "20M"} {
		t.Run(limit, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				table := timetable(t, limit)
				perSecond := int(table.At(time.Now()))
				s := newSink()
				through := limited(t, ratelimit.Config{UploadBytes: table}, s)
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				var g sync.WaitGroup
				for _, name := range strings.Split("abcdefgh", "") {
					g.Go(func() {
						if _, err := through.RoundTrip(uploadOf(ctx, name, 1<<40)); !errors.Is(err, context.DeadlineExceeded) {
							t.Errorf("error %v, want the context's", err)
						}
					})
				}
				g.Wait()
				if took := time.Since(s.began); took != 20*time.Second {
					t.Errorf("ended after %v, want 20s, with the context", took)
				}
				s.judge(t, perSecond)
			})
		})
	}
}

// judge looks at 20 seconds of 8 uploads.
func (s *sink) judge(t *testing.T, perSecond int) {
	const burst = 32 << 10
	var all, least, most int
	for _, n := range s.bytes {
		if all += n; least == 0 || n < least {
			least = n
		}
		most = max(most, n)
	}
	piece := max(perSecond/20, 256)
	if all < 19*perSecond || all > 20*perSecond+burst+8*piece {
		t.Errorf("%d bytes in 20s, want about %d", all, 20*perSecond)
	}
	if len(s.bytes) != 8 || most-least > burst+2*piece { // the burst may go to one
		t.Errorf("%d uploads had between %d and %d bytes, want 8 with about the same", len(s.bytes), least, most)
	}
	for second, n := range s.per {
		if n > perSecond+burst {
			t.Errorf("%d bytes in the second after %v, want at most %d and a burst of %d", n, second, perSecond, burst)
		}
	}
}

// wall is a clock that hangs in a zone.
type wall struct{ zone *time.Location }

func (w wall) Now() time.Time { return time.Now().In(w.zone) }

func (w wall) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func TestTheLimitFollowsTheClockOnTheWall(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, begins, table string }{
		{"in the evening", "2000-02-01T17:59:50Z", "08:00,1M 19:00,4M"},
		{"over midnight on Sunday", "2000-02-05T22:59:50Z", "Sat-12:00,1M Sun-00:00,4M"},
		{"when the clock goes forward over the entry", "2000-03-26T00:59:50Z", "01:00,1M 02:30,4M"},
		{"when the clock goes back behind the entry", "2000-10-29T00:59:50Z", "02:30,1M 02:00,4M"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begins, err := time.Parse(time.RFC3339, tc.begins)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Until(begins))
				s := newSink()
				send(t, limited(t, ratelimit.Config{UploadBytes: timetable(t, tc.table), Clock: wall{berlin}}, s), uploadOf(t.Context(), "", 50<<20))
				want := slices.Repeat([]int{1 << 20}, 10)
				want = append(want, slices.Repeat([]int{4 << 20}, 9)...)
				for i, want := range want {
					if n := s.per[time.Duration(i)*time.Second]; n < want*9/10 || n > want+128<<10 {
						t.Errorf("%d bytes in second %d, want about %d", n, i, want)
					}
				}
			})
		})
	}
}

func TestOnlyTheBytesOfUploadsAreHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, err := ratelimit.New(ratelimit.Config{UploadBytes: timetable(t, "10k"), Observe: func(w ratelimit.Wait) { t.Errorf("told of %v", w) }})
		if err != nil {
			t.Fatal(err)
		}
		through := l.Transport(newSink())
		began := time.Now()
		for _, path := range []string{"/v1/mediaItems:search", batchCreate} {
			req := request(t.Context(), http.MethodPost, path)
			req.Body = io.NopCloser(io.LimitReader(zeros{}, 1<<20))
			send(t, through, req)
		}
		if took := time.Since(began); took != 0 || l.Held() != 0 {
			t.Errorf("took %v, held back %v, want nothing", took, l.Held())
		}
		session := request(t.Context(), http.MethodPost, "/elsewhere") // the service chooses where a session is
		session.Header.Set("X-Goog-Upload-Command", "upload, finalize")
		session.Body = io.NopCloser(io.LimitReader(zeros{}, 132<<10))
		send(t, through, session)
		if took := time.Since(began).Round(time.Second); took != 10*time.Second || l.Held().Round(time.Second) != took {
			t.Errorf("took %v, held back %v, want 10s for 100k after the first 32k", took, l.Held())
		}
	})
}

func TestASlowedRequestIsLeftAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := &closeable{Reader: io.LimitReader(zeros{}, 1000)}
		req := uploadOf(t.Context(), "", 1000)
		req.Body = body
		send(t, limited(t, ratelimit.Config{UploadBytes: timetable(t, "10k")}, newSink()), req)
		if req.Body != io.ReadCloser(body) || body.closed != 1 {
			t.Errorf("the request's body is %T, closed %d times, want its own, closed once", req.Body, body.closed)
		}
	})
}
