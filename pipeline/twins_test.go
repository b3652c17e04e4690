package pipeline_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/pipeline"
)

func TestCopiesInTwoAlbumsStandOnceInEach(t *testing.T) {
	inBubble(t, "two and two", func(t *testing.T) {
		w := newWorld(t)
		body := w.photo("A/1.jpg", 1)
		for _, path := range []string{"A/2.jpg", "B/1.jpg", "B/2.jpg", "B/3.jpg"} {
			w.write(path, body)
		}
		plan := w.plan()
		rep := w.run()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 2, pipeline.Duplicate: 3})
		wantCalls(t, w.service.Calls(), map[string]int{"uploads": 1, "mediaItems.batchCreate": 2, "albums.create": 2, "albums.list": 1})
		if !cmp.Equal(plan.Ends, rep.Ends) || plan.Requests != rep.Requests {
			t.Errorf("planned %v, %+v; done %v, %+v", plan.Ends, plan.Requests, rep.Ends, rep.Requests)
		}
		w.wantAlbums(map[string][]string{"A": {"1.jpg"}, "B": {"1.jpg"}})
	})
}

// Two copies; the one that is sent for both becomes another file while it is sent.
func TestACopyIsSentItselfWhenItsTwinBecomesAnotherFile(t *testing.T) {
	const size = 5 << 20
	w := newWorld(t)
	w.write("Known/size.jpg", big(9, size)) // so that both copies are hashed before they are sent
	w.run()
	w.write("Pier/1.jpg", big(1, size))
	w.write("Pier/2.jpg", big(1, size))
	changed := false
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/uploads") && !changed {
			changed = true
			other := big(1, size+7)
			w.write("Pier/1.jpg", other)
		}
		return next.RoundTrip(req)
	})
	rep := w.run()
	if rep.Ends[pipeline.Uploaded]+rep.Ends[pipeline.AlreadyThere]+rep.Ends[pipeline.Failed] != 3 {
		t.Errorf("ends %v: want no file taken for a copy of what the other became", rep.Ends)
	}
	sum := sha256.Sum256(big(1, size))
	if !slices.ContainsFunc(w.service.MediaItems(), func(m emulator.MediaItem) bool { return m.SHA256 == sum }) {
		t.Error("the copy that did not change is not in the library")
	}
}

func TestAStaleTokenOfAFileThatChangedMeanwhileFailsThatFileAlone(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.write("Pier/twin.jpg", w.photo("Pier/2.jpg", 2))
	if err := w.service.Plan(emulator.Fault{Operation: "mediaItems.batchCreate", Times: -1, Match: "2.jpg", Effect: emulator.Refuse("400-token")}); err != nil {
		t.Fatal(err)
	}
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "batchCreate") {
			then := time.Now().Add(-time.Hour)
			if err := os.Chtimes(filepath.Join(w.dir, "Pier/2.jpg"), then, then); err != nil {
				t.Error(err)
			}
		}
		return next.RoundTrip(req)
	})
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Failed: 2}) // the twin shares its fate, and is tried by the next run
}

func TestATwinHasAnEndWhenTheBytesOfItsFileAreRefusedTheSecondTime(t *testing.T) {
	inBubble(t, "twins", func(t *testing.T) {
		w := newWorld(t)
		w.write("Pier/2.jpg", w.photo("Pier/1.jpg", 1))
		if err := w.service.Plan(
			emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.Refuse("400-token")},
			emulator.Fault{Operation: "uploads", Nth: 2, Effect: emulator.Refuse("413")},
		); err != nil {
			t.Fatal(err)
		}
		wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Failed: 2})
		wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Duplicate: 1})
	})
}

// A whole batch in the middle of an album has to be tried again while the album goes on.
func TestABatchThatIsTriedAgainKeepsItsPlaceBeforeTheRest(t *testing.T) {
	inBubble(t, "all of the first batch", func(t *testing.T) {
		w := newWorld(t)
		w.photo("Pier/latest.jpg", 1000)
		w.run()
		names := w.series("Pier", "p", 120, 0)
		every := emulator.Fault{Operation: "mediaItems.batchCreate", Match: "p", Effect: emulator.FailItem(13, "")} // all of them are called p…
		if err := w.service.Plan(every); err != nil {
			t.Fatal(err)
		}
		w.run()
		w.wantAlbums(map[string][]string{"Pier": append(names, "latest.jpg")})
	})
}

func TestADuplicateNamesItsOriginalHoweverLateItComes(t *testing.T) {
	w := newWorld(t)
	var lines []pipeline.File
	w.cfg.Observe = func(ev pipeline.Event) {
		if end, ok := ev.(pipeline.FileEnd); ok && end.End == pipeline.Duplicate {
			lines = append(lines, end.File)
		}
	}
	body := w.photo("Pier/original.jpg", 0)
	w.series("Pier", "p", 160, 10)
	w.write("Pier/zz copy.jpg", body)
	w.cfg.Transfers = 1
	w.run()
	if len(lines) != 1 || filepath.Base(lines[0].DuplicateOf) != "original.jpg" {
		t.Errorf("duplicates %+v, want one that names its original", lines)
	}
}

func TestAfterTheFirstStopNoFurtherFileIsSent(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 120, 0)
	intake, stop := context.WithCancelCause(t.Context())
	w.cfg.Intake, w.cfg.Transfers = intake, 2
	var sent, after int
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/uploads") {
			if sent++; intake.Err() != nil {
				after++
			}
			if sent == 20 {
				stop(errors.New("stopped"))
			}
		}
		return next.RoundTrip(req)
	})
	w.cfg.Transfers = 1
	rep, err := w.try(t.Context())
	if err == nil || after > 1 || rep.Ends[pipeline.Unfinished] < 99 {
		t.Errorf("%d uploads were begun after the stop; ends %v, %v", after, rep.Ends, err)
	}
}

func TestAServiceThatRefusesEveryUploadEndsTheRun(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 200, 0)
	w.through(func(_ http.RoundTripper, req *http.Request) (*http.Response, error) {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return &http.Response{StatusCode: 404, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
	})
	rep, err := w.try(t.Context())
	if err == nil || !strings.Contains(err.Error(), "is the endpoint right?") || rep.Requests.Uploads > 30 {
		t.Errorf("%d uploads, then %v", rep.Requests.Uploads, err)
	}
}

// A copy is wanted in three albums, of which two hold its content since long ago. Its bytes are sent once more for the third; with that token nothing is made in the
// other two.
func TestATokenThatACopyWonIsNotSpentWhereItsContentStands(t *testing.T) {
	for _, transfers := range []int{1, 4} {
		inBubble(t, fmt.Sprintf("%d at a time", transfers), func(t *testing.T) {
			w := newWorld(t)
			w.cfg.Transfers = transfers
			w.by("{date:%Y}", "{date:%Y-%m-%d}", "folder")
			body := w.photo("Pier/first.jpg", 0)
			w.photo("Pier/second.jpg", 1)
			w.photo("100/last.jpg", 9)
			w.run()
			pass(48 * time.Hour)
			w.write("100/copy.jpg", body) // the first album of the plan, in which it stands before the other, so that it cannot be added
			before := w.service.Calls()
			w.foreseenExactly()
			want := map[string]int{"uploads": 1, "mediaItems.batchCreate": 1}
			if got := w.calls(before); !cmp.Equal(got, want) {
				t.Errorf("calls: %v, want %v", got, want)
			}
		})
	}
}
