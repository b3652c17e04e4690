package inspect_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// samples finds the folder with real camera files beside the project. It is
// not part of the project, so tests that need it skip where it is absent.
func samples(t *testing.T) string {
	t.Helper()
	dir := "."
	for range 8 {
		dir = filepath.Join(dir, "..")
		for _, name := range []string{"samples", "shared/samples"} {
			if s, err := os.Stat(filepath.Join(dir, name, "library")); err == nil && s.IsDir() {
				return filepath.Join(dir, name)
			}
		}
	}
	t.Skip("no folder of sample files (samples/library) above the project: the test on real files is skipped")
	return ""
}

func fileFacts(t *testing.T, path string) (inspect.Facts, error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return inspect.File(f, s.Size())
}

// Every photo and video that a person may keep is accepted, contract 3.3.
func TestRealFilesAreAccepted(t *testing.T) {
	root := samples(t)
	seen := 0
	for _, pattern := range []string{"library/*/*", "files/*"} {
		paths, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			seen++
			facts, err := fileFacts(t, path)
			if filepath.Ext(path) == ".xmp" {
				if !errors.Is(err, inspect.ErrNotMedia) {
					t.Errorf("%s: a sidecar gives %v, want %v", path, err, inspect.ErrNotMedia)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			t.Log(filepath.Base(path), facts.Type.Name(), facts.Width, facts.Height, facts.Taken, facts.Orientation)
		}
	}
	if seen < 50 {
		t.Errorf("only %d sample files were looked at", seen)
	}
}

// The crafted files on which other readers loop or allocate without end are
// refused at once: structure is checked within bounds.
func TestCraftedFilesAreRefusedAtOnce(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(samples(t), "poc", "*"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no crafted files", err)
	}
	for _, path := range paths {
		start := time.Now()
		allocs := testing.AllocsPerRun(1, func() {
			if _, err := fileFacts(t, path); !errors.Is(err, inspect.ErrDamaged) {
				t.Errorf("%s gives %v, want %v", path, err, inspect.ErrDamaged)
			}
		})
		if took := time.Since(start); took > time.Minute || allocs > 1000 {
			t.Errorf("%s took %v and %v allocations", path, took, allocs)
		}
	}
}
