package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"
)

// StoreKind is where tokens are kept.
type StoreKind string

// The stores that there are.
const (
	StoreAuto      StoreKind = "auto"      // the keyring, else encrypted
	StoreKeyring   StoreKind = "keyring"   // the system's
	StoreEncrypted StoreKind = "encrypted" // a file under a passphrase
	StorePlain     StoreKind = "plain"     // a file that only its owner may read; never chosen by itself
)

// ParseStoreKind reads the name of a store.
func ParseStoreKind(text string) (StoreKind, error) {
	switch k := StoreKind(text); k {
	case StoreAuto, StoreKeyring, StoreEncrypted, StorePlain:
		return k, nil
	}
	return "", fmt.Errorf("%q: must be auto, keyring, encrypted or plain", text)
}

// signIn is all that is needed to act for an account. It is secret.
type signIn struct {
	Client  Client    `json:"client"` // the one that signed in: a refresh token is good with no other
	Refresh string    `json:"refresh_token"`
	Access  string    `json:"access_token"`
	Expires time.Time `json:"expires"`
}

// store keeps one account's sign-in. load returns errNoTokens if there is none.
type store interface {
	load() (signIn, error)
	save(signIn) error
	remove() error // none is removed
}

// errNoTokens: the store has nothing for the account.
var errNoTokens = errors.New("its tokens are not in the store")

func (a *Accounts) store(kind StoreKind, account string) (store, error) {
	switch kind {
	case StoreKeyring:
		return keyringStore{a, account}, nil
	case StoreEncrypted:
		return encryptedStore{a, filepath.Join(a.folder(account), "tokens.age"), account}, nil
	case StorePlain:
		return plainStore{a, filepath.Join(a.folder(account), "tokens.json")}, nil
	}
	return nil, &Error{What: fmt.Sprintf("the tokens of account %s are in a store that is not known here: %q", account, kind), Do: loginCommand(account)}
}

func encode(s signIn) ([]byte, error) { return json.Marshal(s) }

// decode reads what encode wrote. It does not say what it read.
func decode(text []byte) (s signIn, err error) {
	if json.Unmarshal(text, &s) != nil || s.Refresh == "" || s.Client.ID == "" {
		return signIn{}, errors.New("what is kept there is no sign-in")
	}
	return s, nil
}

// plainStore is a file.
type plainStore struct {
	a    *Accounts
	path string
}

func (s plainStore) load() (signIn, error) {
	text, err := s.a.readPrivate(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return signIn{}, errNoTokens
	}
	if err != nil {
		return signIn{}, err
	}
	in, err := decode(text)
	if err != nil {
		return in, &Error{What: s.path + " is damaged", Do: "sign in again: albumwright auth login", Err: err}
	}
	return in, nil
}

func (s plainStore) save(in signIn) error {
	text, err := encode(in)
	if err != nil {
		return err
	}
	return writeFile(s.path, text)
}

func (s plainStore) remove() error { return removeFile(s.path) }

// passphrase is asked for once.
type passphrase struct {
	ask   func(fresh bool) (string, error)
	mu    sync.Mutex
	known string // guarded by mu
}

func (p *passphrase) get(fresh bool) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != "" {
		return p.known, nil
	}
	if p.ask == nil {
		return "", errNoPassphrase()
	}
	text, err := p.ask(fresh)
	if err == nil && text == "" {
		err = errNoPassphrase()
	}
	if err == nil {
		p.known = text
	}
	return text, err
}

// forget makes the next one be asked for: this one was wrong.
func (p *passphrase) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = ""
}

func errNoPassphrase() error {
	return &Error{What: "the passphrase of the token store is not known here", Do: "set ALBUMWRIGHT_TOKEN_PASSPHRASE_FILE to a file that holds it, or ALBUMWRIGHT_TOKEN_PASSPHRASE, or run this at a terminal"}
}
