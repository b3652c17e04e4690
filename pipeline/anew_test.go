package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/pipeline"
)

// A video that is still being written: what was sent is its beginning, whose session is finished and repeats its token.
func TestAFileThatGrewWhileItWasSentIsSentWhole(t *testing.T) {
	w := newWorld(t)
	short := w.film("Pier/b.mp4", 1)
	whole := append(bytes.Clone(short), film(9, 4096)...)
	w.growWith("Pier/b.mp4", whole)
	before := w.service.Calls()
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1})
	w.wantContents(whole)
	if n := w.calls(before)["uploads.start"]; n != 2 {
		t.Errorf("%d sessions, want one for each of the two files that it was", n)
	}
}

// growWith writes a file anew as soon as the service has all bytes of the one before.
func (w *world) growWith(path string, body []byte) {
	written := false
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if !written && strings.Contains(req.Header.Get("X-Goog-Upload-Command"), "finalize") {
			written = true
			w.write(path, body)
		}
		return resp, err
	})
}

func TestARefusedTokenIsNotTakenFromItsSessionAgain(t *testing.T) {
	inBubble(t, "refused", func(t *testing.T) {
		w := newWorld(t)
		body := w.film("Pier/b.mp4", 1)
		w.plant(emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.Refuse("400-token")})
		before := w.service.Calls()
		rep := w.run()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1})
		w.wantContents(body)
		if n := w.calls(before)["uploads.start"]; n != 2 {
			t.Errorf("%d sessions, want another one for another token", n)
		}
	})
}

func TestAStopLeavesFilesWhoseTokensHaveToBeRenewed(t *testing.T) {
	inBubble(t, "told to wait for a day", func(t *testing.T) {
		w := newWorld(t)
		names := w.series("Pier", "p", 3, 0)
		w.write("Pier/copy.jpg", w.photo("Pier/p000.jpg", 50))
		wait := emulator.Refuse("429-minute")
		wait.RetryAfter = 24 * 60 * 60
		w.plant(emulator.Fault{Operation: "albums.list", Effect: wait}) // comes after the first uploads
		intake, stop := context.WithCancelCause(t.Context())
		stopped := errors.New("stopped by the test")
		w.cfg.Intake = intake
		w.cfg.Observe = func(ev pipeline.Event) {
			if _, ok := ev.(pipeline.Waiting); ok {
				stop(stopped)
			}
		}
		w.tolerant = true // to the service, a token that it has forgotten is a violation
		rep, err := w.try(t.Context())
		if !errors.Is(err, stopped) {
			t.Errorf("it ended with %v", err)
		}
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Unfinished: 5})
		w.cfg.Intake, w.cfg.Observe = nil, nil
		wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 4, pipeline.Duplicate: 1})
		w.wantAlbums(map[string][]string{"Pier": append(names, "copy.jpg")})
	})
}
