package auth

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/oauth2"
)

const (
	// early is how long before its end an access token is replaced: longer than a request with it may take to begin.
	early = 5 * time.Minute
	// pause is how long an access token that is still good is used on after it could not be replaced.
	pause = 30 * time.Second
	// longest is what no access token lives: one that seems to was kept when the clock was wrong.
	longest = 2 * time.Hour
	// lockTick is how often another process's lock is tried again.
	lockTick = 20 * time.Millisecond
	// lockWait bounds that: the other one refreshes, which has its own bound.
	lockWait = callTimeout + 30*time.Second
)

// Source gives the access tokens of one account's sign-in, and gets new ones as these end. Of all that ask at once, also in other processes, one
// refreshes and the others take the result. It is an [oauth2.TokenSource], and has the Refresh that package photos calls after a refusal.
type Source struct {
	ctx      context.Context
	a        *Accounts
	account  string
	clientID string // what was made with it is what the caller deals with: another one will not do

	mu    sync.Mutex
	have  signIn    // guarded by mu, like those below
	again time.Time // before then a good one is not replaced
	dead  time.Time // when the sign-in that was found dead was made
	why   error     // it was
}

// Source gives an account's tokens until ctx ends. It reads nothing yet.
func (a *Accounts) Source(ctx context.Context, account, clientID string) *Source {
	return &Source{ctx: ctx, a: a, account: account, clientID: clientID}
}

// Token gives an access token with some minutes to live.
func (s *Source) Token() (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if good := fresh(s.have, 0); !good || !fresh(s.have, early) && time.Now().After(s.again) {
		s.again = time.Now().Add(pause)
		if err := s.renew(s.ctx, ""); err != nil && !fresh(s.have, 0) {
			return nil, err
		}
	}
	return &oauth2.Token{AccessToken: s.have.Access, TokenType: "Bearer", Expiry: s.have.Expires}, nil
}

// Refresh gets another access token than the last one, which was refused.
func (s *Source) Refresh(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.renew(ctx, s.have.Access)
}

// fresh reports whether a sign-in's access token lives for a while.
func fresh(in signIn, d time.Duration) bool {
	left := time.Until(in.Expires)
	return in.Access != "" && left > d && left < longest
}

// renew takes what another process got, or gets a new access token. s.mu is held.
func (s *Source) renew(ctx context.Context, refused string) error {
	if _, err := s.facts(); err != nil {
		return err
	}
	unlock, err := s.a.lock(ctx, s.account)
	if err != nil {
		return err
	}
	defer unlock()
	facts, err := s.facts() // as the one that held the lock left them
	if err != nil {
		return err
	}
	store, err := s.a.store(facts.Store, s.account)
	if err != nil {
		return err
	}
	in, err := store.load()
	if errors.Is(err, errNoTokens) {
		return &Error{What: fmt.Sprintf("account %s is signed in, but %v (%s)", s.account, err, facts.Store), Do: loginCommand(s.account)}
	}
	if err != nil {
		return err
	}
	if in.Client.ID != s.clientID {
		return errOtherClient(s.account)
	}
	if in.Access != refused && fresh(in, 0) {
		s.have = in
	}
	if in.Access != refused && fresh(in, early) {
		return nil
	}
	return s.ask(ctx, facts, store, in)
}

// facts are those of a sign-in that may be good. After another process has signed in, a dead one is.
func (s *Source) facts() (Facts, error) {
	facts, ok, err := s.a.Status(s.account)
	switch {
	case err != nil:
		return facts, err
	case !ok, facts.SignedOut:
		return facts, NotSignedIn(s.account)
	case facts.ClientID != s.clientID:
		return facts, errOtherClient(s.account)
	case s.why != nil && facts.SignedIn.Equal(s.dead):
		return facts, s.why
	case !facts.Ended.IsZero():
		return facts, ended(facts, nil)
	}
	return facts, nil
}

