package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/pipeline"
)

// edit makes a plan of all that is to do, lets a person change it, and has the next runs carry it out.
func (w *world) edit(change func(*pipeline.Planned)) {
	w.t.Helper()
	w.cfg.Planned = nil
	p := &pipeline.Planned{Albums: w.plan().Albums}
	if change != nil {
		change(p)
	}
	w.cfg.Planned, w.unseen = p, true
}

// byHand is the album of a title.
func byHand(p *pipeline.Planned, title string) *pipeline.PlannedAlbum {
	i := slices.IndexFunc(p.Albums, func(a pipeline.PlannedAlbum) bool { return a.Title == title })
	return &p.Albums[i]
}

// put puts an item at the end of the album of a title.
func put(p *pipeline.Planned, title string, it pipeline.PlannedItem) {
	if !slices.ContainsFunc(p.Albums, func(a pipeline.PlannedAlbum) bool { return a.Title == title }) {
		p.Albums = append(p.Albums, pipeline.PlannedAlbum{Title: title})
	}
	a := byHand(p, title)
	a.Items = append(a.Items, it)
}

// described is a photo with words in it.
func described(n int, words string) []byte {
	return fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Captured: noon(n), Seed: n, Description: words})
}

// wantAsPlanned compares the service's albums with the plan, item by item.
func (w *world) wantAsPlanned() {
	w.t.Helper()
	want := map[string][]string{}
	for _, a := range w.cfg.Planned.Albums {
		for _, it := range a.Items {
			if a.Title != "" {
				want[a.Title] = append(want[a.Title], filepath.Base(it.File))
			}
		}
	}
	w.wantAlbums(want)
}

// descriptions are the service's, by file name.
func (w *world) descriptions() map[string]string {
	out := map[string]string{}
	for _, m := range w.service.MediaItems() {
		out[m.Filename] = m.Description
	}
	return out
}

func TestAnUneditedPlanIsWhatTheImportWouldHaveDone(t *testing.T) {
	build := func() *world {
		w := newWorld(t)
		w.series("Pier", "p", 60, 0)
		w.series("Garden", "g", 3, 0)
		w.write("Garden/twin.jpg", w.photo("Pier/twin.jpg", 70))
		w.write("Pier/copy.jpg", w.photo("Pier/original.jpg", 80))
		w.write("Pier/notes.txt", []byte("x"))
		return w
	}
	imported, applied := build(), build()
	want := imported.run()
	applied.edit(nil)
	foreseen := applied.plan()
	got := applied.run()
	if got.Requests != want.Requests || got.Bytes.Sent != want.Bytes.Sent || foreseen.Requests != want.Requests {
		t.Errorf("applied %+v and foreseen %+v, want as imported: %+v", got.Requests, foreseen.Requests, want.Requests)
	}
	if diff := cmp.Diff(imported.albums(), applied.albums()); diff != "" {
		t.Errorf("(-imported +applied):\n%s", diff)
	}
	before := applied.service.Calls()
	again := applied.run()
	wantCalls(t, applied.calls(before), map[string]int{})
	wantEnds(t, again, map[pipeline.End]int{pipeline.AlreadyThere: got.Found})
}

