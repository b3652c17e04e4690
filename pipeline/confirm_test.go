package pipeline_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/pipeline"
)

// after says what is done with confirmed files.
func (w *world) after(text string) {
	w.t.Helper()
	a, err := pipeline.ParseAfter(text, w.t.TempDir())
	if err != nil {
		w.t.Fatal(err)
	}
	w.cfg.After = a
}

// left are the files below the world's folder.
func (w *world) left() []string {
	var left []string
	err := filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(w.dir, path)
			left = append(left, rel)
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
	return left
}

func (w *world) wantLeft(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.left()); diff != "" {
		w.t.Errorf("files that are left (-want +got):\n%s", diff)
	}
}

func TestOnlyConfirmedFilesAreTakenAway(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 60, 0)
	w.write("Garden/copy.jpg", w.photo("Pier/original.jpg", 100))
	w.write("Pier/copy.jpg", w.photo("Pier/twin.jpg", 101))
	w.write("Pier/notes.txt", []byte("words"))
	w.write("Pier/junk.jpg", []byte("\xff\xd8\xff\xe0 not a photo at all"))
	w.after("delete")
	before := w.service.Calls()
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 63, pipeline.Duplicate: 1, pipeline.Skipped: 1, pipeline.Failed: 1})
	if n := w.calls(before)["mediaItems.batchGet"]; n != 2 || rep.Requests.BatchGets != 2 {
		t.Errorf("%d requests (reported: %d) ask about 62 media items, want 2", n, rep.Requests.BatchGets)
	}
	want := &pipeline.Confirmation{Action: "delete", Answers: map[string]int{"confirmed": 64}, Done: 64, Kept: []pipeline.Confirmed{}}
	if diff := cmp.Diff(want, rep.Confirmation); diff != "" {
		t.Errorf("confirmation (-want +got):\n%s", diff)
	}
	w.wantLeft("Pier/junk.jpg", "Pier/notes.txt")
	if n := len(w.service.MediaItems()); n != 62 {
		t.Errorf("the service has %d media items, want 62", n)
	}
}

func TestWhatAnEarlierRunDeliveredIsTakenAwayToo(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.run()
	w.photo("Pier/b.jpg", 2)
	w.after("move:" + t.TempDir())
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 1})
	if rep.Confirmation.Done != 2 {
		t.Errorf("confirmation %+v, want both moved", rep.Confirmation)
	}
	w.wantLeft()
}

func TestAfterTheFirstStopNoFurtherFileIsTakenAway(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 120, 0)
	w.run()
	intake, stop := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped by the test")
	w.cfg.Intake = intake
	taken := 0
	w.cfg.Observe = func(ev pipeline.Event) {
		if _, ok := ev.(pipeline.FileConfirmed); ok {
			if taken++; taken == 60 {
				stop(stopped)
			}
		}
	}
	w.after("delete")
	rep, err := w.try(t.Context())
	if !errors.Is(err, stopped) || rep.Confirmation.Done != 60 || len(w.left()) != 60 {
		t.Errorf("%v: %d files were taken away, and %d are left; want 60 and 60", err, rep.Confirmation.Done, len(w.left()))
	}
}

func TestByDefaultNothingIsAskedAndNothingTaken(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	rep := w.run()
	if rep.Confirmation != nil || rep.Requests.BatchGets != 0 {
		t.Errorf("confirmation %+v", rep.Confirmation)
	}
	w.cfg.Confirm = true
	rep = w.run()
	if rep.Confirmation == nil || rep.Confirmation.Answers["confirmed"] != 1 || rep.Confirmation.Done != 0 {
		t.Errorf("asked for, the confirmation is %+v", rep.Confirmation)
	}
	if rep = w.run(); rep.Requests.BatchGets != 0 {
		t.Error("what was confirmed is asked about once more")
	}
	w.wantLeft("Pier/a.jpg")
}

func TestAVideoStaysUntilTheServiceIsDoneWithIt(t *testing.T) {
	inBubble(t, "delete", func(t *testing.T) {
		w := newWorld(t)
		w.write("Pier/film.mp4", fixture.MP4(fixture.Spec{Seed: 1, Captured: noon(1)}))
		w.after("delete")
		rep := w.run()
		if rep.Confirmation.NotDone != 1 || rep.Confirmation.Kept[0].Answer != "processing" {
			t.Errorf("confirmation %+v, want the video kept", rep.Confirmation)
		}
		w.wantLeft("Pier/film.mp4")
		pass(time.Minute)
		if rep = w.run(); rep.Confirmation.Done != 1 {
			t.Errorf("confirmation %+v, want the video deleted", rep.Confirmation)
		}
		w.wantLeft()
	})
}

func TestWhatTheServiceNoLongerHasStays(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.photo("Pier/b.jpg", 2)
	w.run()
	first := w.service.MediaItems()[0]
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err == nil && strings.HasSuffix(req.URL.Path, ":batchGet") {
			gone := `{"mediaItemResults":[{"status":{"code":3,"message":"Invalid media item ID."}},{"status":{"code":3,"message":"Invalid media item ID."}}]}`
			resp.Body, resp.ContentLength = io.NopCloser(strings.NewReader(gone)), int64(len(gone))
		}
		return resp, err
	})
	w.after("delete")
	rep := w.run()
	if rep.Confirmation.Answers["gone"] != 2 || rep.Confirmation.Done != 0 {
		t.Errorf("confirmation %+v, want two gone (one was %s)", rep.Confirmation, first.ID)
	}
	w.wantLeft("Pier/a.jpg", "Pier/b.jpg")
}

func TestAnIDAtWhichTheServiceFailsKeepsOnlyItsOwnFile(t *testing.T) {
	inBubble(t, "delete", func(t *testing.T) {
		w := newWorld(t)
		names := w.series("Pier", "p", 8, 0)
		w.run()
		bad := w.service.MediaItems()[3]
		w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			if strings.HasSuffix(req.URL.Path, ":batchGet") && strings.Contains(req.URL.RawQuery, url.QueryEscape(bad.ID)) {
				req = req.Clone(req.Context())
				req.URL.Path = "/nowhere"
				resp, err := next.RoundTrip(req)
				if err == nil {
					resp.StatusCode = http.StatusInternalServerError
				}
				return resp, err
			}
			return next.RoundTrip(req)
		})
		w.after("delete")
		rep := w.run()
		if rep.Confirmation.Done != len(names)-1 || rep.Confirmation.Answers["unanswered"] != 1 {
			t.Errorf("confirmation %+v, want all but one deleted", rep.Confirmation)
		}
		w.wantLeft("Pier/" + bad.Filename)
	})
}
