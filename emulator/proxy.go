package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// ServeProxy is a proxy for clients whose addresses cannot be changed: set
// HTTPS_PROXY to http:// and the address of ln, let them trust
// [Server.CACertificate], and every host that they connect to is this server, on
// every port. Nothing is ever forwarded. Under the service's host names each
// answers what it answers there; any other name is told that it is not here.
//
// It works until ctx ends, as [Server.Serve] does, and closes ln.
func (s *Server) ServeProxy(ctx context.Context, ln net.Listener) error {
	a, err := s.authority()
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	open := newCrowd(s.config.MaxConnections)
	within := newTunnels(ln.Addr())
	inner, outer := s.httpServer(s, open), s.httpServer(proxy{within}, open)
	inner.TLSConfig = a.serverConfig()

	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error {
		return serveUntil(ctx, inner, func() error { return inner.ServeTLS(within, "", "") })
	})
	both.Go(func() error {
		return serveUntil(ctx, outer, func() error { return outer.Serve(ln) })
	})
	return both.Wait()
}

// proxy opens tunnels that all lead into this server.
type proxy struct{ within *tunnels }

// ServeHTTP implements http.Handler.
func (p proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect:
		p.connect(w, r)
	case r.URL.IsAbs():
		http.Error(w, "The service has HTTPS only. This proxy leads to its emulator by CONNECT, and forwards nothing.", http.StatusForbidden)
	default:
		http.Error(w, "This is a proxy that leads to an emulator: set HTTPS_PROXY to it.", http.StatusBadRequest)
	}
}

// connect turns the connection of a request into a tunnel.
func (p proxy) connect(w http.ResponseWriter, r *http.Request) {
	host, err := tunnelHost(r)
	if err != nil {
		w.Header().Set("Connection", "close") // what follows would be taken for a request
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	ahead, _ := buffered.Reader.Peek(buffered.Reader.Buffered()) // of a client that does not wait for the answer
	_ = conn.SetWriteDeadline(time.Now().Add(headerTimeout))
	_, err = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
	if err != nil || conn.SetWriteDeadline(time.Time{}) != nil {
		_ = conn.Close()
		return
	}
	p.within.enter(&tunnel{Conn: conn, ahead: ahead, host: host})
}

// tunnelHost is the host that a CONNECT names. HTTP/1.0 is as good as 1.1:
// Python's http.client has said so for long.
func tunnelHost(r *http.Request) (string, error) {
	host, port, err := net.SplitHostPort(r.RequestURI)
	if err != nil || !isHost(host) || !isPort(port) {
		return "", fmt.Errorf("CONNECT %q: want HOST:PORT, such as photoslibrary.googleapis.com:443", r.RequestURI)
	}
	if r.ContentLength != 0 {
		return "", errors.New("CONNECT has no body")
	}
	return host, nil
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}

// tunnel is a connection after its CONNECT.
type tunnel struct {
	net.Conn
	ahead []byte // that came with the request; its reader's
	host  string // that was asked for
}

// Read implements net.Conn.
func (t *tunnel) Read(p []byte) (int, error) {
	if len(t.ahead) == 0 {
		return t.Conn.Read(p)
	}
	n := copy(p, t.ahead)
	t.ahead = t.ahead[n:]
	return n, nil
}

// tunnels are a listener: who comes through a CONNECT arrives there.
type tunnels struct {
	addr   net.Addr
	arrive chan net.Conn
	closed chan struct{}
	once   sync.Once // closes closed
}

func newTunnels(addr net.Addr) *tunnels {
	return &tunnels{addr: addr, arrive: make(chan net.Conn), closed: make(chan struct{})}
}

// enter hands a connection over, or closes it when nobody accepts any more.
func (t *tunnels) enter(conn net.Conn) {
	select {
	case t.arrive <- conn:
	case <-t.closed:
		_ = conn.Close()
	}
}

// Accept implements net.Listener.
func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case conn := <-t.arrive:
		return conn, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.closed) })
	return nil
}

// Addr implements net.Listener.
func (t *tunnels) Addr() net.Addr { return t.addr }
