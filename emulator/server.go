package emulator

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
)

// Server is the emulated service with its state. Make it with [New]; all its
// methods can be called from many goroutines at once.
type Server struct {
	config  Config       // never changes
	pageKey [32]byte     // seals page tokens; never changes
	store   *store       // the bytes; its own rules say what needs mu
	gallery http.Handler // has a lock of its own; never changes

	mu         sync.Mutex // guards everything below
	closed     bool
	writing    bool // a JSON write is in flight, contract 4, "Concurrency"
	calls      map[string]int
	violations []Violation
	plan       []*plannedFault
	chaos      chaos
	disturbed  map[string]int // requests, or entries of one, by effect
	library
}

// New makes a service that holds nothing. An error is a bad field of config or
// a folder that cannot be written. Call [Server.Close] at the end.
func New(config Config) (*Server, error) {
	config = config.withDefaults()
	if err := config.valid(); err != nil {
		return nil, err
	}
	st, err := newStore(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("emulator: Config.Dir: %w", err)
	}
	s := &Server{
		config: config, store: st, library: newLibrary(), calls: map[string]int{}, disturbed: map[string]int{},
		chaos: chaos{config.Chaos, map[[sha256.Size]byte]int{}},
	}
	_, _ = rand.Read(s.pageKey[:]) // never fails, says its documentation
	s.gallery = gallery.New(shelf{s})
	return s, nil
}

// AccessToken is the bearer token that the API accepts, in an Authorization
// header or as the query parameter access_token (contract 1).
func (s *Server) AccessToken() string { return s.config.AccessToken }

// Close drops all media bytes, on disk too. From then on every request is
// answered 503. It does not wait for requests in flight, and may be called
// twice.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return s.store.close()
}

// ServeHTTP answers the API below /v1/ and the gallery everywhere else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !hostIsLocal(r) {
		http.Error(w, "this server answers on its own address only", http.StatusForbidden)
		return
	}
	if r.URL.Path == "/v1" || strings.HasPrefix(r.URL.Path, "/v1/") {
		s.serveAPI(w, r)
		return
	}
	if s.isClosed() {
		http.Error(w, "the emulator is closed", http.StatusServiceUnavailable)
		return
	}
	s.gallery.ServeHTTP(w, r)
}

func (s *Server) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}
