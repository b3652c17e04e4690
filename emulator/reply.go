package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// writeReply sends an operation's result. An empty result is {} (contract 1).
func (s *Server) writeReply(w http.ResponseWriter, r *http.Request, res reply) {
	status := res.status
	if status == 0 {
		status = http.StatusOK
	}
	setHeaders(w, res.header)
	if res.kind != "" {
		send(w, status, res.kind, []byte(res.text))
		return
	}
	body := res.body
	if body == nil {
		body = struct{}{}
	}
	if mask := r.URL.Query().Get("fields"); mask != "" {
		masked, err := applyMask(mask, body)
		if err != nil {
			s.writeError(w, r, false, err)
			return
		}
		body = masked
	}
	send(w, status, jsonText, s.encode(r, body))
}

// bareError is the envelope of /v1/uploads: a google.rpc.Status and nothing
// around it (contract 2.2).
type bareError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// wrappedError is the envelope of all other methods (contract 2.1).
type wrappedError struct {
	Error errorBody `json:"error"`
}

type errorBody struct {
	Code    int           `json:"code"`
	Message string        `json:"message"`
	Errors  []errorReason `json:"errors,omitempty"`
	Status  string        `json:"status"`
	Details []any         `json:"details,omitempty"`
}

// errorReason is an entry of the older list of errors, contract 2.1.
type errorReason struct {
	Message string `json:"message"`
	Domain  string `json:"domain"`
	Reason  string `json:"reason"`
}

// reasons are those of the older list by status; any other is a backendError.
// Read only.
var reasons = map[string]string{
	"INVALID_ARGUMENT": "badRequest", "UNAUTHENTICATED": "authError", "PERMISSION_DENIED": "forbidden",
	"NOT_FOUND": "notFound", "ABORTED": "aborted", "RESOURCE_EXHAUSTED": "rateLimitExceeded",
}

// wrapped has the older list where it was seen without being asked for, and
// always for clients that say alt=json (contract 2.1).
func (e *apiError) wrapped(r *http.Request) wrappedError {
	body := errorBody{Code: e.http, Message: e.message, Status: e.status, Details: e.details}
	if e.reason != "" || r.URL.Query().Get("alt") == "json" {
		body.Errors = []errorReason{{e.message, "global", cmp.Or(e.reason, reasons[e.status], "backendError")}}
	}
	return wrappedError{body}
}

func (s *Server) writeError(w http.ResponseWriter, r *http.Request, bare bool, e *apiError) {
	if e.http == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="https://accounts.google.com/"`)
	}
	if e.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	setHeaders(w, e.header)
	switch {
	case e.page != "":
		send(w, e.http, "text/html; charset=UTF-8", []byte(e.page))
	case bare:
		// Apostrophes come escaped there, and only there (contract 2.2, 6).
		raw := bytes.ReplaceAll(s.encode(r, bareError{e.rpc, e.message}), []byte("'"), []byte(`\u0027`))
		send(w, e.http, jsonText, raw)
	default:
		send(w, e.http, jsonText, s.encode(r, e.wrapped(r)))
	}
}

func setHeaders(w http.ResponseWriter, header map[string]string) {
	for name, value := range header {
		w.Header().Set(name, value)
	}
}

const jsonText = "application/json; charset=UTF-8"

// encode is the body of an answer, as unruly as the configuration wants it.
func (s *Server) encode(r *http.Request, body any) []byte {
	if h := s.config.Hostility; h.ShuffleFields {
		body = h.unruly(body, r.URL.Query().Get("fields") == "")
	}
	return encode(r, body)
}

// encode indents as the service does unless it is asked not to.
func encode(r *http.Request, body any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	if r.URL.Query().Get("prettyPrint") != "false" {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(body); err != nil {
		panic(err) // the wire types are ours: they marshal
	}
	return b.Bytes()
}

func send(w http.ResponseWriter, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "private")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that left hears nothing
}

// readMessage reads a JSON body as a message.
func readMessage(r *http.Request) (message, *apiError) {
	raw, err := readBody(r)
	if err != nil {
		return message{}, err
	}
	return parseBody(raw)
}

// readBody reads a JSON body whole, up to its limit.
func readBody(r *http.Request) ([]byte, *apiError) {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequestBody))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return nil, errInvalid("Request payload size exceeds the limit: %d bytes.", maxRequestBody)
	case err != nil:
		panic(http.ErrAbortHandler) // the client broke off: nothing has happened yet
	}
	return raw, nil
}
