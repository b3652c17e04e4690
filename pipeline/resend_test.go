package pipeline_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/pipeline"
)

// delete deletes media items in the service by their names, for good or into the trash.
func (w *world) delete(forGood bool, names ...string) {
	w.t.Helper()
	for _, m := range w.service.MediaItems() {
		if slices.Contains(names, m.Filename) {
			if err := w.service.Mark(m.ID, emulator.Marks{Trashed: true}); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	if forGood {
		w.service.EmptyTrash()
	}
}

func TestWhatWasDeletedInTheServiceIsSentAgainOnlyWhenAsked(t *testing.T) {
	w := newWorld(t)
	names := w.series("Pier", "p", 60, 0)
	other := w.series("Garden", "g", 3, 100)
	w.write("Garden/copy.jpg", w.photo("Garden/original.jpg", 50))
	w.run()
	w.delete(true, names[10], names[59], other[0], "copy.jpg", "original.jpg")

	before := w.service.Calls()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 65})
	wantCalls(t, w.calls(before), map[string]int{})

	w.cfg.Resend = true
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 4, pipeline.Duplicate: 1, pipeline.AlreadyThere: 60})
	if r := rep.Resend; r == nil || r.Asked != 65 || r.Gone != 5 {
		t.Errorf("the service was asked first: %+v, want about 65 files, of which 5 are gone", r)
	}
	// Of 64 contents first, of the four that were sent then.
	want := map[string]int{"mediaItems.batchGet": 3, "uploads": 4, "mediaItems.batchCreate": 3}
	wantCalls(t, w.calls(before), want)
	if diff := cmp.Diff(map[string]int{"confirmed": 5}, rep.Confirmation.Answers); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	w.wantAlbums(map[string][]string{"Pier": names, "Garden": append([]string{"copy.jpg"}, other...)})

	before = w.service.Calls()
	w.cfg.Resend = false
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 65})
	wantCalls(t, w.calls(before), map[string]int{})
}

// The service gives the same bytes the item that they had, and that stays where it is.
func TestWhatIsInTheTrashIsSentAgainInVainAndThatIsSaid(t *testing.T) {
	w := newWorld(t)
	names := w.series("Pier", "p", 3, 0)
	w.run()
	w.delete(false, names[1])
	w.cfg.Resend = true
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 2})
	if rep.Complete() || rep.Confirmation.Answers["gone"] != 1 {
		t.Errorf("the run is complete: %v, with answers %v; want one that is gone", rep.Complete(), rep.Confirmation.Answers)
	}
	w.service.EmptyTrash()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 2})
	w.wantAlbums(map[string][]string{"Pier": names})
}

// What was found to be deleted is noted; the next run, of whatever kind, sends it.
func TestAResendThatDiesIsTakenUp(t *testing.T) {
	w := newWorld(t)
	names := w.series("Pier", "p", 3, 0)
	w.run()
	w.delete(true, names...)
	w.cfg.Resend = true
	w.plant(emulator.Fault{Operation: "uploads", Times: -1, Effect: emulator.Refuse("401")})
	if _, err := w.try(t.Context()); err == nil {
		t.Error("a run that was refused everything ended well")
	}
	w.service.ForgetPlan()
	w.cfg.Resend = false
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 3})
	w.wantAlbums(map[string][]string{"Pier": names})
}
