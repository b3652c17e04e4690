package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Facts are what is known of an account's sign-in. Nothing in them is secret.
type Facts struct {
	Account  string    `json:"account"`
	ClientID string    `json:"client_id"`
	TokenURI string    `json:"token_uri"`
	Scopes   []string  `json:"scopes"` // those granted
	Store    StoreKind `json:"token_store"`
	SignedIn time.Time `json:"signed_in"`
	// Dies is when the refresh token ends whatever is done, as that of an app in testing does after 7 days; zero if the service did not say.
	Dies      time.Time `json:"dies,omitzero"`
	Refreshed time.Time `json:"refreshed,omitzero"` // when the last access token came
	Expires   time.Time `json:"expires,omitzero"`   // when that one ends; a new one is got by itself
	Ended     time.Time `json:"ended,omitzero"`     // when it was found dead, or was signed out
	SignedOut bool      `json:"signed_out,omitempty"`
	ClockOff  int64     `json:"clock_off_seconds,omitempty"` // how far the service's clock was ahead of this machine's
}

// Local reports whether the sign-in is one at an emulator on this machine.
func (f Facts) Local() bool { return isLoopbackURI(f.TokenURI) }

// State is how the sign-in stands, as far as is known without asking.
func (f Facts) State(now time.Time) State {
	switch {
	case f.SignedOut:
		return SignedOut
	case !f.Ended.IsZero(), !f.Dies.IsZero() && !now.Before(f.Dies):
		return Dead
	}
	return Alive
}

// State is how a sign-in stands.
type State string

// The states that there are.
const (
	Alive     State = "alive"
	Dead      State = "dead" // revoked or expired
	SignedOut State = "signed out"
)

// errNoFacts: nobody signed in under that name.
var errNoFacts = errors.New("there is no sign-in")

// Status is what is known of an account. ok is false if nobody ever signed in under that name.
func (a *Accounts) Status(account string) (facts Facts, ok bool, err error) {
	facts, err = a.readFacts(filepath.Join(a.folder(account), "facts.json"))
	if errors.Is(err, errNoFacts) {
		return Facts{}, false, nil
	}
	return facts, err == nil, err
}

// All lists the accounts of the folder, by name.
func (a *Accounts) All() ([]Facts, error) {
	folders, err := os.ReadDir(filepath.Join(a.cfg.Dir, "accounts"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []Facts
	for _, folder := range folders {
		f, err := a.readFacts(filepath.Join(a.cfg.Dir, "accounts", folder.Name(), "facts.json"))
		if errors.Is(err, errNoFacts) {
			continue // an account with a client of its own that never signed in
		}
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(x, y Facts) int { return strings.Compare(x.Account, y.Account) })
	return all, nil
}

func (a *Accounts) readFacts(path string) (f Facts, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, errNoFacts
	}
	if err != nil {
		return f, err
	}
	if json.Unmarshal(text, &f) != nil || f.Account == "" {
		return f, &Error{What: fmt.Sprintf("%s is damaged", path), Do: "remove it, then sign in again: albumwright auth login"}
	}
	return f, nil
}

func (a *Accounts) writeFacts(f Facts) error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(a.folder(f.Account), "facts.json"), append(text, '\n'))
}
