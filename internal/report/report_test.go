package report_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/internal/report"
)

func TestAReportAddsUpWhateverHappened(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		tally := report.NewTally(1, "https://photos.example", "me")
		ends := rapid.SliceOf(rapid.SampledFrom(report.Ends())).Draw(t, "ends")
		want := map[report.End]int{}
		for _, e := range ends {
			want[e]++
			tally.Found()
			tally.End(report.File{End: e, Reason: rapid.SampledFrom([]string{"", "not media", "too large"}).Draw(t, "reason")})
		}
		left := rapid.IntRange(0, 3).Draw(t, "left")
		want[report.Unfinished] += left
		for range left {
			tally.Found()
		}
		r := tally.Report(left, nil)
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		if r.Found != len(ends)+left {
			t.Fatalf("%d found, want %d", r.Found, len(ends)+left)
		}
		for _, e := range report.Ends() {
			if n, named := r.Ends[e]; n != want[e] || !named {
				t.Fatalf("%s: %d, named %t, want %d, named", e, n, named, want[e])
			}
		}
	})
}

func TestCheckFindsAReportThatDoesNotAddUp(t *testing.T) {
	good := func() report.Report {
		return report.Report{
			Found: 6, Ends: map[report.End]int{report.Uploaded: 2, report.Skipped: 3, report.Failed: 1},
			SkippedBy: map[string]int{"not media": 2, "too large": 1},
		}
	}
	if err := good().Check(); err != nil {
		t.Errorf("a good report: %v", err)
	}
	if err := (report.Report{}).Check(); err != nil {
		t.Errorf("a run that found nothing: %v", err)
	}
	for name, spoil := range map[string]func(*report.Report){
		"a file without an end":         func(r *report.Report) { r.Found++ },
		"a file with two ends":          func(r *report.Report) { r.Ends[report.Duplicate]++ },
		"an end of a file never found":  func(r *report.Report) { r.Found-- },
		"a skipped file with no reason": func(r *report.Report) { r.SkippedBy["too large"]-- },
		"a reason without a skipped file": func(r *report.Report) {
			r.Ends[report.Skipped]--
			r.Ends[report.Failed]++
		},
		"reasons and none skipped": func(r *report.Report) { r.Found, r.Ends = 0, nil },
	} {
		r := good()
		spoil(&r)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), "does not add up") {
			t.Errorf("%s: %v, want an error", name, err)
		}
	}
}

func TestARunIsCompleteIfNothingFailedAndNothingIsLeft(t *testing.T) {
	for _, tc := range []struct {
		name string
		r    report.Report
		want bool
	}{
		{"all uploaded", report.Report{Ends: map[report.End]int{report.Uploaded: 1, report.Skipped: 1, report.Duplicate: 1, report.AlreadyThere: 1}}, true},
		{"nothing found", report.Report{}, true},
		{"one failed", report.Report{Ends: map[report.End]int{report.Failed: 1}}, false},
		{"one left", report.Report{Ends: map[report.End]int{report.Unfinished: 1}}, false},
		{"ended early", report.Report{Cause: "cancelled"}, false},
	} {
		if got := tc.r.Complete(); got != tc.want {
			t.Errorf("%s: complete %t, want %t", tc.name, got, tc.want)
		}
	}
}

func TestATallyMakesTheWholeReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		tally := report.NewTally(7, "https://photos.example", "me")
		failed := report.File{Path: "/p/b.jpg", Size: 2, End: report.Failed, Reason: "BAD_IMAGE"}
		shortened := report.File{Path: "/p/a.jpg", Size: 1, End: report.Uploaded, Album: "Summer", ID: "m", Notes: []string{"file name shortened"}}
		tally.Album(report.Album{Title: "Winter", ID: "w"})
		tally.Album(report.Album{Title: "Summer", ID: "s", New: true})
		tally.Album(report.Album{Title: "Summer", ID: "again"})
		tally.Warn("two cameras disagree")
		for _, f := range []report.File{
			shortened, {End: report.Uploaded, Album: "Summer"}, {End: report.Uploaded}, failed, {End: report.Skipped, Reason: "not media"},
			{End: report.Skipped, Reason: "not media"}, {End: report.Duplicate, Album: "Summer"},
		} {
			tally.Found()
			tally.End(f)
		}
		for _, title := range []string{"Summer", "", "Summer", "nobody's"} {
			tally.Added(title)
		}
		for range 2 {
			tally.Bytes(func(b *report.Bytes) { b.Sent += 10; b.Read += 20; b.Headers += 3; b.HashedFirst += 4 })
			tally.Requests(func(r *report.Requests) { r.Uploads += 3; r.BatchCreates += 2; r.AlbumCreates++; r.AlbumLists++ })
		}
		tally.Found()
		time.Sleep(time.Minute)
		got := tally.Report(1, errors.New("stopped"))
		want := report.Report{
			Run: 7, Started: started, Ended: started.Add(time.Minute), Endpoint: "https://photos.example", Account: "me", Found: 8,
			Ends: map[report.End]int{
				report.Uploaded: 3, report.AlreadyThere: 0, report.Duplicate: 1, report.Skipped: 2, report.Failed: 1, report.Unfinished: 1,
			},
			SkippedBy: map[string]int{"not media": 2},
			Albums:    []report.Album{{Title: "Summer", ID: "s", New: true, Added: 2}, {Title: "Winter", ID: "w"}},
			Bytes:     report.Bytes{Sent: 20, Read: 40, Headers: 6, HashedFirst: 8},
			Requests:  report.Requests{Uploads: 6, BatchCreates: 4, AlbumCreates: 2, AlbumLists: 2},
			Failures:  []report.File{failed}, Notes: []report.File{shortened}, Noted: 1, Warnings: []string{"two cameras disagree"}, Cause: "stopped",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("report, -want +got\n%s", diff)
		}
		if n := got.Requests.Total(); n != 14 {
			t.Errorf("%d requests in all, want 14", n)
		}
	})
}

