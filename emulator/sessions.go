package emulator

import (
	"encoding/hex"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// session is a resumable upload, contract 3.2.
type session struct {
	sessionStarted // never changes

	status sessionStatus // Server.mu guards it and the next
	token  string        // once it is final, unless what came was refused

	received atomic.Int64 // bytes that are here; who has the turn adds to it

	turn  chan struct{} // holds one value while a request has the session to itself
	sum   hash.Hash     // SHA-256 of what was received; nil = to be made from that. Owned by the turn
	bytes []byte        // of a store in memory. Owned by the turn
}

// sessionStatus is the X-Goog-Upload-Status of a session.
type sessionStatus string

const (
	statusActive    sessionStatus = "active"
	statusFinal     sessionStatus = "final"
	statusCancelled sessionStatus = "cancelled"
)

// sessionPatience is how long a request waits while another one of the same
// session is carried out. That one may be what is left of a connection that
// broke: its client knows before this server does.
const sessionPatience = 5 * time.Second

// take gives a request the turn of a session, if it has not got it, until it is
// answered. It reports false when another request kept it too long.
func (c *call) take(sess *session) bool {
	if c.turnOf == sess {
		return true
	}
	patience := time.NewTimer(sessionPatience)
	defer patience.Stop()
	select {
	case sess.turn <- struct{}{}:
		c.turnOf = sess
		return true
	case <-patience.C:
		return false
	case <-c.r.Context().Done():
		panic(http.ErrAbortHandler) // the client is gone
	}
}

// announced is what is known of a session from its start on.
func (sess *session) announced() string {
	return strings.Join([]string{sess.FileName, sess.ContentType, strconv.FormatInt(sess.Size, 10)}, "\x00")
}

// content is the hash of what was received so far, or nothing if there is
// none or the bytes would have to be read for it. The caller has the turn.
func (sess *session) content() string {
	if sess.sum == nil || sess.received.Load() == 0 {
		return ""
	}
	return hex.EncodeToString(sess.sum.Sum(nil))
}

// session finds the session of a request by its address, which is to be used
// as it was given (contract 3.2).
func (s *Server) session(c *call) (*session, *apiError) {
	if p := c.form.text("upload_protocol"); p != "resumable" {
		return nil, errInvalid("Invalid upload_protocol: %q.", p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireSessions(s.store, s.now(), s.config.SessionLife)
	if sess := s.sessions[c.form.text("upload_id")]; sess != nil {
		return sess, nil
	}
	return nil, errNoSession()
}

// errNoSession: contract 12 #23; no text is known.
func errNoSession() *apiError { return errNotFound("Upload session not found.") }

// inSession runs a step of a session that no other request may be at, and sees
// to it that a refusal says how the session stands: so a client knows whether
// to go on (contract 3.2).
func (s *Server) inSession(c *call, step func(*session) (reply, *apiError)) (reply, *apiError) {
	sess, err := s.session(c)
	if err != nil {
		return reply{}, err
	}
	if !c.take(sess) {
		return reply{}, s.saysStatus(sess, s.errSessionBusy(c))
	}
	res, err := step(sess)
	return res, s.saysStatus(sess, err)
}

// errSessionBusy is a second request while another is carried out: 409, code
// 10, with the status active, so that the client asks how far it is.
func (s *Server) errSessionBusy(c *call) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violate(c, RuleSessionOnce, "a request to a session while another one was in flight")
	return &apiError{
		http: http.StatusConflict, rpc: 10, status: "ABORTED",
		message: "Another request to this upload session is in progress.",
	}
}

// leave gives the turn back, and forgets the bytes of a session that expired
// or ended meanwhile.
func (s *Server) leave(sess *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[sess.ID] != sess || sess.status != statusActive {
		s.store.dropSession(sess)
	}
	<-sess.turn
}

// saysStatus adds the status to a refusal. A session that expired has none.
func (s *Server) saysStatus(sess *session, err *apiError) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil && s.sessions[sess.ID] == sess {
		err.header = map[string]string{"X-Goog-Upload-Status": string(sess.status)}
	}
	return err
}

// isActive refuses what comes to a session after its end. s.mu is held.
func (s *Server) isActive(sess *session) *apiError {
	switch {
	case s.closed:
		return errClosed()
	case s.sessions[sess.ID] != sess:
		return errNoSession()
	case sess.status != statusActive:
		return errInvalid("Upload session is already %s.", sess.status)
	}
	return nil
}

// end commits the end of a session. s.mu is held.
func (s *Server) end(sess *session, status sessionStatus, token string) *apiError {
	return s.commit(change{SessionEnd: &sessionEnded{sess.ID, status, token}})
}
