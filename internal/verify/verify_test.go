package verify_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/verify"
	"github.com/albumwright/albumwright/watcher"
)

func TestEveryFileHasOneState(t *testing.T) {
	w := newWorld(t)
	for i, name := range []string{"there.jpg", "new.jpg", "waiting.jpg", "failed.jpg", "refused.jpg", "edited.jpg", "junk.jpg.part", ".hidden.jpg"} {
		w.write(name, photo(i))
	}
	w.write("deep/copy of there.jpg", photo(0))
	w.write("copy of refused.jpg", photo(4))
	w.write("notes.txt", []byte("no photo"))
	w.write("there.jpg.json", []byte("{}"))
	w.write("text.jpg", []byte("no photo either, whatever its name says"))
	w.write("empty.jpg", nil)
	w.deliver("there.jpg")
	w.record("waiting.jpg")
	w.must(w.ledger.Finish(t.Context(), ledger.End{Item: w.record("failed.jpg"), State: ledger.Failed, Reason: "broken pipe"}))
	refused := w.record("refused.jpg")
	w.must(w.ledger.Sent(t.Context(), refused, ledger.Content{SHA256: sha256.Sum256(photo(4)), Size: int64(len(photo(4))), Token: "t", Issued: time.Now()}))
	batch, err := w.ledger.BeginBatch(t.Context(), ledger.Batch{Run: w.run, Items: []ledger.ItemID{refused}})
	w.must(err)
	w.must(w.ledger.FinishBatch(t.Context(), batch, []ledger.End{{Item: refused, State: ledger.Failed, Reason: "NOT_IMAGE", Permanent: true}}))
	w.deliver("edited.jpg")
	w.write("edited.jpg", photo(99))

	got, rep := w.verify(w.config())
	want := map[string]verify.State{
		"there.jpg": verify.Accepted, "deep/copy of there.jpg": verify.Accepted,
		"new.jpg": verify.Unknown, "edited.jpg": verify.Unknown, "waiting.jpg": verify.Waiting, "failed.jpg": verify.Failed,
		"refused.jpg": verify.Failed, "copy of refused.jpg": verify.Failed,
		"junk.jpg.part": verify.Skipped, ".hidden.jpg": verify.Skipped, "notes.txt": verify.Skipped, "there.jpg.json": verify.Skipped, "empty.jpg": verify.Skipped,
		"text.jpg": verify.Unknown, // a name is evidence, too: an import would try
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if rep.All() || len(rep.Missing) != 7 || rep.Requests != 0 {
		t.Errorf("all there: %v, %d missing, %d requests; want 7 missing and no request", rep.All(), len(rep.Missing), rep.Requests)
	}
	verdict := "not all: 2 of 9 files are in the service, 1 waiting, 3 failed, 3 unknown; skipped beside them: 5"
	if rep.Verdict() != verdict {
		t.Errorf("verdict %q, want %q", rep.Verdict(), verdict)
	}
}

func TestAFolderThatIsWhollyThereIsSaidToBe(t *testing.T) {
	w := newWorld(t)
	w.write("a.jpg", photo(1))
	w.deliver("a.jpg")
	w.must(os.Rename(filepath.Join(w.dir, "a.jpg"), filepath.Join(w.dir, "b.jpg")))
	w.write("c/a.jpg", photo(1))
	if _, rep := w.verify(w.config()); !rep.All() || rep.Verdict() != "all 2 files are in the service" {
		t.Errorf("verdict %q, want all", rep.Verdict())
	}
	w.must(os.RemoveAll(filepath.Join(w.dir, "c")))
	w.must(os.Remove(filepath.Join(w.dir, "b.jpg")))
	if _, rep := w.verify(w.config()); rep.All() || rep.Found != 0 {
		t.Errorf("an empty folder: %q, want no claim about it", rep.Verdict())
	}
}

// While the first file is looked up, the second one, which was seen already, changes.
type changing struct {
	verify.Ledger
	change func()
}

func (c *changing) Find(ctx context.Context, sum [sha256.Size]byte, path string, size int64, at time.Time) (ledger.Found, error) {
	if c.change != nil {
		c.change()
		c.change = nil
	}
	return c.Ledger.Find(ctx, sum, path, size, at)
}

func TestAFileThatCannotBeReadAsItWasSeenIsNotThere(t *testing.T) {
	for name, change := range map[string]func(w *world, second string){
		"it grows":   func(w *world, second string) { w.write(second, append(photo(2), 0)) },
		"it is gone": func(w *world, second string) { w.must(os.Remove(filepath.Join(w.dir, second))) },
		"it is a folder": func(w *world, second string) {
			w.must(os.Remove(filepath.Join(w.dir, second)))
			w.must(os.Mkdir(filepath.Join(w.dir, second), 0o700))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.write("1.jpg", photo(2))
			w.write("2.jpg", photo(2))
			w.deliver("1.jpg")
			cfg := w.config()
			cfg.Readers = 1
			var first string
			ledger := &changing{Ledger: cfg.Ledger}
			ledger.change = func() { change(w, first) }
			cfg.Ledger = ledger
			cfg.Walk.Accept = func(name string) watcher.Reason {
				first = name // the folder's last one is looked at last
				return accept(name)
			}
			cfg.Walk.Workers = 1
			states, rep := w.verify(cfg)
			if states[first] != verify.Unreadable || rep.All() {
				t.Errorf("%v, want %s unreadable", states, first)
			}
		})
	}
}

