package ledger_test

import (
	"crypto/sha256"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
)

// matched is a ledger in which the files a and b are wanted in album A, and a was matched with the media item m1.
func matched(t *testing.T) (l *ledger.SQLite, path string, run ledger.RunID, sum [sha256.Size]byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "l.db")
	l = open(t, path)
	run, err := l.BeginRun(t.Context(), "ledger rebuild")
	must(t, err)
	for _, name := range []string{"a", "b"} {
		must(t, l.Record(t.Context(), run, []ledger.Sighting{{Dir: "/p", Name: name, Size: 9, ModTime: time.Unix(1, 0), Album: "A", Sort: []byte(name)}}))
	}
	sum = sha256.Sum256([]byte("a"))
	must(t, l.Match(t.Context(), []ledger.Match{{Item: 1, SHA256: sum, Size: 9, MediaItem: "m1"}}))
	return l, path, run, sum
}

// upload brings item 2, whose file has the same content, into the service.
func upload(t *testing.T, l *ledger.SQLite, run ledger.RunID, sum [sha256.Size]byte, mediaItem string) {
	t.Helper()
	must(t, l.Sent(t.Context(), 2, ledger.Content{SHA256: sum, Size: 9, Token: "t", Issued: time.Unix(2, 0)}))
	batch, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: 1, Items: []ledger.ItemID{2}})
	must(t, err)
	must(t, l.FinishBatch(t.Context(), batch, []ledger.End{{Item: 2, State: ledger.Created, MediaItem: mediaItem}}))
}

func states(t *testing.T, l *ledger.SQLite) map[string]ledger.State {
	t.Helper()
	known, err := l.Folder(t.Context(), "/p")
	must(t, err)
	out := map[string]ledger.State{}
	for _, name := range known.Names() {
		out[name] = known.Known(name).Items[0].State
	}
	return out
}

func TestAMatchedFileIsDeliveredAndMarked(t *testing.T) {
	l, path, run, sum := matched(t)
	c, _, err := l.Content(t.Context(), sum)
	if err != nil || !c.Matched || c.MediaItem != "m1" {
		t.Errorf("content %+v (%v), want it marked", c, err)
	}
	if p, ok, err := l.Placed(t.Context(), 1, c.ID); !ok || err != nil || p.MediaItem != "m1" || p.Run != run || string(p.Sort) != "a" {
		t.Errorf("place %+v, %v, %v", p, ok, err)
	}
	if s := states(t, l); s["a"] != ledger.Created || s["b"] != ledger.Described {
		t.Errorf("states %v", s)
	}
	if items, err := l.MediaItems(t.Context()); err != nil || len(items) != 1 || items["m1"] != sum {
		t.Errorf("media items %v (%v)", items, err)
	}
	must(t, l.Close())
	if found := check(t, path); found != "[]" {
		t.Error(found)
	}
	if f, err := read(t, path).Find(t.Context(), sum, "/elsewhere", 9, time.Unix(1, 0)); err != nil || !f.Matched || f.MediaItem != "m1" {
		t.Errorf("found %+v (%v)", f, err)
	}
}

func TestOnlyWhatWasNeverSentIsMatched(t *testing.T) {
	l, _, run, sum := matched(t)
	defer l.Close()
	if err := l.Match(t.Context(), []ledger.Match{{Item: 1, SHA256: sum, Size: 9, MediaItem: "m2"}}); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("a match of what is delivered: %v", err)
	}
	other := sha256.Sum256([]byte("other"))
	upload(t, l, run, other, "m3")
	if err := l.Match(t.Context(), []ledger.Match{{Item: 2, SHA256: other, Size: 9, MediaItem: "m4"}}); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("a match of what was sent: %v", err)
	}
	if c, _, err := l.Content(t.Context(), other); err != nil || c.Matched || c.MediaItem != "m3" {
		t.Errorf("content %+v (%v)", c, err)
	}
}

func TestTheMarkGoesWhenTheBytesAreSent(t *testing.T) {
	l, path, run, sum := matched(t)
	upload(t, l, run, sum, "m1")
	if c, _, err := l.Content(t.Context(), sum); err != nil || c.Matched || c.MediaItem != "m1" {
		t.Errorf("content %+v (%v), want the mark gone", c, err)
	}
	if s := states(t, l); s["a"] != ledger.Created || s["b"] != ledger.Created {
		t.Errorf("states %v", s)
	}
	must(t, l.Close())
	if found := check(t, path); found != "[]" {
		t.Error(found)
	}
}

func TestAMatchThatTheServiceDisprovesIsForgotten(t *testing.T) {
	l, path, run, sum := matched(t)
	upload(t, l, run, sum, "m2")
	c, _, err := l.Content(t.Context(), sum)
	if err != nil || c.Matched || c.MediaItem != "m2" {
		t.Errorf("content %+v (%v)", c, err)
	}
	if p, ok, err := l.Placed(t.Context(), 1, c.ID); !ok || err != nil || p.MediaItem != "m2" || string(p.Sort) != "b" {
		t.Errorf("place %+v, %v, %v; want that of b", p, ok, err)
	}
	if s := states(t, l); s["a"] != ledger.Gone || s["b"] != ledger.Created {
		t.Errorf("states %v", s)
	}
	must(t, l.Close())
	if found := check(t, path); found != "[]" {
		t.Error(found)
	}
}

func TestTheMarkGoesThroughAnExport(t *testing.T) {
	l, path, _, sum := matched(t)
	must(t, l.Close())
	to := filepath.Join(t.TempDir(), "to.db")
	first := exported(t, path)
	must(t, ledger.Import(t.Context(), to, strings.NewReader(first)))
	if second := exported(t, to); second != first {
		t.Errorf("exported again:\n%s\nfirst:\n%s", second, first)
	}
	l = open(t, to)
	defer l.Close()
	if c, _, err := l.Content(t.Context(), sum); err != nil || !c.Matched {
		t.Errorf("content %+v (%v), want it marked", c, err)
	}
}
