package budget_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/budget"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (r roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }

func answer(status int, body string) roundTrip {
	return func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
	}
}

type closeable struct {
	io.Reader
	closed int
}

func (c *closeable) Close() error { c.closed++; return nil }

func request(t testing.TB, method, address string) *http.Request {
	req, err := http.NewRequestWithContext(context.Background(), method, address, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

const (
	api     = "https://photoslibrary.googleapis.com/v1/"
	uploads = api + "uploads"
)

func TestRequestsAreKnownByMethodAndPath(t *testing.T) {
	for line, want := range map[string]budget.Kind{
		"POST " + uploads: budget.Upload,
		"POST " + uploads + "?upload_id=x&upload_protocol=resumable": budget.Upload,
		"POST http://127.0.0.1:1/prefix/v1/uploads":                  budget.Upload,
		"POST " + api + "mediaItems:batchCreate":                     budget.BatchCreate,
		"POST " + api + "albums":                                     budget.AlbumCreate,
		"GET " + api + "albums?pageSize=50":                          budget.AlbumList,
		"GET " + api + "albums/A":                                    budget.Other,
		"PATCH " + api + "albums/A?updateMask=title":                 budget.Other,
		"POST " + api + "mediaItems:search":                          budget.Other,
		"GET " + api + "mediaItems:batchGet?mediaItemIds=a":          budget.Other,
		"GET https://lh3.googleusercontent.com/lr/abc=d":             budget.BaseURLLoad,
		"GET https://video-downloads.googleusercontent.com/abc":      budget.BaseURLLoad,
	} {
		method, address, _ := strings.Cut(line, " ")
		if got := budget.KindOf(request(t, method, address)); got != want {
			t.Errorf("%s is of kind %d, want %d", line, got, want)
		}
	}
}

func TestARefusedRequestIsNotSent(t *testing.T) {
	w := newWorld(t, 1)
	j := w.job()
	sent := 0
	through := budget.Transport(roundTrip(func(req *http.Request) (*http.Response, error) {
		sent++
		return answer(200, "token")(req)
	}), j)
	for i := range 3 {
		req := request(t, http.MethodPost, uploads)
		body := &closeable{Reader: strings.NewReader("bytes")}
		req.Body = body
		_, err := through.RoundTrip(req)
		if i == 0 {
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		w.spent(err)
		if body.closed != 1 {
			t.Errorf("the body was closed %d times, want once", body.closed)
		}
	}
	if sent != 1 {
		t.Errorf("%d requests went out, want 1", sent)
	}
}

func TestAnAttemptThatFailsIsCountedToo(t *testing.T) {
	w := newWorld(t, 0)
	reset := errors.New("connection reset")
	through := budget.Transport(roundTrip(func(*http.Request) (*http.Response, error) { return nil, reset }), w.job())
	for range 3 {
		if _, err := through.RoundTrip(request(t, http.MethodPost, uploads)); !errors.Is(err, reset) {
			t.Errorf("error %v, want the transport's", err)
		}
	}
	if s := w.status(); s.Today.Uploads != 3 {
		t.Errorf("status %+v, want 3 uploads", s)
	}
}

func TestTheServicesOwnWordAboutTheDayIsHeard(t *testing.T) {
	quota := func(metric, limit, name string) string {
		return fmt.Sprintf(`{"error":{"code":429,"message":"Quota exceeded for quota metric '%s' and limit '%s' of service 'photoslibrary.googleapis.com'","status":"RESOURCE_EXHAUSTED","details":[{"metadata":{"quota_limit":"%s"}}]}}`, metric, limit, name)
	}
	for _, tc := range []struct {
		name, address string
		status        int
		body          string
		spent         bool
	}{
		{"the day's, by name", uploads, 429, quota("All requests", "…", "ApiCallsPerProjectPerDay"), true},
		{"the day's, by its text", uploads, 429, quota("All requests", "All requests per day", ""), true},
		{"the minute's", api + "albums", 429, quota("Write requests", "Write requests per minute per user", "WritesPerMinutePerUser"), false},
		{"a day in another answer", uploads, 200, "a token per day", false},
		{"loads", "https://lh3.googleusercontent.com/x=d", 429, "too many per day", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t, 0)
			through := budget.Transport(answer(tc.status, tc.body), w.job())
			resp, err := through.RoundTrip(request(t, http.MethodPost, tc.address))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(resp.Body)
			if err != nil || string(got) != tc.body {
				t.Errorf("the answer became %q (%v), want %q", got, err, tc.body)
			}
			if s := w.status(); s.Today.Spent != tc.spent {
				t.Errorf("spent %t, want %t", s.Today.Spent, tc.spent)
			}
			if _, err := through.RoundTrip(request(t, http.MethodPost, uploads)); (err != nil) != tc.spent {
				t.Errorf("the next request: %v", err)
			}
		})
	}
}

// Three days in virtual time against a service with a quota of its own: it never has to refuse anything, and each day ends with our own refusal.
func TestTheServiceNeverHasToRefuseInDaysOfVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 60
		service, err := emulator.New(emulator.Config{Quota: emulator.Quota{RequestsPerDay: limit}})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = service.Close() }()
		w := newWorld(t, limit)
		w.cfg.Now = nil // the bubble's
		through := func(j *budget.Job) http.RoundTripper { return budget.Transport(service.Transport(), j) }
		sent := 0
		for range 3 {
			a, b := w.begin(), w.begin()
			var g errgroup.Group
			counts := make(chan int, 8)
			for _, rt := range []http.RoundTripper{through(a), through(b), through(a), through(b)} {
				g.Go(func() error { return uploadUntilSpent(t, service, rt, counts) })
			}
			if err := g.Wait(); err != nil {
				t.Fatal(err)
			}
			for range 4 {
				sent += <-counts
			}
			w.close(a)
			w.close(b)
			time.Sleep(time.Until(budget.NextReset(time.Now())))
		}
		if sent != 3*limit {
			t.Errorf("%d requests in three days, want %d", sent, 3*limit)
		}
	})
}

