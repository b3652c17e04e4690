// Package planpage is the page of a plan: when files were taken, and which albums they go into as the event gap and the day's start are moved.
//
// [Serve] plans once, serves the page on this machine until the user is done, and returns the YAML of the plan that was on it then. The page holds
// nothing of its own: its address says the settings and what is looked at, and every number on it is counted from the plan that [Config].Replan
// gave together with that YAML. It is rendered on the server and whole without script.
//
// What it shows is private, so it is for one person only: it listens on the loopback address, every address begins with a secret that only the
// command prints, and a request that was made for another host is refused. Files are opened by their number in the plan, never by a path that
// comes from a request.
package planpage

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/albumwright/albumwright/internal/plan"
)

// Settings are what can be moved on the page.
type Settings struct {
	Gap      time.Duration // the longest pause within an event
	DayStart time.Duration // when a day begins, after midnight
}

// Config says what to show.
type Config struct {
	// Replan makes the plan of some settings, and its YAML. It is not called while it runs; its ctx ends when nobody waits for it any more.
	Replan  func(context.Context, Settings) (plan.Plan, []byte, error)
	Start   Settings               // at first; valid, and not zero
	ByEvent bool                   // some album is named by its event; otherwise the gap changes nothing, and cannot be moved
	ByTime  bool                   // some album is named by a time; otherwise the same goes for the day's start
	Cost    func(plan.Plan) string // what the requests of a plan that Replan just made mean in days, in words; nil says nothing
	Ready   func(url string)       // is told the page's address, once it answers
}

// shutdownGrace is how long answers that are under way may take when the page ends.
const shutdownGrace = 2 * time.Second

// Serve shows the page until its Done button is pressed, and returns the YAML of the plan that was shown then. When ctx ends first, its cause is
// the error. A plan that cannot be made at all is an error before anything is served.
func Serve(ctx context.Context, cfg Config) ([]byte, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := newPage(cfg, ln.Addr().String(), rand.Text())
	if _, err := p.foresee(ctx, cfg.Start); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	work, drop := context.WithCancel(ctx)
	defer drop()
	srv := &http.Server{
		Handler: p, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return work },
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	cfg.Ready("http://" + p.host + p.base)
	select {
	case <-ctx.Done():
		err = context.Cause(ctx)
	case <-p.done:
	case err = <-served:
		return nil, err
	}
	return p.chosen, errors.Join(err, p.end(srv, drop), closed(<-served))
}

// end lets the last answers out, and drops those that wait for a plan.
func (p *page) end(srv *http.Server, drop func()) error {
	grace, stop := context.WithTimeout(context.Background(), shutdownGrace)
	defer stop()
	if p.chosen == nil {
		drop()
	}
	if srv.Shutdown(grace) == nil {
		return nil
	}
	return srv.Close()
}

// closed is no error of a server that was told to end.
func closed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
