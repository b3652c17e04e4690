package rehearse

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/clock"
	"github.com/albumwright/albumwright/ratelimit"
)

// window is how many files the real run's uploads can be ahead of its creates.
const window = 150

// line is the way to the service, which all uploads share: so many bytes take the same time whether they go one after the other or side by side.
type line struct {
	clock  *clock.Still
	rate   float64 // bytes per second; 0 = no bound
	limits ratelimit.Timetable

	mu     sync.Mutex
	free   time.Time         // guarded by mu, as all below; when all that it was given is sent
	opens  time.Time         // from when on the real run would have had the next file to send
	files  int               // that were begun in this run
	ended  int               // likewise
	ending [window]time.Time // when the last ones ended: no. n at n % window
}

// begin is the beginning of a run.
func (l *line) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free, l.files, l.ended = l.clock.Now(), 0, 0
	l.opens = l.free
}

// file begins the next file. While creates wait for their turn, which moves the clock, the real run's uploads go on, as far as its window allows; so what is
// sent now may have been sent in that time already.
func (l *line) file() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.files - window; n >= 0 && n < l.ended {
		l.opens = l.ending[n%window]
	}
	l.files++
}

// end is that of a file.
func (l *line) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ending[l.ended%window] = l.clock.Now()
	l.ended++
}

// send takes n bytes, moves the clock to where they have arrived, and tells how long they took.
func (l *line) send(n int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	from := l.free
	if from.Before(l.opens) {
		from = l.opens
	}
	l.free = l.arrival(from, float64(n))
	l.clock.JumpTo(l.free)
	return l.free.Sub(from)
}

// arrival is when bytes that leave from a time on have arrived. The limit may change with each minute.
func (l *line) arrival(from time.Time, bytes float64) time.Time {
	for {
		rate := l.rate
		if limit := float64(l.limits.At(from)); limit > 0 && (rate == 0 || limit < rate) {
			rate = limit
		}
		if rate == 0 {
			return from
		}
		left := time.Duration(bytes / rate * float64(time.Second))
		minute := from.Truncate(time.Minute).Add(time.Minute)
		if !from.Add(left).After(minute) {
			return from.Add(left)
		}
		bytes -= rate * minute.Sub(from).Seconds()
		from = minute
	}
}

// wire carries requests to the stand-in: it counts them, and lets the bytes of uploads take their time.
type wire struct {
	service http.RoundTripper
	line    *line
	days    *days
	leash   *leash
}

// RoundTrip carries one request.
func (w wire) RoundTrip(req *http.Request) (*http.Response, error) {
	kind := budget.KindOf(req)
	command := req.Header.Get("X-Goog-Upload-Command") // "" is a raw upload (contract 3.1, 3.2)
	if kind == budget.Upload && (command == "" || command == "start") {
		w.leash.wait(req.Context())
		w.line.file()
	}
	w.days.request(kind)
	if kind == budget.Upload && req.Body != nil && req.Body != http.NoBody {
		slowed := req.WithContext(req.Context()) // a RoundTripper must not change the request itself
		slowed.Body = &body{req.Body, w}
		req = slowed
	}
	resp, err := w.service.RoundTrip(req)
	w.days.until()
	if err == nil && kind == budget.Upload && resp.StatusCode == http.StatusOK && (command == "" || strings.Contains(command, "finalize")) {
		w.leash.sent()
	}
	return resp, err
}

// body is a file on its way.
type body struct {
	io.ReadCloser
	wire wire
}

// Read returns bytes that have arrived.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.wire.days.bytes(n, b.wire.line.send(n))
	}
	return n, err
}
