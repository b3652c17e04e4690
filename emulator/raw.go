package emulator

import (
	"mime"
	"net/http"
	"strings"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// upload takes the bytes of one file by the raw protocol and gives a token for
// them (contract 3.1). Any bytes earn one: their type is judged by
// batchCreate (contract 0 #15).
func (s *Server) upload(c *call) (reply, *apiError) {
	for _, rule := range []func(*http.Request) *apiError{
		noCommand, protocolIsRaw, noSession, contentTypeIsBytes, lengthIsWithinLimit,
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

// noCommand: commands are those of the resumable protocol, which this would be
// with one that is known (contract 3.2).
func noCommand(r *http.Request) *apiError {
	cmd := r.Header.Get("X-Goog-Upload-Command")
	switch {
	case cmd != "":
		return errInvalid("Unsupported X-Goog-Upload-Command: %q.", cmd)
	case strings.EqualFold(r.Header.Get("X-Goog-Upload-Protocol"), "resumable"):
		return errInvalid("Missing header X-Goog-Upload-Command.")
	}
	return nil
}

// noSession: a session's address takes neither raw uploads nor a start (contract
// 3.2).
func noSession(r *http.Request) *apiError {
	if r.URL.Query().Has("upload_id") {
		return errInvalid("Unexpected query parameter upload_id.")
	}
	return nil
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
