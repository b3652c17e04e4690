package budget

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"
)

// Kind is what a request is for.
type Kind int

// The kinds of requests. All but the last count against the day's limit.
const (
	Other Kind = iota
	Upload
	BatchCreate
	AlbumCreate
	AlbumList
	BaseURLLoad
)

func (k Kind) column() string {
	return [...]string{"others", "uploads", "batch_creates", "album_creates", "album_lists", "loads"}[k]
}

// KindOf tells what a request is for.
func KindOf(req *http.Request) Kind {
	_, method, api := strings.Cut(req.URL.Path, "/v1/")
	switch post := req.Method == http.MethodPost; {
	case !api:
		return BaseURLLoad
	case post && method == "uploads":
		return Upload
	case post && method == "mediaItems:batchCreate":
		return BatchCreate
	case post && method == "albums":
		return AlbumCreate
	case !post && method == "albums":
		return AlbumList
	}
	return Other
}

// Transport counts each request for a job before base sends it. It belongs below any retry and above any pacing: a request that is refused waits for
// nothing. A refusal is the error of the request, an [ErrSpent]. When the service itself refuses the rest of the day, that is noted for all.
//
// A request that is counted and then not sent after all, because it was cancelled while base made it wait, stays counted.
// Without a job nothing is counted.
func Transport(base http.RoundTripper, job *Job) http.RoundTripper {
	if job == nil {
		return base
	}
	return &transport{base, job}
}

type transport struct {
	base http.RoundTripper
	job  *Job
}

// RoundTrip counts one request and sends it.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	kind, sent := KindOf(req), t.job.cfg.Now()
	if err := t.job.Take(req.Context(), kind); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // as every RoundTripper must
		}
		return nil, err
	}
	resp, err := t.send(req, kind)
	if err == nil && kind != BaseURLLoad && dayIsOver(resp) {
		// If it cannot be noted the answer still says it to this run.
		_ = t.job.MarkSpent(context.WithoutCancel(req.Context()), sent)
	}
	return resp, err
}

// send measures uploads on their way.
func (t *transport) send(req *http.Request, kind Kind) (*http.Response, error) {
	if kind != Upload {
		return t.base.RoundTrip(req)
	}
	t.job.meter.begin(time.Now())
	resp, err := t.base.RoundTrip(req)
	arrived := int64(0)
	if err == nil && resp.StatusCode/100 == 2 {
		arrived = max(req.ContentLength, 0)
	}
	t.job.meter.end(time.Now(), arrived)
	return resp, err
}

// dayIsOver tells the refusal of a day's quota from those that pass in a minute: by the quota's name, ApiCallsPerProjectPerDay, or in the older
// wording by the text (contract 0 #10, 6). What it reads of the answer is put back.
func dayIsOver(resp *http.Response) bool {
	if resp.StatusCode != http.StatusTooManyRequests {
		return false
	}
	begin, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	rest := io.Reader(resp.Body)
	if err != nil {
		rest = broken{err}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(begin), rest), resp.Body}
	return bytes.Contains(begin, []byte("PerDay")) || bytes.Contains(begin, []byte("per day"))
}

// broken is the rest of an answer that broke off.
type broken struct{ err error }

// Read fails.
func (b broken) Read([]byte) (int, error) { return 0, b.err }