func TestAReportInBetweenDoesNotChangeLater(t *testing.T) {
	tally := report.NewTally(1, "", "")
	tally.Album(report.Album{Title: "A"})
	tally.Found()
	tally.End(report.File{End: report.Skipped, Reason: "not media"})
	before := tally.Report(0, nil)
	for range 3 {
		tally.Found()
	}
	tally.End(report.File{End: report.Uploaded, Album: "A"})
	tally.Added("A")
	tally.End(report.File{End: report.Skipped, Reason: "not media"})
	tally.End(report.File{End: report.Failed})
	if before.Found != 1 || before.Check() != nil || before.Albums[0].Added != 0 || len(before.Failures) != 0 {
		t.Errorf("the earlier report became %+v", before)
	}
	if again := tally.Report(0, nil); again.Check() != nil || again.Found != 4 || len(again.Albums) != 1 {
		t.Errorf("the later report is %+v, want 4 files in one album", again)
	}
}

func TestListsAreBoundedAndCountsAreNot(t *testing.T) {
	tally := report.NewTally(1, "", "")
	for n := range 3 * report.MostShown {
		tally.Found()
		tally.End(report.File{Path: fmt.Sprint(n), End: report.Failed, Notes: []string{"x"}})
	}
	r := tally.Report(0, nil)
	if len(r.Failures) != report.MostShown || r.Ends[report.Failed] != 3*report.MostShown || r.Failures[99].Path != "99" {
		t.Errorf("%d failures shown of %d, want the first %d", len(r.Failures), r.Ends[report.Failed], report.MostShown)
	}
	if len(r.Notes) != report.MostShown || r.Noted != 3*report.MostShown {
		t.Errorf("%d notes shown of %d, want %d of %d", len(r.Notes), r.Noted, report.MostShown, 3*report.MostShown)
	}
}

func TestATallyCountsFromManyGoroutines(t *testing.T) {
	tally := report.NewTally(1, "", "")
	tally.Album(report.Album{Title: "A"})
	const goroutines, each = 8, 200
	var g sync.WaitGroup
	for n := range goroutines {
		g.Go(func() {
			for range each {
				tally.Found()
				tally.Bytes(func(b *report.Bytes) { b.Sent++ })
				tally.Requests(func(r *report.Requests) { r.Uploads++ })
				tally.Album(report.Album{Title: fmt.Sprint("B", n)})
				tally.End(report.File{End: report.Uploaded, Album: "A"})
				tally.Added("A")
				if r := tally.Report(0, nil); r.Ends[report.Uploaded] > r.Found {
					t.Errorf("%d uploaded of %d found", r.Ends[report.Uploaded], r.Found)
				}
			}
		})
	}
	g.Wait()
	const all = goroutines * each
	r := tally.Report(0, nil)
	if r.Check() != nil || r.Found != all || r.Bytes.Sent != all || r.Requests.Uploads != all || r.Albums[0].Added != all || len(r.Albums) != 1+goroutines {
		t.Errorf("report %+v, want %d everywhere", r, all)
	}
}

func TestFoundCountsUp(t *testing.T) {
	tally := report.NewTally(1, "", "")
	if got := []int{tally.Found(), tally.Found(), tally.Found()}; !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("found %v, want 1 2 3", got)
	}
}

func TestPathsAreShownSoThatATerminalSurvivesThem(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"", ""},
		{"/p/IMG_0001.JPG", "/p/IMG_0001.JPG"},
		{`/p/a "quoted" \name`, `/p/a "quoted" \name`},
		{"/p/Mu\u0308nchen/日本/👩‍👧.jpg", "/p/Mu\u0308nchen/日本/👩‍👧.jpg"},
		{"/p/Screenshot 9.41\u202fAM.png", "/p/Screenshot 9.41\u202fAM.png"},
		{"/p/�.jpg", "/p/�.jpg"},
		{"/p/\xff.jpg", `/p/\xff.jpg`},
		{"/p/a\nb.jpg", `/p/a\nb.jpg`},
		{"/p/\x1b[31mred", `/p/\x1b[31mred`},
		{"/p/\x7f", `/p/\x7f`},
		{"/p/\u009b31m", `/p/\u009b31m`},
		{"\"\x00\\", `\"\x00\\`},
	} {
		if got := report.Text(tc.in); got != tc.want {
			t.Errorf("%q is shown as %s, want %s", tc.in, got, tc.want)
		}
	}
}

func TestNoControlCharacterIsEverShown(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		in := string(rapid.SliceOf(rapid.Byte()).Draw(t, "path"))
		if got := report.Text(in); strings.ToValidUTF8(got, "") != got || strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
			t.Fatalf("%q is shown as %q", in, got)
		}
	})
}
