package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/oauth2"
)

// DefaultLoginTimeout is how long a login waits for the person.
const DefaultLoginTimeout = 10 * time.Minute

// farewell is how long the last page may take to be fetched, by a slow machine's browser too. A browser that fetches it ends the wait.
const farewell = 15 * time.Second

// LoginConfig says how a person signs in. Account, Ask and Tell are required.
type LoginConfig struct {
	Account string
	Store   StoreKind     // "" is StoreAuto
	Port    int           // of 127.0.0.1, where the answer comes; 0 = any that is free
	Timeout time.Duration // 0 = DefaultLoginTimeout
	// Ask shows the person the address to open, and the port where the answer is waited for.
	Ask func(address string, port int)
	// Tell is told what happens while the person is waited for.
	Tell func(text string)
	// Pasted are lines that may be the address to which the sign-in led the person's browser, where that cannot reach this machine; nil = none.
	Pasted <-chan string
}

// Login is what came of a login.
type Login struct {
	Facts
	Lacks []Lack // what was not granted
}

// ErrAbandoned says that nobody answered in time.
var ErrAbandoned = errors.New("nobody answered in time")

// ErrPortTaken says that another program listens where the answer should come.
var ErrPortTaken = errors.New("the port is taken by another program")

// ErrUnreachable says that the sign-in service does not answer, or is out of order.
var ErrUnreachable = errors.New("the sign-in service cannot be reached")

// Login asks a person, by way of a browser, and keeps what they allow. It ends when they have answered, at the timeout, and with ctx; until the
// end nothing is kept.
func (a *Accounts) Login(ctx context.Context, cfg LoginConfig) (Login, error) {
	if cfg.Timeout == 0 {
		cfg.Timeout = DefaultLoginTimeout
	}
	client, err := a.Client(cfg.Account)
	if err != nil {
		return Login{}, err
	}
	if cfg.Store, err = a.choose(cfg.Store, cfg.Account); err != nil { // before the person is troubled
		return Login{}, err
	}
	ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", cfg.Port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return Login{}, fmt.Errorf("127.0.0.1:%d: %w", cfg.Port, ErrPortTaken)
	}
	if err != nil {
		return Login{}, err
	}
	port := ln.Addr().(*net.TCPAddr).Port
	l := &loopback{
		account: cfg.Account, host: ln.Addr().String(), state: rand.Text(), tell: cfg.Tell,
		answers: make(chan answer, 1), outcome: make(chan struct{}), shown: make(chan struct{}),
	}
	stop := l.serve(ln)
	defer stop()
	verifier := oauth2.GenerateVerifier()
	conf := client.oauth("http://" + l.host + backPath)
	cfg.Ask(conf.AuthCodeURL(l.state, oauth2.AccessTypeOffline, oauth2.ApprovalForce, oauth2.S256ChallengeOption(verifier)), port)
	got, err := l.wait(ctx, cfg)
	if err != nil {
		return Login{}, err
	}
	done, err := a.conclude(ctx, cfg, client, conf, got, verifier)
	l.end(ctx, got, done, err)
	return done, err
}

// conclude turns an answer into a sign-in that is kept.
func (a *Accounts) conclude(ctx context.Context, cfg LoginConfig, client Client, conf *oauth2.Config, got answer, verifier string) (Login, error) {
	if got.refused != "" {
		return Login{}, denied(cfg.Account, got.refused)
	}
	t, err := a.exchange(ctx, conf, got.code, verifier)
	off := a.clock.offBy()
	if err != nil {
		return Login{}, notExchanged(cfg.Account, off, err)
	}
	now := time.Now().UTC() // to the last digit: by it a sign-in is told from the one before
	facts := Facts{
		Account: cfg.Account, ClientID: client.ID, TokenURI: client.Token, Scopes: granted(t), SignedIn: now, Dies: dies(t, now),
		Refreshed: now, Expires: t.Expiry.UTC().Truncate(time.Second), ClockOff: off,
	}
	lacks := Lacks(facts.Scopes)
	switch {
	case slices.ContainsFunc(lacks, func(l Lack) bool { return l.Scope == ScopeAppendOnly }):
		// The tokens are dropped, not revoked: that would end every sign-in of this person with this client.
		return Login{}, &Error{What: "the box for adding to your Google Photos library was not ticked, and nothing can be uploaded without it; nothing was kept", Do: "run again, and leave all boxes ticked: " + loginCommand(cfg.Account)}
	case t.RefreshToken == "":
		return Login{}, &Error{What: "the sign-in service gave no refresh token, so the sign-in would end in an hour; nothing was kept", Do: "take away the app's access at https://myaccount.google.com/connections, then run: " + loginCommand(cfg.Account)}
	}
	facts, err = a.keep(ctx, facts, cfg.Store, signIn{Client: client, Refresh: t.RefreshToken, Access: t.AccessToken, Expires: t.Expiry})
	if word := ClockWord(off); word != "" && err == nil {
		a.cfg.Warn(word)
	}
	return Login{facts, lacks}, err
}

