package pipeline_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/pipeline"
)

// taken writes a new photo of a camera, captured then; at is the wall clock, zone what the camera says about it, or "".
func (w *world) taken(path, model, at, zone string) {
	w.t.Helper()
	captured, err := time.Parse("2006-01-02 15:04", at)
	if err != nil {
		w.t.Fatal(err)
	}
	w.n++
	w.write(path, fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: w.n, Captured: captured, Offset: zone, Model: model}))
}

// undated writes a new photo that does not say when it was taken.
func (w *world) undated(path string) {
	w.t.Helper()
	w.n++
	w.write(path, fixture.PNG(fixture.Spec{Width: 16, Height: 16, Seed: w.n}))
}

// by says how albums are named.
func (w *world) by(ways ...string) {
	w.cfg.AlbumBy = ""
	w.cfg.Rules = nil
	for _, way := range ways {
		rule := pipeline.AlbumRule{Template: way}
		if !strings.Contains(way, "{") {
			rule = pipeline.AlbumRule{}
			w.cfg.AlbumBy = way
		}
		w.cfg.Rules = append(w.cfg.Rules, rule)
	}
}

// foreseen runs an import of which the dry run must have told everything, and looks whether nothing is left to do.
func (w *world) foreseen() pipeline.Report {
	w.t.Helper()
	plan := w.plan()
	rep := w.run()
	if !cmp.Equal(plan.Ends, rep.Ends) || plan.Requests != rep.Requests {
		w.t.Errorf("planned %v, %+v; done %v, %+v", plan.Ends, plan.Requests, rep.Ends, rep.Requests)
	}
	added := map[string]int{}
	for _, a := range rep.Albums {
		added[a.Title] = a.Added
	}
	for _, a := range plan.Albums {
		if a.Title != "" && added[a.Title] != len(a.Items) {
			w.t.Errorf("planned %d for %q, added %d", len(a.Items), a.Title, added[a.Title])
		}
	}
	if again := w.plan(); again.Requests.Total() != 0 || again.Ends[pipeline.AlreadyThere] != rep.Found-rep.Ends[pipeline.Skipped] {
		w.t.Errorf("afterwards the plan is %+v, want nothing to do", again)
	}
	return rep
}

func TestAlbumsAreNamedByTheDayThatBeginsWhenTheUserSays(t *testing.T) {
	inBubble(t, "a party", func(t *testing.T) {
		w := newWorld(t)
		w.by("day")
		w.taken("a/1.jpg", "", "2024-05-18 23:00", "")
		w.taken("b/2.jpg", "", "2024-05-19 00:30", "")
		w.taken("b/3.jpg", "", "2024-05-19 11:00", "")
		w.undated("a/scan.png")
		w.undated("a/IMG-20240519-WA0001.png") // a day without a time of day
		w.cfg.Naming.DayStart = 3 * time.Hour
		w.foreseen()
		w.wantAlbums(map[string][]string{
			"2024-05-18": {"1.jpg", "2.jpg"}, "2024-05-19": {"IMG-20240519-WA0001.png", "3.jpg"}, "Undated": {"scan.png"},
		})
	})
}

func TestAlbumsAreNamedByCamera(t *testing.T) {
	inBubble(t, "two cameras, and one that does not say", func(t *testing.T) {
		w := newWorld(t)
		w.by("camera")
		w.taken("1.jpg", "Canon EOS R6", "2024-05-18 10:00", "")
		w.taken("2.jpg", "X100", "2024-05-18 10:05", "")
		w.taken("3.jpg", "Canon EOS R6", "2024-05-18 10:10", "")
		w.taken("4.jpg", "", "2024-05-18 10:15", "")
		w.foreseen()
		w.wantAlbums(map[string][]string{"Canon EOS R6": {"1.jpg", "3.jpg"}, "X100": {"2.jpg"}, "Unknown camera": {"4.jpg"}})
	})
}

func TestAnEventGoesOnOverMidnight(t *testing.T) {
	inBubble(t, "a party", func(t *testing.T) {
		w := newWorld(t)
		w.by("event")
		for i, at := range []string{"18 22:30", "18 23:20", "19 00:10", "19 01:00", "19 10:00"} {
			w.taken(fmt.Sprintf("%d/%d.jpg", i%2, i), "", "2024-05-"+at, "")
		}
		w.undated("0/scan.png")
		w.foreseen()
		w.wantAlbums(map[string][]string{
			"2024-05-18 22:30": {"0.jpg", "1.jpg", "2.jpg", "3.jpg"}, "2024-05-19 10:00": {"4.jpg"}, "Undated": {"scan.png"},
		})
	})
}

func TestAnEventGoesOnWhereTheClockIsPutForward(t *testing.T) {
	inBubble(t, "last night of March", func(t *testing.T) {
		w := newWorld(t)
		w.by("event")
		w.taken("1.jpg", "", "2024-03-31 01:40", "+01:00")
		w.taken("2.jpg", "", "2024-03-31 01:59", "+01:00")
		w.taken("3.jpg", "", "2024-03-31 03:01", "+02:00")
		w.foreseen()
		w.wantAlbums(map[string][]string{"2024-03-31 01:40": {"1.jpg", "2.jpg", "3.jpg"}})
	})
}