func TestAnEditedPlanIsCarriedOutAsItStands(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*pipeline.Planned)
		want map[string][]string
	}{
		{"an album has another title", func(p *pipeline.Planned) { byHand(p, "Pier").Title = "Harbour" },
			map[string][]string{"Harbour": {"1.jpg", "2.jpg", "3.jpg", "4.jpg"}, "Garden": {"5.jpg", "6.jpg"}}},
		{"the last comes first", func(p *pipeline.Planned) {
			a := byHand(p, "Pier")
			a.Items = append(a.Items[3:], a.Items[:3]...)
		}, map[string][]string{"Pier": {"4.jpg", "1.jpg", "2.jpg", "3.jpg"}, "Garden": {"5.jpg", "6.jpg"}}},
		{"all the other way round", func(p *pipeline.Planned) { slices.Reverse(byHand(p, "Pier").Items) },
			map[string][]string{"Pier": {"4.jpg", "3.jpg", "2.jpg", "1.jpg"}, "Garden": {"5.jpg", "6.jpg"}}},
		{"an item goes to another album", func(p *pipeline.Planned) {
			pier, garden := byHand(p, "Pier"), byHand(p, "Garden")
			garden.Items = slices.Insert(garden.Items, 1, pier.Items[2])
			pier.Items = slices.Delete(pier.Items, 2, 3)
		}, map[string][]string{"Pier": {"1.jpg", "2.jpg", "4.jpg"}, "Garden": {"5.jpg", "3.jpg", "6.jpg"}}},
		{"an item is in two albums", func(p *pipeline.Planned) {
			garden := byHand(p, "Garden")
			garden.Items = append(garden.Items, byHand(p, "Pier").Items[0])
		}, map[string][]string{"Pier": {"1.jpg", "2.jpg", "3.jpg", "4.jpg"}, "Garden": {"5.jpg", "6.jpg", "1.jpg"}}},
		{"items are dropped", func(p *pipeline.Planned) { byHand(p, "Pier").Items = byHand(p, "Pier").Items[1:3] },
			map[string][]string{"Pier": {"2.jpg", "3.jpg"}, "Garden": {"5.jpg", "6.jpg"}}},
		{"an album is dropped", func(p *pipeline.Planned) { p.Albums = []pipeline.PlannedAlbum{*byHand(p, "Garden")} },
			map[string][]string{"Garden": {"5.jpg", "6.jpg"}}},
		{"two lists are put together", func(p *pipeline.Planned) {
			pier := byHand(p, "Pier")
			pier.Items = append(slices.Clone(byHand(p, "Garden").Items), pier.Items...)
			p.Albums = []pipeline.PlannedAlbum{*pier}
		}, map[string][]string{"Pier": {"5.jpg", "6.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"}}},
		{"two albums get one title", func(p *pipeline.Planned) { byHand(p, "Garden").Title = "Pier" },
			map[string][]string{"Pier": {"1.jpg", "2.jpg", "5.jpg", "3.jpg", "6.jpg", "4.jpg"}}}, // together in capture order
		{"nothing is left", func(p *pipeline.Planned) { p.Albums = nil }, map[string][]string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			for i, minute := range []int{10, 20, 30, 40} {
				w.photo(fmt.Sprintf("Pier/%d.jpg", i+1), minute)
			}
			w.photo("Garden/5.jpg", 25)
			w.photo("Garden/6.jpg", 35)
			w.edit(c.edit)
			foreseen := w.plan()
			rep := w.run()
			w.wantAlbums(c.want)
			if foreseen.Requests != rep.Requests || foreseen.Found != rep.Found {
				t.Errorf("foreseen %+v of %d files, done %+v of %d", foreseen.Requests, foreseen.Found, rep.Requests, rep.Found)
			}
			before := w.service.Calls()
			w.run()
			wantCalls(t, w.calls(before), map[string]int{})
		})
	}
}

