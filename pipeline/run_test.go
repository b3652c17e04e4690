package pipeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/race"
	"github.com/albumwright/albumwright/pipeline"
)

// ceil50 is the least number of batches for n items of one album (contract 4: at most 50).
func ceil50(n int) int { return (n + 49) / 50 }

func TestCallsAreTheLeastPossible(t *testing.T) {
	for _, c := range []struct {
		name           string
		folders, files int // files in each folder
	}{
		{"1,010 files in 10 folders", 10, 101},
		{"2,000 files in one folder", 1, 2000},
		{"400 folders of one file", 400, 1},
		{"two folders of 51", 2, 51},
	} {
		t.Run(c.name, func(t *testing.T) {
			if race.Enabled && c.folders*c.files > 1000 {
				t.Skip("thousands of files take minutes under the race detector; the smaller cases show the same")
			}
			w := newWorld(t)
			for f := range c.folders {
				w.series(fmt.Sprintf("album %03d", f), "p", c.files, 0)
			}
			plan := w.plan()
			rep := w.run()
			want := map[string]int{
				"uploads":                c.folders * c.files,
				"mediaItems.batchCreate": c.folders * ceil50(c.files),
				"albums.create":          c.folders,
				"albums.list":            1,
			}
			wantCalls(t, w.service.Calls(), want)
			wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: c.folders * c.files})
			if rep.Requests != plan.Requests || rep.Requests.Total() != c.folders*c.files+c.folders*ceil50(c.files)+c.folders+1 {
				t.Errorf("the report counts %+v and the plan %+v, want both as the service: %v", rep.Requests, plan.Requests, want)
			}
		})
	}
}

func TestASecondRunSendsNothing(t *testing.T) {
	w := newWorld(t)
	w.series("a", "p", 60, 0)
	w.write("a/notes.txt", []byte("not a photo"))
	w.write("a/broken.jpg", fixture.TinyJPEG(999, noon(0))[:200])
	first := w.run()
	wantEnds(t, first, map[pipeline.End]int{pipeline.Uploaded: 60, pipeline.Skipped: 1, pipeline.Failed: 1})
	before := w.service.Calls()
	rep := w.run()
	wantCalls(t, w.calls(before), map[string]int{})
	wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 60, pipeline.Skipped: 1, pipeline.Failed: 1})
	if rep.Bytes != (pipeline.Bytes{}) {
		t.Errorf("the second run read or sent %+v, want nothing", rep.Bytes)
	}
}

func TestARenamedOrMovedFileIsKnownByContent(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.photo("Pier/2.jpg", 2)
	w.photo("Pier/3.jpg", 3)
	w.photo("Garden/9.jpg", 9)
	w.run()
	w.rename("Pier/1.jpg", "Pier/renamed.jpg")
	w.rename("Pier/2.jpg", "Garden/2.jpg")
	before := w.service.Calls()
	plan := w.plan()
	rep := w.run()
	wantCalls(t, w.calls(before), map[string]int{"mediaItems.batchCreate": 1}) // 2.jpg into its new album, with the token it has
	wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 3, pipeline.Uploaded: 1})
	if rep.Bytes.Sent != 0 || plan.Bytes != 0 {
		t.Errorf("%d bytes were sent and %d planned, want none", rep.Bytes.Sent, plan.Bytes)
	}
	w.wantAlbums(map[string][]string{"Pier": {"1.jpg", "2.jpg", "3.jpg"}, "Garden": {"2.jpg", "9.jpg"}})
}

func TestAChangedFileIsANewOne(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.photo("Pier/2.jpg", 3)
	w.run()
	w.photo("Pier/1.jpg", 2)
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(w.dir, "Pier/1.jpg"), later, later); err != nil {
		t.Fatal(err)
	}
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 1})
	w.wantAlbums(map[string][]string{"Pier": {"1.jpg", "1.jpg", "2.jpg"}})
}

func TestTheSameContentTwiceInOneAlbumIsADuplicate(t *testing.T) {
	for _, size := range []int64{1 << 10, 5 << 20} { // in memory, and streamed
		w := newWorld(t)
		body := fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Captured: noon(1), PadTo: size})
		for _, name := range []string{"a", "b", "c", "d"} {
			w.write("Pier/"+name+".jpg", body)
		}
		plan := w.plan()
		rep := w.run()
		want := map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Duplicate: 3}
		wantEnds(t, rep, want)
		if plan.Ends[pipeline.Duplicate] != 3 || plan.Requests.Uploads != 1 || w.service.Calls()["uploads"] != 1 {
			t.Errorf("size %d: planned %v, %d uploads were made", size, plan.Ends, w.service.Calls()["uploads"])
		}
		w.wantAlbums(map[string][]string{"Pier": {"a.jpg"}}) // the first in the plan wins, whoever is read first
	}
}

func TestTheSameContentInTwoAlbumsIsSentOnceAndStandsInBoth(t *testing.T) {
	w := newWorld(t)
	body := w.photo("2024/1.jpg", 1)
	w.write("Best of/best.jpg", body)
	w.photo("Best of/2.jpg", 2)
	plan := w.plan()
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 3})
	wantCalls(t, w.service.Calls(), map[string]int{"uploads": 2, "mediaItems.batchCreate": 2, "albums.create": 2, "albums.list": 1})
	if rep.Requests != plan.Requests {
		t.Errorf("planned %+v, made %+v", plan.Requests, rep.Requests)
	}
	w.wantAlbums(map[string][]string{"2024": {"1.jpg"}, "Best of": {"1.jpg", "2.jpg"}}) // the service keeps the first name
}

