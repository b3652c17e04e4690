package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/rebuild"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// lose takes the ledger away.
func (w *world) lose() {
	w.t.Helper()
	if err := os.RemoveAll(filepath.Dir(pipeline.LedgerPath(w.cfg))); err != nil {
		w.t.Fatal(err)
	}
}

// tryRebuild rebuilds the ledger, and returns each file's state by its path, with its reason if it is unknown.
func (w *world) tryRebuild(ctx context.Context, change ...func(*pipeline.Rebuilding)) (map[string]string, pipeline.Rebuilt, error) {
	w.t.Helper()
	client, err := photos.New(photos.Config{
		Transport: w.wire, UploadTransport: w.wire, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: w.service.AccessToken()}),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	states := map[string]string{}
	albums, items := rebuild.Fields()
	ask := pipeline.Rebuilding{
		Albums: client.Albums.Only(albums...), MediaItems: client.MediaItems.Only(items...),
		Observe: func(f rebuild.File) {
			rel, _ := filepath.Rel(w.dir, f.Path)
			if len(w.cfg.Rules) > 0 {
				rel += " in " + f.Album
			}
			if _, twice := states[rel]; twice {
				w.t.Errorf("%s ended twice", rel)
			}
			if states[rel] = string(f.State); f.State == rebuild.Unknown {
				states[rel] = f.Reason
			}
		},
	}
	for _, c := range change {
		c(&ask)
	}
	rep, err := pipeline.Rebuild(ctx, w.cfg, ask)
	if len(states) != rep.Found {
		w.t.Errorf("%d files were told of, %d found", len(states), rep.Found)
	}
	w.checkLedger()
	return states, rep, err
}

func (w *world) rebuild(change ...func(*pipeline.Rebuilding)) (map[string]string, pipeline.Rebuilt) {
	w.t.Helper()
	states, rep, err := w.tryRebuild(w.t.Context(), change...)
	if err != nil {
		w.t.Fatalf("rebuild: %v", err)
	}
	return states, rep
}

// checkLedger looks whether the ledger is sound.
func (w *world) checkLedger() {
	w.t.Helper()
	r, err := ledger.OpenRead(w.t.Context(), pipeline.LedgerPath(w.cfg))
	if errors.Is(err, ledger.ErrNone) {
		return
	}
	if err != nil {
		w.t.Fatal(err)
	}
	found, err := r.Check(w.t.Context())
	if err != nil || len(found) > 0 {
		w.t.Errorf("the ledger is not sound: %v, %v", found, err)
	}
	if err := r.Close(); err != nil {
		w.t.Error(err)
	}
}

func wantStates(t testing.TB, got, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

// ids are the service's media items, by id.
func (w *world) ids() map[string]string {
	ids := map[string]string{}
	for _, m := range w.service.MediaItems() {
		ids[m.ID] = m.Filename
	}
	return ids
}

// threeHundred fills the folder: photos with a zone and without one, turned, with captions, of names that repeat, beside raw files of the same name and
// time; videos; the same bytes twice. It returns how many files there are, and how many contents.
func (w *world) threeHundred() (files, contents int) {
	w.t.Helper()
	for i := range 90 {
		w.write(fmt.Sprintf("Pier/IMG_%04d.jpg", i), fixture.JPEG(fixture.Spec{
			Width: 16, Height: 24, Seed: i, Captured: noon(i), Offset: "+02:00", Orientation: []int{0, 6}[i%2],
			Description: fmt.Sprintf("Picture %d of the pier", i),
		}))
		w.photo(fmt.Sprintf("Garden/IMG_%04d.jpg", i), i)
	}
	for i := range 40 {
		w.write(fmt.Sprintf("Harbour/DSC%04d.jpg", i), fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: i, Captured: noon(300 + i), Make: "NIKON"}))
		w.write(fmt.Sprintf("Harbour/DSC%04d.dng", i), fixture.DNG(fixture.Spec{Width: 16, Height: 16, Seed: i, Captured: noon(300 + i), Make: "NIKON"}))
	}
	for i := range 20 {
		w.write(fmt.Sprintf("Film/MOV_%04d.mp4", i), fixture.MP4(fixture.Spec{Seed: i, Captured: noon(400 + i)}))
	}
	for i := range 10 { // one album of two folders, one content of two files
		body := w.photo(fmt.Sprintf("card1/Both/C_%04d.jpg", i), 500+i)
		w.write(fmt.Sprintf("card2/Both/C_%04d.jpg", i), body)
	}
	return 300, 290
}
