package pipeline_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/pipeline"
)

// A run dies when its batch was carried out and the answer was under way: nobody knows that B and C stand in the album. Meanwhile A, which is older, and D, which lies
// between them, have come.
func TestWhatComesWhileNobodyKnowsWhatBecameOfABatchFindsItsPlaceAroundIt(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/B.jpg", 10)
	w.photo("Pier/C.jpg", 30)
	ctx, die := context.WithCancelCause(t.Context())
	died := errors.New("died")
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err == nil && strings.HasSuffix(req.URL.Path, ":batchCreate") {
			_ = resp.Body.Close()
			die(died)
			return nil, died
		}
		return resp, err
	})
	if _, err := w.try(ctx); !errors.Is(err, died) {
		t.Fatal(err)
	}
	w.mended()
	w.photo("Pier/A.jpg", 0)
	w.photo("Pier/D.jpg", 20)
	w.foreseen()
	w.wantAlbums(map[string][]string{"Pier": {"A.jpg", "B.jpg", "D.jpg", "C.jpg"}})
}

// The same, and what came lies behind the same media item as the one of which nobody knows: they are two calls, the second of which does not go on where the first ended.
func TestWhatIsSettledFirstIsNotWhatTheRestGoesBehind(t *testing.T) {
	inBubble(t, "two calls", func(t *testing.T) {
		w := newWorld(t)
		w.tolerant = true
		w.photo("Pier/A.jpg", 0)
		w.photo("Pier/Z.jpg", 50)
		w.run()
		w.photo("Pier/C.jpg", 20)
		w.plant(emulator.Fault{Operation: "mediaItems.batchCreate", Times: 7, Effect: emulator.ApplyThenCut()})
		if rep, err := w.try(t.Context()); err != nil || rep.Ends[pipeline.Failed] != 1 {
			t.Fatal(rep.Ends, err)
		}
		w.photo("Pier/B.jpg", 10)
		w.tolerant = false
		w.foreseenExactly()
		w.wantAlbums(map[string][]string{"Pier": {"A.jpg", "B.jpg", "C.jpg", "Z.jpg"}})
	})
}
