//go:build unix

package offload_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/offload"
)

func TestAListingHasEveryNameAlsoOfWhatCannotBeLookedAt(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "b.jpg"), []byte("x"))
	put(t, filepath.Join(dir, "a", "c.jpg"), []byte("x"))
	if err := os.Symlink("b.jpg", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	said := func(entries []fs.DirEntry) (out []string) {
		for _, e := range entries {
			out = append(out, fs.FormatDirEntry(e))
		}
		return out
	}
	want, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got, err := offload.OS().ReadDir(dir)
	if diff := cmp.Diff(said(want), said(got)); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
	if _, err := offload.OS().ReadDir(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	all := offload.EntriesOf(dir, []string{"b.jpg", "gone.jpg"})
	if _, err := all[1].Info(); len(all) != 2 || !errors.Is(err, fs.ErrNotExist) || all[1].Type().IsRegular() {
		t.Errorf("%v, %v", all, err)
	}
}
