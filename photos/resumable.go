package photos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// StartUpload announces one file's bytes for a resumable upload.
type StartUpload struct {
	Size        int64  // bytes in the whole file
	ContentType string // the file's media type, such as "image/jpeg"; "" says application/octet-stream
}

// UploadSession is a resumable upload that was begun. It outlives connections and processes: kept, its bytes go on where they ended.
type UploadSession struct {
	URL         SessionURL
	Size        int64 // bytes in the whole file, as announced
	Granularity int64 // each chunk but the last is a multiple of so many bytes
}

// UploadChunk is a stretch of the file's bytes.
type UploadChunk struct {
	Offset int64     // where in the file it begins: as many bytes as the service has
	Size   int64     // bytes in Body; unless Final, a multiple of the session's granularity
	Body   io.Reader // read once, from the start; never closed; not looked at if Size is 0
	Final  bool      // the file ends with it, and so does the upload; Size may then be 0
}

// UploadState is how a session stands, in the service's own words.
type UploadState string

// The states of a session.
const (
	UploadActive    UploadState = "active"    // wants bytes
	UploadFinal     UploadState = "final"     // over: its bytes have a token
	UploadCancelled UploadState = "cancelled" // over: its bytes are gone
)

// UploadStatus is what the service says of a session.
type UploadStatus struct {
	State    UploadState
	Received int64  // bytes that the service has: where to go on; the file's size if State is final
	Token    string // the upload token, if State is final; a Query may find it "": then it is lost, and the bytes have to be sent again
}

// Start begins a resumable upload: POST /v1/uploads with the command "start" (contract 3.2). It sends no bytes. An empty file is [ErrNotSent],
// as for [UploadsService.Raw].
func (s *UploadsService) Start(ctx context.Context, up StartUpload) (UploadSession, error) {
	const op = "uploads.start"
	if err := notSent(op, wantBytes(up.Size)); err != nil {
		return UploadSession{}, err
	}
	if up.ContentType == "" {
		up.ContentType = "application/octet-stream"
	}
	ctx, cancel := context.WithTimeout(ctx, s.c.patience)
	defer cancel()
	req, err := s.c.request(ctx, http.MethodPost, "/v1/uploads", nil, nil)
	if err != nil {
		return UploadSession{}, &Error{Op: op, Err: err}
	}
	req.Header.Set("X-Goog-Upload-Protocol", "resumable")
	req.Header.Set("X-Goog-Upload-Command", "start")
	req.Header.Set("X-Goog-Upload-Content-Type", up.ContentType)
	req.Header.Set("X-Goog-Upload-Raw-Size", strconv.FormatInt(up.Size, 10))
	resp, err := s.c.send(s.c.bytes, op, req)
	if err != nil {
		return UploadSession{}, err
	}
	return readSession(ctx, op, up.Size, resp)
}

// Send sends a chunk: the commands "upload", "upload, finalize" and, of a final chunk without bytes, "finalize". One final chunk with all bytes is
// the way with the fewest requests. The status is either active, with some or all of the chunk's bytes received, or final with the token; anything
// else is an error. After an error [UploadsService.Query] tells where to go on, unless it is [ErrSessionGone].
func (s *UploadsService) Send(ctx context.Context, session UploadSession, chunk UploadChunk) (UploadStatus, error) {
	op, command := "uploads.chunk", "upload"
	switch {
	case chunk.Final && chunk.Size == 0:
		op, command = "uploads.finalize", "finalize"
	case chunk.Final:
		op, command = "uploads.finalize", "upload, finalize"
	}
	if err := notSent(op, chunk.problem(session)); err != nil {
		return UploadStatus{}, err
	}
	req, err := s.sessionRequest(ctx, op, session.URL, command)
	if err != nil {
		return UploadStatus{}, err
	}
	req.Header.Set("X-Goog-Upload-Offset", strconv.FormatInt(chunk.Offset, 10))
	body := lend(chunk.Body)
	if chunk.Size > 0 {
		req.Body, req.ContentLength = body, chunk.Size
	}
	resp, err := s.sendToSession(op, req)
	if chunk.Size > 0 && !errors.Is(err, ErrNoToken) {
		defer body.wait()
	}
	if err != nil {
		return UploadStatus{}, err
	}
	return readSent(ctx, op, session, chunk, resp)
}

// Query asks how a session stands.
func (s *UploadsService) Query(ctx context.Context, session UploadSession) (UploadStatus, error) {
	const op = "uploads.query"
	ctx, cancel := context.WithTimeout(ctx, s.c.patience)
	defer cancel()
	resp, err := s.command(ctx, op, session.URL, "query")
	if err != nil {
		return UploadStatus{}, err
	}
	return readQueried(ctx, op, session, resp)
}

// Cancel ends a session that is not wanted any more. A session that is left alone ends by itself, after some days.
func (s *UploadsService) Cancel(ctx context.Context, session UploadSession) error {
	const op = "uploads.cancel"
	ctx, cancel := context.WithTimeout(ctx, s.c.patience)
	defer cancel()
	resp, err := s.command(ctx, op, session.URL, "cancel")
	if err != nil {
		return err
	}
	a, err := readStatus(ctx, op, session, resp)
	if err == nil && a.State != UploadCancelled {
		err = a.wrong(ErrBadHeaders, "it is %s after it was cancelled", a.State)
	}
	return err
}

// command sends a request without bytes to a session.
func (s *UploadsService) command(ctx context.Context, op string, to SessionURL, command string) (*http.Response, error) {
	req, err := s.sessionRequest(ctx, op, to, command)
	if err != nil {
		return nil, err
	}
	return s.sendToSession(op, req)
}

// sessionRequest makes a request to a session, without a body.
func (s *UploadsService) sessionRequest(ctx context.Context, op string, to SessionURL, command string) (*http.Request, error) {
	at, err := to.parse()
	if err != nil {
		return nil, notSent(op, fmt.Errorf("the session's address %w", err))
	}
	req, err := s.c.request(ctx, http.MethodPost, "/", nil, nil)
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	req.URL, req.Host = at, at.Host
	req.Header.Set("X-Goog-Upload-Command", command)
	return req, nil
}

// sendToSession sends the access token along only if the session is on the service's own host (contract 12 #22).
func (s *UploadsService) sendToSession(op string, req *http.Request) (*http.Response, error) {
	if sameHost(req.URL, s.c.endpoint) {
		return s.c.send(s.c.bytes, op, req)
	}
	resp, err := s.c.bytes.Do(req)
	if err != nil {
		return nil, &Error{Op: op, Err: broken(req.Context(), err)}
	}
	return resp, nil
}

// sameHost tells whether what goes to one address may go to the other.
func sameHost(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && hostAndPort(a) == hostAndPort(b)
}

// problem is why a chunk cannot be right, whatever the service has.
func (c UploadChunk) problem(session UploadSession) error {
	end := c.Offset + c.Size
	switch {
	case c.Offset < 0 || c.Size < 0 || end < 0 || end > session.Size:
		return fmt.Errorf("a chunk of %d bytes at %d is not within a file of %d", c.Size, c.Offset, session.Size)
	case c.Final && end != session.Size:
		return fmt.Errorf("the final chunk ends at %d of %d bytes", end, session.Size)
	case !c.Final && (c.Size == 0 || session.Granularity <= 0 || c.Size%session.Granularity != 0):
		return fmt.Errorf("a chunk of %d bytes is not a multiple of the granularity %d", c.Size, session.Granularity)
	}
	return nil
}
