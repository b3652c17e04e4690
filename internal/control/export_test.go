package control

import "time"

// Looking makes it look more often whether its socket still stands.
func (s *Server) Looking(every time.Duration) { s.look = every }
