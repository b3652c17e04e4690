package ratelimit_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/ratelimit"
)

const (
	// perConnection is the window of each connection: 10 Mbit/s at 100 ms, about what a far line with a little loss allows.
	perConnection = 128 << 10 / scale
	// thinks is how long the service takes over an upload after its last byte.
	thinks = 100 * time.Millisecond

	before, measured = 20 * time.Second, 40 * time.Second
	mbit             = 1e6 / 8 / scale
)

// line is a link and what the service on its other end puts up with.
type line struct {
	mbits     float64
	rtt       time.Duration
	window    int           // bytes on the way for each connection; 0 = perConnection
	streams   int           // beyond so many at a time the service answers with 429; 0 = any number
	then      float64       // Mbit/s after a drop
	drops     time.Duration // when; 0 = never
	failsWith int           // uploads at a time with which this line is not filled, or refuses
}

func (l line) String() string {
	s := fmt.Sprintf("%v Mbit/s, %v", l.mbits, l.rtt)
	if l.streams != 0 {
		s += fmt.Sprintf(", at most %d streams", l.streams)
	}
	if l.window != 0 {
		s += ", deep buffers"
	}
	if l.drops != 0 {
		s += fmt.Sprintf(", %v Mbit/s after %v", l.then, l.drops)
	}
	return s
}

// carried is what a run came to.
type carried struct {
	mbits   float64 // that arrived, over the time that is measured
	refused int64
	lanes   int // in the end
}

// lines are the ones that an import has to fill.
func lines() []line {
	var all []line
	for _, mbits := range []float64{20, 100, 200} {
		for _, rtt := range []time.Duration{30 * time.Millisecond, 100 * time.Millisecond} {
			l := line{mbits: mbits, rtt: rtt}
			if mbits > 20 && rtt > 30*time.Millisecond {
				l.failsWith = 4
			}
			all = append(all, l)
		}
	}
	return append(all,
		line{mbits: 200, rtt: 100 * time.Millisecond, streams: 10, failsWith: 16},
		line{mbits: 20, rtt: 100 * time.Millisecond, window: 8 * perConnection},
		line{mbits: 100, rtt: 100 * time.Millisecond, then: 25, drops: 30 * time.Second, failsWith: 4},
	)
}

// fill uploads over a line for a minute as fast as the lanes allow, and tells what arrived after the first 20 seconds.
func (l line) fill(t *testing.T, cfg ratelimit.LanesConfig) (out carried) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		way := newLink(l.rtt, cmp.Or(l.window, perConnection), func(at time.Time) float64 {
			if l.drops != 0 && at.Sub(began) >= l.drops {
				return l.then * mbit
			}
			return l.mbits * mbit
		})
		service := &slowService{cap: int64(l.streams), from: began.Add(before)}
		server := &http.Server{Handler: service}
		var running sync.WaitGroup
		running.Go(func() { _ = server.Serve(way) })
		lanes, err := ratelimit.NewLanes(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), before+measured)
		defer cancel()
		transport := &http.Transport{DialContext: way.dial, MaxIdleConnsPerHost: 64, Protocols: new(http.Protocols)}
		transport.Protocols.SetHTTP1(true)
		for worker := range 64 {
			running.Go(func() { uploads(ctx, transport, lanes, uint64(worker)) })
		}
		<-ctx.Done()
		out = carried{mbits: float64(service.bytes.Load()) / measured.Seconds() / mbit, refused: service.refused.Load(), lanes: lanes.Number()}
		_ = server.Close()
		transport.CloseIdleConnections()
		running.Wait()
		time.Sleep(time.Minute) // what is on its way arrives
	})
	return out
}

