package emulator

import (
	"crypto/sha256"
	"slices"
	"time"
)

// Scope is an OAuth scope: something that a user allows an app to do. See
// [Server.NewAccessToken].
type Scope string

// The scopes that the API has (contract 9).
const (
	// ScopeAppendOnly allows to upload, to create media items and albums, and to
	// add to the app's own albums.
	ScopeAppendOnly Scope = "https://www.googleapis.com/auth/photoslibrary.appendonly"
	// ScopeReadAppCreated allows to read what the app created.
	ScopeReadAppCreated Scope = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata"
	// ScopeEditAppCreated allows to change titles, covers and descriptions of
	// what the app created, and to add to and remove from its albums.
	ScopeEditAppCreated Scope = "https://www.googleapis.com/auth/photoslibrary.edit.appcreateddata"
)

// The scopes that were removed on 31 March 2025: they open nothing, except in
// [Era2024].
const (
	// ScopeLibrary allowed everything but to share.
	ScopeLibrary Scope = "https://www.googleapis.com/auth/photoslibrary"
	// ScopeReadOnly allowed to read the whole library, whoever created it.
	ScopeReadOnly Scope = "https://www.googleapis.com/auth/photoslibrary.readonly"
	// ScopeSharing allowed to share albums and to join those of others.
	ScopeSharing Scope = "https://www.googleapis.com/auth/photoslibrary.sharing"
)

// Era is a time whose rules the service keeps.
type Era int

// The eras that there are.
const (
	// EraToday has been since 31 March 2025: an app works with what it created
	// itself, and nothing is shared (contract 9).
	EraToday Era = iota
	// Era2024 is the time before: the wider scopes count, and albums are shared.
	Era2024
)

// scopeSet is a set of the scopes that the API knows.
type scopeSet uint8

const (
	mayAppend scopeSet = 1 << iota
	mayReadOwn
	mayEditOwn
	mayAll
	mayRead
	mayShare

	scopesToday = mayAppend | mayReadOwn | mayEditOwn
	scopesGone  = mayAll | mayRead | mayShare
)

// scopeBits is read only.
var scopeBits = map[Scope]scopeSet{
	ScopeAppendOnly: mayAppend, ScopeReadAppCreated: mayReadOwn, ScopeEditAppCreated: mayEditOwn,
	ScopeLibrary: mayAll, ScopeReadOnly: mayRead, ScopeSharing: mayShare,
}

// has reports whether one of some scopes is in the set.
func (s scopeSet) has(oneOf scopeSet) bool { return s&oneOf != 0 }

// scopes are those of an era: others may be granted and open nothing.
func (e Era) scopes() scopeSet {
	if e == Era2024 {
		return scopesToday | scopesGone
	}
	return scopesToday
}

// all are the scopes of an era one by one.
func (e Era) all() (scopes []Scope) {
	for scope, bit := range scopeBits {
		if e.scopes().has(bit) {
			scopes = append(scopes, scope)
		}
	}
	slices.Sort(scopes)
	return scopes
}

// grant is what an access token stands for: what it may do, for whom and by whom.
type grant struct {
	scopeSet
	texts   []Scope // all that was granted, also what is of other services
	account *account
	project *project
	until   time.Time // zero = as long as the server
	consent *consent  // by which it was given; nil = it was not signed in for
}

// made reports whether the caller's client is one that made something.
func (g grant) made(client string) bool { return g.project.key == client }

// grants are access tokens by their hash: so the time that a look-up takes tells
// nothing about those that there are.
type grants map[contentHash]grant

func (g grants) add(token string, what grant) { g[sha256.Sum256([]byte(token))] = what }

// find is what a token stands for; one that is too old is none.
func (g grants) find(token string, now time.Time) (what grant, found bool) {
	what, found = g[sha256.Sum256([]byte(token))]
	return what, found && (what.until.IsZero() || now.Before(what.until))
}

// static is a grant that nobody signed in for: to the user and the client of s.
func (s *Server) static(scopes ...Scope) grant {
	return grant{scopeSet: setOf(scopes), texts: scopes, account: s.account, project: s.project}
}

func setOf(scopes []Scope) (set scopeSet) {
	for _, scope := range scopes {
		set |= scopeBits[scope]
	}
	return set
}

// NewAccessToken makes one more access token, which may do what its scopes
// allow: as if the user had signed in once more and had ticked only some of the
// boxes. Without scopes it may do nothing. Scopes of other services count for
// nothing here, like those that were removed (see [Config].Era). The token is
// good until the server is closed. It is one of the user and the client whose
// service this is: see [Server.For].
func (s *Server) NewAccessToken(scopes ...Scope) string {
	token := newAccessToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants.add(token, s.static(scopes...))
	return token
}

// newAccessToken has the form of the service's own.
func newAccessToken() string { return "ya29." + randomText(96) }

// permit wants a token that is known, and one of its scopes among those that
// the operation accepts (contract 1.1, 2.3, 9). Uploads say the same to a token
// that lacks the scope as to one that is none (contract 0 #13, 2.2).
func (s *Server) permit(op operation, c *call) *apiError {
	granted, err := s.authorized(c.r)
	if err == nil && !granted.has(op.accepts(s.config.Era)) {
		err = errNoScope(op)
	}
	if err != nil && op.bare {
		return errNoUploadSession()
	}
	if err != nil {
		return err
	}
	c.granted = granted
	return s.photosIsEnabled()
}

// photosIsEnabled: an administrator, or the user's age, can forbid Google Photos
// (contract 2.3).
func (s *Server) photosIsEnabled() *apiError {
	if s.User().Disabled {
		return errForbidden("Google Photos is disabled for the user")
	}
	return nil
}

// accepts are the scopes of which one is enough for the operation.
func (op operation) accepts(e Era) scopeSet {
	if e == Era2024 {
		return op.scopes | op.formerly
	}
	return op.scopes
}
