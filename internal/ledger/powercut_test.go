package ledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/albumwright/albumwright/internal/ledger"
)

// The probabilities with which a sector survives that was written and not synced. At 1 only the process has died.
func surviving() []float64 { return []float64{0, .3, .7, 1} }

// When the power is cut, wherever, and whatever the disk had not written yet: the ledger opens, is sound, and has all that it has acknowledged.
func TestAPowerCutLosesNothingThatWasAcknowledged(t *testing.T) {
	const cuts = 300
	calls := record(t, "ledger")
	wantTrace(t, calls, cutWriters*(cutFiles*6+1))
	state := acknowledged{}
	powerCuts(t, calls, cuts, func(c cut) {
		for _, line := range c.noted {
			state.note(t, line)
		}
		if lost := state.missing(t, c.path); len(lost) > 0 {
			t.Fatalf("%v: %d states were acknowledged and are not there, such as %s", c, len(lost), lost[0])
		}
	})
}

// cut is a moment at which the power was cut.
type cut struct {
	after, calls int      // how many had been made, of how many
	p            float64  // with which a sector survived that was not safe
	noted        []string // what was acknowledged since the cut before
	path         string   // of the database as it is left
}

func (c cut) String() string {
	return fmt.Sprintf("cut after %d of %d calls, sectors surviving with %v", c.after, c.calls, c.p)
}

// powerCuts cuts the power at random moments, one after the other, and shows what is left each time.
func powerCuts(t *testing.T, calls []syscallMade, cuts int, show func(cut)) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 0))
	at := make([]int, cuts)
	for i := range at {
		at[i] = random.IntN(len(calls) + 1)
	}
	slices.Sort(at)
	d, done, dir := disk{}, 0, t.TempDir()
	for i, after := range at {
		c := cut{after: after, calls: len(calls), p: surviving()[i%4], path: filepath.Join(dir, fmt.Sprint(i), "l.db")}
		for ; done < after; done++ {
			if d.do(calls[done]); calls[done].what == noted {
				c.noted = append(c.noted, string(calls[done].data))
			}
		}
		mkdir(t, filepath.Dir(c.path))
		d.powerCut(t, filepath.Dir(c.path), random, c.p)
		show(c)
		if err := os.RemoveAll(filepath.Dir(c.path)); err != nil {
			t.Fatal(err)
		}
	}
}

// wantTrace checks that the work was as it was meant: it has acknowledged so much, and the log was folded in in its middle.
func wantTrace(t *testing.T, calls []syscallMade, acks int) {
	t.Helper()
	count, first, last, folded := 0, 0, 0, 0
	syncs := map[string]int{}
	for i, c := range calls {
		switch {
		case c.what == noted:
			count, last = count+1, i
			if first == 0 {
				first = i
			}
		case c.what == synced:
			syncs[c.file]++
		}
	}
	for _, c := range calls[first:last] {
		if c.what == written && c.file == "l.db" {
			folded++
		}
	}
	t.Logf("%d calls, %d acknowledged, syncs %v, %d pages folded in meanwhile", len(calls), count, syncs, folded)
	if count != acks || folded == 0 {
		t.Fatalf("%d states were acknowledged, want %d, and %d pages folded in while the work went on, want some", count, acks, folded)
	}
}

// acknowledged is what the ledger has said to be durable.
type acknowledged struct {
	files  [cutWriters][cutFiles]step
	albums [cutWriters]bool
}

func (a *acknowledged) note(t *testing.T, line string) {
	t.Helper()
	var w, f int
	var s step
	if n, _ := fmt.Sscanf(line, "%d %d %d", &w, &f, &s); n == 3 {
		a.files[w][f] = max(a.files[w][f], s)
	} else if n, _ := fmt.Sscanf(line, "%d album", &w); n == 1 {
		a.albums[w] = true
	} else {
		t.Fatalf("the work says %q", line)
	}
}

// missing opens a ledger as the next run would, and finds what it has not got.
func (a *acknowledged) missing(t *testing.T, path string) (lost []string) {
	t.Helper()
	l := open(t, path)
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	if found := check(t, path); found != "[]" {
		t.Errorf("the ledger is not sound: %s", found)
	}
	hashed, remote := sessions(t, l), remotes(t, path)
	for w := range cutWriters {
		known, err := l.Folder(t.Context(), cutFolder(w))
		if err != nil {
			t.Fatal(err)
		}
		for f := range cutFiles {
			if is := stepOf(known.Known(cutName(f)), w, f, hashed); is < a.files[w][f] {
				lost = append(lost, fmt.Sprintf("%s/%s: step %d of %d", cutFolder(w), cutName(f), is, a.files[w][f]))
			}
		}
		if a.albums[w] && remote[cutAlbum(w)] != cutRemote(w) {
			lost = append(lost, fmt.Sprintf("%s is %q in the service", cutAlbum(w), remote[cutAlbum(w)]))
		}
	}
	return lost
}

// sessions finds how far the uploads got that have begun, by item.
func sessions(t *testing.T, l *ledger.SQLite) map[ledger.ItemID]int64 {
	t.Helper()
	albums, err := l.PendingAlbums(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	hashed := map[ledger.ItemID]int64{}
	for _, a := range albums {
		page, err := l.Pending(t.Context(), 1, a.ID, ledger.Cursor{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			if p.Session != nil {
				hashed[p.Item] = p.Session.Hashed
			}
		}
	}
	return hashed
}

// stepOf is how far a file is that the ledger knows.
func stepOf(k ledger.Known, w, f int, hashed map[ledger.ItemID]int64) step {
	if len(k.Items) == 0 {
		return unknownFile
	}
	content := ledger.Content{}
	if k.Content != nil {
		content = *k.Content
	}
	won := content.Token == cutToken(w, f) && content.SHA256 == cutSum(w, f)
	switch state := k.Items[0].State; {
	case state == ledger.Described:
		return recorded
	case state == ledger.Sending:
		return step(hashed[k.Items[0].Item])
	case state == ledger.Sent && won:
		return tokenWon
	case state == ledger.Creating && won:
		return creating
	case state == ledger.Created && won && content.MediaItem == cutItem(w, f):
		return created
	}
	return unknownFile
}

// remotes are the service's ids of the albums that are known, by title.
func remotes(t *testing.T, path string) map[string]string {
	t.Helper()
	db := sqlOpen(t, path)
	rows, err := db.Query(`SELECT title, remote FROM albums WHERE remote IS NOT NULL`)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for rows.Next() {
		var title, remote string
		if err := rows.Scan(&title, &remote); err != nil {
			t.Fatal(err)
		}
		found[title] = remote
	}
	if err := errors.Join(rows.Err(), db.Close()); err != nil {
		t.Fatal(err)
	}
	return found
}

// With synchronous=NORMAL, as is often advised, commits are lost that were acknowledged. So the cuts above are ones that can lose something.
func TestAPowerCutLosesWhatWasNotSynced(t *testing.T) {
	const cuts = 100
	calls := record(t, "normal")
	lossy, acked := 0, 0
	powerCuts(t, calls, cuts, func(c cut) {
		var rows int
		err := sqlOpen(t, c.path).QueryRow(`SELECT count(*) FROM tokens`).Scan(&rows)
		if acked += len(c.noted); acked > 0 && (err != nil || rows < acked) {
			lossy++
		}
	})
	t.Logf("%d of %d cuts lost what was acknowledged", lossy, cuts)
	if lossy == 0 {
		t.Error("no cut lost anything, although nothing was synced: the cuts prove nothing")
	}
}
