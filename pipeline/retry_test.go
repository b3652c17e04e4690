package pipeline_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/oauth2"

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