// A second camera's card comes a day later, from another folder: what fits into an event joins it, at its place; the event keeps its name although it has
// an earlier file now. What fits nowhere is an event of its own.
func TestASecondCamerasFilesJoinTheirEvents(t *testing.T) {
	inBubble(t, "wedding", func(t *testing.T) {
		w := newWorld(t)
		w.by("event")
		first, second := filepath.Join(w.dir, "card1"), filepath.Join(w.dir, "card2")
		for i, at := range []string{"11:00", "11:45", "12:30", "16:00", "16:30"} {
			w.taken(fmt.Sprintf("card1/A%d.jpg", i), "R6", "2024-05-18 "+at, "")
		}
		for i, at := range []string{"10:30", "12:00", "13:15", "14:10", "15:05", "20:00"} {
			w.taken(fmt.Sprintf("card2/B%d.jpg", i), "X100", "2024-05-18 "+at, "")
		}
		w.cfg.Paths = []string{first}
		w.foreseen()
		w.wantAlbums(map[string][]string{"2024-05-18 11:00": {"A0.jpg", "A1.jpg", "A2.jpg"}, "2024-05-18 16:00": {"A3.jpg", "A4.jpg"}})
		pass(24 * time.Hour)
		w.cfg.Paths = []string{second}
		w.foreseen()
		want := map[string][]string{
			"2024-05-18 11:00": {"B0.jpg", "A0.jpg", "A1.jpg", "B1.jpg", "A2.jpg", "B2.jpg", "B3.jpg", "B4.jpg"},
			"2024-05-18 16:00": {"A3.jpg", "A4.jpg"}, "2024-05-18 20:00": {"B5.jpg"},
		}
		w.wantAlbums(want)
		w.cfg.Paths = []string{w.dir} // both together: nothing to do
		before := w.service.Calls()
		wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 11})
		wantCalls(t, w.calls(before), map[string]int{})
		w.wantAlbums(want)
	})
}

func TestEventsOfTwoJobsAreApart(t *testing.T) {
	inBubble(t, "two jobs", func(t *testing.T) {
		w := newWorld(t)
		w.by("{job}, {event}")
		w.taken("1.jpg", "", "2024-05-18 11:00", "")
		w.cfg.Naming.Job = "Wedding"
		w.foreseen()
		w.taken("2.jpg", "", "2024-05-18 11:10", "")
		w.cfg.Naming.Job = "Garden"
		w.cfg.Include = []string{"2.jpg"}
		w.run()
		w.wantAlbums(map[string][]string{"Wedding, 2024-05-18 11:00": {"1.jpg"}, "Garden, 2024-05-18 11:10": {"2.jpg"}})
	})
}

func TestAFileOfSeveralAlbumsIsUploadedOnceAndHasOneEnd(t *testing.T) {
	inBubble(t, "folder, year and camera", func(t *testing.T) {
		w := newWorld(t)
		w.by("folder", "{date:%Y}", "{camera}")
		w.taken("Pier/1.jpg", "X100", "2024-05-18 10:00", "")
		w.taken("Pier/2.jpg", "", "2024-05-18 10:05", "")
		w.undated("Garden/3.png")
		var ends []pipeline.File
		w.cfg.Observe = func(ev pipeline.Event) {
			if end, ok := ev.(pipeline.FileEnd); ok {
				ends = append(ends, end.File)
			}
		}
		before := w.service.Calls()
		rep := w.foreseen()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 3})
		wantCalls(t, w.calls(before), map[string]int{"uploads": 3, "mediaItems.batchCreate": 4, "albums.create": 4, "albums.list": 1})
		w.wantAlbums(map[string][]string{"Pier": {"1.jpg", "2.jpg"}, "2024": {"1.jpg", "2.jpg"}, "X100": {"1.jpg"}, "Garden": {"3.png"}})
		albums := map[string][]string{}
		for _, e := range ends {
			albums[filepath.Base(e.Path)] = append([]string{e.Album}, e.Further...)
		}
		want := map[string][]string{"1.jpg": {"2024", "Pier", "X100"}, "2.jpg": {"2024", "Pier"}, "3.png": {"Garden"}}
		if diff := cmp.Diff(want, albums); diff != "" {
			t.Errorf("albums that the observer was told (-want +got):\n%s", diff)
		}
	})
}

