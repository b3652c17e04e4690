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
	"sync/atomic"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
	"github.com/albumwright/albumwright/internal/render"
)

// Server is the emulated service with its state, as one user and one client have
// it. Make it with [New]; [Server.For] is the same service for another user, or
// another client. All methods can be called from many goroutines at once.
type Server struct {
	*service
	*account // the user and what is theirs
	*project // the client and what is its own
}

// service is what all users and all clients share.
type service struct {
	config   Config           // never changes once New is over
	pageKey  [32]byte         // seals page tokens; never changes
	baseURLs cipher.AEAD      // seals base URLs; never changes
	requests cipher.AEAD      // seals what sign-in pages are about; never changes
	gallery  *gallery.Gallery // has a lock of its own; never changes
	pictures *render.Maker    // likewise
	control  http.Handler     // never changes

	foreignOrigin *http.CrossOriginProtection // never changes
	authority     func() (*authority, error)  // for TLS, made on its first use; never changes
	ahead         atomic.Int64                // of s.now before Config.Now, in nanoseconds; changes with mu held
	log           requestLog                  // has a lock of its own
	steers        sync.Mutex                  // held while the control path or a form is at work; before mu

	mu         sync.Mutex // guards everything below
	closed     bool
	accounts   []*account // the first one is there from the start
	projects   []*project // likewise
	consents   consents
	calls      map[string]int
	grants     grants
	violations []Violation
	journal    *journal // nil = in memory
	plan       []*plannedFault
	heldUp     int           // requests that wait because of a fault
	forgotten  chan struct{} // closed when the plan is; nil: none waits
	chaos      chaos
	disturbed  map[string]int // requests, or entries of one, by effect
}

// New makes a service that holds nothing. An error is a bad field of config or
// a folder that cannot be written. Call [Server.Close] at the end.
func New(config Config) (*Server, error) {
	config = config.withDefaults()
	if err := config.valid(); err != nil {
		return nil, err
	}
	s := &Server{service: &service{
		config: config, calls: map[string]int{}, disturbed: map[string]int{}, grants: grants{}, consents: newConsents(),
		chaos: chaos{config.Chaos, map[[sha256.Size]byte]int{}},
	}}
	_, _ = rand.Read(s.pageKey[:]) // never fails, says its documentation
	s.pictures = render.New()
	s.gallery = gallery.New(host{s}, s.pictures)
	s.control, s.foreignOrigin = newControls(s), http.NewCrossOriginProtection()
	s.authority = sync.OnceValues(func() (*authority, error) { return openAuthority(s.config.Dir) })
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("emulator: Config.Dir: %w", errors.Join(err, s.Close()))
	}
	if s.config.ControlToken == s.config.AccessToken {
		return nil, errors.Join(errors.New("emulator: Config.ControlToken is the access token"), s.Close())
	}
	s.grants.add(s.config.AccessToken, s.static(s.config.Era.all()...))
	s.baseURLs = newSeal("base URLs", s.pageKey)
	s.requests = newSeal("sign-in requests", s.pageKey)
	return s, nil
}

// open takes up what an earlier server left in the folder.
func (s *Server) open() (err error) {
	if s.account, err = s.openAccount(""); err != nil {
		return err
	}
	if s.project, err = s.openProject(""); err != nil {
		return err
	}
	head := journalHead{Version: journalVersion, PageKey: s.pageKey[:], AccessToken: newAccessToken()}
	if s.config.Dir == "" {
		s.config.AccessToken = cmp.Or(s.config.AccessToken, head.AccessToken)
		return s.enroll()
	}
	if s.journal, head, err = openJournal(s.config.Dir, head, s.apply); err != nil {
		return err
	}
	copy(s.pageKey[:], head.PageKey)
	s.config.AccessToken = cmp.Or(s.config.AccessToken, head.AccessToken)
	if err := s.enroll(); err != nil {
		return err
	}
	now := s.now()
	for _, a := range s.accounts {
		a.expire(a.store, now, s.config.TokenLife)
		a.expireSessions(a.store, now, s.config.SessionLife)
		err = errors.Join(err, a.store.takeOver(a.sessions))
	}
	return err
}

// apply carries changes out. s.mu is held, or nobody else has s yet.
func (s *Server) apply(changes []change) error {
	for _, c := range changes {
		if c.Clock != nil {
			c.Clock.apply(s)
		}
		if err := c.applyAccounts(s.service); err != nil {
			return err
		}
		of := s.byKeys(c.User, "")
		if of == nil {
			return fmt.Errorf("a change of unknown user %s", c.User)
		}
		if err := c.apply(&of.library, of.store); err != nil {
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
	for i := range changes {
		changes[i].User = s.account.key
	}
	if s.journal != nil {
		if err := s.journal.write(changes); err != nil {
			return errInternal(err)
		}
	}
	if err := s.apply(changes); err != nil {
		panic(err) // an operation made a change that does not fit: a bug of ours
	}
	s.gallery.Changed(gallery.LibraryChanged)
	return nil
}

// AccessToken is a bearer token with all the scopes of [Config].Era, for an
// Authorization header or the query parameter access_token (contract 1). For
// one that may do less see [Server.NewAccessToken].
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
	return errors.Join(s.closeAccounts(), s.journal.close())
}

// ServeHTTP answers the API below /v1/, base URLs below /lh/, the control path
// below /control/, OAuth at its own paths and the gallery everywhere else. Under
// the service's own host names each answers its part only.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if around := s.config.Around; around != nil {
		around(http.HandlerFunc(s.serve)).ServeHTTP(w, r)
		return
	}
	s.serve(w, r)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	host, named := serviceHost(r)
	switch {
	case !s.hostIsOurs(r):
		refuseHost(w, r)
	case named:
		s.serveHost(w, r, host)
	case isSignIn(r):
		s.serveSignIn(w, r)
	case isBelow(r, "/v1"):
		s.serveAPI(w, r)
	case isBelow(r, baseURLPath):
		s.serveBaseURL(w, r)
	case isBelow(r, "/control"):
		s.serveControl(w, r)
	default:
		s.serveGallery(w, r)
	}
}

func (s *Server) serveGallery(w http.ResponseWriter, r *http.Request) {
	switch {
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
