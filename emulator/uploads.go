package emulator

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the protocol's own checksum, X-Goog-Hash
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"net/http"
	"strings"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// This file is what raw and resumable uploads have in common: bytes that are
// all here, and the token for them.

// errTooLargeToUpload is contract 2.2, 3.3: a file over 20 GB.
func errTooLargeToUpload() *apiError {
	return &apiError{
		http: http.StatusRequestEntityTooLarge, rpc: 3, status: "INVALID_ARGUMENT",
		message: "Request Entity Too Large",
	}
}

// errNoPayload is contract 2.2; 12 #34.
func errNoPayload() *apiError { return errInvalid("Payload must not be empty") }

// errChecksum is contract 2.2.
func errChecksum() *apiError {
	return errInvalid("User-provided checksum does not match received payload content.")
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
	if err != nil {
		s.store.drop(b)
		if isBroken(err) {
			panic(http.ErrAbortHandler) // the client is gone: nothing has happened
		}
		return got, errInternal(err) // the disk is full
	}
	switch {
	case b.size == 0:
		refused = errNoPayload()
	case b.size > inspect.MaxVideoBytes:
		refused = errTooLargeToUpload()
	case sum1 != nil && !bytes.Equal(sum1.Sum(nil), wantSHA1):
		refused = errChecksum()
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

func isBroken(err error) bool {
	broken := (*brokenBody)(nil)
	return errors.As(err, &broken)
}

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
	now := s.now()
	s.expire(s.store, now, s.config.TokenLife)
	token := newUploadToken()
	issued := &tokenIssued{Token: token, Content: got.sum, Issued: now, FileName: fileName}
	if err := s.register(got, change{Token: issued}); err != nil {
		return reply{}, err
	}
	return reply{kind: plainText, text: token}, nil
}

// register keeps what came, if its content is new, and commits what follows from
// it. s.mu is held.
func (s *Server) register(got received, then ...change) *apiError {
	var changes []change
	if s.contents[got.sum] != nil {
		s.store.drop(got.blob)
	} else {
		if err := s.store.keep(got.blob, got.sum); err != nil {
			s.store.drop(got.blob)
			return errInternal(err)
		}
		changes = append(changes, change{Content: &contentKept{
			got.sum, got.blob.size, got.Facts, refusalOf(got.err), got.blob.packed, got.blob.at, got.blob.gone,
		}})
	}
	if err := s.commit(append(changes, then...)...); err != nil {
		return err
	}
	if b := s.contents[got.sum].blob; b.path == "" && b.bytes == nil && !b.gone {
		b.bytes = got.blob.bytes // of a store in memory
	}
	return nil
}
