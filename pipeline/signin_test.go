package pipeline_test

import (
	"context"
	"sync/atomic"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// expiring is a sign-in whose access token the service no longer accepts, until it is renewed.
type expiring struct {
	good      string
	refreshes atomic.Int32
}

func (e *expiring) Token() (*oauth2.Token, error) {
	if e.refreshes.Load() == 0 {
		return &oauth2.Token{AccessToken: "expired"}, nil
	}
	return &oauth2.Token{AccessToken: e.good}, nil
}

func (e *expiring) Refresh(context.Context) error {
	e.refreshes.Add(1)
	return nil
}

func TestAnExpiredAccessTokenIsRenewedOnceAndNothingIsLost(t *testing.T) {
	w := newWorld(t)
	names := w.series("Pier", "p", 60, 0)
	tokens := &expiring{good: w.service.AccessToken()}
	w.tokens = tokens
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 60})
	w.wantAlbums(map[string][]string{"Pier": names})
	if n := tokens.refreshes.Load(); n != 1 {
		t.Errorf("the token was renewed %d times, want once for all calls", n)
	}
}

func TestARefusedSignInEndsTheRunAndTheNextOneGoesOn(t *testing.T) {
	w := newWorld(t)
	names := w.series("Pier", "p", 60, 0)
	w.tokens = oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "revoked"})
	rep, err := w.try(t.Context())
	if photos.Classify(err) != photos.ClassUnauthenticated || rep.Ends[pipeline.Unfinished] != 60 || rep.Requests.Uploads > 40 {
		t.Errorf("ended with %v, %v after %d uploads", err, rep.Ends, rep.Requests.Uploads)
	}
	w.tokens = nil
	w.run()
	w.wantAlbums(map[string][]string{"Pier": names})
}
