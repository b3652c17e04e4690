package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/zalando/go-keyring"
)

// keyringService is the program's name in the keyring.
const keyringService = "albumwright"

// keyringStore is the system's keyring: Secret Service, Keychain, or the Credential Manager.
type keyringStore struct {
	a       *Accounts
	account string
}

// item names the account, and tells state folders apart.
func (s keyringStore) item() string {
	dir := s.a.cfg.Dir
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	sum := sha256.Sum256([]byte(dir))
	return s.account + " (" + hex.EncodeToString(sum[:4]) + ")"
}

func (s keyringStore) load() (signIn, error) {
	text, err := s.wait(func() (string, error) { return keyring.Get(keyringService, s.item()) })
	if errors.Is(err, keyring.ErrNotFound) {
		return signIn{}, errNoTokens
	}
	if err != nil {
		return signIn{}, s.unusable(err)
	}
	in, err := decode([]byte(text))
	if err != nil {
		return in, &Error{What: "the keyring's item for account " + s.account + " is damaged", Do: "sign in again: " + loginCommand(s.account), Err: err}
	}
	return in, nil
}

// reach finds out whether the keyring can be used.
func (s keyringStore) reach() error {
	_, err := s.wait(func() (string, error) { return keyring.Get(keyringService, s.item()) })
	if err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return s.unusable(err)
	}
	return nil
}

func (s keyringStore) save(in signIn) error {
	text, err := encode(in)
	if err != nil {
		return err
	}
	if _, err = s.wait(func() (string, error) { return "", keyring.Set(keyringService, s.item(), string(text)) }); err != nil {
		return s.unusable(err)
	}
	return nil
}

func (s keyringStore) remove() error {
	_, err := s.wait(func() (string, error) { return "", keyring.Delete(keyringService, s.item()) })
	if err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return s.unusable(err)
	}
	return nil
}

// wait bounds a call of the keyring: a locked one shows a window and waits for somebody to answer it. The call cannot be ended; it is left behind.
func (s keyringStore) wait(call func() (string, error)) (string, error) {
	if why := s.a.cfg.KeyringMissing; why != "" {
		return "", errors.New(why)
	}
	type answer struct {
		text string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		text, err := call()
		answered <- answer{text, err}
	}()
	late := time.NewTimer(s.a.cfg.KeyringWait)
	defer late.Stop()
	select {
	case got := <-answered:
		return got.text, got.err
	case <-late.C:
		return "", fmt.Errorf("no answer within %s: it may be locked, with nobody there to unlock it", s.a.cfg.KeyringWait)
	}
}

func (s keyringStore) unusable(err error) error {
	return &Error{
		What: "the system's keyring cannot be used",
		Do:   "unlock it; or, for cron and machines without a desktop, keep the tokens in an encrypted file: " + loginCommand(s.account) + " --token-store encrypted",
		Err:  err,
	}
}
