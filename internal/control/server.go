package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

// Server is the watch's side. Its methods are for one goroutine, but for Serve.
type Server struct {
	runtimeDir string
	look       time.Duration // how often one looks whether the socket still stands

	mu     sync.Mutex
	socket *net.UnixListener // guarded by mu
	record record            // guarded by mu
	holds  []*hold           // guarded by mu
}

// standsEvery is how often one looks. The runtime folder of a user goes with his last session, and programs may go on.
const standsEvery = time.Minute

// Listen makes this process the watch of some ledgers, whose paths are absolute, and begins to take calls, which [Server.Serve] answers. It returns an [ErrRunning] if
// a living watch has one of them; what a dead one left is replaced. RuntimeDir is the user's folder for sockets and such; "" = there is none.
// The caller closes it.
func Listen(runtimeDir string, ledgers ...string) (*Server, error) {
	if len(ledgers) == 0 {
		return nil, errors.New("a watch has a ledger")
	}
	s := &Server{runtimeDir: runtimeDir, look: standsEvery, record: record{PID: os.Getpid(), Since: time.Now().UTC().Truncate(time.Second)}}
	if err := s.take(ledgers); err != nil {
		return nil, errors.Join(err, s.letGo(all))
	}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.letGo(all))
	}
	if err := s.tell(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// open begins to listen.
func (s *Server) open() error {
	sock, err := openSocket(s.runtimeDir, s.holds[0].ledger)
	if err != nil {
		return err
	}
	s.socket, s.record.Socket = sock, sock.Addr().String()
	return nil
}

// openAnew listens somewhere else if nobody can find the socket any more.
func (s *Server) openAnew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := os.Lstat(s.record.Socket); err == nil {
		return
	}
	gone := s.socket
	if s.open() != nil { // in a minute, perhaps
		return
	}
	gone.SetUnlinkOnClose(false) // the new one may have its name
	_ = gone.Close()
	_ = s.tell() // what cannot be written down now is when the ledgers change
}

// Cover changes for which ledgers this process is the watch. On an error it stays with those that it had.
func (s *Server) Cover(ledgers ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	had := s.ledgers()
	err := s.take(ledgers)
	if err == nil {
		err = s.tell()
	}
	keep := ledgers
	if err != nil {
		keep = had
	}
	return errors.Join(err, s.letGo(func(ledger string) bool { return !slices.Contains(keep, ledger) }))
}

// Ledgers are those for which this process is the watch.
func (s *Server) Ledgers() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledgers()
}

func (s *Server) ledgers() []string {
	var mine []string
	for _, h := range s.holds {
		mine = append(mine, h.ledger)
	}
	return mine
}

// take holds the ledgers that are not held yet.
func (s *Server) take(ledgers []string) error {
	for _, ledger := range ledgers {
		if slices.Contains(s.ledgers(), ledger) {
			continue
		}
		h, err := takeHold(ledger)
		if err != nil {
			return err
		}
		removeLeft(ledger)
		s.holds = append(s.holds, h)
	}
	return nil
}

// letGo lets go of those ledgers of which a test is true.
func (s *Server) letGo(of func(ledger string) bool) error {
	var errs []error
	s.holds = slices.DeleteFunc(s.holds, func(h *hold) bool {
		if !of(h.ledger) {
			return false
		}
		errs = append(errs, h.end())
		return true
	})
	return errors.Join(errs...)
}

func all(string) bool { return true }

func (s *Server) tell() error {
	for _, h := range s.holds {
		if err := h.tell(s.record); err != nil {
			return err
		}
	}
	return nil
}

// Close ends it, and leaves nothing behind but locks that nobody holds.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(closeSocket(s.socket), s.letGo(all))
}

// Serve answers calls until ctx ends, and then lets those that were begun end.
func (s *Server) Serve(ctx context.Context, to watch.Control) error {
	defer context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		_ = s.socket.Close()
	})()
	var calls sync.WaitGroup
	defer calls.Wait()
	room := make(chan struct{}, maxCalls)
	for ctx.Err() == nil {
		s.mu.Lock()
		socket := s.socket
		s.mu.Unlock()
		_ = socket.SetDeadline(time.Now().Add(s.look)) // it fails only where the next call does
		conn, err := socket.AcceptUnix()
		switch {
		case ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			s.openAnew()
			continue
		case err != nil: // as without a file descriptor left: later there is one again
			select {
			case <-time.After(time.Second):
				continue
			case <-ctx.Done():
				return nil
			}
		}
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
			_ = conn.Close()
			return nil
		}
		calls.Go(func() {
			serveCall(ctx, conn, to)
			<-room
		})
	}
	return nil
}

// serveCall answers one call. A caller that says nothing, or takes nothing, is left after a while.
func serveCall(ctx context.Context, conn *net.UnixConn, to watch.Control) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now().Add(time.Second)) })()
	if knowPeer(conn) != nil {
		return
	}
	ans := answer{Version: version}
	req, err := readRequest(conn)
	if err == nil {
		err = req.carryOut(ctx, to, &ans)
	}
	if err != nil {
		ans.Error = err.Error()
	}
	_ = conn.SetDeadline(time.Now().Add(patience))
	_ = json.NewEncoder(conn).Encode(ans)
}

func readRequest(conn io.Reader) (req request, err error) {
	line, err := bufio.NewReader(io.LimitReader(conn, maxRequest)).ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &req) != nil {
		return req, errors.New("a call is one line of JSON")
	}
	if req.Version != version {
		return req, fmt.Errorf("the watch speaks version %d of the control protocol, and was called in version %d: start it again after an update", version, req.Version)
	}
	return req, nil
}

// carryOut does what a caller wants.
func (r request) carryOut(ctx context.Context, to watch.Control, ans *answer) (err error) {
	switch r.Command {
	case status:
		snapshot := to.Snapshot()
		ans.Snapshot = &snapshot
	case pause:
		err = to.Pause(ctx)
	case resume:
		err = to.Resume(ctx)
	case retry:
		ans.Files, err = to.Retry(ctx, string(r.Path))
	case rescan:
		to.Rescan()
	default:
		err = fmt.Errorf("the watch knows no command %q", r.Command)
	}
	return err
}
