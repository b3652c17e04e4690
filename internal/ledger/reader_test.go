package ledger_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/albumwright/albumwright/internal/ledger"
)

func read(t testing.TB, path string) *ledger.Reader {
	t.Helper()
	r, err := ledger.OpenRead(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return r
}

func status(t testing.TB, path string) ledger.Status {
	t.Helper()
	s, err := read(t, path).Status(t.Context(), time.Unix(0, 0), 100)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// begun is a ledger with one file that waits. It is still open, and for the caller to close.
func begun(t testing.TB) (l *ledger.SQLite, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a ledger?.db")
	l = open(t, path)
	run, err := l.BeginRun(t.Context(), "import /p")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Record(t.Context(), run, []ledger.Sighting{file}); err != nil {
		t.Fatal(err)
	}
	return l, path
}

// ended is the same ledger after its run.
func ended(t testing.TB) (path string) {
	t.Helper()
	l, path := begun(t)
	if err := l.EndRun(t.Context(), 1, "{}"); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadersAndTheWriterDoNotWaitForEachOther(t *testing.T) {
	l, path := begun(t)
	defer l.Close()
	if err := l.Finish(t.Context(), ledger.End{Item: 1, State: ledger.Failed, Reason: "broken"}); err != nil {
		t.Fatal(err)
	}
	r := read(t, path)
	seen := 0
	err := r.Failed(t.Context(), func(f ledger.FailedFile) error { // a reader in the middle of its work
		seen++
		other := file
		other.Name = "b.jpg"
		return l.Record(t.Context(), 1, []ledger.Sighting{other})
	})
	if err != nil || seen != 1 {
		t.Errorf("%d failed files (%v), want 1", seen, err)
	}
	if s := status(t, path); s.Waiting() != 1 || s.States[ledger.Failed] != 1 {
		t.Errorf("a reader that comes later sees %v, want what was written meanwhile", s.States)
	}
}

func TestReadingLeavesNothingBehind(t *testing.T) {
	path := ended(t)
	before, _ := os.ReadDir(filepath.Dir(path))
	r, err := ledger.OpenRead(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Status(t.Context(), time.Unix(0, 0), 100); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadDir(filepath.Dir(path)); len(after) != len(before) {
		t.Errorf("beside the ledger lie %v, before %v", after, before)
	}
}

func TestWhatCannotBeReadIsRefusedWithAReason(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  error
		text  string
	}{
		{"nothing is there", func(t *testing.T, path string) { remove(t, path) }, ledger.ErrNone, ""},
		{"an empty file", func(t *testing.T, path string) { truncate(t, path, 0) }, ledger.ErrNone, ""},
		{"a folder", func(t *testing.T, path string) { remove(t, path); mkdir(t, path) }, ledger.ErrDamaged, "not a file"},
		{"cut off in the first page", func(t *testing.T, path string) { truncate(t, path, 700) }, ledger.ErrDamaged, ""},
		{"some text", func(t *testing.T, path string) { write(t, path, strings.Repeat("not a database ", 500)) }, ledger.ErrDamaged, "not a database"},
		{"a database of something else", func(t *testing.T, path string) {
			remove(t, path)
			raw(t, path, `CREATE TABLE visits (url TEXT)`)
		}, ledger.ErrDamaged, "something else"},
		{"a newer version", func(t *testing.T, path string) {
			raw(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (4711, 1)`)
		}, ledger.ErrNewer, "4711"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := ended(t)
			c.spoil(t, path)
			r, err := ledger.OpenRead(t.Context(), path)
			if err == nil {
				_ = r.Close()
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) || !strings.Contains(err.Error(), path) {
				t.Errorf("OpenRead: %v, want %v with %q and the path", err, c.want, c.text)
			}
		})
	}
}

func TestAnOlderLedgerIsBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	first, err := os.ReadFile("migrations/00001_ledger.sql")
	if err != nil {
		t.Fatal(err)
	}
	db := sqlOpen(t, path)
	p, err := goose.NewProvider(goose.DialectSQLite3, db, fstest.MapFS{"00001_ledger.sql": {Data: first}}, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO runs (started, command) VALUES (1, 'import /old')`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if s := status(t, path); s.LastRun.Command != "import /old" {
		t.Errorf("the last run is %+v, want what the old ledger knew", s.LastRun)
	}
}

// A process that is killed leaves the log, and in it what was acknowledged.
func TestWhatAKilledProcessWroteIsSeen(t *testing.T) {
	if path := os.Getenv("LEDGER_TO_HOLD"); path != "" {
		holdUntilKilled(t, path)
	}
	for _, lost := range []string{"", "-shm"} {
		t.Run("without"+lost, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "l.db")
			killHolder(t, path)
			if lost != "" {
				remove(t, path+lost)
			}
			r, err := ledger.OpenRead(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			s, err := r.Status(t.Context(), time.Unix(0, 0), 100)
			if err != nil || s.Waiting() != 1 || s.LastRun.ID != 1 || !s.LastRun.Ended.IsZero() {
				t.Errorf("status %+v (%v), want the file and the run of the killed process", s, err)
			}
			if found, err := r.Check(t.Context()); len(found) > 0 || err != nil {
				t.Errorf("Check: %v, %v; want a sound ledger", found, err)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
				t.Errorf("the log was taken away: %v", err)
			}
			if pid, _, held := ledger.WhoHolds(path); held {
				t.Errorf("process %d, which is dead, is said to hold the ledger", pid)
			}
			if err := open(t, path).Close(); err != nil {
				t.Errorf("the next run: %v", err)
			}
		})
	}
}

func holdUntilKilled(t *testing.T, path string) {
	l := open(t, path)
	run, err := l.BeginRun(t.Context(), "import /p")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Record(t.Context(), run, []ledger.Sighting{file}); err != nil {
		t.Fatal(err)
	}
	_, _ = os.Stdout.WriteString("ready\n")
	select {}
}

// killHolder lets another process open a ledger and write into it, and kills it.
func killHolder(t *testing.T, path string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+strings.Split(t.Name(), "/")[0]+"$")
	child.Env = append(os.Environ(), "LEDGER_TO_HOLD="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Errorf("the other process says %q (%v)", line, err)
	}
	if pid, since, held := ledger.WhoHolds(path); !held || pid != child.Process.Pid || since.IsZero() {
		t.Errorf("held by %d since %v (%v), want process %d", pid, since, held, child.Process.Pid)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed, as it should be
}

func TestNobodyHoldsALedgerAfterItsRun(t *testing.T) {
	l, path := begun(t)
	if pid, _, held := ledger.WhoHolds(path); !held || pid != os.Getpid() {
		t.Errorf("held by %d (%v), want this process", pid, held)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if pid, _, held := ledger.WhoHolds(path); held {
		t.Errorf("still held by %d", pid)
	}
	if _, _, held := ledger.WhoHolds(filepath.Join(t.TempDir(), "none.db")); held {
		t.Error("a ledger that is not there is held")
	}
}

// SQLite before 3.51.3 can damage a database while one connection writes and another one folds the log in.
func TestSQLiteIsNoneOfThoseThatDamageTheLog(t *testing.T) {
	var version string
	err := sqlOpen(t, filepath.Join(t.TempDir(), "v.db")).QueryRow(`SELECT sqlite_version()`).Scan(&version)
	if err != nil {
		t.Fatal(err)
	}
	var major, minor, patch int
	for i, into := range []*int{&major, &minor, &patch} {
		*into = number(t, strings.Split(version, ".")[i])
	}
	if major*1_000_000+minor*1000+patch < 3_051_003 {
		t.Errorf("SQLite %s, want 3.51.3 or later", version)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
}
