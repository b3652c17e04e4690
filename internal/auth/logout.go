package auth

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrNotRevoked says that a sign-in was removed here, but that the service could not be told.
var ErrNotRevoked = errors.New("removed here, but not ended at the sign-in service")

// Logout ends an account's sign-in, at the service and then here. Its facts stay: they name the client that its items belong to.
func (a *Accounts) Logout(ctx context.Context, account string) error {
	facts, ok, err := a.Status(account)
	if err != nil {
		return err
	}
	if !ok || facts.SignedOut {
		return NotSignedIn(account)
	}
	unlock, err := a.lock(ctx, account)
	if err != nil {
		return err
	}
	defer unlock()
	store, err := a.store(facts.Store, account)
	if err != nil {
		return err
	}
	in, err := store.load()
	if err != nil && !errors.Is(err, errNoTokens) {
		return err
	}
	var untold error
	if err == nil {
		untold = a.revoke(ctx, in)
	}
	if err := store.remove(); err != nil {
		return err
	}
	facts.SignedOut, facts.Ended = true, time.Now().UTC().Truncate(time.Second)
	if err := a.writeFacts(facts); err != nil {
		return err
	}
	if untold != nil {
		return fmt.Errorf("account %s: %w: %w", account, ErrNotRevoked, untold)
	}
	return nil
}
