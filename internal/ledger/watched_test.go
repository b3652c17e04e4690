package ledger_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

func TestWhatAWatchLeavesOutIsRememberedAndCarriedToAnotherMachine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	at := ledger.Watched{Since: time.Unix(100, 5).UTC(), Looked: time.Unix(200, 0).UTC()}
	old := ledger.LeftOut{Dir: "/pics\xff", Name: "old\xff.jpg", Size: 7, ModTime: time.Unix(50, 1).UTC()}
	changed := old
	changed.Size = 8
	l := open(t, path)
	must(t, l.SetWatched(t.Context(), "/pics\xff", ledger.Watched{Since: at.Since}))
	must(t, l.LeaveOut(t.Context(), []ledger.LeftOut{old}))
	must(t, l.LeaveOut(t.Context(), []ledger.LeftOut{changed}))
	must(t, l.SetWatched(t.Context(), "/pics\xff", at))
	must(t, l.Close())
	to := filepath.Join(t.TempDir(), "to.db")
	must(t, ledger.Import(t.Context(), to, strings.NewReader(exported(t, path))))
	for _, path := range []string{path, to} {
		r, err := ledger.OpenRead(t.Context(), path)
		must(t, err)
		defer r.Close()
		got, err := r.Watched(t.Context(), "/pics\xff")
		must(t, err)
		if diff := cmp.Diff(at, got); diff != "" {
			t.Errorf("watched (-want +got):\n%s", diff)
		}
		if never, err := r.Watched(t.Context(), "/other"); err != nil || !never.Since.IsZero() {
			t.Errorf("a folder that was never watched is %+v (%v)", never, err)
		}
		for _, c := range []struct {
			file ledger.LeftOut
			want bool
		}{
			{changed, true},
			{old, false}, // it is another one since
			{ledger.LeftOut{Dir: old.Dir, Name: "other.jpg", Size: 8, ModTime: old.ModTime}, false},
			{ledger.LeftOut{Dir: "/other", Name: old.Name, Size: 8, ModTime: old.ModTime}, false},
			{ledger.LeftOut{Dir: old.Dir, Name: old.Name, Size: 8, ModTime: old.ModTime.Add(1)}, false},
		} {
			if got, err := r.IsLeftOut(t.Context(), c.file); err != nil || got != c.want {
				t.Errorf("%+v is left out: %v (%v), want %v", c.file, got, err, c.want)
			}
		}
		for folder, want := range map[string]bool{"/pics\xff": true, "/": true, "/pics": false, "/pics\xff/old\xff.jpg": false, "/pics\xff2": false} {
			if got, err := r.Knows(t.Context(), folder); err != nil || got != want {
				t.Errorf("files of %q are known: %v (%v), want %v", folder, got, err, want)
			}
		}
	}
}
