package photos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/photos"
)

// renewable is a token source that gets a new token when it is asked to.
type renewable struct {
	mu        sync.Mutex
	refreshes int
}

func (r *renewable) Token() (*oauth2.Token, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &oauth2.Token{AccessToken: fmt.Sprint("token-", r.refreshes)}, nil
}

func (r *renewable) Refresh(context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refreshes++
	return nil
}

func TestAfterA401TheTokenIsRenewedOnceForAllCalls(t *testing.T) {
	source := &renewable{}
	var refused atomic.Int32
	c, err := photos.New(photos.Config{TokenSource: source, Transport: wire(func(req *http.Request) (*http.Response, error) {
		if req.Header.Get("Authorization") == "Bearer token-0" {
			refused.Add(1)
			return reply(401, ""), nil
		}
		return reply(200, "{}"), nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	get := func() error {
		_, err := c.Albums.Get(t.Context(), "a")
		return err
	}
	if err := get(); photos.Classify(err) != photos.ClassUnauthenticated {
		t.Fatalf("the first call ends with %v, want a 401", err)
	}
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			if err := get(); err != nil {
				t.Errorf("after the refusal: %v", err)
			}
		})
	}
	calls.Wait()
	if source.refreshes != 1 || refused.Load() != 1 {
		t.Errorf("%d refreshes and %d refusals, want one of each", source.refreshes, refused.Load())
	}
}

func TestATokenThatWasRefusedIsNotSentAgainIfThereIsNoOther(t *testing.T) {
	requests := 0
	c := clientOn(t, wire(func(*http.Request) (*http.Response, error) { requests++; return reply(401, ""), nil }))
	for range 3 {
		if _, err := c.Albums.Get(t.Context(), "a"); photos.Classify(err) != photos.ClassUnauthenticated {
			t.Errorf("%v, want the class of a 401", err)
		}
	}
	_, err := c.Albums.Get(t.Context(), "a")
	if requests != 1 || !errors.Is(err, photos.ErrNoToken) {
		t.Errorf("%d requests, then %v; want one request, then ErrNoToken", requests, err)
	}
}
