package emulator

import (
	"cmp"
	"slices"
)

// accountSet: there is this user, or they are now like this.
type accountSet struct {
	Key  string `json:"key,omitempty"`
	User User   `json:"user"`
}

func (c *accountSet) apply(s *service) error {
	i := slices.IndexFunc(s.accounts, func(a *account) bool { return a.key == c.Key })
	if i >= 0 {
		s.accounts[i].user = c.User
		return nil
	}
	a, err := s.openAccount(c.Key)
	if err == nil {
		a.user = c.User
	}
	return err
}

// clientSet: there is this client, or it is now like this.
type clientSet struct {
	Key    string `json:"key,omitempty"`
	Client Client `json:"client"`
}

func (c *clientSet) apply(s *service) error {
	i := slices.IndexFunc(s.projects, func(p *project) bool { return p.key == c.Key })
	if i >= 0 {
		s.projects[i].client = c.Client
		return nil
	}
	p, err := s.openProject(c.Key)
	if err == nil {
		p.client = c.Client
	}
	return err
}

// userChange makes a user or alters them. The first one of whom anything is said
// is the first account. s.mu is held.
func (s *service) userChange(u User) change {
	set := &accountSet{Key: u.Email, User: u}
	if known := s.accountNamed(u.Email); known != nil {
		set.Key = known.key
	} else if s.accounts[0].user == (User{}) {
		set.Key = ""
	}
	return change{Account: set}
}

// clientChange makes a client or alters it, likewise.
func (s *service) clientChange(c Client) change {
	set := &clientSet{Key: c.ID, Client: c}
	if known := s.projectNamed(c.ID); known != nil {
		set.Key = known.key
	} else if s.projects[0].client == (Client{}) {
		set.Key = ""
	}
	return change{Client: set}
}

// enroll adds the users and clients of the configuration to those that a folder
// knows. Without any there is one of each. The first client without an id is the
// folder's first.
func (s *Server) enroll() error {
	clients := s.config.Clients
	if len(clients) == 0 && s.client == (Client{}) {
		clients = []Client{{}}
	}
	for i, c := range clients {
		if i == 0 && c.ID == "" {
			c.ID = s.client.ID
		}
		if known := s.projectNamed(c.ID); known != nil {
			c.Secret, c.Name = cmp.Or(c.Secret, known.client.Secret), cmp.Or(c.Name, known.client.Name)
			if c == known.client {
				continue
			}
		}
		if err := s.commit(s.clientChange(c.withDefaults())); err != nil {
			return asError(err)
		}
	}
	for _, u := range s.config.Users {
		u = u.withDefaults()
		if known := s.accountNamed(u.Email); known != nil && u == known.user {
			continue
		}
		if err := s.commit(s.userChange(u)); err != nil {
			return asError(err)
		}
	}
	if s.user == (User{}) {
		s.user = s.user.withDefaults()
	}
	return nil
}
