package pipeline_test

import (
	"crypto/sha256"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// retry tries the failed files of a world again.
func (w *world) retry(all bool) pipeline.Report {
	w.t.Helper()
	client, err := photos.New(photos.Config{
		Transport: w.wire, UploadTransport: w.wire, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: w.service.AccessToken()}),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	cfg := w.cfg
	cfg.API, cfg.Paths = pipeline.ClientAPI(client), nil
	rep, err := pipeline.Retry(w.t.Context(), cfg, all)
	if err != nil {
		w.t.Fatalf("Retry: %v", err)
	}
	if err := rep.Check(); err != nil {
		w.t.Error(err)
	}
	w.checkLibrary()
	return rep
}

// refuseUploads is a service that calls every upload of so many bytes a bad request.
func (w *world) refuseUploads(size int) {
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/v1/uploads") && req.ContentLength == int64(size) {
			req = req.Clone(req.Context())
			req.Header.Set("X-Goog-Upload-Protocol", "none")
		}
		return next.RoundTrip(req)
	})
}

func TestRetryTakesWhatFailedAndNothingElse(t *testing.T) {
	w := newWorld(t)
	w.tolerant = true
	w.series("Pier", "p", 3, 0)
	body := append(w.photo("Pier/odd.jpg", 9), make([]byte, 1000)...)
	w.write("Pier/odd.jpg", body)
	w.refuseUploads(len(body))
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 3, pipeline.Failed: 1})
	w.mended()
	w.photo("Pier/late.jpg", 5) // not a file that failed
	before := w.service.Calls()
	wantEnds(t, w.retry(false), map[pipeline.End]int{pipeline.Uploaded: 1})
	wantCalls(t, w.calls(before), map[string]int{"uploads": 1, "mediaItems.batchCreate": 1})
	if rep := w.retry(true); rep.Found != 0 {
		t.Errorf("%d files are tried once more although all have succeeded", rep.Found)
	}
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 4})
}

func TestRetryTakesFilesOfADeletedAlbumIfItIsToBeMadeAnew(t *testing.T) {
	w := deletedPier(t)
	w.cfg.OnMissingAlbum = pipeline.SkipAlbum
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Skipped: 4, pipeline.AlreadyThere: 4})
	before := w.service.Calls()
	if rep := w.retry(false); rep.Found != 0 {
		t.Errorf("%d files are tried again although their album is to stay away", rep.Found)
	}
	wantCalls(t, w.calls(before), map[string]int{})
	w.cfg.OnMissingAlbum = pipeline.RecreateAlbum
	wantEnds(t, w.retry(false), map[pipeline.End]int{pipeline.Uploaded: 4})
	w.wantAlbums(map[string][]string{"Pier": wholePier})
	if rep := w.retry(false); rep.Found != 0 {
		t.Errorf("%d files are tried once more although all have succeeded", rep.Found)
	}
}

func TestRetryOffersWhatWasRefusedOnlyWhenAsked(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 0)
	w.write("Pier/junk.jpg", []byte("\xff\xd8\xff\xe0 not a photo at all"))
	w.write("Pier/other.jpg", w.photo("Pier/b.jpg", 1))
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 2, pipeline.Duplicate: 1, pipeline.Failed: 1})
	before := w.service.Calls()
	if rep := w.retry(false); rep.Found != 0 || len(w.calls(before)) != 0 {
		t.Errorf("%d files are tried again with %v, want none", rep.Found, w.calls(before))
	}
	rep := w.retry(true)
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Failed: 1})
	// Its token is an old one: perhaps that was what the service did not like.
	wantCalls(t, w.calls(before), map[string]int{"mediaItems.batchCreate": 2, "uploads": 1})
}

func TestRetryOfAFileThatIsGoneSaysSo(t *testing.T) {
	w := newWorld(t)
	w.tolerant = true
	w.refuseUploads(len(w.photo("Pier/a.jpg", 0)))
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Failed: 1})
	w.mended()
	if err := os.Remove(filepath.Join(w.dir, "Pier/a.jpg")); err != nil {
		t.Fatal(err)
	}
	rep := w.retry(false)
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Failed: 1})
	if !strings.Contains(rep.Failures[0].Reason, "no such file") {
		t.Errorf("it failed because of %q, want a file that is gone", rep.Failures[0].Reason)
	}
}

// What failed when it was created has a token that lives for a day. In the meantime its file may have become another one.
func TestRetryOfAFileThatWasReadBeforeSeesWhatBecameOfIt(t *testing.T) {
	const path = "Pier/odd.jpg"
	for name, change := range map[string]struct {
		do    func(w *world, full string)
		calls map[string]int
		fails string
	}{
		"nothing":         {func(*world, string) {}, map[string]int{"mediaItems.batchCreate": 1}, ""},
		"it was touched":  {func(w *world, full string) { w.chtimes(full, noon(500)) }, map[string]int{"mediaItems.batchCreate": 1}, ""},
		"it was edited":   {func(w *world, full string) { w.write(path, w.another(9)) }, map[string]int{"uploads": 1, "mediaItems.batchCreate": 1}, ""},
		"in secret":       {func(w *world, full string) { w.replaceSecretly(full, w.another(9)) }, map[string]int{"uploads": 1, "mediaItems.batchCreate": 1}, ""},
		"another picture": {func(w *world, full string) { w.write(path, w.another(50)) }, map[string]int{}, "the next import takes it"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.photo("Pier/a.jpg", 0)
			w.photo(path, 9)
			w.plant(emulator.Fault{Operation: "mediaItems.batchCreate", Match: "odd.jpg", Times: 2, Effect: emulator.Refuse("413")})
			wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Failed: 1})
			change.do(w, filepath.Join(w.dir, path))
			before := w.service.Calls()
			rep := w.retry(false)
			wantCalls(t, w.calls(before), change.calls)
			if change.fails != "" {
				if rep.Ends[pipeline.Failed] != 1 || !strings.Contains(rep.Failures[0].Reason, change.fails) {
					t.Errorf("it ended %v, %v; want a failure that says %q", rep.Ends, rep.Failures, change.fails)
				}
				wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 1})
			} else {
				wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1})
			}
			w.wantBytes("odd.jpg", filepath.Join(w.dir, path))
		})
	}
}

// another is a new content, captured so many minutes after noon.
func (w *world) another(minutes int) []byte {
	w.n++
	return fixture.TinyJPEG(w.n, noon(minutes))
}

func (w *world) chtimes(full string, at time.Time) {
	w.t.Helper()
	if err := os.Chtimes(full, at, at); err != nil {
		w.t.Fatal(err)
	}
}

// replaceSecretly gives a file other bytes, with the size and the modification time that it had.
func (w *world) replaceSecretly(full string, body []byte) {
	w.t.Helper()
	was, err := os.Stat(full)
	if err != nil {
		w.t.Fatal(err)
	}
	if was.Size() != int64(len(body)) {
		w.t.Fatalf("the new bytes are %d, want %d as before", len(body), was.Size())
	}
	if err := os.WriteFile(full, body, 0o644); err != nil {
		w.t.Fatal(err)
	}
	w.chtimes(full, was.ModTime())
}

// wantBytes tells whether the service's item of a name has the bytes of a file.
func (w *world) wantBytes(name, full string) {
	w.t.Helper()
	body, err := os.ReadFile(full)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range w.service.MediaItems() {
		if m.Filename == name && m.SHA256 != sha256.Sum256(body) {
			w.t.Errorf("the service has other bytes of %s than the file", name)
		}
	}
}
