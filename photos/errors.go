package photos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Code is a canonical status code (google.rpc.Code), as it stands in error envelopes and in the results of a batch.
type Code int

// The codes that this client knows by name.
const (
	CodeOK                 Code = 0
	CodeCancelled          Code = 1
	CodeUnknown            Code = 2
	CodeInvalidArgument    Code = 3
	CodeDeadlineExceeded   Code = 4
	CodeNotFound           Code = 5
	CodeAlreadyExists      Code = 6
	CodePermissionDenied   Code = 7
	CodeResourceExhausted  Code = 8
	CodeFailedPrecondition Code = 9
	CodeAborted            Code = 10
	CodeOutOfRange         Code = 11
	CodeUnimplemented      Code = 12
	CodeInternal           Code = 13
	CodeUnavailable        Code = 14
	CodeDataLoss           Code = 15
	CodeUnauthenticated    Code = 16
)

// codeNames are the words that stand in the "status" field of the JSON envelope.
var codeNames = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
	"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
	"UNAUTHENTICATED",
}

// String is the code's name in the API, such as "INVALID_ARGUMENT".
func (c Code) String() string {
	if c >= 0 && int(c) < len(codeNames) {
		return codeNames[c]
	}
	return "code " + strconv.Itoa(int(c))
}

// Causes that have no answer of the service behind them; they are found in an [Error] with errors.Is.
var (
	// ErrNotJSON is an answer with a status of success whose body is not what was promised: a proxy's page, or nothing.
	ErrNotJSON = errors.New("the answer is not the JSON that was promised")
	// ErrNoToken says that no access token could be had, so nothing was sent.
	ErrNoToken = errors.New("no access token")
)

// Error is what went wrong with one call. It never holds a token or an address.
type Error struct {
	Op         string        // the method, in the API's own words: "mediaItems.batchCreate"
	Status     int           // the HTTP status; 0 if no answer came
	Code       Code          // the service's own code, where it sent one
	Message    string        // the service's own words
	Reason     string        // ErrorInfo reason, such as "RATE_LIMIT_EXCEEDED"
	Quota      string        // the quota that was exceeded, such as "WritesPerMinutePerUser"
	RetryAfter time.Duration // what the service asked to wait; 0 if it did not say
	Err        error         // the cause, where the service sent no words of its own
}

