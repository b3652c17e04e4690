package emulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// Cut before: nothing has happened. Apply, then cut: it has, and nobody said
// so. Both break the connection, and the next request finds another.
func TestABrokenConnection(t *testing.T) {
	for _, tt := range []struct {
		effect  emulator.Effect
		applied int
	}{
		{emulator.CutBefore(), 0},
		{emulator.CutRequest(5), 0},
		{emulator.CutRequest(1 << 20), 0},
		{emulator.ApplyThenCut(), 1},
	} {
		t.Run(tt.effect.Name, func(t *testing.T) {
			bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
				for _, s := range c.sends() {
					c.plan(emulator.Fault{Operation: s.operation, Effect: tt.effect})
					before := c.s.Calls()[s.operation]
					r := s.request()
					_, err := c.try(r)
					c.wantBroken(r, err)
					s.wantApplied(t, tt.applied)
					if n := c.s.Calls()[s.operation] - before; n != 1 {
						t.Errorf("%s: %d calls, want 1: the client must hear of it", s.operation, n)
					}
					c.do(s.request()).wantStatus(t, http.StatusOK)
				}
				c.wantClean()
			})
		})
	}
}

// An upload that is cut after so many bytes has been read so far and no
// further, also one that never ends.
func TestARequestIsCutWithinItsBody(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		c.plan(emulator.Fault{Operation: "uploads", Effect: emulator.CutRequest(100_000)})
		body := &endlessReader{}
		r := c.uploadRequest(body)
		_, err := c.try(r)
		if err == nil {
			t.Error("no error")
		}
		if body.n < 100_000 {
			t.Errorf("%d bytes were read, want 100000", body.n)
		}
		if _, viaSocket := c.http.Transport.(*http.Transport); !viaSocket && body.n != 100_000 {
			t.Errorf("%d bytes were read, want 100000 and no more", body.n)
		}
	})
}

// endlessReader counts what is read of it.
type endlessReader struct{ n int }

func (r *endlessReader) Read(p []byte) (int, error) {
	r.n += len(p)
	return len(p), nil
}

// An answer that is cut has its status, its headers and so many bytes.
func TestAnAnswerIsCutWithinItsBody(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, s := range c.sends() {
			whole := c.do(s.request()) // of the album there will be others
			for _, at := range []int64{0, 10} {
				c.plan(emulator.Fault{Operation: s.operation, Effect: emulator.CutAnswer(at)})
				a, err := c.try(s.request())
				if !errors.Is(err, io.ErrUnexpectedEOF) || a.status != http.StatusOK || int64(len(a.body)) != at {
					t.Errorf("%s cut at %d: status %d, %d bytes, error %v", s.operation, at, a.status, len(a.body), err)
				}
				if a.header.Get("Content-Type") != whole.header.Get("Content-Type") {
					t.Errorf("%s: headers %v", s.operation, a.header)
				}
			}
			c.plan(emulator.Fault{Operation: s.operation, Effect: emulator.CutAnswer(1 << 20)})
			c.do(s.request()).wantStatus(t, http.StatusOK) // nothing is cut
		}
		if n := len(c.s.Albums()); n != 4 {
			t.Errorf("%d albums, want 4: each was made", n)
		}
		c.wantClean()
	})
}

// A refusal can be cut as well.
func TestARefusalsAnswerIsCut(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		c.plan(emulator.Fault{Operation: "albums.create", Effect: emulator.CutAnswer(3)})
		a, err := c.try(c.albumRequest(""))
		if a.status != http.StatusBadRequest || len(a.body) != 3 || err == nil {
			t.Errorf("%d %q, error %v", a.status, a.body, err)
		}
	})
}

// Pages and nothing at all, with the status of success: nothing has happened,
// or with Apply it has.
func TestAnAnswerThatIsNotTheServices(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, s := range c.sends() {
			for _, apply := range []bool{false, true} {
				before := 0
				if s.applied != nil {
					before = s.applied()
				}
				html, empty := emulator.HTML(), emulator.EmptyAnswer()
				html.Apply, empty.Apply = apply, apply
				c.plan(emulator.Fault{Operation: s.operation, Effect: html})
				a := c.do(s.request())
				if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") ||
					!strings.HasPrefix(string(a.body), "<!DOCTYPE html>") {
					t.Errorf("%s: %d %v %s", s.operation, a.status, a.header, a.body)
				}
				if s.applied != nil && (s.applied() > before) != apply {
					t.Errorf("%s: applied %v, want %v", s.operation, !apply, apply)
				}
				c.plan(emulator.Fault{Operation: s.operation, Effect: empty})
				if a := c.do(s.request()); a.status != http.StatusOK || len(a.body) != 0 {
					t.Errorf("%s: %d %q", s.operation, a.status, a.body)
				}
			}
		}
		c.wantClean()
	})
}

