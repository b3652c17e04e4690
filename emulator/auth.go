package emulator

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// authorized wants the server's bearer token, in the header or as the query
// parameter access_token (contract 1). The header wins when both are there.
func (s *Server) authorized(r *http.Request) *apiError {
	token, found := bearer(r)
	switch {
	case !found:
		return errNoCredential()
	case subtle.ConstantTimeCompare([]byte(token), []byte(s.config.AccessToken)) != 1:
		return errBadCredential()
	default:
		return nil
	}
}

func bearer(r *http.Request) (token string, found bool) {
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
	}
	q := r.URL.Query()
	return q.Get("access_token"), q.Has("access_token")
}
