package emulator

import (
	"net/http"
	"strings"
)

// authorized wants a bearer token that this server made, in the header or as
// the query parameter access_token (contract 1), and returns what it may do in
// this era. The header wins when both are there.
func (s *Server) authorized(r *http.Request) (grant, *apiError) {
	token, found := bearer(r)
	if !found {
		return grant{}, errNoCredential()
	}
	s.mu.Lock()
	granted, known := s.grants.find(token, s.now())
	s.mu.Unlock()
	if !known {
		return grant{}, errBadCredential()
	}
	granted.scopeSet &= s.config.Era.scopes()
	return granted, nil
}

// asked is the service as the user and the client have it whose access token a
// request brings. One that brings none is somebody's all the same: its calls and
// its faults count.
func (s *Server) asked(r *http.Request) *Server {
	token, _ := bearer(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if granted, known := s.grants.find(token, s.now()); known {
		return &Server{s.service, granted.account, granted.project}
	}
	return s
}

func bearer(r *http.Request) (token string, found bool) {
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
	}
	q := r.URL.Query()
	return q.Get("access_token"), q.Has("access_token")
}
