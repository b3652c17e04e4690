package emulator

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
)

// The control path steers a running server from another process, in whatever
// language: what the methods of [Server] are for in Go. It lives below /control/
// on the address of the API, and docs/emulator.md shows it with examples.
//
// Each request brings the control token; that of the API opens nothing here, nor
// this one anything there. No web page can make such a request: it would need
// the token, and a request that a page of another origin sends is refused even
// with it.

// ControlToken opens the control path of this server, in a header
// "Authorization: Bearer TOKEN" or "X-Control-Token: TOKEN".
func (s *Server) ControlToken() string { return s.config.ControlToken }

// newControlToken cannot be guessed, nor be mistaken for an access token.
func newControlToken() string { return "control-" + randomText(43) }

// maxControlBody is in bytes; a plan of ten thousand faults fits.
const maxControlBody = 4 << 20

// steering is one kind of request of the control path. What it returns is
// answered as JSON.
type steering func(s *Server, r *http.Request) (any, error)

// controls are the requests of the control path by their pattern. Read only.
var controls = map[string]steering{
	"GET /control/summary":             (*Server).controlSummary,
	"GET /control/albums":              (*Server).controlAlbums,
	"GET /control/items":               (*Server).controlItems,
	"GET /control/violations":          (*Server).controlViolations,
	"GET /control/faults":              (*Server).controlFaults,
	"POST /control/faults":             (*Server).controlPlan,
	"POST /control/faults/forget":      (*Server).controlForget,
	"POST /control/items/{id}/marks":   (*Server).controlMark,
	"POST /control/trash/empty":        (*Server).controlEmptyTrash,
	"POST /control/albums/foreign":     (*Server).controlForeignAlbum,
	"POST /control/albums/{id}/delete": (*Server).controlDeleteAlbum,
	"POST /control/albums/{id}/remove": (*Server).controlRemove,
	"POST /control/tokens":             (*Server).controlToken,
	"GET /control/users":               (*Server).controlUsers,
	"POST /control/users":              (*Server).controlSetUser,
	"GET /control/clients":             (*Server).controlClients,
	"POST /control/clients":            (*Server).controlSetClient,
	"POST /control/withdraw":           (*Server).controlWithdraw,
	"GET /control/requests":            (*Server).controlLog,
	"GET /control/clock":               (*Server).controlClock,
	"POST /control/clock":              (*Server).controlAdvance,
	"POST /control/quota/reset":        (*Server).controlResetQuota,
}

func newControls(s *Server) http.Handler {
	mux := http.NewServeMux()
	for pattern, run := range controls {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.steer(w, r, run) })
	}
	mux.HandleFunc("/control/", func(w http.ResponseWriter, r *http.Request) {
		refuseControl(w, r, &controlError{http.StatusNotFound, fmt.Sprintf("there is no %s %s on the control path", r.Method, r.URL.Path)})
	})
	return mux
}

// serveControl lets those in who have the token.
func (s *Server) serveControl(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.isClosed():
		refuseControl(w, r, &controlError{http.StatusServiceUnavailable, "the emulator is closed"})
	case s.foreignOrigin.Check(r) != nil:
		refuseControl(w, r, &controlError{http.StatusForbidden, "a page of another origin may not steer"})
	case !s.maySteer(r):
		w.Header().Set("WWW-Authenticate", `Bearer realm="control"`)
		refuseControl(w, r, &controlError{
			http.StatusUnauthorized,
			"the control token is missing or wrong: the emulator prints it when it starts, and it is not the API's access token",
		})
	default:
		s.control.ServeHTTP(w, r)
	}
}

// maySteer compares hashes: the time that it takes tells nothing about the
// token, not even its length.
func (s *Server) maySteer(r *http.Request) bool {
	token := r.Header.Get("X-Control-Token")
	if token == "" {
		scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return false
		}
		token = strings.TrimSpace(rest)
	}
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(s.config.ControlToken))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// steer runs one request of the control path, while no other one runs.
func (s *Server) steer(w http.ResponseWriter, r *http.Request, run steering) {
	r.Body = http.MaxBytesReader(w, r.Body, maxControlBody)
	answer, err := s.steerAs(r, run)
	if err != nil {
		refuseControl(w, r, err)
		return
	}
	send(w, http.StatusOK, jsonText, encode(r, answer))
}

// steerAs runs a request for the user and the client that its query names, the first
// of each if it names none.
func (s *Server) steerAs(r *http.Request, run steering) (any, error) {
	query := r.URL.Query()
	of, err := s.For(query.Get("user"), query.Get("client"))
	if err != nil {
		return nil, &controlError{http.StatusNotFound, strings.TrimPrefix(err.Error(), "emulator: ")}
	}
	s.steers.Lock()
	defer s.steers.Unlock()
	return run(of, r)
}

// controlError is a refusal with a status of its own; any other error is 400.
type controlError struct {
	status int
	text   string
}

// Error implements error.
func (e *controlError) Error() string { return e.text }

func noSuch(what, id string) error {
	return &controlError{http.StatusNotFound, fmt.Sprintf("no %s %q", what, id)}
}

// refuseControl answers with {"error": "..."}.
func refuseControl(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusBadRequest
	if own := (*controlError)(nil); errors.As(err, &own) {
		status = own.status
	}
	if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
		status = http.StatusRequestEntityTooLarge
	}
	send(w, status, jsonText, encode(r, map[string]string{"error": err.Error()}))
}

// readControl reads the JSON object of a request over what is in v: a field
// that the object leaves out stays as it is. A field that there is not is an
// error, which names those that there are.
func readControl[T any](r *http.Request, v *T) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return decodeControl(raw, v)
}

func decodeControl[T any](raw []byte, v *T) error {
	if _, err := knownKeys(raw, reflect.TypeFor[T]()); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}
