package photos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// UploadsService turns bytes into upload tokens: POST /v1/uploads (guides "Upload media").
type UploadsService struct{ c *Client }

// RawUpload is one file's bytes for a raw upload.
type RawUpload struct {
	Size        int64     // bytes in Body
	ContentType string    // the file's media type, such as "image/jpeg"; "" leaves it to the service
	Body        io.Reader // read once, from the start; never closed
}

// Raw sends all bytes in one request and returns the upload token, an opaque text that is good for a day. Any bytes earn a token: what
// they are is judged when the media item is created. An empty file is [ErrNotSent], since its empty token would sink a whole
// batch.
func (s *UploadsService) Raw(ctx context.Context, up RawUpload) (token string, err error) {
	const op = "uploads"
	if err := notSent(op, wantBytes(up.Size)); err != nil {
		return "", err
	}
	body := lend(up.Body)
	req, err := s.c.request(ctx, http.MethodPost, "/v1/uploads", nil, body)
	if err != nil {
		return "", &Error{Op: op, Err: err}
	}
	req.ContentLength = up.Size
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("X-Goog-Upload-Protocol", "raw")
	if up.ContentType != "" {
		req.Header.Set("X-Goog-Upload-Content-Type", up.ContentType)
	}
	resp, err := s.c.send(s.c.bytes, op, req)
	if !errors.Is(err, ErrNoToken) {
		defer body.wait()
	}
	if err != nil {
		return "", err
	}
	return readUploadToken(ctx, op, resp)
}

// wantBytes keeps an empty file from the service, which refuses it.
func wantBytes(size int64) error {
	if size <= 0 {
		return errors.New("the file is empty")
	}
	return nil
}

// lentBody is a request body that its owner gets back. A transport may go on reading a body after it has returned, and says by
// closing it that it is done; only then may the caller use the buffer or file for something else.
type lentBody struct {
	io.Reader
	once     sync.Once
	returned chan struct{}
}

func lend(r io.Reader) *lentBody { return &lentBody{Reader: r, returned: make(chan struct{})} }

// wait is for whoever has given the body to a transport.
func (b *lentBody) wait() { <-b.returned }

// Close is the transport giving the body back.
func (b *lentBody) Close() error {
	b.once.Do(func() { close(b.returned) })
	return nil
}

// readUploadToken reads the answer to finished bytes: the token as plain text, white space around it.
func readUploadToken(ctx context.Context, op string, resp *http.Response) (string, error) {
	defer drain(resp.Body)
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return "", cutShort(ctx, op, resp.StatusCode, err)
	}
	if resp.StatusCode != http.StatusOK {
		return "", answerError(op, resp, answer)
	}
	token := uploadToken(answer)
	if token == "" {
		return "", &Error{Op: op, Status: resp.StatusCode, Err: fmt.Errorf("%w: no upload token in it (%s)", ErrNotJSON, describeBody(answer))}
	}
	return token, nil
}

// uploadToken is the token in an answer, if it is one. Any text without space is: tokens are opaque, but they are never HTML or JSON.
func uploadToken(answer []byte) string {
	s := strings.TrimSpace(string(answer))
	if strings.ContainsFunc(s, func(r rune) bool { return notASCII(r) || strings.ContainsRune(`<>{}"`, r) }) {
		return ""
	}
	return s
}
