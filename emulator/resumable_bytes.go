package emulator

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the protocol's own checksum, X-Goog-Hash
	"errors"
	"io"
	"net/http"
)

// uploadChunk is "upload": some of the bytes (contract 3.2).
func (s *Server) uploadChunk(c *call) (reply, *apiError) {
	return s.inSession(c, func(sess *session) (reply, *apiError) {
		if err := s.takeBytes(c, sess, fitsSession, offsetIsReceived, bytesFit, s.chunkIsWhole(c)); err != nil {
			return reply{}, err
		}
		return statusReply(statusActive, sizeReceived(sess.received.Load())), nil
	})
}

// uploadRest is "upload, finalize": all bytes that are missing (contract 3.2).
func (s *Server) uploadRest(c *call) (reply, *apiError) {
	return s.finish(c, fitsSession, offsetIsReceived, bytesFit, nothingIsMissing)
}

// finalizeUpload is "finalize" by itself, when all bytes are there (contract
// 3.2).
func (s *Server) finalizeUpload(c *call) (reply, *apiError) {
	return s.finish(c, sendsNothing, offsetFitsIfStated, nothingIsMissing)
}

// takeBytes takes the body of a request that keeps the rules. When the client
// breaks off, what came is kept: its query tells how much that was. The caller
// has the turn.
func (s *Server) takeBytes(c *call, sess *session, rules ...sessionRule) *apiError {
	s.mu.Lock()
	err := s.isActive(sess)
	s.mu.Unlock()
	if err == nil {
		err = s.measure(c)
	}
	if err != nil {
		return err
	}
	for _, rule := range rules {
		if err := rule(c.r, sess); err != nil {
			return err
		}
	}
	switch err := s.store.appendTo(sess, &statedBody{s, c.r.Body, c.r.ContentLength}); {
	case err == nil:
		return nil
	case isBroken(err):
		panic(http.ErrAbortHandler) // the client is gone
	case errors.Is(err, errStopped):
		return errClosed()
	default:
		return errInternal(err) // the disk is full
	}
}

// errStopped: the server was closed while a body came.
var errStopped = errors.New("the server is closed")

// statedBody is a request's body that has to be as long as the request says. It
// comes to an end when the server is closed: the next one may already be using
// the folder.
type statedBody struct {
	s    *Server
	body io.Reader
	left int64
}

func (b *statedBody) Read(p []byte) (int, error) {
	n, err := clientReader{b.body}.Read(p[:min(int64(len(p)), max(b.left, 1))])
	switch {
	case b.s.isClosed():
		return 0, errStopped
	case int64(n) > b.left:
		n, err = 0, &brokenBody{errors.New("longer than its Content-Length")}
	case errors.Is(err, io.EOF) && int64(n) < b.left:
		err = &brokenBody{io.ErrUnexpectedEOF}
	}
	b.left -= int64(n)
	return n, err
}

// finish takes the last bytes and answers with a token for them all.
func (s *Server) finish(c *call, rules ...sessionRule) (reply, *apiError) {
	return s.inSession(c, func(sess *session) (reply, *apiError) {
		want, err := statedChecksum(c.r.Header.Get("X-Goog-Hash"))
		if err == nil {
			err = s.takeBytes(c, sess, rules...)
		}
		if err != nil {
			return reply{}, err
		}
		if err := s.acceptable(sess, want); err != nil {
			return reply{}, s.reject(sess, err)
		}
		return s.endWithToken(sess)
	})
}

// acceptable is what can be wrong with bytes that are all there.
func (s *Server) acceptable(sess *session, wantSHA1 []byte) *apiError {
	if sess.Size == 0 {
		return errNoPayload()
	}
	if wantSHA1 == nil {
		return nil
	}
	r, err := s.store.sessionBlob(sess).open()
	if err != nil {
		return errInternal(err)
	}
	sum := sha1.New() //nolint:gosec // see the import
	_, err = io.Copy(sum, r)
	if err = errors.Join(err, r.Close()); err != nil {
		return errInternal(err)
	}
	if !bytes.Equal(sum.Sum(nil), wantSHA1) {
		return errChecksum()
	}
	return nil
}

// reject ends a session whose bytes are all there and cannot be taken: it is
// final, and there is no token. So its client starts over, and does not ask
// for ever. A fault of this machine ends nothing.
func (s *Server) reject(sess *session, because *apiError) *apiError {
	if because.http == http.StatusInternalServerError {
		return because
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.isActive(sess); err != nil {
		return err
	}
	if err := s.end(sess, statusFinal, ""); err != nil {
		return err
	}
	return because
}

// endWithToken registers the bytes of a session, and ends it with a token for
// them.
func (s *Server) endWithToken(sess *session) (reply, *apiError) {
	got := received{blob: s.store.sessionBlob(sess), sum: contentHash(sess.sum.Sum(nil))}
	got.Facts, got.err = lookAt(got.blob)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.isActive(sess); err != nil {
		return reply{}, err
	}
	now := s.now()
	s.expire(s.store, now, s.config.TokenLife)
	token := newUploadToken()
	err := s.register(got,
		change{Token: &tokenIssued{Token: token, Content: got.sum, Issued: now, FileName: sess.FileName, Resumable: true}},
		change{SessionEnd: &sessionEnded{sess.ID, statusFinal, token}},
	)
	if err != nil {
		s.store.dropSession(sess) // its bytes are already gone
		return reply{}, err
	}
	res := statusReply(statusFinal, nil)
	res.text = token
	return res, nil
}