// ask gets a new access token, and keeps it. The account's lock is held.
func (s *Source) ask(ctx context.Context, facts Facts, store store, in signIn) error {
	t, err := s.a.refresh(ctx, in)
	facts.ClockOff = s.a.clock.offBy()
	if isDead(err) {
		facts.Ended = time.Now().UTC()
		s.dead, s.why = facts.SignedIn, ended(facts, err)
		if err := s.a.writeFacts(facts); err != nil {
			s.a.cfg.Warn("what became of the sign-in could not be kept: " + err.Error())
		}
		return s.why
	}
	if err != nil {
		return notRefreshed(s.account, facts.ClockOff, err)
	}
	in.Access, in.Expires = t.AccessToken, t.Expiry
	if t.RefreshToken != "" {
		in.Refresh = t.RefreshToken
	}
	facts.Refreshed, facts.Expires = time.Now().UTC().Truncate(time.Second), t.Expiry.UTC().Truncate(time.Second)
	s.have = in
	if err := errors.Join(store.save(in), s.a.writeFacts(facts)); err != nil {
		s.a.cfg.Warn("the new access token could not be kept, so other processes get their own: " + err.Error())
	}
	if word := ClockWord(facts.ClockOff); word != "" {
		s.a.cfg.Warn(word)
	}
	return nil
}

// lock makes an account this process's own until unlock is called.
func (a *Accounts) lock(ctx context.Context, account string) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	if err := makeFolder(a.folder(account)); err != nil {
		return nil, err
	}
	l := flock.New(filepath.Join(a.folder(account), "lock"), flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, lockTick); err != nil {
		return nil, fmt.Errorf("another process holds the sign-in of account %s: %w", account, err)
	}
	return func() { _ = l.Unlock() }, nil
}

// NotSignedIn says that nobody is signed in under a name.
func NotSignedIn(account string) error {
	return &Error{What: fmt.Sprintf("not signed in as account %s", account), Do: "run: " + loginCommand(account)}
}

func errOtherClient(account string) error {
	return &Error{
		What: fmt.Sprintf("account %s was signed in with another OAuth client since this began", account),
		Do:   "run the command again; what the other client made cannot be seen by this one",
	}
}

// notRefreshed is why there is no new access token, although the sign-in is not dead.
func notRefreshed(account string, off int64, err error) error {
	refused := (*oauth2.RetrieveError)(nil)
	if errors.As(err, &refused) && slices.Contains([]string{"invalid_client", "unauthorized_client", "deleted_client", "disabled_client"}, refused.ErrorCode) {
		return &Error{
			What: fmt.Sprintf("the OAuth client of account %s is not accepted any more", account),
			Do:   "look in Google's console whether the client was deleted or has a new secret; then run albumwright auth client import with its file, and " + loginCommand(account),
			Err:  err,
		}
	}
	if word := ClockWord(off); word != "" && refused != nil && refused.Response != nil && refused.Response.StatusCode/100 == 4 {
		return &Error{What: word, Do: "set the clock, then run the same command again", Err: err}
	}
	return err
}

// testingLife is how long Google lets a refresh token of an app in testing live.
const testingLife = 7 * 24 * time.Hour

// ended explains a sign-in that is dead.
func ended(f Facts, err error) error {
	age := f.Ended.Sub(f.SignedIn)
	e := &Error{What: fmt.Sprintf("the sign-in of account %s is no longer good: it was revoked or has expired, %s after you signed in", f.Account, Span(age)), Do: "run: " + loginCommand(f.Account), Err: err}
	if !f.Dies.IsZero() && !f.Ended.Before(f.Dies.Add(-clockSlack)) || age >= testingLife && age < testingLife+24*time.Hour {
		e.What = fmt.Sprintf("the sign-in of account %s is no longer good, %s after you signed in: while the project's consent screen is in testing, Google ends every sign-in after 7 days", f.Account, Span(age))
		e.Do += `; so that it lasts, publish the app (consent screen, "In production") before: docs/google-project.md`
	}
	if word := ClockWord(f.ClockOff); word != "" {
		e.Do = word + "; then " + e.Do
	}
	return e
}

// Span is a length of time in words: "6 days 23 hours".
func Span(d time.Duration) string {
	switch hours := int(d / time.Hour); {
	case d < time.Minute:
		return "less than a minute"
	case hours == 0:
		return count(int(d/time.Minute), "minute")
	case hours < 24:
		return count(hours, "hour")
	default:
		return strings.TrimSuffix(count(hours/24, "day")+" "+count(hours%24, "hour"), " 0 hours")
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
