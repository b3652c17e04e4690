package emulator

import "github.com/albumwright/albumwright/emulator/internal/gallery"

// host shows a service to the gallery, as each of its users has it.
type host struct{ s *Server }

// Users implements gallery.Host.
func (h host) Users() []gallery.User {
	var all []gallery.User
	for _, u := range h.s.Users() {
		all = append(all, gallery.User{Email: u.Email, Name: u.Name})
	}
	return all
}

// As implements gallery.Host.
func (h host) As(email string) (gallery.Library, gallery.Service) {
	s, err := h.s.For(email, "")
	if err != nil {
		s = h.s
	}
	return shelf{s}, desk{s}
}