// uploads sends one file of 2 to 8 MiB after the other. A refused one is sent again after a second.
func uploads(ctx context.Context, through http.RoundTripper, lanes *ratelimit.Lanes, seed uint64) {
	random := rand.New(rand.NewPCG(7, seed))
	for ctx.Err() == nil {
		leave, err := lanes.Enter(ctx)
		if err != nil {
			return
		}
		err = uploadOnce(ctx, through, lanes, (2<<20+random.Int64N(6<<20))/scale)
		leave(err)
		if err != nil {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
	}
}

var errRefused = errors.New("refused")

func uploadOnce(ctx context.Context, through http.RoundTripper, lanes *ratelimit.Lanes, size int64) error {
	body := io.NopCloser(io.LimitReader(movedReader{lanes}, size))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://photos.example/v1/uploads", body)
	if err != nil {
		return err
	}
	req.ContentLength = size
	resp, err := through.RoundTrip(req)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errRefused
	}
	return nil
}

// movedReader is a file without end.
type movedReader struct{ lanes *ratelimit.Lanes }

func (r movedReader) Read(p []byte) (int, error) {
	n := min(len(p), quantum)
	r.lanes.Moved(n * scale)
	return n, nil
}

// slowService counts what arrives from a time on.
type slowService struct {
	cap                     int64
	from                    time.Time
	streams, refused, bytes atomic.Int64
}

func (s *slowService) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	defer s.streams.Add(-1)
	if n := s.streams.Add(1); s.cap != 0 && n > s.cap {
		s.refused.Add(1)
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	if _, err := io.Copy(s, req.Body); err == nil {
		time.Sleep(thinks)
	}
}

// Write counts bytes.
func (s *slowService) Write(p []byte) (int, error) {
	if !time.Now().Before(s.from) {
		s.bytes.Add(int64(len(p)))
	}
	return len(p), nil
}

// possible is what the line can carry in the time that is measured: what fits the link, or what as many connections bring as the service takes.
func (l line) possible(t *testing.T) float64 {
	if l.streams != 0 {
		return l.fill(t, ratelimit.LanesConfig{Min: l.streams, Max: l.streams}).mbits
	}
	if l.drops == 0 {
		return l.mbits
	}
	until := (l.drops - before).Seconds() / measured.Seconds()
	return l.mbits*until + l.then*(1-until)
}

// The table of docs/decisions/lanes.md is what this test prints with -v; without, it leaves out those numbers of which nothing is expected.
func TestTheNumberOfUploadsFollowsTheLink(t *testing.T) {
	rows := make([]string, len(lines()))
	t.Run("lines", func(t *testing.T) {
		for i, l := range lines() {
			t.Run(l.String(), func(t *testing.T) {
				t.Parallel()
				rows[i] = l.row(t)
			})
		}
	})
	t.Log("\n| line | auto | fixed 4 | fixed 16 | fixed 32 |\n|---|---|---|---|---|\n" + strings.Join(rows, "\n"))
}

// row compares the numbers of uploads on one line.
func (l line) row(t *testing.T) string {
	possible := l.possible(t)
	auto := l.fill(t, ratelimit.LanesConfig{})
	if share := auto.mbits / possible; share < 0.95 {
		t.Errorf("%.1f of %.1f Mbit/s, want at least 0.95", auto.mbits, possible)
	}
	if auto.refused >= 10 {
		t.Errorf("%d refusals, want fewer than 10", auto.refused)
	}
	if l.mbits == 20 && auto.lanes > 5+5*min(l.window, 1) { // what fills a buffer looks like throughput
		t.Errorf("%d lanes on a slow line, want about 2", auto.lanes)
	}
	row := fmt.Sprintf("| %s | %s, %d lanes |", l, auto.cell(possible), auto.lanes)
	for _, fixed := range []int{4, 16, 32} {
		if !testing.Verbose() && fixed != l.failsWith {
			continue
		}
		got := l.fill(t, ratelimit.LanesConfig{Min: fixed, Max: fixed})
		row += " " + got.cell(possible) + " |"
		if fixed == l.failsWith && got.mbits > 0.8*possible && got.refused < 1000 {
			t.Errorf("with fixed %d: %.1f of %.1f Mbit/s, %d refused; then this line shows nothing", fixed, got.mbits, possible, got.refused)
		}
	}
	return row
}

func (c carried) cell(possible float64) string {
	s := fmt.Sprintf("%.1f (%.2f)", c.mbits, c.mbits/possible)
	if c.refused > 0 {
		s += fmt.Sprintf(", %d refused", c.refused)
	}
	return s
}
