package emulator

import (
	"fmt"
	"html"
	"net/http"
)

// apiError is a refusal as the service words it. The two envelopes of contract
// 2 are made from it when it is written.
type apiError struct {
	http    int    // HTTP status
	rpc     int    // google.rpc.Code, for the bare envelope of /v1/uploads
	status  string // its name, for the envelope of all other methods
	message string
	reason  string // of the older list "errors", which some replies have too
	details []any
	page    string // a web page instead of an envelope, as front ends send it

	retryAfter int               // seconds, of the header; 0 = none
	header     map[string]string // more headers; nil = none
}

// because adds the older list "errors" to the envelope (contract 2.1).
func (e *apiError) because(reason string) *apiError {
	e.reason = reason
	return e
}

// fieldViolations is the detail that google.rpc.BadRequest adds to a refused
// JSON body, contract 1.
type fieldViolations struct {
	Type       string           `json:"@type"`
	Violations []fieldViolation `json:"fieldViolations"`
}

const typeBadRequest = "type.googleapis.com/google.rpc.BadRequest"

type fieldViolation struct {
	Field       string `json:"field,omitempty"`
	Description string `json:"description"`
}

// errInvalid is a refusal of the request as it stands: 400, code 3.
func errInvalid(format string, args ...any) *apiError {
	return &apiError{
		http: http.StatusBadRequest, rpc: 3, status: "INVALID_ARGUMENT",
		message: fmt.Sprintf(format, args...),
	}
}

// errField is errInvalid with the field that is to blame.
func errField(field, format string, args ...any) *apiError {
	e := errInvalid(format, args...)
	e.details = []any{fieldViolations{
		Type:       typeBadRequest,
		Violations: []fieldViolation{{Field: field, Description: e.message}},
	}}
	return e
}

func errNotFound(message string) *apiError {
	return &apiError{http: http.StatusNotFound, rpc: 5, status: "NOT_FOUND", message: message}
}

// expected is the common end of both credential texts, contract 2.3.
const expected = "Expected OAuth 2 access token, login cookie or other valid authentication credential. " +
	"See https://developers.google.com/identity/sign-in/web/devconsole-project."

func errNoCredential() *apiError {
	return &apiError{
		http: http.StatusUnauthorized, rpc: 16, status: "UNAUTHENTICATED",
		message: "Request is missing required authentication credential. " + expected,
	}
}

func errBadCredential() *apiError {
	return &apiError{
		http: http.StatusUnauthorized, rpc: 16, status: "UNAUTHENTICATED",
		message: "Request had invalid authentication credentials. " + expected,
	}
}

// errNoUploadSession is what /v1/uploads says to either, contract 2.2.
func errNoUploadSession() *apiError {
	return &apiError{
		http: http.StatusUnauthorized, rpc: 16, status: "UNAUTHENTICATED",
		message: "Authentication session is not defined.",
	}
}

// errConcurrentWrite is contract 6; no details of it are known, and there is
// no Retry-After.
func errConcurrentWrite() *apiError {
	return &apiError{
		http: http.StatusTooManyRequests, rpc: 8, status: "RESOURCE_EXHAUSTED",
		message: "Quota exceeded for quota 'concurrent write request' of service 'photoslibrary.googleapis.com'.",
	}
}

// errBodyOnGet is what Google's front end answers before any method sees the
// request: a page, not an envelope (contract 1; 12 #36).
func errBodyOnGet() *apiError {
	return errFrontEnd(http.StatusBadRequest, "Your client has issued a malformed or illegal request.")
}

// errFrontEnd is a page of Google's front end, which stands before the methods of
// the API and knows no envelopes.
func errFrontEnd(status int, text string) *apiError {
	return &apiError{
		http: status, message: text,
		page: fmt.Sprintf("<!DOCTYPE html>\n<html lang=en>\n<title>Error %d (%s)!!1</title>\n"+
			"<p><b>%d.</b> <ins>That’s an error.</ins>\n<p>%s <ins>That’s all we know.</ins>\n",
			status, http.StatusText(status), status, html.EscapeString(text)),
	}
}

func errClosed() *apiError {
	return &apiError{
		http: http.StatusServiceUnavailable, rpc: 14, status: "UNAVAILABLE",
		message: "The service is currently unavailable.",
	}
}

// errInternal is a fault of the emulator's machine, not of the service.
func errInternal(err error) *apiError {
	return &apiError{
		http: http.StatusInternalServerError, rpc: 13, status: "INTERNAL",
		message: "Internal error encountered. " + err.Error(),
	}
}