// keep stores a sign-in, the tokens before what says that they are there.
func (a *Accounts) keep(ctx context.Context, facts Facts, kind StoreKind, in signIn) (Facts, error) {
	unlock, err := a.lock(ctx, facts.Account)
	if err != nil {
		return facts, err
	}
	defer unlock()
	before, wasThere, err := a.Status(facts.Account)
	if err != nil {
		a.cfg.Warn(err.Error()) // a damaged file is replaced
	}
	store, err := a.store(kind, facts.Account)
	if err != nil {
		return facts, err
	}
	if err := store.save(in); err != nil {
		return facts, err
	}
	facts.Store = kind
	if err := a.writeFacts(facts); err != nil {
		return facts, err
	}
	if wasThere && !before.SignedOut && before.Store != facts.Store {
		if old, err := a.store(before.Store, facts.Account); err == nil {
			if err := old.remove(); err != nil {
				a.cfg.Warn("the tokens of the sign-in before could not be removed: " + err.Error())
			}
		}
	}
	return facts, nil
}

// choose settles where the tokens will be, and that they can be: auto takes the keyring, and where that cannot be used the encrypted file.
func (a *Accounts) choose(kind StoreKind, account string) (StoreKind, error) {
	if kind == StoreKeyring || kind == StoreAuto || kind == "" {
		err := keyringStore{a, account}.reach()
		if err == nil || kind == StoreKeyring {
			return StoreKeyring, err
		}
		kind = StoreEncrypted
		a.cfg.Warn(err.Error() + "; the tokens go into a file that is encrypted with a passphrase")
	}
	if kind == StoreEncrypted {
		_, err := a.pass.get(true)
		return kind, err
	}
	return kind, nil
}

func denied(account, code string) error {
	if code == "access_denied" {
		return &Error{What: "access was denied on the sign-in page; nothing was kept", Do: "if that was not meant, run again and choose Allow: " + loginCommand(account) + `; if Google said that the app is not verified for you, add your address to the test users of your project: docs/google-project.md`}
	}
	return &Error{What: "the sign-in service answers " + printable(code), Do: "see docs/google-project.md, then run again: " + loginCommand(account)}
}

// printable keeps what came in an address from doing anything to a terminal.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
	return text[:min(len(text), 60)]
}

func notExchanged(account string, off int64, err error) error {
	refused := (*oauth2.RetrieveError)(nil)
	if !errors.As(err, &refused) || refused.Response != nil && refused.Response.StatusCode >= 500 {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	e := &Error{What: "the sign-in was not accepted", Do: "run again: " + loginCommand(account), Err: err}
	switch {
	case ClockWord(off) != "":
		e.Do = ClockWord(off) + "; then " + e.Do
	case refused.ErrorCode == "invalid_client":
		e.Do = "the client's secret is wrong or the client was deleted: download its JSON again, run albumwright auth client import, then " + e.Do
	}
	return e
}

// wait waits for the person's answer, by the browser or pasted.
func (l *loopback) wait(ctx context.Context, cfg LoginConfig) (answer, error) {
	late := time.NewTimer(cfg.Timeout)
	defer late.Stop()
	for pasted := cfg.Pasted; ; {
		select {
		case got := <-l.answers:
			return got, nil
		case line, more := <-pasted:
			if !more {
				pasted = nil
				continue
			}
			if got, ok := l.readPasted(line); ok {
				return got, nil
			}
		case <-late.C:
			return answer{}, fmt.Errorf("%w (%s)", ErrAbandoned, cfg.Timeout)
		case <-ctx.Done():
			return answer{}, context.Cause(ctx)
		}
	}
}