func TestThePlansDescriptionsCount(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.write("Pier/2.jpg", described(2, "as the file says"))
	w.write("Pier/3.jpg", described(3, "goes"))
	w.edit(func(p *pipeline.Planned) {
		items := byHand(p, "Pier").Items
		items[0].Description, items[2].Description = "the pier", ""
	})
	w.run()
	if diff := cmp.Diff(map[string]string{"1.jpg": "the pier", "2.jpg": "as the file says", "3.jpg": ""}, w.descriptions()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The service has one description of an item, which a plan does not change; whoever wrote another one is told so.
func TestAPlanTellsOfDescriptionsThatItDoesNotChange(t *testing.T) {
	w := newWorld(t)
	w.write("Pier/1.jpg", described(1, "noon"))
	w.write("Pier/2.jpg", described(2, "later"))
	w.write("Pier/3.jpg", described(3, ""))
	w.edit(nil)
	if rep := w.run(); len(rep.Warnings) > 0 {
		t.Error("warned of", rep.Warnings)
	}
	if rep := w.run(); len(rep.Warnings) > 0 {
		t.Error("the same plan again is warned of:", rep.Warnings)
	}
	a := byHand(w.cfg.Planned, "Pier")
	a.Title, a.Items[0].Description, a.Items[2].Description = "Harbour", "noon, at the pier", "new"
	const want = "and 1 more: the service has it already, with another description than the plan"
	if foreseen := w.plan(); len(foreseen.Warnings) != 1 || !strings.Contains(foreseen.Warnings[0], want) {
		t.Errorf("foreseen: %q, want %s", foreseen.Warnings, want)
	}
	if rep := w.run(); len(rep.Warnings) != 1 || !strings.Contains(rep.Warnings[0], "1.jpg "+want) {
		t.Errorf("warned of %q, want %s", rep.Warnings, want)
	}
	if got := w.descriptions(); got["1.jpg"] != "noon" {
		t.Errorf("descriptions %q", got)
	}
}

// What was lost comes back only where the plan has the album, be it without a file.
func TestAPlanFillsNoLostAlbumThatDoesNotStandInIt(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*pipeline.Planned)
		pier []string
	}{
		{"the album stands in it", nil, []string{"10.jpg", "20.jpg", "30.jpg"}},
		{"its lines were deleted", func(p *pipeline.Planned) { byHand(p, "Pier").Items = nil }, []string{"10.jpg", "20.jpg"}},
		{"it was deleted", func(p *pipeline.Planned) {
			p.Albums = slices.DeleteFunc(p.Albums, func(a pipeline.PlannedAlbum) bool { return a.Title == "Pier" })
		}, nil},
	} {
		inBubble(t, c.name, func(t *testing.T) {
			w := newWorld(t)
			w.minutes(10, 20)
			w.run()
			w.deleteAlbum("Pier")
			w.minutes(30)
			w.cfg.OnMissingAlbum = pipeline.SkipAlbum
			w.run()
			w.cfg.OnMissingAlbum = ""
			w.photo("Garden/1.jpg", 1)
			w.edit(c.edit)
			w.foreseenExactly()
			want := map[string][]string{"Garden": {"1.jpg"}}
			if c.pier != nil {
				want["Pier"] = c.pier
			}
			w.wantAlbums(want)
		})
	}
}

func TestOnlyThePlansFilesAreTaken(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.edit(nil)
	w.photo("Pier/2.jpg", 2)
	if rep := w.run(); rep.Found != 1 {
		t.Errorf("%d files were found, want the one of the plan", rep.Found)
	}
	w.wantAsPlanned()
}

func TestAPlanWhoseFilesChangedIsRefused(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 15, 0)
	w.edit(nil)
	w.photo("Pier/p001.jpg", 99)
	w.write("Pier/p002.jpg", []byte("shorter"))
	if err := os.Remove(filepath.Join(w.dir, "Pier/p003.jpg")); err != nil {
		t.Fatal(err)
	}
	calls := w.service.Calls()
	_, err := w.try(t.Context())
	if !errors.Is(err, pipeline.ErrPlanOld) {
		t.Fatalf("Run: %v, want ErrPlanOld", err)
	}
	for _, want := range []string{"3 of 15 files", "p001.jpg: changed", "p002.jpg: changed", "p003.jpg: gone"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	wantCalls(t, w.calls(calls), map[string]int{})
	if _, err := pipeline.Plan(t.Context(), w.cfg); !errors.Is(err, pipeline.ErrPlanOld) {
		t.Errorf("Plan: %v, want ErrPlanOld", err)
	}
	w.cfg.Planned.SkipChanged = true
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 12, pipeline.Skipped: 3})
	if diff := cmp.Diff(map[string]int{"changed since it was planned": 2, "gone since it was planned": 1}, rep.SkippedBy); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestOnlyTenFilesOfAnOldPlanAreNamed(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 12, 0)
	w.edit(nil)
	if err := os.RemoveAll(filepath.Join(w.dir, "Pier")); err != nil {
		t.Fatal(err)
	}
	_, err := w.try(t.Context())
	if err == nil || strings.Count(err.Error(), "gone since") != 10 || !strings.Contains(err.Error(), "and 2 more") {
		t.Errorf("Run: %v, want ten files named and two counted", err)
	}
}

