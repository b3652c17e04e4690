package emulator

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the protocol's own checksum, X-Goog-Hash
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// upload takes the bytes of one file by the raw protocol and gives a token for
// them (contract 3.1). Any bytes earn one: their type is judged by
// batchCreate (contract 0 #15).
func (s *Server) upload(c *call) (reply, *apiError) {
	for _, rule := range []func(*http.Request) *apiError{
		protocolIsRaw, contentTypeIsBytes, lengthIsWithinLimit,
	} {
		if err := rule(c.r); err != nil {
			return reply{}, err
		}
	}
	want, err := statedChecksum(c.r.Header.Get("X-Goog-Hash"))
	if err != nil {
		return reply{}, err
	}
	got, err := s.receive(c.r.Body, want)
	if err != nil {
		return reply{}, err
	}
	return s.issueToken(got, c.r.Header.Get("X-Goog-Upload-File-Name"))
}

// protocolIsRaw: the header is required, and "raw" is its value (contract 3.1).
func protocolIsRaw(r *http.Request) *apiError {
	switch p := r.Header.Get("X-Goog-Upload-Protocol"); {
	case strings.EqualFold(p, "raw"):
		return nil
	case p == "":
		return errInvalid("Missing header X-Goog-Upload-Protocol.")
	default:
		return errInvalid("Unsupported X-Goog-Upload-Protocol: %q.", p)
	}
}

// contentTypeIsBytes: Content-Type describes the request, not the file, and is
// application/octet-stream; the file's own type has a header of its own, and
// is a hint that may say anything (contract 3.1).
func contentTypeIsBytes(r *http.Request) *apiError {
	v := r.Header.Get("Content-Type")
	t, _, err := mime.ParseMediaType(v)
	if v == "" || err == nil && t == "application/octet-stream" {
		return nil
	}
	return errInvalid("Content-Type must be application/octet-stream, not %q.", v)
}

// lengthIsWithinLimit refuses a file over 20 GB before its first byte
// (contract 2.2, 3.3). The header may be missing.
func lengthIsWithinLimit(r *http.Request) *apiError {
	if r.ContentLength > inspect.MaxVideoBytes {
		return errTooLargeToUpload()
	}
	return nil
}

func errTooLargeToUpload() *apiError {
	return &apiError{
		http: http.StatusRequestEntityTooLarge, rpc: 3, status: "INVALID_ARGUMENT",
		message: "Request Entity Too Large",
	}
}

// statedChecksum reads "sha1=" and 20 bytes in base64 from the X-Goog-Hash
// header; other algorithms in its list are passed over (contract 3.1). nil:
// none was stated.
func statedChecksum(header string) ([]byte, *apiError) {
	for field := range strings.SplitSeq(header, ",") {
		coded, ok := strings.CutPrefix(strings.TrimSpace(field), "sha1=")
		if !ok {
			continue
		}
		sum, err := base64.StdEncoding.DecodeString(coded)
		if err != nil || len(sum) != sha1.Size {
			return nil, errInvalid("Invalid X-Goog-Hash header: sha1 is not 20 bytes in base64.")
		}
		return sum, nil
	}
	return nil, nil
}

// received is an upload whose bytes are all here and not yet registered.
type received struct {
	blob *blob
	sum  contentHash
	err  error // of the look at it: why it cannot become a media item
	inspect.Facts
}

// receive reads a body to its end, hashing on the way, and looks at what came.
// What is refused leaves no bytes behind.
func (s *Server) receive(body io.Reader, wantSHA1 []byte) (got received, refused *apiError) {
	sum256 := sha256.New()
	sums := []io.Writer{sum256}
	var sum1 hash.Hash
	if wantSHA1 != nil {
		sum1 = sha1.New() //nolint:gosec // see the import
		sums = append(sums, sum1)
	}
	limited := &io.LimitedReader{R: clientReader{body}, N: inspect.MaxVideoBytes + 1}
	b, err := s.store.receive(io.TeeReader(limited, io.MultiWriter(sums...)))
	if broken := (*brokenBody)(nil); errors.As(err, &broken) {
		panic(http.ErrAbortHandler) // the client is gone: nothing has happened
	} else if err != nil {
		return got, errInternal(err) // the disk is full
	}
	switch {
	case b.size == 0:
		refused = errInvalid("Payload must not be empty") // contract 2.2; 12 #34
	case b.size > inspect.MaxVideoBytes:
		refused = errTooLargeToUpload()
	case sum1 != nil && !bytes.Equal(sum1.Sum(nil), wantSHA1):
		refused = errInvalid("User-provided checksum does not match received payload content.") // contract 2.2
	}
	if refused != nil {
		s.store.drop(b)
		return got, refused
	}
	got.blob, got.sum = b, contentHash(sum256.Sum(nil))
	got.Facts, got.err = lookAt(b)
	return got, nil
}

// clientReader marks the errors of a request's body, to tell a client that
// broke off from a disk that is full.
type clientReader struct{ io.Reader }

type brokenBody struct{ error }

func (r clientReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &brokenBody{err}
	}
	return n, err
}

func lookAt(b *blob) (inspect.Facts, error) {
	r, err := b.open()
	if err != nil {
		return inspect.Facts{}, err
	}
	facts, err := inspect.File(r, b.size)
	return facts, errors.Join(err, r.Close())
}

// issueToken registers what came, once for each content, and makes a token
// for it that is good for a day from now.
func (s *Server) issueToken(got received, fileName string) (reply, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		s.store.drop(got.blob)
		return reply{}, errClosed()
	}
	now := time.Now()
	s.expire(s.store, now, s.config.TokenLife)
	var changes []change
	if s.contents[got.sum] != nil {
		s.store.drop(got.blob)
	} else {
		if err := s.store.keep(got.blob, got.sum); err != nil {
			s.store.drop(got.blob)
			return reply{}, errInternal(err)
		}
		changes = append(changes, change{Content: &contentKept{got.sum, got.blob.size, got.Facts, refusalOf(got.err)}})
	}
	token := newUploadToken()
	changes = append(changes, change{Token: &tokenIssued{Token: token, Content: got.sum, Issued: now, FileName: fileName}})
	if err := s.commit(changes...); err != nil {
		return reply{}, err
	}
	if b := s.contents[got.sum].blob; b.path == "" && b.bytes == nil {
		b.bytes = got.blob.bytes // of a store in memory
	}
	return reply{kind: plainText, text: token}, nil
}
