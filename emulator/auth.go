package emulator

import (
	"net/http"
	"strings"
)

// authorized wants a bearer token that this server made, in the header or as
// the query parameter access_token (contract 1), and returns what it may do in
// this era. The header wins when both are there.
func (s *Server) authorized(r *http.Request) (scopeSet, *apiError) {
	token, found := bearer(r)
	if !found {
		return 0, errNoCredential()
	}
	s.mu.Lock()
	granted, known := s.grants.find(token)
	s.mu.Unlock()
	if !known {
		return 0, errBadCredential()
	}
	return granted & s.config.Era.scopes(), nil
}

func bearer(r *http.Request) (token string, found bool) {
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
	}
	q := r.URL.Query()
	return q.Get("access_token"), q.Has("access_token")
}