func TestABrokenFileFailsAloneAndIsNotSentAgain(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 3, 0)
	broken := fixture.TinyJPEG(500, noon(1))[:300]
	w.write("Pier/broken.jpg", broken)
	w.write("Pier/twin of broken.jpg", broken)
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 3, pipeline.Failed: 2})
	if len(rep.Failures) != 2 || !strings.Contains(rep.Failures[0].Reason, "BAD_IMAGE") {
		t.Errorf("failures %+v, want the service's words", rep.Failures)
	}
	w.write("Garden/broken again.jpg", broken)
	before := w.service.Calls()
	rep = w.run()
	wantCalls(t, w.calls(before), map[string]int{})
	wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 3, pipeline.Failed: 3})
}

func TestWithoutAlbumsEverythingGoesIntoTheLibrary(t *testing.T) {
	w := newWorld(t)
	w.cfg.AlbumBy = "none"
	w.series("a", "p", 70, 0)
	w.write("b/copy.jpg", w.photo("a/last.jpg", 500))
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 71, pipeline.Duplicate: 1})
	wantCalls(t, w.service.Calls(), map[string]int{"uploads": 71, "mediaItems.batchCreate": 2})
}

func TestAFurtherAlbumForKnownFilesCostsNoBytes(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 3, 0)
	w.run()
	w.cfg.Album, w.cfg.AlbumBy = "Everything", ""
	before := w.service.Calls()
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 3})
	wantCalls(t, w.calls(before), map[string]int{"albums.batchAddMediaItems": 1, "albums.create": 1})
	if rep.Bytes.Read+rep.Bytes.Headers != 0 {
		t.Errorf("%+v were read of files that are known", rep.Bytes)
	}
}

func TestATokenIsUsedForTwentyThreeHoursAndThenTheBytesAreSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		body := w.photo("Pier/1.jpg", 1)
		w.photo("In time/9.jpg", 9) // what sorts before something cannot just be added
		w.photo("Too late/8.jpg", 8)
		w.run()
		time.Sleep(23*time.Hour - time.Minute)
		w.write("In time/1.jpg", body)
		before := w.service.Calls()
		w.run()
		if got := w.calls(before)["uploads"]; got != 0 {
			t.Errorf("%d uploads within 23 hours, want 0", got)
		}
		time.Sleep(2 * time.Minute)
		w.write("Too late/1.jpg", body)
		before = w.service.Calls()
		w.run()
		if got := w.calls(before)["uploads"]; got != 1 {
			t.Errorf("%d uploads after 23 hours, want 1", got)
		}
		w.wantAlbums(map[string][]string{"Pier": {"1.jpg"}, "In time": {"1.jpg", "9.jpg"}, "Too late": {"1.jpg", "8.jpg"}})
	})
}

func TestTextsAreMadeToFitAndTheReportSaysSo(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("harbour ", 150)
	w.write("Pier/told.jpg", fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Captured: noon(0), Description: long}))
	rep := w.run()
	items := w.service.MediaItems()
	if len(items) != 1 || len([]rune(items[0].Description)) > 999 || !strings.HasSuffix(items[0].Description, "harbour…") {
		t.Errorf("the service has %+v, want one item with its description cut after a word", items)
	}
	if rep.Noted != 1 || len(rep.Notes) != 1 || rep.Notes[0].Notes[0] != "description cut to fit" {
		t.Errorf("notes %+v, want one about the description", rep.Notes)
	}
}

func TestIncludeAndExcludeDecideByGlob(t *testing.T) {
	w := newWorld(t)
	w.photo("a/1.jpg", 1)
	w.photo("a/2.JPEG", 2)
	w.photo("a/drafts/3.jpg", 3)
	w.cfg.Include, w.cfg.Exclude = []string{"*.jpg"}, []string{"drafts/**"}
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Skipped: 2})
	if rep.SkippedBy["not included"] != 1 || rep.SkippedBy["excluded folder"] != 1 {
		t.Errorf("skipped by %v", rep.SkippedBy)
	}
}

func TestASingleFileBelongsToTheAlbumOfItsFolder(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.photo("Pier/2.jpg", 2)
	w.cfg.Paths = []string{filepath.Join(w.dir, "Pier/2.jpg")}
	w.run()
	w.wantAlbums(map[string][]string{"Pier": {"2.jpg"}})
}

func TestAlbumsByPathJoinTheFolders(t *testing.T) {
	w := newWorld(t)
	w.cfg.AlbumBy = "path"
	w.photo("2024/Pier/1.jpg", 1)
	w.photo("2024/2.jpg", 2)
	w.photo("3.jpg", 3)
	w.run()
	w.wantAlbums(map[string][]string{"2024 / Pier": {"1.jpg"}, "2024": {"2.jpg"}, filepath.Base(w.dir): {"3.jpg"}})
}

func TestOneAccountKnowsNothingOfAnother(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.run()
	w.cfg.Account = "second"
	if rep := w.run(); rep.Ends[pipeline.Uploaded] != 1 {
		t.Errorf("ends %v, want the file uploaded for the second account too", rep.Ends)
	}
}

func TestANameAndAContentAtOddsAreReported(t *testing.T) {
	w := newWorld(t)
	w.write("Pier/a.png", fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Captured: noon(0)}))
	w.write("Pier/b.jpg", fixture.JXL(fixture.Spec{Width: 16, Height: 16, Captured: noon(1)}))
	rep := w.run()
	w.wantAlbums(map[string][]string{"Pier": {"a.png"}})
	if rep.Noted != 1 || len(rep.Notes) != 1 || rep.Notes[0].Notes[0] != "named .png, but its content is image/jpeg" {
		t.Errorf("notes %+v, want one about a.png", rep.Notes)
	}
	if rep.SkippedBy["unsupported type: its content is JXL"] != 1 {
		t.Errorf("skipped by %v, want the content named", rep.SkippedBy)
	}
}
