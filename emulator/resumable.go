package emulator

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// uploadCommands are the operations of the resumable protocol by their
// X-Goog-Upload-Command, without blanks: the service takes "upload,finalize" as
// well (contract 3.2). Each is counted for itself: contract 12 #24. Read only.
var uploadCommands = map[string]operation{
	"start":           uploading("uploads.start", (*Server).startUpload),
	"upload":          keeping(uploading("uploads.chunk", (*Server).uploadChunk)),
	"upload,finalize": keeping(uploading("uploads.finalize", (*Server).uploadRest)),
	"finalize":        uploading("uploads.finalize", (*Server).finalizeUpload),
	"query":           uploading("uploads.query", (*Server).queryUpload),
	"cancel":          uploading("uploads.cancel", (*Server).cancelUpload),
}

// uploading is an operation of POST /v1/uploads.
func uploading(name string, run func(*Server, *call) (reply, *apiError)) operation {
	return operation{
		name: name, bare: true, scopes: mayAppend, formerly: mayAll | mayShare,
		query: []string{"upload_id", "upload_protocol"}, run: run,
	}
}

// keeping is an operation that keeps what came of a body that broke off.
func keeping(op operation) operation {
	op.keeps = true
	return op
}

// uploadOperation is what the headers of an upload ask for: a command of the
// resumable protocol, or else the raw one.
func uploadOperation(r *http.Request, raw operation) operation {
	cmd := strings.Join(r.Header.Values("X-Goog-Upload-Command"), ",")
	cmd = strings.ToLower(strings.Join(strings.Fields(cmd), ""))
	if op, found := uploadCommands[cmd]; found {
		return op
	}
	return raw
}

// startUpload gives a resumable upload its address.
func (s *Server) startUpload(c *call) (reply, *apiError) {
	for _, rule := range []func(*http.Request) *apiError{
		startHasProtocol, noSession, commandHasNoBody, mediaTypeIsStated,
	} {
		if err := rule(c.r); err != nil {
			return reply{}, err
		}
	}
	size, err := statedRawSize(c.r)
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return reply{}, errClosed()
	}
	now := s.now()
	s.expireSessions(s.store, now, s.config.SessionLife)
	started := &sessionStarted{
		ID: newSessionID(), Size: size, Started: now,
		ContentType: c.r.Header.Get("X-Goog-Upload-Content-Type"), FileName: c.r.Header.Get("X-Goog-Upload-File-Name"),
	}
	if err := s.commit(change{SessionStart: started}); err != nil {
		return reply{}, err
	}
	return statusReply(statusActive, map[string]string{
		"X-Goog-Upload-URL":               sessionURL(c.r, started.ID),
		"X-Goog-Upload-Chunk-Granularity": strconv.FormatInt(s.config.ChunkGranularity, 10),
	}), nil
}

// sessionURL is the address of a session on the server that was asked.
func sessionURL(r *http.Request, id string) string {
	return originOf(r) + "/v1/uploads?" + url.Values{"upload_id": {id}, "upload_protocol": {"resumable"}}.Encode()
}

// statusReply is an empty answer with a status and more headers.
func statusReply(status sessionStatus, header map[string]string) reply {
	if header == nil {
		header = map[string]string{}
	}
	header["X-Goog-Upload-Status"] = string(status)
	return reply{kind: plainText, header: header}
}

// startHasProtocol: "resumable" is required here (contract 3.2).
func startHasProtocol(r *http.Request) *apiError {
	if r.Header.Get("X-Goog-Upload-Protocol") == "" {
		return errInvalid("Missing header X-Goog-Upload-Protocol.")
	}
	return protocolIsResumable(r)
}

// protocolIsResumable: on a session the header may be repeated, or left out
// (contract 3.2).
func protocolIsResumable(r *http.Request) *apiError {
	if p := r.Header.Get("X-Goog-Upload-Protocol"); p != "" && !strings.EqualFold(p, "resumable") {
		return errInvalid("X-Goog-Upload-Protocol %q has no command %q.", p, r.Header.Get("X-Goog-Upload-Command"))
	}
	return nil
}

// commandHasNoBody: Content-Length is 0 where no bytes are sent (contract 3.2).
func commandHasNoBody(r *http.Request) *apiError {
	if hasBody(r) {
		return errInvalid("X-Goog-Upload-Command %q has no body.", r.Header.Get("X-Goog-Upload-Command"))
	}
	return nil
}

// mediaTypeIsStated: the file's own type, whatever it says (contract 3.2).
func mediaTypeIsStated(r *http.Request) *apiError {
	if r.Header.Get("X-Goog-Upload-Content-Type") == "" {
		return errInvalid("Missing header X-Goog-Upload-Content-Type.")
	}
	return nil
}

// statedRawSize reads how long the whole file is; one over 20 GB is refused
// before its first byte (contract 3.2, 3.3; 12 #37).
func statedRawSize(r *http.Request) (int64, *apiError) {
	size, err := numberIn(r, "X-Goog-Upload-Raw-Size")
	if err == nil && size > inspect.MaxVideoBytes {
		return 0, errTooLargeToUpload()
	}
	return size, err
}

// numberIn reads a header of bytes, in decimal digits.
func numberIn(r *http.Request, name string) (int64, *apiError) {
	text := r.Header.Get(name)
	if text == "" {
		return 0, errInvalid("Missing header %s.", name)
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, errInvalid("Invalid value of header %s: %q.", name, text)
	}
	return int64(n), nil
}

// queryUpload tells how far a session is. While another request is at work that
// is how far it is just now. Of one that is final it repeats the answer, or does
// not (contract 3.2; 12 #17).
func (s *Server) queryUpload(c *call) (reply, *apiError) {
	sess, err := s.session(c)
	if err != nil {
		return reply{}, err
	}
	for _, rule := range []func(*http.Request) *apiError{protocolIsResumable, commandHasNoBody} {
		if err := rule(c.r); err != nil {
			return reply{}, s.saysStatus(sess, err)
		}
	}
	c.take(sess)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.sessions[sess.ID] != sess:
		return reply{}, errNoSession()
	case sess.status == statusActive:
		return statusReply(statusActive, sizeReceived(sess.received.Load())), nil
	}
	res := statusReply(sess.status, nil)
	if !s.config.FinalQueryEmpty {
		res.text = sess.token
	}
	return res, nil
}

func sizeReceived(n int64) map[string]string {
	return map[string]string{"X-Goog-Upload-Size-Received": strconv.FormatInt(n, 10)}
}

// cancelUpload ends a session for good (contract 3.2). To do so twice is no
// mistake.
func (s *Server) cancelUpload(c *call) (reply, *apiError) {
	return s.inSession(c, func(sess *session) (reply, *apiError) {
		for _, rule := range []func(*http.Request) *apiError{protocolIsResumable, commandHasNoBody} {
			if err := rule(c.r); err != nil {
				return reply{}, err
			}
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if sess.status == statusCancelled {
			return statusReply(statusCancelled, nil), nil
		}
		err := s.isActive(sess)
		if err == nil {
			err = s.end(sess, statusCancelled, "")
		}
		return statusReply(statusCancelled, nil), err
	})
}
