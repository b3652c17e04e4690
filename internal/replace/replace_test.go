package replace_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/internal/replace"
)

func TestAFileIsReplacedAsAWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.yaml")
	if err := replace.File(path, 0o600, []byte("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken off")
	err := replace.With(path, 0o644, func(w io.Writer) error {
		_, err := io.WriteString(w, "half of the new")
		return errors.Join(err, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	want(t, dir, "old", 0o600)
	if err := replace.File(path, 0o644, []byte("new")); err != nil {
		t.Fatal(err)
	}
	want(t, dir, "new", 0o644)
}

func TestWhereNoFileCanBeNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	if err := replace.File(filepath.Join(dir, "gone", "a.yaml"), 0o644, nil); err == nil {
		t.Error("a file in a folder that there is not was written")
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := replace.File(filepath.Join(dir, "folder"), 0o644, nil); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
		t.Errorf("%d names are left, %v", len(all), err)
	}
}

// want expects one file in a folder.
func want(t *testing.T, dir, text string, mode os.FileMode) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d names, %v", len(all), err)
	}
	path := filepath.Join(dir, all[0].Name())
	got, err := os.ReadFile(path)
	if err != nil || string(got) != text {
		t.Errorf("content %q, %v, want %q", got, err, text)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != mode {
		t.Errorf("mode %v, %v, want %v", info.Mode(), err, mode)
	}
}
