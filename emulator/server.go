package emulator

import (
	"cmp"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
	"github.com/albumwright/albumwright/emulator/internal/render"
)

// Server is the emulated service with its state. Make it with [New]; all its
// methods can be called from many goroutines at once.
type Server struct {
	config   Config        // never changes once New is over
	pageKey  [32]byte      // seals page tokens; never changes
	baseURLs cipher.AEAD   // seals base URLs; never changes
	store    *store        // the bytes; its own rules say what needs mu
	gallery  http.Handler  // has a lock of its own; never changes
	pictures *render.Maker // likewise
	control  http.Handler  // never changes

	foreignOrigin *http.CrossOriginProtection // never changes
	steers        sync.Mutex                  // held while the control path or a form is at work; before mu

	mu         sync.Mutex // guards everything below
	closed     bool
	writing    bool // a JSON write is in flight, contract 4, "Concurrency"
	calls      map[string]int
	grants     grants
	violations []Violation
	spent      spending // of the quotas
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
		config: config, library: newLibrary(), calls: map[string]int{}, disturbed: map[string]int{}, grants: grants{},
		chaos: chaos{config.Chaos, map[[sha256.Size]byte]int{}},
	}
	_, _ = rand.Read(s.pageKey[:]) // never fails, says its documentation
	s.pictures = render.New()
	s.gallery = gallery.New(shelf{s}, s.pictures)
	s.control, s.foreignOrigin = newControls(s), http.NewCrossOriginProtection()
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("emulator: Config.Dir: %w", err)
	}
	if s.config.ControlToken == s.config.AccessToken {
		return nil, errors.Join(errors.New("emulator: Config.ControlToken is the access token"), s.Close())
	}
	s.grants.add(s.config.AccessToken, scopesToday)
	s.baseURLs = baseURLSeal(s.pageKey)
	return s, nil
}

// open takes up what an earlier server left in the folder.
func (s *Server) open() (err error) {
	if s.store, err = openStore(s.config.Dir); err != nil {
		return err
	}
	if s.spent, err = openSpending(s.config.Dir); err != nil {
		return err
	}
	head := journalHead{Version: journalVersion, PageKey: s.pageKey[:], AccessToken: newAccessToken()}
	if s.config.Dir == "" {
		s.config.AccessToken = cmp.Or(s.config.AccessToken, head.AccessToken)
		return nil
	}
	if s.journal, head, err = openJournal(s.config.Dir, head, s.apply); err != nil {
		return errors.Join(err, s.spent.close())
	}
	copy(s.pageKey[:], head.PageKey)
	s.config.AccessToken = cmp.Or(s.config.AccessToken, head.AccessToken)
	now := time.Now()
	s.expire(s.store, now, s.config.TokenLife)
	s.expireSessions(s.store, now, s.config.SessionLife)
	if err := s.store.takeOver(s.sessions); err != nil {
		return errors.Join(err, s.store.close(), s.spent.close(), s.journal.close())
	}
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

// AccessToken is a bearer token with the three scopes of today, for an
// Authorization header or the query parameter access_token (contract 1). For
// one that may do less, or what was once allowed, see [Server.NewAccessToken].
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
	return errors.Join(s.store.close(), s.spent.close(), s.journal.close())
}

// ServeHTTP answers the API below /v1/, base URLs below /lh/, the control path
// below /control/ and the gallery everywhere else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !s.hostIsOurs(r):
		http.Error(w, "this server answers on its own address only", http.StatusForbidden)
	case isBelow(r, "/v1"):
		s.serveAPI(w, r)
	case isBelow(r, baseURLPath):
		s.serveBaseURL(w, r)
	case isBelow(r, "/control"):
		s.serveControl(w, r)
	case s.isClosed():
		http.Error(w, "the emulator is closed", http.StatusServiceUnavailable)
	case s.foreignOrigin.Check(r) != nil:
		http.Error(w, "a page of another origin may change nothing here", http.StatusForbidden)
	default:
		s.gallery.ServeHTTP(w, r)
	}
}

func isBelow(r *http.Request, path string) bool {
	rest, found := strings.CutPrefix(r.URL.Path, path)
	return found && (rest == "" || rest[0] == '/')
}

func (s *Server) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}