func TestAFileThatChangesWhileAPlanIsCarriedOutFails(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.photo("Pier/2.jpg", 2)
	w.edit(nil)
	w.cfg.Transfers = 1
	w.cfg.Observe = func(ev pipeline.Event) {
		if p, ok := ev.(pipeline.Progress); ok && p.Stage == pipeline.StageDescribe && p.Complete {
			w.write("Pier/2.jpg", []byte("something else"))
		}
	}
	rep, err := w.try(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Failed: 1})
}

func TestAStoppedPlanIsFinishedByTheNextRun(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 120, 0)
	w.series("Garden", "g", 30, 0)
	w.edit(func(p *pipeline.Planned) {
		slices.Reverse(byHand(p, "Pier").Items)
		for i := range byHand(p, "Pier").Items {
			byHand(p, "Pier").Items[i].Description = fmt.Sprint("number ", i)
		}
	})
	for range 20 {
		intake, stop := context.WithCancelCause(t.Context())
		w.cfg.Intake = intake
		uploads := 0
		w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			if strings.HasSuffix(req.URL.Path, "/uploads") {
				if uploads++; uploads == 20 {
					stop(errors.New("stopped by the test"))
				}
			}
			return next.RoundTrip(req)
		})
		w.cfg.Transfers = 1
		if rep, _ := w.try(t.Context()); rep.Ends[pipeline.Unfinished] == 0 {
			break
		}
	}
	w.wantAsPlanned()
	if n := w.service.Calls()["uploads"]; n != 150 {
		t.Errorf("%d uploads, want one for each file", n)
	}
	if got := w.descriptions()["p001.jpg"]; got != "number 0" {
		t.Errorf("p001.jpg is described %q, want number 0", got)
	}
}

// What an import left unfinished goes where the plan that is made then says, with its words.
func TestAPlanTakesOverWhatAnImportLeft(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 10, 0)
	intake, stop := context.WithCancel(t.Context())
	w.cfg.Intake = intake
	w.cfg.Observe = func(ev pipeline.Event) {
		if p, ok := ev.(pipeline.Progress); ok && p.Stage == pipeline.StageDescribe && p.Complete {
			stop()
		}
	}
	if rep, _ := w.try(t.Context()); rep.Ends[pipeline.Unfinished] != 10 {
		t.Fatalf("the import left %d files, want all", rep.Ends[pipeline.Unfinished])
	}
	w.cfg.Intake, w.cfg.Observe = nil, nil
	w.edit(func(p *pipeline.Planned) {
		items := byHand(p, "Pier").Items
		items[0].Description = "the pier"
		items[2], items[7] = items[7], items[2]
	})
	w.run()
	w.wantAsPlanned()
	if got := w.descriptions()[filepath.Base(w.cfg.Planned.Albums[0].Items[0].File)]; got != "the pier" {
		t.Errorf("the description is %q, want the plan's", got)
	}
}

func TestAPlanIsChangedWhenHalfOfItIsThere(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 6, 0) // p006 is the first
	w.edit(nil)
	whole := w.cfg.Planned.Albums[0].Items
	w.cfg.Planned.Albums[0].Items = []pipeline.PlannedItem{whole[4], whole[0], whole[3]}
	w.run()
	w.cfg.Planned.Albums[0].Items = []pipeline.PlannedItem{whole[4], whole[5], whole[0], whole[2], whole[1], whole[3]}
	w.run()
	w.wantAsPlanned()
}

func TestALateArrivalFindsItsPlaceAmongWhatWasMoved(t *testing.T) {
	w := newWorld(t)
	for _, m := range []int{10, 20, 30, 40} {
		w.photo(fmt.Sprintf("Pier/%d.jpg", m), m)
	}
	w.edit(func(p *pipeline.Planned) {
		items := byHand(p, "Pier").Items // 10 20 30 40
		items[0], items[1], items[3] = items[3], items[0], items[1]
	})
	w.run()
	w.wantAsPlanned()
	w.cfg.Planned = nil
	for _, m := range []int{5, 15, 35} {
		w.photo(fmt.Sprintf("Pier/%d.jpg", m), m)
	}
	plan := w.plan()
	if it := plan.Albums[0].Items[0]; it.Behind != "" || it.Last {
		t.Errorf("the plan puts 5.jpg behind %q, last %v; want before all", it.Behind, it.Last)
	}
	w.run()
	// 10 and 20 stayed where they were in time, 40 stands directly before 10 and 30 directly behind it.
	w.wantAlbums(map[string][]string{"Pier": {"5.jpg", "40.jpg", "10.jpg", "30.jpg", "15.jpg", "20.jpg", "35.jpg"}})
}