// A stalled request waits for its client to give up; nothing has happened, and
// the next write is not "concurrent".
func TestAStallEndsWithTheClientsPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		for _, s := range c.sends() {
			c.plan(emulator.Fault{Operation: s.operation, Effect: emulator.Stall()})
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			start := time.Now()
			_, err := c.try(s.request().WithContext(ctx))
			cancel()
			if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != time.Hour {
				t.Errorf("%s: error %v after %v", s.operation, err, took)
			}
			s.wantApplied(t, 0)
			c.do(s.request()).wantStatus(t, http.StatusOK)
		}
		c.wantClean()
	})
}

// A stall with a delay ends by itself.
func TestAStallCanEndByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		c.plan(emulator.Fault{Operation: "albums.create", Effect: emulator.Effect{Name: "stall", Delay: emulator.Duration(time.Hour)}})
		start := time.Now()
		r := c.albumRequest("x")
		_, err := c.try(r)
		c.wantBroken(r, err)
		if took := time.Since(start); took != time.Hour || len(c.s.Albums()) != 0 {
			t.Errorf("it took %v, %d albums", took, len(c.s.Albums()))
		}
	})
}

// Over a socket, a client that gives up goes on at once; its next write is not
// held against it, whether the server knows already or not.
func TestAnAbandonedWriteIsNotHeldAgainstTheNext(t *testing.T) {
	c := socket(t, emulator.Config{})
	for _, effect := range []emulator.Effect{emulator.Stall(), emulator.Slow(time.Hour)} {
		for range 20 {
			c.plan(emulator.Fault{Operation: "albums.create", Effect: effect})
			met := c.s.Met()
			ctx, cancel := context.WithCancel(t.Context())
			given := make(chan error)
			go func() {
				_, err := c.try(c.albumRequest("late").WithContext(ctx))
				given <- err
			}()
			for c.s.Met() == met { // until it has arrived
				runtime.Gosched()
			}
			cancel()
			if err := <-given; err == nil {
				t.Error("there was an answer")
			}
			c.do(c.albumRequest("next")).wantStatus(t, http.StatusOK)
		}
	}
	c.wantClean()
}

// A slow answer is late and whole. Who gives up before has had its way.
func TestASlowAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		for _, s := range c.sends() {
			c.plan(emulator.Fault{Operation: s.operation, Times: 2, Effect: emulator.Slow(time.Minute)})
			start := time.Now()
			c.do(s.request()).wantStatus(t, http.StatusOK)
			if took := time.Since(start); took != time.Minute {
				t.Errorf("%s took %v", s.operation, took)
			}
			s.wantApplied(t, 1)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if _, err := c.try(s.request().WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: error %v", s.operation, err)
			}
			cancel()
			c.do(s.request()).wantStatus(t, http.StatusOK)
		}
		if n := len(c.s.Albums()); n != 3 {
			t.Errorf("%d albums, want 3: the abandoned one too", n)
		}
		c.wantClean()
	})
}

// Who is held up goes on when the plan is forgotten, as late as that is.
func TestWhoIsHeldUpGoesOnWhenThePlanIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		start := time.Now()
		for _, held := range []struct {
			effect emulator.Effect
			ok     bool
		}{{emulator.Slow(time.Hour), true}, {emulator.Effect{Name: "stall"}, false}} {
			c.plan(emulator.Fault{Operation: "albums.create", Effect: held.effect})
			done := make(chan error)
			go func() {
				_, err := c.try(c.albumRequest("held up"))
				done <- err
			}()
			time.Sleep(time.Minute)
			if n := c.s.HeldUp(); n != 1 {
				t.Errorf("%s: %d are held up, want 1", held.effect.Name, n)
			}
			c.s.ForgetPlan()
			if err := <-done; (err == nil) != held.ok {
				t.Errorf("%s: error %v", held.effect.Name, err)
			}
		}
		if took, n := time.Since(start), c.s.HeldUp(); took != 2*time.Minute || n != 0 || len(c.s.Albums()) != 1 {
			t.Errorf("%v, %d are held up, albums %v", took, n, c.s.Albums())
		}
	})
}

// Who sends two writes at once while one is slow is caught.
func TestASlowWriteIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		c.plan(emulator.Fault{Operation: "albums.create", Effect: emulator.Slow(time.Minute)})
		done := make(chan int)
		go func() { done <- c.do(c.albumRequest("first")).status }()
		time.Sleep(time.Second)
		c.do(c.albumRequest("second")).wantError(t, http.StatusTooManyRequests, "RESOURCE_EXHAUSTED", concurrentWrite)
		if status := <-done; status != http.StatusOK || len(rules(c.s)) != 1 {
			t.Errorf("status %d, violations %v", status, c.s.Violations())
		}
	})
}

// A refusal that was planned takes the configured latency, too.
func TestARefusalTakesItsLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Latency: time.Second})
		c.plan(emulator.Fault{Operation: "albums.list", Effect: emulator.Refuse("500")})
		start := time.Now()
		c.get("/v1/albums").wantStatus(t, http.StatusInternalServerError)
		if took := time.Since(start); took != time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
