package emulator

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

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
	journal    *journal // nil = in memory
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
	s := &Server{
		config: config, library: newLibrary(), calls: map[string]int{}, disturbed: map[string]int{},
		chaos: chaos{config.Chaos, map[[sha256.Size]byte]int{}},
	}
	_, _ = rand.Read(s.pageKey[:]) // never fails, says its documentation
	s.gallery = gallery.New(shelf{s})
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("emulator: Config.Dir: %w", err)
	}
	return s, nil
}

// open takes up what an earlier server left in the folder.
func (s *Server) open() (err error) {
	if s.store, err = openStore(s.config.Dir); err != nil || s.config.Dir == "" {
		return err
	}
	head := journalHead{Version: journalVersion, PageKey: s.pageKey[:]}
	s.journal, head, err = openJournal(s.config.Dir, head, s.apply)
	if err != nil {
		return err
	}
	copy(s.pageKey[:], head.PageKey)
	s.expire(s.store, time.Now(), s.config.TokenLife)
	return nil
}

// apply carries changes out. s.mu is held, or nobody else has s yet.
func (s *Server) apply(changes []change) error {
	for _, c := range changes {
		if err := c.apply(&s.library, s.store); err != nil {
			return err
		}
	}
	return nil
}

// commit makes changes happen together: in the journal first, then here. An
// error means that none of them did. s.mu is held.
func (s *Server) commit(changes ...change) *apiError {
	if len(changes) == 0 {
		return nil
	}
	if s.journal != nil {
		if err := s.journal.write(changes); err != nil {
			return errInternal(err)
		}
	}
	if err := s.apply(changes); err != nil {
		panic(err) // an operation made a change that does not fit: a bug of ours
	}
	return nil
}

// AccessToken is the bearer token that the API accepts, in an Authorization
// header or as the query parameter access_token (contract 1).
func (s *Server) AccessToken() string { return s.config.AccessToken }

// Close ends the service: from then on every request is answered 503. What is in
// [Config].Dir stays there for the next New; without it everything is forgotten.
// Close does not wait for requests in flight, and may be called twice.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return s.journal.close()
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
