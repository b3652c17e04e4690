package photos

import (
	"bytes"
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
	// ErrNotSent is a request that breaks a limit which the service documents. It was refused here, and cost nothing of the day's quota; the
	// text names the field. Its class is [ClassInvalid].
	ErrNotSent = errors.New("not sent")

	errCutShort = errors.New("answer cut short")
	errNoAnswer = errors.New("no answer from the sign-in service")
)

// Error is what went wrong with one call. It never holds a token or an address.
type Error struct {
	Op         string        // the method, in the API's own words: "mediaItems.batchCreate"
	Status     int           // the HTTP status; 0 if no answer came
	Code       Code          // the service's own code, where it sent one
	Message    string        // the service's own words
	Reason     string        // ErrorInfo reason, such as "RATE_LIMIT_EXCEEDED"
	Quota      string        // the quota that was exceeded, such as "WritesPerMinutePerUser"
	Fields     []string      // the parts of the request that were refused, as the service names them: "new_media_items[3].…"
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
	return strings.Join(strings.Fields(b.String()), " ")
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
	_ = json.Unmarshal(body, &envelope) // a field of another type than documented leaves the others readable
	status := envelope.wireStatus
	if envelope.Error != nil {
		status = envelope.Error.wireStatus
		status.Code = codeByName(envelope.Error.Status) // here "code" repeats the HTTP status
	}
	e.Code, e.Message = status.Code, status.Message
	if e.Message == "" {
		e.Err = fmt.Errorf("answered with %s", firstWords(resp.StatusCode, body))
	}
	for _, d := range status.Details {
		if d.Reason != "" {
			e.Reason, e.Quota = d.Reason, d.Metadata["quota_limit"]
		}
		for _, v := range d.FieldViolations {
			e.Fields = append(e.Fields, v.Field)
		}
	}
	return e
}

type wireStatus struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	Details []struct {
		Reason          string            `json:"reason"`
		Metadata        map[string]string `json:"metadata"`
		FieldViolations []struct {
			Field string `json:"field"`
		} `json:"fieldViolations"`
	} `json:"details"`
}

// codeByName is the code of a name in the API; a name that this client does not know is CodeUnknown, none at all no code.
func codeByName(name string) Code {
	if name == "" {
		return CodeOK
	}
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

// firstWords shows the beginning of a refusal that could not be understood, on one line and short. A page of HTML says nothing there, and
// an answer of success may begin with a token.
func firstWords(status int, body []byte) string {
	const most = 80
	s := strings.Join(strings.Fields(string(body[:min(len(body), 4*most)])), " ")
	if s == "" || status/100 == 2 || isHTML(body) {
		return describeBody(body)
	}
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strconv.Quote(strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// describeBody says what came in place of what was promised without repeating it: it might hold a token.
func describeBody(body []byte) string {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return "an empty body"
	case isHTML(body):
		return "a page of HTML"
	}
	return fmt.Sprintf("%d bytes of something else", len(body))
}

func isHTML(body []byte) bool {
	return bytes.Contains(bytes.ToLower(body[:min(len(body), 512)]), []byte("<html"))
}
