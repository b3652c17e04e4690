// Package auth signs a person in at Google by OAuth 2.0, keeps what comes of it, and hands out access tokens for as long as that lives.
//
// [Accounts] are the sign-ins of one state folder, each under a name that the user chose:
//
//	client.json               the OAuth client that accounts sign in with, from the user's own project
//	accounts/NAME/client.json the account's own client, where it has one
//	accounts/NAME/facts.json  what is known of its sign-in; nothing secret, so it is read without a keyring or a passphrase
//	accounts/NAME/lock        held while the sign-in changes: one process refreshes, the others take the result
//	accounts/NAME/tokens.*    the tokens, where they are not in the system's keyring
//
// No error, fact or warning of this package holds a token, a code, a verifier or a client's secret.
package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// Error is why an account cannot be used until a person does something about it.
type Error struct {
	What string // one line, without an end stop
	Do   string // what the person can do
	Err  error  // the cause, if there is one
}

// Error says it in one line.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.What
	}
	return fmt.Sprintf("%s: %v", e.What, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Config says where sign-ins are kept and what helps with it. Dir is required.
type Config struct {
	Dir  string       // the state folder
	HTTP *http.Client // reaches the sign-in service; nil is [http.DefaultClient]
	// KeyringMissing says why no keyring can be there, as without a desktop session; "" = it is tried.
	KeyringMissing string
	// KeyringWait is how long the keyring may take to answer; 0 = [DefaultKeyringWait]. Where nobody sits there to unlock it, it never answers.
	KeyringWait time.Duration
	// Passphrase gives the passphrase of the encrypted store; fresh is one that is set now. nil, or an [Error], where there is none.
	Passphrase func(fresh bool) (string, error)
	// Warn is told what the user should know and nothing fails for; nil is told nothing.
	Warn func(text string)
}

// DefaultKeyringWait is how long the keyring may take to answer.
const DefaultKeyringWait = 5 * time.Second

// Accounts are the sign-ins of one state folder. They are safe for concurrent use, also by several processes.
type Accounts struct {
	cfg   Config
	http  *http.Client
	clock *clockWatch
	pass  passphrase
}

// New names the sign-ins below a folder. It reads and writes nothing.
func New(cfg Config) *Accounts {
	if cfg.HTTP == nil {
		cfg.HTTP = http.DefaultClient
	}
	if cfg.KeyringWait == 0 {
		cfg.KeyringWait = DefaultKeyringWait
	}
	if cfg.Warn == nil {
		cfg.Warn = func(string) {}
	}
	watch := &clockWatch{next: cfg.HTTP.Transport}
	client := *cfg.HTTP
	client.Transport, client.Timeout = watch, callTimeout
	return &Accounts{cfg: cfg, http: &client, clock: watch, pass: passphrase{ask: cfg.Passphrase}}
}

// folder is where an account's files are: readable, and another one for every name.
func (a *Accounts) folder(account string) string {
	return filepath.Join(a.cfg.Dir, "accounts", folderName(account))
}

func folderName(account string) string {
	readable := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, account)
	sum := sha256.Sum256([]byte(account))
	return readable[:min(len(readable), 60)] + "-" + hex.EncodeToString(sum[:4])
}

// loginCommand is the command that signs an account in.
func loginCommand(account string) string {
	return "albumwright auth login --account " + quoted(account)
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.@", r)
	}
	if word != "" && strings.TrimFunc(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
