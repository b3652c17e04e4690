package photos

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/oauth2"
)

// Refresher is a TokenSource that can get a new access token although the present one has not expired by its date. A client whose token is
// answered with 401 asks for that before it makes another request.
type Refresher interface {
	Refresh(ctx context.Context) error
}

// errRefused is the cause of an ErrNoToken where the only token that can be had was answered with 401 before.
var errRefused = errors.New("the service has refused the access token")

// access hands out access tokens, and never one that the service has refused: of many calls that fail together the first renews the token, and
// the others use the new one.
type access struct {
	source oauth2.TokenSource
	mu     sync.Mutex
	bad    string // guarded by mu; the access token that was refused last
}

func (a *access) token(ctx context.Context) (*oauth2.Token, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t, err := a.source.Token()
	if err != nil || t.AccessToken != a.bad {
		return t, err
	}
	source, ok := a.source.(Refresher)
	if !ok {
		return nil, errRefused
	}
	if err := source.Refresh(ctx); err != nil {
		return nil, err
	}
	if t, err = a.source.Token(); err == nil && t.AccessToken == a.bad {
		err = errRefused
	}
	return t, err
}

// refused notes a token that was answered with 401.
func (a *access) refused(t *oauth2.Token) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bad = t.AccessToken
}
