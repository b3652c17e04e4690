package emulator

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Timeouts of a real socket. There is none for a whole request or answer: a
// video of 20 GB takes as long as it takes.
const (
	headerTimeout = 10 * time.Second // also for a TLS handshake
	bodyTimeout   = 2 * time.Minute  // between two pieces of a body
	idleTimeout   = 2 * time.Minute
	stopGrace     = 5 * time.Second // for requests in flight when ctx ends
)

// Serve answers on ln until ctx ends, then lets requests in flight finish for
// five seconds, cuts the others and returns nil. Any other end is an error of
// the listener. It closes ln, not the server.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := s.httpServer(s, newCrowd(s.config.MaxConnections))
	return serveUntil(ctx, srv, func() error { return srv.Serve(ln) })
}

// ServeTLS is [Server.Serve] with TLS, HTTP/1.1 and HTTP/2, for clients that
// trust [Server.CACertificate]. Whatever server name they ask for, they get a
// certificate of it. The service's host names are answered too, for machines on
// which these lead here.
func (s *Server) ServeTLS(ctx context.Context, ln net.Listener) error {
	a, err := s.authority()
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	srv := s.httpServer(s, newCrowd(s.config.MaxConnections))
	srv.TLSConfig = a.serverConfig()
	return serveUntil(ctx, srv, func() error { return srv.ServeTLS(ln, "", "") })
}

func (s *Server) httpServer(h http.Handler, open *crowd) *http.Server {
	srv := &http.Server{
		Handler:           patient(h),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    64 << 10,
		ConnState:         open.watch,
		ErrorLog:          log.New(io.Discard, "", 0), // a library prints nothing
	}
	srv.RegisterOnShutdown(s.gallery.EndStreams)
	return srv
}

// serveUntil runs srv until ctx ends or its listener does.
func serveUntil(ctx context.Context, srv *http.Server, run func() error) error {
	stopped := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(stopped)
		grace, done := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
		defer done()
		if srv.Shutdown(grace) != nil {
			_ = srv.Close()
		}
	})
	err := run()
	if cancel() { // ctx goes on: the listener broke
		return err
	}
	<-stopped
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
