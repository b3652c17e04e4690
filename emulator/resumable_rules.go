package emulator

import (
	"fmt"
	"net/http"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// sessionRule is a rule for requests that bring bytes to a session, or end it.
// Whoever breaks one is answered with 400 and the status active, and the bytes
// of the session stay as they are. The caller has the turn.
type sessionRule func(*http.Request, *session) *apiError

// measure makes the length of a body known where its client does not say it: it is
// received before any rule looks at it, so that a rule is one for a request and
// not for its first half (contract 3.2). Of one that breaks off nothing is kept.
func (s *Server) measure(c *call) *apiError {
	if c.r.ContentLength >= 0 {
		return nil
	}
	if c.spooled == nil {
		if _, err := s.spool(operation{}, c); err != nil {
			return err
		}
	}
	c.r.ContentLength = c.spooled.size
	return nil
}

// fitsSession is protocolIsResumable for requests with bytes.
func fitsSession(r *http.Request, _ *session) *apiError { return protocolIsResumable(r) }

// sendsNothing: a "finalize" by itself has no body (contract 3.2).
func sendsNothing(r *http.Request, _ *session) *apiError {
	if err := commandHasNoBody(r); err != nil {
		return err
	}
	return protocolIsResumable(r)
}

// offsetIsReceived: bytes go to where the last ones ended (contract 3.2; 12
// #18).
func offsetIsReceived(r *http.Request, sess *session) *apiError {
	offset, err := numberIn(r, "X-Goog-Upload-Offset")
	if err == nil && offset != sess.received.Load() {
		err = errInvalid("X-Goog-Upload-Offset is %d, but %d bytes have been received.", offset, sess.received.Load())
	}
	return err
}

// offsetFitsIfStated is offsetIsReceived where there are no bytes to put there.
func offsetFitsIfStated(r *http.Request, sess *session) *apiError {
	if r.Header.Get("X-Goog-Upload-Offset") == "" {
		return nil
	}
	return offsetIsReceived(r, sess)
}

// bytesFit: no more than was announced, and not more than 20 GB in any case
// (contract 12 #21).
func bytesFit(r *http.Request, sess *session) *apiError {
	switch at := sess.received.Load(); {
	case r.ContentLength > inspect.MaxVideoBytes-at:
		return errTooLargeToUpload()
	case r.ContentLength > sess.Size-at:
		return errInvalid("%d bytes at offset %d are more than X-Goog-Upload-Raw-Size %d.", r.ContentLength, at, sess.Size)
	}
	return nil
}

// chunkIsWhole: n is a multiple of the granularity, except of the last chunk,
// which finalizes (contract 3.2; 12 #19).
func (s *Server) chunkIsWhole(c *call) sessionRule {
	return func(r *http.Request, _ *session) *apiError {
		if r.ContentLength%s.config.ChunkGranularity == 0 {
			return nil
		}
		detail := fmt.Sprintf("%d bytes, not a multiple of %d", r.ContentLength, s.config.ChunkGranularity)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.violate(c, RuleChunkSize, detail)
		return errInvalid("Invalid chunk: %s.", detail)
	}
}

// nothingIsMissing: an upload ends with all the bytes that were announced
// (contract 12 #20).
func nothingIsMissing(r *http.Request, sess *session) *apiError {
	if n := sess.received.Load() + max(r.ContentLength, 0); n < sess.Size {
		return errInvalid("%d bytes are less than X-Goog-Upload-Raw-Size %d.", n, sess.Size)
	}
	return nil
}
