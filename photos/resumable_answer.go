package photos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// What can be wrong with a session; they are found in an [Error] with errors.Is. Its class is [ClassTransient]: what to do is said here.
var (
	// ErrSessionGone says that the service does not know the session, or not any more, or that it is of no use: start a new one.
	ErrSessionGone = errors.New("the upload session is gone")
	// ErrWrongOffset says that the session is not where the request took it to be: query it, and go on from there.
	ErrWrongOffset = errors.New("the upload session is somewhere else")
	// ErrBadHeaders is an answer of success whose headers are not those of an upload, as a proxy's page has none: ask again.
	ErrBadHeaders = errors.New("the answer is not that of an upload session")
)

// maxGranularity is where a granularity makes no sense any more, in bytes: a chunk could not be cut to it. 256 KiB has been seen.
const maxGranularity = 1 << 30

// sessionAnswer is an answer of success of a session.
type sessionAnswer struct {
	UploadStatus
	sized bool // Received was in it
	op    string
}

// wrong is a problem with an answer.
func (a sessionAnswer) wrong(is error, format string, args ...any) *Error {
	return &Error{Op: a.op, Status: http.StatusOK, Err: fmt.Errorf("%w: %w", is, fmt.Errorf(format, args...))}
}

// readSession reads the answer to a start.
func readSession(ctx context.Context, op string, size int64, resp *http.Response) (UploadSession, error) {
	a, err := readStatus(ctx, op, UploadSession{Size: size}, resp)
	if err != nil {
		return UploadSession{}, err
	}
	if a.State != UploadActive {
		return UploadSession{}, a.wrong(ErrBadHeaders, "it is %s at its start", a.State)
	}
	session := UploadSession{URL: SessionURL(resp.Header.Get("X-Goog-Upload-URL")), Size: size}
	if _, err := session.URL.parse(); err != nil {
		return UploadSession{}, a.wrong(ErrBadHeaders, "X-Goog-Upload-URL %w", err)
	}
	granularity, found, err := numberOf(resp, "X-Goog-Upload-Chunk-Granularity")
	switch {
	case err != nil:
		return UploadSession{}, a.wrong(ErrBadHeaders, "%w", err)
	case !found:
		return UploadSession{}, a.wrong(ErrBadHeaders, "X-Goog-Upload-Chunk-Granularity is missing")
	case granularity == 0 || granularity > maxGranularity:
		return UploadSession{}, a.wrong(ErrBadHeaders, "X-Goog-Upload-Chunk-Granularity is %d, want 1 to %d", granularity, maxGranularity)
	}
	session.Granularity = granularity
	return session, nil
}

// readQueried reads the answer to a query.
func readQueried(ctx context.Context, op string, session UploadSession, resp *http.Response) (UploadStatus, error) {
	a, err := readStatus(ctx, op, session, resp)
	switch {
	case err != nil:
		return UploadStatus{}, err
	case a.State != UploadActive:
	case !a.sized:
		return UploadStatus{}, a.wrong(ErrBadHeaders, "X-Goog-Upload-Size-Received is missing")
	case a.Received > session.Size:
		return UploadStatus{}, a.wrong(ErrSessionGone, "it has %d bytes of a file of %d", a.Received, session.Size)
	}
	return a.UploadStatus, nil
}

// readSent reads the answer to a chunk. One that was taken and is not final need not say how much was received.
func readSent(ctx context.Context, op string, session UploadSession, chunk UploadChunk, resp *http.Response) (UploadStatus, error) {
	a, err := readStatus(ctx, op, session, resp)
	end := chunk.Offset + chunk.Size
	switch {
	case err != nil:
		return UploadStatus{}, err
	case a.State == UploadCancelled:
		return UploadStatus{}, a.wrong(ErrSessionGone, "it was cancelled")
	case a.State == UploadFinal && !chunk.Final:
		return UploadStatus{}, a.wrong(ErrSessionGone, "it ended at %d of %d bytes", end, session.Size)
	case a.State == UploadFinal && a.Token == "":
		return UploadStatus{}, a.wrong(ErrNotJSON, "no upload token in it")
	case a.State == UploadFinal:
		return a.UploadStatus, nil
	case !a.sized && chunk.Final:
		return UploadStatus{}, a.wrong(ErrWrongOffset, "it is active after its end")
	case !a.sized:
		a.Received = end
	case a.Received <= chunk.Offset || a.Received > end:
		return UploadStatus{}, a.wrong(ErrWrongOffset, "it has %d bytes after a chunk from %d to %d", a.Received, chunk.Offset, end)
	}
	return a.UploadStatus, nil
}

// readStatus reads what the answers of a session have in common.
func readStatus(ctx context.Context, op string, session UploadSession, resp *http.Response) (sessionAnswer, error) {
	defer drain(resp.Body)
	a := sessionAnswer{op: op}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return a, cutShort(ctx, op, resp.StatusCode, err)
	}
	if resp.StatusCode != http.StatusOK {
		return a, sessionError(op, session, resp, body)
	}
	a.State = UploadState(resp.Header.Get("X-Goog-Upload-Status"))
	switch a.State {
	case UploadActive:
		a.Received, a.sized, err = numberOf(resp, "X-Goog-Upload-Size-Received")
	case UploadFinal:
		a.Received, a.Token = session.Size, uploadToken(body)
	case UploadCancelled:
	case "":
		err = fmt.Errorf("X-Goog-Upload-Status is missing (%s)", describeBody(body))
	default:
		err = errors.New("X-Goog-Upload-Status is none that there is")
	}
	if err != nil {
		return a, a.wrong(ErrBadHeaders, "%w", err)
	}
	return a, nil
}

// sessionError is a refusal, and what it says of the session (contract 3.2). A quota, a sign-in or a broken front end say nothing of it, and 413 is
// about the file (contract 11 #17).
func sessionError(op string, session UploadSession, resp *http.Response, body []byte) *Error {
	at, err := session.URL.parse()
	if err != nil {
		return answerError(op, resp, body) // of a start
	}
	e := answerError(op, resp, hide(at, body))
	class := Classify(e)
	switch {
	case class == ClassNotFound:
		e.because(ErrSessionGone)
	case class != ClassInvalid || resp.StatusCode == http.StatusRequestEntityTooLarge:
	case resp.Header.Get("X-Goog-Upload-Status") == "":
		e.because(ErrSessionGone)
	default:
		e.because(ErrWrongOffset)
	}
	return e
}

// because puts a cause before the one that an error has.
func (e *Error) because(cause error) {
	if e.Err != nil {
		cause = fmt.Errorf("%w: %w", cause, e.Err)
	}
	e.Err = cause
}

// numberOf reads a header of bytes, in decimal digits. What else stands in it is not repeated.
func numberOf(resp *http.Response, header string) (n int64, found bool, err error) {
	text := resp.Header.Get(header)
	if text == "" {
		return 0, false, nil
	}
	u, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, false, fmt.Errorf("%s is no number of bytes", header)
	}
	return int64(u), true, nil
}
