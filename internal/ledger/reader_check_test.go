package ledger_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/ledger"
)

func check(t *testing.T, path string) string {
	t.Helper()
	found, err := read(t, path).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(found)
}

func TestALedgerIsSoundWhileAndAfterARun(t *testing.T) {
	l, path := begun(t)
	if found := check(t, path); found != "[]" {
		t.Errorf("while a run is under way: %s", found)
	}
	must(t, l.Close())
	if found := check(t, story(t)); found != "[]" {
		t.Errorf("after a run: %s", found)
	}
}

func TestACheckFindsWhatBreaksARule(t *testing.T) {
	for _, c := range []struct{ spoil, want string }{
		{`UPDATE items SET state = 'half' WHERE id = 1`, "a state that there is none of (1)"},
		{`UPDATE items SET state = 'creating' WHERE id = 1`, "created in no batch (1)"},
		{`UPDATE items SET state = 'creating' WHERE id = 2`, "in a batch that was answered (1)"},
		{`UPDATE contents SET media_item = NULL`, "contents that have no media item (1)"},
		{`DELETE FROM placements`, "that their album does not hold (1)"},
		{`UPDATE placements SET media_item = ''`, "without a media item (1)"},
		{`UPDATE contents SET sha256 = x'00' WHERE id = 1`, "SHA-256 is none (1)"},
		{`UPDATE contents SET issued = NULL WHERE id = 1`, "when they were issued (1)"},
		{`UPDATE sessions SET hashed = 1001`, "more bytes than their file has (1)"},
		{`UPDATE albums SET title = 'x' WHERE id = 0`, "not the library (1)"},
		{`UPDATE runs SET outcome = '{"found":9,"ends":{"uploaded":8}}'`, "does not add up (1)"},
		{`UPDATE runs SET outcome = 'all well'`, "does not add up (1)"},
		{`UPDATE items SET album = 77 WHERE id = 1`, "rows of items that refer to rows of albums that are not there (1)"},
	} {
		path := story(t)
		raw(t, path, c.spoil)
		if found := check(t, path); !strings.Contains(found, c.want) {
			t.Errorf("after %s: %s, want %s", c.spoil, found, c.want)
		}
	}
}

func TestACheckFindsDamage(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, path string, size int64){
		"the second half is gone": func(t *testing.T, path string, size int64) { truncate(t, path, size/2) },
		"a page is overwritten": func(t *testing.T, path string, size int64) {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			must(t, err)
			defer f.Close()
			_, err = f.WriteAt([]byte(strings.Repeat("damage ", 600)), size/2)
			must(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := story(t)
			info, err := os.Stat(path)
			must(t, err)
			spoil(t, path, info.Size())
			r, err := ledger.OpenRead(t.Context(), path)
			if errors.Is(err, ledger.ErrDamaged) {
				return // seen even earlier
			}
			must(t, err)
			defer r.Close()
			if found, err := r.Check(t.Context()); len(found) == 0 || err != nil {
				t.Errorf("Check: %v, %v; want a finding", found, err)
			}
		})
	}
}

func TestABackupIsTheLedgerAtThatMoment(t *testing.T) {
	l, path := begun(t)
	defer l.Close()
	to := filepath.Join(t.TempDir(), "backup.db")
	r := read(t, path)
	must(t, r.Backup(t.Context(), to))
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: %v, %v; want a file for its owner only", info, err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(to)); len(entries) != 1 {
		t.Errorf("beside the backup lie %v", entries)
	}
	if a, b := exported(t, path), exported(t, to); a != b {
		t.Errorf("the backup knows %s, the ledger %s", b, a)
	}
	if err := r.Backup(t.Context(), to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second backup of that name: %v, want it refused", err)
	}
	if err := r.Backup(t.Context(), filepath.Join(t.TempDir(), "no", "folder")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a folder that is not there: %v", err)
	}
	again := open(t, to)
	defer again.Close()
	if known, err := again.Folder(t.Context(), "/p"); len(known.Names()) != 1 || err != nil {
		t.Errorf("a run on the backup knows %v, %v", known, err)
	}
}