// Error says it in one line, the service's words first.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": HTTP %d", e.Status)
	}
	if e.Code != CodeOK {
		fmt.Fprintf(&b, " %s", e.Code)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// answerError reads either error envelope, or whatever else came: a bare status from /v1/uploads, {"error":…} from all other methods,
// HTML from the front end.
func answerError(op string, resp *http.Response, body []byte) *Error {
	e := &Error{Op: op, Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header.Get("Retry-After"))}
	var envelope struct {
		wireStatus
		Error *struct {
			wireStatus
			Status string `json:"status"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &envelope) != nil || (envelope.Error == nil && envelope.Message == "") {
		e.Err = fmt.Errorf("answered with %s", firstWords(body))
		return e
	}
	status := envelope.wireStatus
	if envelope.Error != nil {
		status = envelope.Error.wireStatus
		status.Code = codeByName(envelope.Error.Status) // here "code" repeats the HTTP status
	}
	e.Code, e.Message = status.Code, status.Message
	for _, d := range status.Details {
		if d.Reason != "" {
			e.Reason, e.Quota = d.Reason, d.Metadata["quota_limit"]
		}
	}
	return e
}

type wireStatus struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	Details []struct {
		Reason   string            `json:"reason"`
		Metadata map[string]string `json:"metadata"`
	} `json:"details"`
}

func codeByName(name string) Code {
	for code, n := range codeNames {
		if n == name {
			return Code(code)
		}
	}
	return CodeUnknown
}

// retryAfter reads the header in its form of seconds. The service has not been seen to send it; it is honoured if it ever comes.
func retryAfter(s string) time.Duration {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 86400 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// firstWords shows the beginning of an answer that could not be understood, on one line and short.
func firstWords(body []byte) string {
	const most = 80
	s := strings.Join(strings.Fields(string(body[:min(len(body), 4*most)])), " ")
	if s == "" {
		return "an empty body"
	}
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strconv.Quote(strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// Class says what can be done about an error. It is the only thing a caller's policy needs to look at.
type Class int

// The classes. "Final" means that the same call will fail in the same way.
const (
	// ClassUnknown is for errors that did not come from a call of this package.
	ClassUnknown Class = iota
	// ClassTransient passes by itself: a broken connection, 408, 409 ABORTED, 5xx, an answer that is not the service's.
	ClassTransient
	// ClassRateLimited passes within a minute or so: per-minute and concurrent-write quotas, also where they come as 400.
	ClassRateLimited
	// ClassDailyQuota passes at midnight Pacific.
	ClassDailyQuota
	// ClassUnauthenticated needs a new access token, or a new sign-in.
	ClassUnauthenticated
	// ClassForbidden needs the user: a scope that was not granted, Photos disabled, an API that is not enabled.
	ClassForbidden
	// ClassStorageFull needs the user: the account has no room left.
	ClassStorageFull
	// ClassAlbumGone is an album that no longer exists, or an id that is none.
	ClassAlbumGone
	// ClassAlbumForeign is an album into which this app may not write.
	ClassAlbumForeign
	// ClassInvalidToken is a batchCreate sunk by an upload token that is empty or no longer valid.
	ClassInvalidToken
	// ClassNotFound is an id that does not exist.
	ClassNotFound
	// ClassInvalid is any other refusal of what was asked. Final.
	ClassInvalid
	// ClassCancelled is the caller's own context.
	ClassCancelled
)

// Classify sorts an error of this package, wrapped or not. The texts it looks at are the service's observed ones; where the service
// gives a code or a reason, that decides.
func Classify(err error) Class {
	if err == nil {
		return ClassUnknown
	}
	if errors.Is(err, context.Canceled) {
		return ClassCancelled
	}
	e := (*Error)(nil)
	if !errors.As(err, &e) {
		return ClassUnknown
	}
	switch {
	case errors.Is(e.Err, ErrNoToken):
		return ClassUnauthenticated
	case e.Status == 0, e.Status == http.StatusRequestTimeout, e.Status >= 500, errors.Is(e.Err, ErrNotJSON):
		return ClassTransient
	case e.Status == http.StatusTooManyRequests:
		return quotaClass(e)
	case e.Status == http.StatusUnauthorized:
		return unauthenticatedClass(e)
	case e.Status == http.StatusForbidden:
		return ClassForbidden
	case e.Status == http.StatusNotFound:
		return notFoundClass(e)
	case e.Code == CodeAborted:
		return ClassTransient
	case e.Status/100 == 2, e.Status/100 == 3:
		return ClassTransient // an answer cut short, or a captive portal in between
	}
	return invalidClass(e)
}

// quotaClass tells the daily 429 from the others by the quota's name or, in the older wording, by the text.
func quotaClass(e *Error) Class {
	if strings.Contains(e.Quota, "PerDay") || strings.Contains(e.Quota, "PerProjectPerDay") || strings.Contains(e.Message, "per day") || strings.Contains(e.Message, "PerDay") {
		return ClassDailyQuota
	}
	return ClassRateLimited
}

// unauthenticatedClass: /v1/uploads says 401 with this text when the token is good but lacks the scope to upload.
func unauthenticatedClass(e *Error) Class {
	if strings.Contains(e.Message, "Authentication session is not defined") {
		return ClassForbidden
	}
	return ClassUnauthenticated
}

func notFoundClass(e *Error) Class {
	if strings.Contains(e.Message, "does not match any albums") {
		return ClassAlbumGone
	}
	return ClassNotFound
}

// invalidClass sorts the 400s: half a dozen quite different things arrive as INVALID_ARGUMENT.
func invalidClass(e *Error) Class {
	for _, t := range []struct {
		text  string
		class Class
	}{
		{"Insufficient tokens for quota", ClassRateLimited},
		{"remaining storage", ClassStorageFull},
		{"No permission to add media items to this album", ClassAlbumForeign},
		{"Invalid album ID", ClassAlbumGone},
		{"does not match any albums", ClassAlbumGone},
		{"valid upload token", ClassInvalidToken},
	} {
		if strings.Contains(e.Message, t.text) {
			return t.class
		}
	}
	return ClassInvalid
}
