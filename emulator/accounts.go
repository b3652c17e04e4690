package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// User is somebody who has an account, and a library of their own.
type User struct {
	// Email names the account, in small letters. Empty: made of Name.
	Email string `json:"email"`
	// Name is what other people see. Empty: made of Email.
	Name string `json:"name"`

	// StorageFull is an account without room: each batchCreate is refused with 400
	// "The remaining storage ..." (contract 2.3).
	StorageFull bool `json:"storageFull,omitempty"`
	// Disabled is an account without Google Photos: each request is refused with
	// 403 "Google Photos is disabled for the user" (contract 2.3).
	Disabled bool `json:"disabled,omitempty"`
}

// Client is an app as the service knows it, and a project with a daily quota of
// its own. What one client made is another app's work to every other (contract 9).
type Client struct {
	// ID is the OAuth client id. Empty: one is made up.
	ID string `json:"id"`
	// Secret is the OAuth client secret. Empty: one is made up.
	Secret string `json:"secret"`
	// Name is what the sign-in page calls it. Empty: "Desktop app".
	Name string `json:"name"`
	// Testing is the publishing status in which refresh tokens die after 7 days
	// (contract 9).
	Testing bool `json:"testing,omitempty"`
}

// account is a user with what they have. Server.mu guards it.
type account struct {
	key   string // in the journal and in base URLs; "" = the first account. Never changes
	user  User
	store *store // the bytes; its own rules say what needs mu. Never changes

	writing bool   // a JSON write is in flight, contract 4, "Concurrency"
	writes  window // of the minute
	library
}

// project is a client with what it has used up. Server.mu guards it.
type project struct {
	key    string // in the journal and in base URLs; "" = the first one. Never changes
	client Client
	spent  spending // of the quotas
}

// For is the same service as another user, another client or both have it: its
// access tokens, media items and albums are theirs, and so is what is spent of the
// quotas. An empty email or client id means that of s. Nothing else differs:
// requests to any of them are answered by the access token that they bring.
// [New] returns the service as the first user and the first client have it.
//
// An error is a user or a client that there is not.
func (s *Server) For(email, clientID string) (*Server, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	other := *s
	if email != "" {
		if other.account = s.accountNamed(email); other.account == nil {
			return nil, fmt.Errorf("emulator: there is no user %q", email)
		}
	}
	if clientID != "" {
		if other.project = s.projectNamed(clientID); other.project == nil {
			return nil, fmt.Errorf("emulator: there is no client %q", clientID)
		}
	}
	return &other, nil
}

// Users are all users, the first one first.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []User
	for _, a := range s.accounts {
		all = append(all, a.user)
	}
	return all
}

// User is the user whose library this is.
func (s *Server) User() User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.user
}

// SetUser makes a user, or alters the one with this e-mail address. With a
// [Config].Dir a later server knows them.
func (s *Server) SetUser(u User) error {
	u = u.withDefaults()
	if err := u.valid(); err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return asError(s.commit(s.userChange(u)))
}

// Clients are all clients, the first one first.
func (s *Server) Clients() []Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Client
	for _, p := range s.projects {
		all = append(all, p.client)
	}
	return all
}

// Client is the client whose service this is.
func (s *Server) Client() Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.client
}

// SetClient makes a client, or alters the one with this id, and returns it with
// what was made up. With a [Config].Dir a later server knows it.
func (s *Server) SetClient(c Client) (Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.projectNamed(c.ID); known != nil && c.Secret == "" {
		c.Secret = known.client.Secret
	}
	c = c.withDefaults()
	if err := c.valid(); err != nil {
		return Client{}, fmt.Errorf("emulator: %w", err)
	}
	return c, asError(s.commit(s.clientChange(c)))
}

// asError is a refusal for a caller in Go.
func asError(err *apiError) error {
	if err == nil {
		return nil
	}
	return errors.New("emulator: " + err.message)
}

// accountNamed finds an account by its e-mail address; nil: there is none. s.mu
// is held.
func (s *service) accountNamed(email string) *account {
	i := slices.IndexFunc(s.accounts, func(a *account) bool {
		return email != "" && strings.EqualFold(a.user.Email, email)
	})
	if i < 0 {
		return nil
	}
	return s.accounts[i]
}

// projectNamed finds a project by its client id; nil: there is none. s.mu is held.
func (s *service) projectNamed(clientID string) *project {
	i := slices.IndexFunc(s.projects, func(p *project) bool {
		return clientID != "" && p.client.ID == clientID
	})
	if i < 0 {
		return nil
	}
	return s.projects[i]
}

// byKeys is the service as the account and the project with these keys have it;
// nil: there is none. s.mu is held.
func (s *service) byKeys(user, client string) *Server {
	a := slices.IndexFunc(s.accounts, func(a *account) bool { return a.key == user })
	p := slices.IndexFunc(s.projects, func(p *project) bool { return p.key == client })
	if a < 0 || p < 0 {
		return nil
	}
	return &Server{s, s.accounts[a], s.projects[p]}
}

// openAccount begins an account without a user. s.mu is held, or nobody else has
// s yet.
func (s *service) openAccount(key string) (*account, error) {
	dir := s.config.Dir
	if dir != "" && key != "" {
		dir = filepath.Join(dir, "users", shortHash(key))
	}
	st, err := openStore(dir, s.config.KeepBytes)
	if err != nil {
		return nil, err
	}
	a := &account{key: key, store: st, library: newLibrary()}
	s.accounts = append(s.accounts, a)
	return a, nil
}

// openProject begins a project without a client, likewise.
func (s *service) openProject(key string) (*project, error) {
	file := spentFile
	if key != "" {
		file = "quota-" + shortHash(key) + ".json"
	}
	spent, err := openSpending(s.config.Dir, file)
	if err != nil {
		return nil, err
	}
	p := &project{key: key, spent: spent}
	s.projects = append(s.projects, p)
	return p, nil
}

// shortHash names a file after something that is no file name.
func shortHash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}

// closeAccounts ends what accounts and projects hold open.
func (s *service) closeAccounts() (err error) {
	for _, a := range s.accounts {
		err = errors.Join(err, a.store.close())
	}
	for _, p := range s.projects {
		err = errors.Join(err, p.spent.close())
	}
	return err
}
