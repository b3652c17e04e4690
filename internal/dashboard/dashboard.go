// Package dashboard is the page of a watch: what it is doing, what keeps it from it, and what came of each file, live; and the same for machines, as
// /healthz and /metrics.
//
// All of it is a view of a [watch.Snapshot]. [New] makes the handler and [Page.Serve] serves it. The page is rendered on the server and whole without
// script; with script it follows what happens, by a stream of those parts of it that have changed.
//
// What it shows is private. On the loopback address it answers to nobody who asks for this machine by another name; anywhere else every address begins
// with a secret, except that of /healthz, which tells no names. What changes something is a POST with a token that only a page of this process has.
// Pictures are found by a key that only this process can make, never by a path that comes from a request.
package dashboard

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/albumwright/albumwright/internal/look"
	"github.com/albumwright/albumwright/internal/thumbs"
	"github.com/albumwright/albumwright/internal/watch"
)

//go:embed static templates
var assets embed.FS

// Config says what is shown, and to whom.
type Config struct {
	Control watch.Control
	// Secret is what all addresses begin with, as /secret/. "" is for a page that is served on the loopback address alone.
	Secret string
	// Names are what this machine is called; with a Secret, the page answers to them, also with a domain behind them, beside its addresses.
	Names []string
}

// Page is the handler. It is safe for concurrent use.
type Page struct {
	cfg     Config
	form    string // token of every form
	ids     []byte // key of the names that files have on the page
	mux     *http.ServeMux
	thumbs  *thumbs.Maker
	streams chan struct{} // held by each open stream
	asking  chan struct{} // held while the watch is asked for its health
	latest  latest
}

// New makes the page.
func New(cfg Config) *Page {
	p := &Page{
		cfg: cfg, form: rand.Text(), ids: []byte(rand.Text()), mux: http.NewServeMux(), thumbs: thumbs.New(), streams: make(chan struct{}, maxStreams),
		asking: make(chan struct{}, 1),
	}
	p.mux.HandleFunc("GET /{$}", p.show)
	p.mux.HandleFunc("GET /events", p.events)
	p.mux.HandleFunc("GET /thumbs/{id}", p.thumb)
	p.mux.Handle("GET /metrics", p.metrics())
	p.mux.HandleFunc("GET /healthz", p.health)
	for _, at := range []string{look.StyleSheet, look.Icon, look.Morph} {
		p.mux.Handle("GET "+at, look.Handler())
	}
	p.mux.HandleFunc("GET /static/dashboard.css", static)
	p.mux.HandleFunc("GET /static/dashboard.js", static)
	for at, act := range p.acts() {
		p.mux.Handle("POST "+at, p.act(act))
	}
	return p
}

// shutdownGrace is how long answers that are under way may take when the page ends.
const shutdownGrace = 2 * time.Second

// Serve serves the page until ctx ends, which is no error, and closes ln.
func (p *Page) Serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler: p, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, BaseContext: func(net.Listener) context.Context { return ctx }, // streams end with it
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	grace, stop := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer stop()
	err := srv.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = srv.Close()
	}
	if end := <-served; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	return err
}

// static is not kept by browsers: a page that outlives an update would be half old and half new.
func static(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, assets, r.URL.Path[1:])
}