// One of a file's two albums fails: the file has failed, and is not taken away. The next run mends that album alone.
func TestAFileThatIsMissingInOneOfItsAlbumsHasFailedAndStays(t *testing.T) {
	inBubble(t, "one album cannot be made", func(t *testing.T) {
		w := newWorld(t)
		w.by("folder", "{date:%Y}")
		w.taken("Pier/1.jpg", "", "2024-05-18 10:00", "")
		w.after("delete")
		w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			if req.Method != http.MethodPost || req.URL.Path != "/v1/albums" {
				return next.RoundTrip(req)
			}
			body, err := io.ReadAll(req.Body)
			if err != nil {
				return nil, err
			}
			if strings.Contains(string(body), "Pier") {
				no := `{"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "no"}}`
				return &http.Response{StatusCode: 400, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(no)), Request: req}, nil
			}
			req = req.Clone(req.Context())
			req.Body = io.NopCloser(bytes.NewReader(body))
			return next.RoundTrip(req)
		})
		rep := w.run()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Failed: 1})
		w.wantAlbums(map[string][]string{"2024": {"1.jpg"}})
		w.wantLeft("Pier/1.jpg")
		w.mended()
		before := w.service.Calls()
		wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 1})
		wantCalls(t, w.calls(before), map[string]int{"albums.batchAddMediaItems": 1, "albums.create": 1, "albums.list": 1, "mediaItems.batchGet": 1})
		w.wantAlbums(map[string][]string{"2024": {"1.jpg"}, "Pier": {"1.jpg"}})
		w.wantLeft()
	})
}

func TestTwoRulesThatNameOneTitleShareOneAlbum(t *testing.T) {
	inBubble(t, "decomposed, and with space around", func(t *testing.T) {
		w := newWorld(t)
		w.photo("Mu\u0308nchen/1.jpg", 1)
		w.photo("München /2.jpg", 2)
		w.by("folder", "{folder:lower:title} ")
		w.foreseen()
		w.wantAlbums(map[string][]string{"München": {"1.jpg", "2.jpg"}})
	})
}

func TestFourHundredFoldersOfOneTitleEach(t *testing.T) {
	w := newWorld(t)
	want := map[string][]string{}
	for i := range 400 {
		title := fmt.Sprintf("day %03d", i)
		w.photo(title+"/1.jpg", i)
		want[title] = []string{"1.jpg"}
	}
	before := w.service.Calls()
	w.foreseen()
	wantCalls(t, w.calls(before), map[string]int{"uploads": 400, "mediaItems.batchCreate": 400, "albums.create": 400, "albums.list": 1})
	w.wantAlbums(want)
}

// A file that was skipped for what it is stays skipped, whatever album it is wanted in.
func TestASkippedFileIsSkippedForEveryAlbum(t *testing.T) {
	w := newWorld(t)
	w.write("Pier/new.jpg", []byte("\xff\x0a\x00\x00 JPEG XL, whatever the name says"))
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Skipped: 1})
	w.by("year")
	before := w.service.Calls()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Skipped: 1})
	wantCalls(t, w.calls(before), map[string]int{})
}

// With --checksum everything is read again; events stay as they are.
func TestEventsStayWhenFilesAreReadAgain(t *testing.T) {
	inBubble(t, "checksum", func(t *testing.T) {
		w := newWorld(t)
		w.by("event")
		w.taken("2.jpg", "", "2024-05-18 11:00", "")
		w.run()
		w.taken("1.jpg", "", "2024-05-18 10:30", "")
		w.cfg.Checksum = true
		before := w.service.Calls()
		wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 1})
		wantCalls(t, w.calls(before), map[string]int{"uploads": 1, "mediaItems.batchCreate": 1})
		w.wantAlbums(map[string][]string{"2024-05-18 11:00": {"1.jpg", "2.jpg"}})
	})
}

func TestRulesThatCannotBeAreRefusedWithTheirField(t *testing.T) {
	for want, change := range map[string]func(*pipeline.Config){
		"Config.Rules[1]: column 2: unknown token":  func(c *pipeline.Config) { c.Rules = []pipeline.AlbumRule{{}, {Template: "{x}"}} },
		"Config.Naming.DayStart is 24h0m0s":         func(c *pipeline.Config) { c.Naming.DayStart = 24 * time.Hour },
		"Config.Naming.EventGap is -1ns":            func(c *pipeline.Config) { c.Naming.EventGap = -1 },
		`albums cannot be named by "week": use fol`: func(c *pipeline.Config) { c.AlbumBy = "week" },
	} {
		w := newWorld(t)
		change(&w.cfg)
		if err := w.cfg.Valid(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Valid: %v, want %q", err, want)
		}
	}
}

// In 1677 and 2262 nanoseconds come round again: what was kept as a time beyond was another one in the next run.
func TestATimeThatNoPhotoIsTakenAtIsNone(t *testing.T) {
	w := newWorld(t)
	w.unseen = true // the service reads what stands there
	w.by("day")
	w.taken("1.jpg", "", "9999-12-31 23:00", "")
	w.taken("2.jpg", "", "2024-05-18 12:00", "")
	w.foreseen()
	before := w.service.Calls()
	w.foreseen()
	wantCalls(t, w.calls(before), map[string]int{})
	w.wantAlbums(map[string][]string{"2024-05-18": {"2.jpg"}, "Undated": {"1.jpg"}})
}