func TestThePlanSaysWhatLateArrivalsStandBehind(t *testing.T) {
	w := newWorld(t)
	for _, m := range []int{10, 20} {
		w.photo(fmt.Sprintf("Pier/%d.jpg", m), m)
	}
	w.run()
	for _, m := range []int{5, 15, 25} {
		w.photo(fmt.Sprintf("Pier/%d.jpg", m), m)
	}
	var got []string
	for _, it := range w.plan().Albums[0].Items {
		got = append(got, fmt.Sprintf("%s %q %v", filepath.Base(it.File), filepath.Base(it.Behind), it.Last))
	}
	if diff := cmp.Diff([]string{`5.jpg "." false`, `15.jpg "10.jpg" false`, `25.jpg "20.jpg" true`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFilesThatWereTakenAwayAfterwardsNeedNothing(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.photo("Pier/2.jpg", 2)
	w.edit(nil)
	var err error
	if w.cfg.After, err = pipeline.ParseAfter("move:"+t.TempDir(), ""); err != nil {
		t.Fatal(err)
	}
	w.run()
	if left, _ := filepath.Glob(filepath.Join(w.dir, "Pier/*")); len(left) != 0 {
		t.Fatalf("%v were left, want all moved", left)
	}
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 2})
}

// Any order of any files in any albums is carried out item by item, also when a part of it was carried out before.
func TestAnyOrderIsCarriedOut(t *testing.T) {
	property.CheckN(t, tries(25, 10), func(rt *rapid.T) {
		w := newWorld(t)
		for i := range rapid.IntRange(1, 12).Draw(rt, "files") {
			w.photo(fmt.Sprintf("any/%d.jpg", i), rapid.IntRange(0, 20).Draw(rt, "minute"))
		}
		w.edit(nil)
		whole, part := &pipeline.Planned{}, &pipeline.Planned{}
		for i, it := range rapid.Permutation(w.cfg.Planned.Albums[0].Items).Draw(rt, "order") {
			put(whole, fmt.Sprint("title ", i%2), it)
			if rapid.Bool().Draw(rt, fmt.Sprint("first ", i)) {
				put(part, fmt.Sprint("title ", i%2), it)
			}
		}
		for _, p := range []*pipeline.Planned{part, whole, whole} {
			w.cfg.Planned = p
			foreseen := w.plan()
			if rep := w.run(); rep.Requests != foreseen.Requests {
				rt.Fatalf("foreseen %+v, done %+v", foreseen.Requests, rep.Requests)
			}
			w.wantAsPlanned()
		}
	})
}

func TestAPlanThatIsCutAnywhereIsFinishedByTheNextRun(t *testing.T) {
	const requests = 10 // 5 uploads, 2 album creates, 1 list, 2 batches
	for n := int64(1); n <= requests; n++ {
		for _, applied := range []bool{false, true} {
			inBubble(t, fmt.Sprintf("request %d, applied %v", n, applied), func(t *testing.T) {
				w := newWorld(t)
				w.series("Pier", "p", 4, 0)
				w.photo("Garden/g.jpg", 2)
				w.edit(func(p *pipeline.Planned) {
					slices.Reverse(byHand(p, "Pier").Items)
					byHand(p, "Garden").Title = "The garden"
				})
				w.through(cutAt(n, applied))
				if rep, err := w.try(t.Context()); err == nil || rep.Ends[pipeline.Unfinished] == 0 {
					t.Fatalf("the cut run ended with %v, %v", rep.Ends, err)
				}
				w.mended()
				w.run()
				w.wantAsPlanned()
				before := w.service.Calls()
				w.run()
				wantCalls(t, w.calls(before), map[string]int{})
			})
		}
	}
}
