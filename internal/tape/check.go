package tape

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// CheckConfig says whom to ask, and what with.
type CheckConfig struct {
	Transport   http.RoundTripper // reaches the server
	Endpoint    string            // its address, without a path
	AccessToken string            // one that it accepts

	// Media makes up a file for an upload, the same one for the same: a recording has no bytes of media. ok is false if there can be none
	// like it.
	Media func(Media) (file io.ReaderAt, ok bool)
}

// Media is what a recording knows of a file.
type Media struct {
	ContentType string // "image/jpeg"; "" if the client did not say
	Size        int64  // bytes
	Seed        string // the same for the same content
}

// CheckResult is how a server compares with a recording.
type CheckResult struct {
	Compared    int
	Skipped     map[string]int // exchanges that were not compared, by the reason
	Differences []Difference
	Truncated   bool // the recording ends in the middle of a line
}

// Difference is what was answered otherwise.
type Difference struct {
	Line    int    // of the recording
	Request string // in a line, secrets left out
	What    []string
}

// Check asks a server everything that was asked in a recording, one request after the other, and compares status and shape of the answers: which
// fields there are, and of which type, not what they say. Ids, tokens and addresses are those of the server. What was made before the recording
// began the server does not have, and how the day went (a quota, an outage, a sign-in) it cannot know: such exchanges are not compared.
func Check(ctx context.Context, recording io.Reader, cfg CheckConfig) (CheckResult, error) {
	out := CheckResult{Skipped: map[string]int{}}
	in, err := NewReader(recording)
	if err != nil {
		return out, err
	}
	c := &checker{CheckConfig: cfg, live: map[string]string{}, media: map[string]Media{}}
	for ctx.Err() == nil {
		e, err := in.Next()
		if errors.Is(err, io.EOF) {
			out.Truncated = in.Truncated()
			return out, nil
		}
		if err != nil {
			return out, err
		}
		what, err := c.compare(ctx, e)
		if skip := skipped(""); errors.As(err, &skip) {
			c.forget(e)
			out.Skipped[string(skip)]++
			continue
		}
		if err != nil {
			return out, fmt.Errorf("line %d: %w", in.Line(), err)
		}
		out.Compared++
		if len(what) > 0 {
			out.Differences = append(out.Differences, Difference{in.Line(), describe(e.Request), what})
		}
	}
	return out, ctx.Err()
}

// skipped is why an exchange is not compared.
type skipped string

// Error says it.
func (s skipped) Error() string { return string(s) }

const (
	skipCircumstance = "answered by how the day went (a quota, an outage, a sign-in, a broken connection)"
	skipBefore       = "about something from before the recording, or from an exchange that was not compared"
	skipUnknown      = "to an address, or with a body, that is not recorded in full"
	skipMedia        = "with a file that cannot be made up"
)

// checker asks the same again.
type checker struct {
	CheckConfig
	live  map[string]string // what stands for a recorded id, token or address on this server
	media map[string]Media  // what the sessions of resumable uploads announced
}

func (c *checker) compare(ctx context.Context, e Exchange) ([]string, error) {
	if byCircumstance(e) {
		return nil, skipped(skipCircumstance)
	}
	req, err := c.request(ctx, e.Request)
	if err != nil {
		return nil, err
	}
	resp, err := c.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxText+1))
	if err != nil {
		return nil, err
	}
	return c.differences(e, resp, body), nil
}

// byCircumstance tells the answers that are not up to the request. Sharing is refused to everyone (contract 1.1).
func byCircumstance(e Exchange) bool {
	if e.Answer == nil || e.Error != "" || e.Answer.Body != nil && e.Answer.Body.Cut {
		return true
	}
	switch s := e.Answer.Status; s {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests:
		return true
	case http.StatusForbidden:
		return !aboutSharing.MatchString(e.Request.Path)
	default:
		return s >= 500
	}
}

// forget gives up a resumable upload of which a part is not known.
func (c *checker) forget(e Exchange) {
	delete(c.live, baseOf(e.Request.Path))
}
