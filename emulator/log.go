package emulator

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Request is a line of the request log: one request to the API, or one load of a
// base URL, and how it was answered. It tells no secret: no token, no address of
// an upload session or of a base URL, and of the query only what cannot be one.
type Request struct {
	N         int       `json:"n"`    // counted from 1, in the order in which answers ended
	Time      time.Time `json:"time"` // when it came, on the server's clock
	Method    string    `json:"method"`
	Path      string    `json:"path"` // … stands for what is left out
	Operation string    `json:"operation"`
	Status    int       `json:"status"`          // 0: the connection broke before there was one
	Cut       bool      `json:"cut,omitempty"`   // the connection broke before the end of the answer
	Took      Duration  `json:"took"`            // from the first byte of the request to the last of the answer
	In        int64     `json:"in"`              // bytes of the request's body that were read
	Out       int64     `json:"out"`             // bytes of the answer's body
	Quotas    []string  `json:"quotas"`          // what it counted against: "requests", "writes", "uploads", "base URLs"
	Fault     string    `json:"fault,omitempty"` // the effect of a fault, planned or by chance, that it met
	Broke     []string  `json:"broke,omitempty"` // the Rule constants of its violations
}

// logLength is how many requests are remembered.
const logLength = 1000

// quotaSet is a set of the quotas.
type quotaSet uint8

const (
	quotaRequests quotaSet = 1 << iota
	quotaWrites
	quotaUploads
	quotaBaseURLs
)

// quotaNames is in the order of the bits. Read only.
var quotaNames = []string{"requests", "writes", "uploads", "base URLs"}

func (q quotaSet) names() []string {
	names := []string{}
	for i, name := range quotaNames {
		if q&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// line is a Request as the log keeps it. While it is answered, the goroutine that
// answers owns it, and violations are added with Server.mu held.
type line struct {
	came      time.Time
	method    string
	path      string
	operation string
	status    int
	cut       bool
	took      time.Duration
	in, out   int64
	counted   quotaSet
	fault     string
	broke     []string
}

// requestLog is the last requests, in a ring. Its lock is held for a copy only, and
// never together with another one.
type requestLog struct {
	mu   sync.Mutex
	ring []line
	n    int // lines ever
}

func (l *requestLog) add(one line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < logLength {
		l.ring = append(l.ring, one)
	} else {
		l.ring[l.n%logLength] = one
	}
	l.n++
}

// Requests are the last 1,000 requests to the API and loads of base URLs, newest
// first. Those that are still being answered are not among them.
func (s *Server) Requests() []Request {
	l := &s.log
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Request, len(l.ring))
	for i := range all {
		all[i] = l.ring[(l.n-1-i)%len(l.ring)].request(l.n - i)
	}
	return all
}

func (l line) request(n int) Request {
	return Request{
		N: n, Time: l.came, Method: l.method, Path: l.path, Operation: l.operation, Status: l.status, Cut: l.cut,
		Took: Duration(l.took), In: l.in, Out: l.out, Quotas: l.counted.names(), Fault: l.fault, Broke: slices.Clone(l.broke),
	}
}

// shownMethods are the methods that are a word, and not a client's own text. Read
// only.
var shownMethods = []string{"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"}

// hidden stands in the log for what may be a secret, or is a client's own text.
const hidden = "…"

func shownMethod(method string) string {
	if slices.Contains(shownMethods, method) {
		return method
	}
	return hidden
}

// collections are the first words of the API's paths. Read only.
var collections = []string{"uploads", "albums", "mediaItems", "sharedAlbums"}

// shownPath is a path of the API without what may be a secret: ids of albums and
// items are none, share tokens are, and what belongs to no method may be
// anything.
func shownPath(path, id string, found bool) string {
	if !found {
		first, rest, more := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(path, "/v1"), "/"), "/")
		if !slices.Contains(collections, first) {
			return "/v1/" + hidden
		}
		if more && rest != "" {
			return "/v1/" + first + "/" + hidden
		}
		return "/v1/" + first
	}
	if id == "" || wellFormed(idOfAlbum, id) || wellFormed(idOfItem, id) {
		return path
	}
	return strings.Replace(path, "/"+id, "/"+hidden, 1)
}
