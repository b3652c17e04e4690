package ledger_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/ledger/ledgertest"
)

func TestOnDisk(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) ledger.Ledger { return open(t, filepath.Join(t.TempDir(), "a ledger?.db")) })
}

func TestCopyInMemory(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) ledger.Ledger {
		l, err := ledger.OpenCopy(t.Context(), filepath.Join(t.TempDir(), "none.db"))
		if err != nil {
			t.Fatal(err)
		}
		return l
	})
}

func open(t testing.TB, path string) *ledger.SQLite {
	t.Helper()
	l, err := ledger.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var file = ledger.Sighting{Dir: "/p", Name: "a.jpg", Size: 1, ModTime: time.Unix(1, 0), Sort: []byte{1}, Album: "A"}

func TestALedgerIsTheSameAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "l.db")
	l := open(t, path)
	run, err := l.BeginRun(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Record(t.Context(), run, []ledger.Sighting{file}); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{path, path + "-wal"} {
		if fi, err := os.Stat(f); err != nil || fi.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v (%v), want 0600: upload tokens are secrets", f, fi.Mode(), err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("Close leaves a write-ahead log behind")
	}
	l = open(t, path)
	defer l.Close()
	if known, err := l.Folder(t.Context(), "/p"); err != nil || known.Known("a.jpg").Size != 1 {
		t.Errorf("after reopening: %v, %v", known, err)
	}
}

func TestASecondHolderIsToldWhoHasIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	l := open(t, path)
	_, err := ledger.Open(t.Context(), path)
	if !errors.Is(err, ledger.ErrLocked) || !strings.Contains(err.Error(), "by process ") {
		t.Errorf("second Open: %v, want ErrLocked with the process", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path).Close()
}

func TestACopyKnowsWhatTheLedgerKnowsAndKeepsItsOwnToItself(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	l := open(t, path)
	run, err := l.BeginRun(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Record(t.Context(), run, []ledger.Sighting{file}); err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		c, err := ledger.OpenCopy(t.Context(), path)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		defer c.Close()
		if known, _ := c.Folder(t.Context(), "/p"); len(known.Names()) != 1 || len(known.Known("a.jpg").Items) != 1 {
			t.Errorf("%s the copy knows %v, want a.jpg", when, known)
		}
		mine, err := c.BeginRun(t.Context(), "dry")
		if err != nil {
			t.Fatal(err)
		}
		other := file
		other.Name = "b.jpg"
		if err := c.Record(t.Context(), mine, []ledger.Sighting{other}); err != nil {
			t.Fatal(err)
		}
		if known, _ := c.Folder(t.Context(), "/p"); len(known.Names()) != 2 {
			t.Errorf("%s the copy does not know what was recorded in it: %v", when, known)
		}
	}
	check("while the ledger is in use")
	if known, _ := l.Folder(t.Context(), "/p"); len(known.Names()) != 1 {
		t.Errorf("the ledger learned from its copy: %v", known)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadDir(filepath.Dir(path))
	check("after the ledger was closed")
	if after, _ := os.ReadDir(filepath.Dir(path)); len(after) != len(before) {
		t.Errorf("copying left files behind: %v, before %v", after, before)
	}
}

func TestStatesKnowTheirEnds(t *testing.T) {
	for state, want := range map[ledger.State][2]bool{
		ledger.Described: {false, false}, ledger.Sending: {false, false}, ledger.Sent: {false, false}, ledger.Creating: {false, false},
		ledger.Created: {true, true}, ledger.Confirmed: {true, true}, ledger.Already: {true, true}, ledger.Duplicate: {true, true},
		ledger.Skipped: {true, false}, ledger.Failed: {true, false}, ledger.Gone: {true, false},
	} {
		if got := [2]bool{state.Ended(), state.Delivered()}; got != want {
			t.Errorf("%s: ended, delivered = %v, want %v", state, got, want)
		}
	}
}

func TestALedgerOfANewerVersionIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (4711, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Open(t.Context(), path); !errors.Is(err, ledger.ErrNewer) || !strings.Contains(err.Error(), "4711") {
		t.Errorf("Open: %v, want ErrNewer with the version", err)
	}
	if _, err := ledger.OpenCopy(t.Context(), path); err == nil {
		t.Error("a copy of it is made all the same")
	}
}
