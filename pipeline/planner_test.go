package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/pipeline"
)

// planner is one that the test closes.
func (w *world) planner() *pipeline.Planner {
	w.t.Helper()
	p, err := pipeline.NewPlanner(w.t.Context(), w.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := p.Close(); err != nil {
			w.t.Error("close:", err)
		}
	})
	return p
}

// party is files of some events, some of them in the service already, with a twin and a file that is no photo.
func (w *world) party() {
	w.by("event")
	for i, minutes := range []int{0, 20, 50, 400, 430, 1400, 1410, 4000} {
		w.photo(fmt.Sprintf("Pier/%d.jpg", i), minutes)
	}
	w.run()
	for i, minutes := range []int{10, 35, 90, 700, 1439, 1445, 4100, 9000} {
		w.photo(fmt.Sprintf("Garden/%d.jpg", i), minutes)
	}
	w.write("Garden/twin.jpg", w.photo("Garden/original.jpg", 5000))
	w.write("Garden/notes.txt", []byte("x"))
	w.write("Garden/broken.jpg", []byte("no photo"))
}

// However often the naming changes, each plan is the one that a fresh look gives.
func TestAPlannersPlansAreThoseOfAFreshLook(t *testing.T) {
	w := newWorld(t)
	w.party()
	p := w.planner()
	const h = time.Hour
	for i, naming := range []pipeline.AlbumNaming{
		{}, {EventGap: 3 * h}, {EventGap: h, DayStart: 3 * h}, {EventGap: 10 * time.Minute}, {EventGap: 72 * h}, {EventGap: h}, {EventGap: 3 * h, DayStart: h}, {},
	} {
		w.cfg.Naming = naming
		got, err := p.Plan(t.Context(), naming)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(w.plan(), got); diff != "" {
			t.Errorf("plan %d, %+v (-fresh +planner):\n%s", i, naming, diff)
		}
	}
}

func TestAPlannerGoesOnAfterAPlanThatWasDropped(t *testing.T) {
	w := newWorld(t)
	w.party()
	p := w.planner()
	for n := range 30 {
		ctx, drop := context.WithCancelCause(t.Context())
		dropped := errors.New("nobody waits")
		timer := time.AfterFunc(time.Duration(n)*time.Millisecond, func() { drop(dropped) })
		_, _ = p.Plan(ctx, pipeline.AlbumNaming{EventGap: time.Duration(1+n%5) * time.Hour}) // at any point, or not at all
		timer.Stop()
		drop(nil)
	}
	for hours := range 5 {
		w.cfg.Naming = pipeline.AlbumNaming{EventGap: time.Duration(1+hours) * time.Hour}
		got, err := p.Plan(t.Context(), w.cfg.Naming)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(w.plan(), got); diff != "" {
			t.Errorf("%+v (-fresh +planner):\n%s", w.cfg.Naming, diff)
		}
	}
}

func TestAPlannerSeesWhatChangesOnTheDisk(t *testing.T) {
	w := newWorld(t)
	w.party()
	p := w.planner()
	for i, change := range []func(){
		func() {}, func() { w.photo("Garden/late.jpg", 95) }, func() { w.photo("Garden/0.jpg", 9100) }, func() { w.rename("Garden/1.jpg", "Garden/moved.jpg") },
	} {
		change()
		got, err := p.Plan(t.Context(), w.cfg.Naming)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(w.plan(), got); diff != "" {
			t.Errorf("change %d (-fresh +planner):\n%s", i, diff)
		}
	}
}
