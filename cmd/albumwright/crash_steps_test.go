package main

import (
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/ledger"
)

// window is a death between two steps that belong together, and what the next run has to do.
type window struct {
	cfg   emulator.Config
	film  bool // a video that is sent resumably is imported, and no photos
	at    func(n int, r *http.Request) bool
	when  moment
	left  map[ledger.State]int // what the ledger says at the death
	next  map[string]int       // requests
	bytes traffic              // of the next run; requests do not count here
}

const (
	windowPhotos = 3
	windowFilm   = 1_200_000 // bytes
)

// all is what the ledger says when everything is in one state.
func all(s ledger.State) map[ledger.State]int { return map[ledger.State]int{s: windowPhotos} }

// andTheRest are some requests, and those that follow when all bytes are there.
func andTheRest(some map[string]int) map[string]int {
	rest := map[string]int{"albums.list": 1, "albums.create": 1, "mediaItems.batchCreate": 1}
	maps.Copy(rest, some)
	return rest
}

// windowFolder is one album.
func windowFolder(t *testing.T, film bool) (dir string, photo int64) {
	t.Helper()
	dir = t.TempDir()
	at := time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC)
	if film {
		put(t, dir, "Pier/0.mp4", fixture.MP4(fixture.Spec{Captured: at, PadTo: windowFilm}))
		return dir, 0
	}
	for i := range windowPhotos {
		body := fixture.TinyJPEG(i, at.Add(time.Duration(-i)*time.Minute))
		put(t, dir, fmt.Sprintf("Pier/%d.jpg", i), body)
		photo = int64(len(body))
	}
	return dir, photo
}

// pass lets the program die there, and looks at what it left and what the next run does.
func (w window) pass(t *testing.T) {
	t.Helper()
	dir, _ := windowFolder(t, w.film)
	args := []string{"--resumable-from", "1MB", "--transfers", "1"}
	undisturbed := newMortals(t, w.cfg, dir, args...)
	undisturbed.finish()

	m := newMortals(t, w.cfg, dir, args...)
	m.gate.dieOf(w.at, w.when)
	if !m.lives() {
		t.Fatal("it did not die")
	}
	if diff := cmp.Diff(w.left, m.states()); diff != "" {
		t.Errorf("what the ledger knows at the death (-want +got):\n%s", diff)
	}
	calls, before := m.service.Calls(), m.gate.came()
	m.finish()
	if diff := cmp.Diff(w.next, m.calls(calls)); diff != "" {
		t.Errorf("the next run's requests (-want +got):\n%s", diff)
	}
	after := m.gate.came()
	if got := (traffic{raw: after.raw - before.raw, session: after.session - before.session}); got != w.bytes {
		t.Errorf("the next run sends %+v, want %+v", got, w.bytes)
	}
	if diff := cmp.Diff(undisturbed.library(), m.library()); diff != "" {
		t.Errorf("the library (-undisturbed +got):\n%s", diff)
	}
	m.wantSound()
	m.wantDone()
}

// states counts the ledger's items by their states.
func (m *mortals) states() map[ledger.State]int {
	m.t.Helper()
	r, err := ledger.OpenRead(m.t.Context(), m.ledger)
	if err != nil {
		m.t.Fatal(err)
	}
	s, err := r.Status(m.t.Context(), time.Time{}, 1)
	if err != nil {
		m.t.Error(err)
	}
	if err := r.Close(); err != nil {
		m.t.Error(err)
	}
	return s.States
}

// nthRaw finds the n-th raw upload of a client's life.
func nthRaw(n int) func(int, *http.Request) bool {
	return func(_ int, r *http.Request) bool {
		if isRaw(r) {
			n--
		}
		return isRaw(r) && n == 0
	}
}

func call(method, path string) func(int, *http.Request) bool {
	return func(_ int, r *http.Request) bool { return r.Method == method && r.URL.Path == path }
}

func finalize(_ int, r *http.Request) bool {
	return r.Header.Get("X-Goog-Upload-Command") == "upload, finalize"
}

func TestAFileWhoseBytesAreSentAndWhoseTokenIsUnreadIsSentAgainOnlyIfTheServiceWillNotRepeatTheToken(t *testing.T) {
	_, photo := windowFolder(t, false)
	two, sending := map[ledger.State]int{ledger.Sent: 2, ledger.Described: 1}, map[ledger.State]int{ledger.Sending: 1}
	again, asked := andTheRest(map[string]int{"uploads": 1}), andTheRest(map[string]int{"uploads.query": 1})
	for name, w := range map[string]window{
		"raw":           {at: nthRaw(3), when: answered, left: two, next: again, bytes: traffic{raw: photo}},
		"raw, read":     {at: nthRaw(3), when: recalled, left: two, next: again, bytes: traffic{raw: photo}},
		"session":       {film: true, at: finalize, when: answered, left: sending, next: asked},
		"session, read": {film: true, at: finalize, when: recalled, left: sending, next: asked},
		"session that does not repeat it": {
			cfg: emulator.Config{FinalQueryEmpty: true}, film: true, at: finalize, when: answered, left: sending, bytes: traffic{session: windowFilm},
			next: andTheRest(map[string]int{"uploads.query": 1, "uploads.start": 1, "uploads.finalize": 1}),
		},
	} {
		t.Run(name, w.pass)
	}
}

func TestTokensThatWereReadAndOfWhichNothingWasCreatedAreUsedByTheNextRun(t *testing.T) {
	for name, w := range map[string]window{
		"before the album": {at: call("GET", "/v1/albums"), when: noticed, left: all(ledger.Sent), next: andTheRest(nil)},
		"before the items": {at: call("POST", "/v1/mediaItems:batchCreate"), when: noticed, left: all(ledger.Creating), next: map[string]int{"mediaItems.batchCreate": 1}},
	} {
		t.Run(name, w.pass)
	}
}

func TestACreateWhoseAnswerIsLostIsMadeAgainWithTheSameTokens(t *testing.T) {
	window{at: call("POST", "/v1/mediaItems:batchCreate"), when: answered, left: all(ledger.Creating), next: map[string]int{"mediaItems.batchCreate": 1}}.pass(t)
}

func TestACreateWhoseAnswerIsReadAndNotRecordedIsMadeAgainWithTheSameTokens(t *testing.T) {
	window{at: call("POST", "/v1/mediaItems:batchCreate"), when: recalled, left: all(ledger.Creating), next: map[string]int{"mediaItems.batchCreate": 1}}.pass(t)
}

func TestAnAlbumThatIsCreatedAndWhoseIDIsNotRecordedIsFoundAndNotMadeTwice(t *testing.T) {
	next := map[string]int{"albums.list": 1, "mediaItems.batchCreate": 1}
	for name, w := range map[string]window{
		"unread": {at: call("POST", "/v1/albums"), when: answered, left: all(ledger.Sent), next: next},
		"read":   {at: call("POST", "/v1/albums"), when: recalled, left: all(ledger.Sent), next: next},
	} {
		t.Run(name, w.pass)
	}
}
