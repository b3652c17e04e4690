package emulator

import (
	"fmt"
	"time"
)

// consent is what a user has allowed a client once: the page was answered, and the
// code was exchanged. Its tokens end with it. Server.mu guards it.
type consent struct {
	consentGiven
	account *account
	project *project
	used    time.Time // when an access token was made of it last
	access  []contentHash
}

// consents are those that were not withdrawn. Server.mu guards them.
type consents struct {
	all     map[string]*consent      // by id
	refresh map[contentHash]*consent // by the hash of the refresh token
	codes   map[contentHash]*code    // by the hash of the code
}

func newConsents() consents {
	return consents{all: map[string]*consent{}, refresh: map[contentHash]*consent{}, codes: map[contentHash]*code{}}
}

// consentGiven: a user has allowed a client something.
type consentGiven struct {
	ID      string       `json:"id"`
	Client  string       `json:"client,omitempty"` // the project's key
	Scopes  []Scope      `json:"scopes"`
	Refresh *contentHash `json:"refresh,omitempty"` // nil = without a refresh token
	Given   time.Time    `json:"given"`
}

func (c *consentGiven) apply(s *service, user string) error {
	of := s.byKeys(user, c.Client)
	if of == nil {
		return fmt.Errorf("a consent of unknown user %q, or to unknown client %q", user, c.Client)
	}
	given := &consent{consentGiven: *c, account: of.account, project: of.project, used: c.Given}
	s.consents.all[c.ID] = given
	if c.Refresh != nil {
		s.consents.refresh[*c.Refresh] = given
	}
	return nil
}

// accessIssued: there is an access token of a consent.
type accessIssued struct {
	Hash    contentHash `json:"hash"`
	Consent string      `json:"consent"`
	Scopes  []Scope     `json:"scopes"`
	Issued  time.Time   `json:"issued"`
	Until   time.Time   `json:"until"`
}

func (c *accessIssued) apply(s *service) error {
	given := s.consents.all[c.Consent]
	if given == nil {
		return nil // it was withdrawn since
	}
	for len(given.access) > 0 && !c.Issued.Before(s.grants[given.access[0]].until) {
		delete(s.grants, given.access[0]) // expired: its bearer cannot tell it from one that never was
		given.access = given.access[1:]
	}
	given.used, given.access = c.Issued, append(given.access, c.Hash)
	s.grants[c.Hash] = grant{
		scopeSet: setOf(c.Scopes), texts: c.Scopes, account: given.account, project: given.project, until: c.Until, consent: given,
	}
	return nil
}

// consentWithdrawn: a user has taken back what they allowed, or its client has
// given it back.
type consentWithdrawn struct {
	ID string `json:"id"`
}

func (c *consentWithdrawn) apply(s *service) error {
	given := s.consents.all[c.ID]
	if given == nil {
		return nil
	}
	delete(s.consents.all, c.ID)
	if given.Refresh != nil {
		delete(s.consents.refresh, *given.Refresh)
	}
	for _, hash := range given.access {
		delete(s.grants, hash)
	}
	return nil
}

// applyAccounts carries a change out that is none of a library.
func (c change) applyAccounts(s *service) error {
	switch {
	case c.Account != nil:
		return c.Account.apply(s)
	case c.Client != nil:
		return c.Client.apply(s)
	case c.Consent != nil:
		return c.Consent.apply(s, c.User)
	case c.Access != nil:
		return c.Access.apply(s)
	case c.Revoked != nil:
		return c.Revoked.apply(s)
	}
	return nil
}
