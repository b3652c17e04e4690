package emulator

import (
	"errors"
	"io"
	"net/http"
)

func (s *Server) controlUsers(*http.Request) (any, error) {
	return map[string]any{"users": s.Users()}, nil
}

// controlSetUser makes a user, or alters what the request names of the one with its
// e-mail address.
func (s *Server) controlSetUser(r *http.Request) (any, error) {
	var u User
	raw, err := io.ReadAll(r.Body)
	if err == nil {
		err = decodeControl(raw, &u)
	}
	if err == nil && u.Email == "" && u.Name == "" {
		err = errors.New("body: want a user with an email or a name")
	}
	if err != nil {
		return nil, err
	}
	if known, err := s.For(u.withDefaults().Email, ""); err == nil {
		u = known.User()
		_ = decodeControl(raw, &u) // it could be read before
	}
	u = u.withDefaults()
	return u, s.SetUser(u)
}

// clientWire is a client without its secret: what is asked for again and again
// is easily kept where it can be seen.
type clientWire struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Testing bool   `json:"testing"`
}

func (s *Server) controlClients(*http.Request) (any, error) {
	all := []clientWire{}
	for _, c := range s.Clients() {
		all = append(all, clientWire{c.ID, c.Name, c.Testing})
	}
	return map[string]any{"clients": all}, nil
}

// controlSetClient makes a client, or alters what the request names of the one with
// its id. The answer has the secret.
func (s *Server) controlSetClient(r *http.Request) (any, error) {
	var c Client
	raw, err := io.ReadAll(r.Body)
	if err == nil {
		err = decodeControl(raw, &c)
	}
	if err != nil {
		return nil, err
	}
	if known, err := s.For("", c.ID); err == nil && c.ID != "" {
		c = known.Client()
		_ = decodeControl(raw, &c) // it could be read before
	}
	return s.SetClient(c)
}

// controlWithdraw is [Server.Withdraw].
func (s *Server) controlWithdraw(*http.Request) (any, error) {
	return map[string]int{"withdrawn": s.Withdraw()}, nil
}
