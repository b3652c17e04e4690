package verify_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/verify"
	"github.com/albumwright/albumwright/photos"
)

// remote asks the service, too.
func (w *world) remote() verify.Config {
	cfg := w.config()
	cfg.Remote = w.client.MediaItems
	return cfg
}

func TestTheServiceIsAskedAgain(t *testing.T) {
	w := newWorld(t)
	w.write("photo.jpg", photo(1))
	w.write("copy.jpg", photo(1))
	w.write("thrown away.jpg", photo(2))
	w.write("never sent.jpg", photo(3))
	for i, name := range []string{"ready.mp4", "at work.mp4", "broken.mp4"} {
		w.write(name, movie(i))
	}
	w.deliver("photo.jpg")
	for name, marks := range map[string]emulator.Marks{
		"thrown away.jpg": {Trashed: true}, "ready.mp4": {Ready: true}, "at work.mp4": {Processing: true}, "broken.mp4": {Failed: true},
	} {
		w.must(w.service.Mark(w.deliver(name), marks))
	}
	w.must(w.service.Advance(time.Minute)) // what fails, fails after a while
	got, rep := w.verify(w.remote())
	want := map[string]verify.State{
		"photo.jpg": verify.Confirmed, "copy.jpg": verify.Confirmed, "ready.mp4": verify.Confirmed,
		"thrown away.jpg": verify.Gone, "never sent.jpg": verify.Unknown, "at work.mp4": verify.Processing, "broken.mp4": verify.Broken,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	verdict := "not all: 3 of 7 files are in the service, 1 processing, 1 broken, 1 gone, 1 unknown"
	if rep.Verdict() != verdict || rep.Requests != 1 {
		t.Errorf("verdict %q after %d requests, want %q after one", rep.Verdict(), rep.Requests, verdict)
	}
	for _, f := range rep.Missing {
		if f.State != verify.Unknown && (f.ID == "" || f.Reason == "") {
			t.Errorf("%s is %s without a media item or a reason: %+v", f.Path, f.State, f)
		}
	}
}

func TestEachMediaItemIsAskedAboutOnceFiftyInARequest(t *testing.T) {
	w := newWorld(t)
	for i, name := range names(60) {
		w.write(name, photo(i))
		w.deliver(name)
		w.write("copies/"+name, photo(i))
	}
	before := w.service.Calls()["mediaItems.batchGet"]
	_, rep := w.verify(w.remote())
	if calls := w.service.Calls()["mediaItems.batchGet"] - before; calls != 2 || rep.Requests != 2 || !rep.All() || rep.States[verify.Confirmed] != 120 {
		t.Errorf("%d requests (%d reported), %q; want 2 for 60 items", calls, rep.Requests, rep.Verdict())
	}
}

func TestAnItemThatTheServiceFailsAtDoesNotHideTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var bad string
		for i, name := range names(9) {
			w.write(name, photo(i))
			if id := w.deliver(name); i == 4 {
				bad = id
			}
		}
		w.must(w.service.Plan(emulator.Fault{Operation: "mediaItems.batchGet", Match: bad, Times: -1, Effect: emulator.Refuse("500")}))
		states, rep := w.verify(w.remote())
		if states["004.jpg"] != verify.Unanswered || rep.States[verify.Confirmed] != 8 || len(w.service.Unmet()) > 0 {
			t.Errorf("%v, want only 004.jpg unanswered", states)
		}
	})
}

func TestAServiceThatRecoversIsAskedAgainAndOneThatIsDownEndsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.write("a.jpg", photo(1))
		w.deliver("a.jpg")
		w.must(w.service.Plan(emulator.Fault{Operation: "mediaItems.batchGet", Times: 3, Effect: emulator.Refuse("503")}))
		if _, rep := w.verify(w.remote()); !rep.All() || rep.Requests != 4 {
			t.Errorf("%q after %d requests, want all after 4", rep.Verdict(), rep.Requests)
		}
		w.must(w.service.Plan(emulator.Fault{Operation: "mediaItems.batchGet", Times: -1, Effect: emulator.CutBefore()}))
		cfg := w.remote()
		cfg.Tries = 3
		rep, err := verify.Run(t.Context(), cfg)
		if photos.Classify(err) != photos.ClassTransient || rep.Requests != 3 {
			t.Errorf("%v after %d requests, want it to give up after 3", err, rep.Requests)
		}
	})
}

// tokens gives one access token after the other, the last one for ever.
type tokens []string

func (t *tokens) Token() (*oauth2.Token, error) {
	token := (*t)[0]
	if len(*t) > 1 {
		*t = (*t)[1:]
	}
	return &oauth2.Token{AccessToken: token}, nil
}

func TestAnAccessTokenThatEndsMeanwhileIsRenewedOnce(t *testing.T) {
	for _, c := range []struct {
		name   string
		tokens func(good string) tokens
		all    bool
	}{
		{"a new one is good", func(good string) tokens { return tokens{"stale", good} }, true},
		{"a new one is none either", func(good string) tokens { return tokens{"stale", "stale, too", good} }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.write("photo.jpg", photo(1))
			w.deliver("photo.jpg")
			source := c.tokens(w.service.AccessToken())
			client, err := photos.New(photos.Config{TokenSource: &source, Transport: w.service.Transport(), UploadTransport: w.service.Transport()})
			w.must(err)
			cfg := w.config()
			cfg.Remote = client.MediaItems
			rep, err := verify.Run(t.Context(), cfg)
			if rep.Requests != 2 || rep.All() != c.all || (err == nil) != c.all {
				t.Errorf("%q after %d requests, %v", rep.Verdict(), rep.Requests, err)
			}
		})
	}
}