// uploadUntilSpent sends an upload every two seconds.
func uploadUntilSpent(t *testing.T, service *emulator.Server, through http.RoundTripper, counts chan<- int) error {
	for n := 0; ; n++ {
		req := request(t, http.MethodPost, uploads)
		req.Header.Set("Authorization", "Bearer "+service.AccessToken())
		req.Header.Set("X-Goog-Upload-Protocol", "raw")
		resp, err := through.RoundTrip(req)
		if spent := (budget.ErrSpent{}); errors.As(err, &spent) {
			counts <- n
			return nil
		}
		if err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("request %d: status %d", n, resp.StatusCode)
		}
		if err := resp.Body.Close(); err != nil {
			return err
		}
		time.Sleep(2 * time.Second)
	}
}

func TestTheRateIsThatOfAllUploadsTogetherWhileTheyAreUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 0)
		w.cfg.Now = nil
		slow := roundTrip(func(req *http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Second)
			if req.Header.Get("Refuse") != "" {
				return answer(500, "")(req)
			}
			return answer(200, "token")(req)
		})
		j := w.begin()
		through := budget.Transport(slow, j)
		upload := func(size int64, refuse string) error {
			req := request(t, http.MethodPost, uploads)
			req.ContentLength = size
			req.Header.Set("Refuse", refuse)
			_, err := through.RoundTrip(req)
			return err
		}
		var g errgroup.Group
		g.Go(func() error { return upload(1_000_000, "") })
		g.Go(func() error { return upload(3_000_000, "") })
		g.Go(func() error { return upload(5_000_000, "yes") }) // its bytes did not arrive
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour) // nothing is under way
		if err := upload(4_000_000, ""); err != nil {
			t.Fatal(err)
		}
		w.close(j)
		if got := w.status().BytesPerSecond(); got != 8_000_000/20 {
			t.Errorf("%v bytes a second, want %v", got, 8_000_000/20)
		}
	})
}
