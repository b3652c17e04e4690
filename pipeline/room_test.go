package pipeline_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// refusing answers an upload as it pleases, when its body was taken.
func refusing(req *http.Request, status int, body string) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, req.Body)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, req.Body.Close()
}

// wantNoneStranded checks that the day is spent, and that every upload token became a media item.
func (w *world) wantNoneStranded(rep pipeline.Report, err error) {
	w.t.Helper()
	if photos.Classify(err) != photos.ClassDailyQuota {
		w.t.Errorf("it ended with %v, want that the day is spent", err)
	}
	won, made := w.service.Calls()["uploads"], len(w.service.MediaItems())
	if won != made || made == 0 || made != rep.Ends[pipeline.Uploaded] {
		w.t.Errorf("%d upload tokens were won, and %d media items made of them; ends %v, requests %+v", won, made, rep.Ends, rep.Requests)
	}
}

// An album for each photo, so that what commits the tokens is as much as what wins them.
func TestUploadsThatAreTriedAgainStrandNoTokens(t *testing.T) {
	inBubble(t, "every second try fails", func(t *testing.T) {
		w := newWorld(t)
		for i := range 200 {
			w.photo(fmt.Sprintf("A%03d/a.jpg", i), i)
		}
		var tries atomic.Int64
		w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			if req.URL.Path == "/v1/uploads" && tries.Add(1)%2 == 0 {
				return refusing(req, http.StatusServiceUnavailable, `{"code":14,"message":"not now"}`)
			}
			return next.RoundTrip(req)
		})
		w.wantNoneStranded(w.runWithin(120))
	})
}

func TestUploadsThatAreRefusedStrandNoTokens(t *testing.T) {
	inBubble(t, "every second file is refused", func(t *testing.T) {
		w := newWorld(t)
		for i := range 100 {
			w.photo(fmt.Sprintf("A%03d/good.jpg", i), i)
			w.n++
			w.write(fmt.Sprintf("A%03d/bad.jpg", i), append(fixture.TinyJPEG(w.n, noon(i)), make([]byte, 5000)...))
		}
		w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			if req.URL.Path == "/v1/uploads" && req.ContentLength > 5000 {
				return refusing(req, http.StatusBadRequest, `{"code":3,"message":"no"}`)
			}
			return next.RoundTrip(req)
		})
		w.wantNoneStranded(w.runWithin(120))
	})
}