func TestAPhotoThatIsTooLargeIsMissing(t *testing.T) {
	w := newWorld(t)
	w.write("huge.jpg", photo(1))
	w.must(os.Truncate(filepath.Join(w.dir, "huge.jpg"), 201<<20))
	states, rep := w.verify(w.config())
	if states["huge.jpg"] != verify.Failed || !strings.Contains(rep.Missing[0].Reason, "larger than the 200 MB") || rep.Bytes != 0 {
		t.Errorf("%+v, want it failed without being read", rep.Missing)
	}
}

func TestWhatIsGoneEndsTheVerification(t *testing.T) {
	w := newWorld(t)
	cfg := w.config()
	cfg.Walk.Roots = []string{filepath.Join(w.dir, "none")}
	if _, err := verify.Run(t.Context(), cfg); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a root that is not there: %v", err)
	}
	w.write("a.jpg", photo(1))
	ctx, cancel := context.WithCancel(t.Context())
	cfg = w.config()
	cfg.Walk.Accept = func(string) watcher.Reason { cancel(); return "" }
	if _, err := verify.Run(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Errorf("when ctx ends: %v", err)
	}
	for name, bad := range map[string]verify.Config{
		"Ledger": {}, "Readers": {Ledger: cfg.Ledger, Readers: -1}, "Tries": {Ledger: cfg.Ledger, Tries: -1}, "Roots": {Ledger: cfg.Ledger},
	} {
		if _, err := verify.Run(t.Context(), bad); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("a bad %s: %v, want it named", name, err)
		}
	}
}

// A movie is a movie for the service, too.
func movie(n int) []byte {
	return fixture.MP4(fixture.Spec{Width: 16, Height: 16, Seed: n, Captured: time.Date(2024, 5, 18, 13, n, 0, 0, time.UTC)})
}

func names(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("%03d.jpg", i))
	}
	return out
}

func TestWhatWasOnlyMatchedIsShownApart(t *testing.T) {
	w := newWorld(t)
	w.write("sent.jpg", photo(1))
	w.write("matched.jpg", photo(2))
	w.write("gone.jpg", photo(3))
	sent := w.deliver("sent.jpg")
	for name, id := range map[string]string{"matched.jpg": sent, "gone.jpg": "nowhere"} {
		body, err := os.ReadFile(filepath.Join(w.dir, name))
		w.must(err)
		item := w.record(name)
		w.must(w.ledger.Match(t.Context(), []ledger.Match{{Item: item, SHA256: sha256.Sum256(body), Size: int64(len(body)), MediaItem: id}}))
	}
	got, rep := w.verify(w.config())
	want := map[string]verify.State{"sent.jpg": verify.Accepted, "matched.jpg": verify.Matched, "gone.jpg": verify.Matched}
	if diff := cmp.Diff(want, got); diff != "" || rep.All() {
		t.Errorf("%s; all: %v", diff, rep.All())
	}
	if verdict := "not all: 1 of 3 files are in the service, 2 matched"; rep.Verdict() != verdict {
		t.Errorf("verdict %q, want %q", rep.Verdict(), verdict)
	}
	got, rep = w.verify(w.remote())
	want = map[string]verify.State{"sent.jpg": verify.Confirmed, "matched.jpg": verify.Matched, "gone.jpg": verify.Gone}
	if diff := cmp.Diff(want, got); diff != "" || rep.All() {
		t.Errorf("%s; all: %v", diff, rep.All())
	}
}
