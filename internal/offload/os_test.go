package offload_test

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/offload"
)

// source writes a file and returns the job that copies it.
func source(t testing.TB, content []byte, dests ...string) offload.Job {
	t.Helper()
	path := filepath.Join(t.TempDir(), "IMG_0001.JPG")
	put(t, path, content)
	return offload.Job{Source: path, Size: int64(len(content)), ModTime: noon(), Dests: dests}
}

func put(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, noon(), noon()); err != nil {
		t.Fatal(err)
	}
}

// tree is what is below a folder.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestAFileOfAnySizeIsTheSameInAllDestinations(t *testing.T) {
	for _, size := range []int{0, 1, 4095, 1<<20 - 1, 1 << 20, 1<<20 + 1, 3 << 20, 9<<20 + 7} {
		content := bytes.Repeat([]byte("albumwright"), size/11+1)[:size]
		a, b := t.TempDir(), t.TempDir()
		job := source(t, content, filepath.Join(a, "2024", "x.jpg"), filepath.Join(b, "deep", "er", "x.jpg"))
		got, err := offload.Copy(t.Context(), offload.OS(), job)
		if err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		if got.Sums.SHA256 != sha256.Sum256(content) || got.Sums.Size != int64(size) {
			t.Errorf("%d bytes: sums %+v", size, got.Sums)
		}
		if diff := cmp.Diff([]offload.Copied{{Path: job.Dests[0]}, {Path: job.Dests[1]}}, got.Copies); diff != "" {
			t.Errorf("%d bytes: %s", size, diff)
		}
		for dir, name := range map[string]string{a: "2024/x.jpg", b: "deep/er/x.jpg"} {
			if files := tree(t, dir); len(files) != 1 || files[name] != string(content) {
				t.Errorf("%d bytes: %d files, %d bytes in the copy", size, len(files), len(files[name]))
			}
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil || !info.ModTime().Equal(noon()) {
				t.Errorf("%d bytes: changed %v (%v), want %v", size, info.ModTime(), err, noon())
			}
		}
		for _, depth := range offload.Depths() {
			p, err := offload.Verify(t.Context(), offload.OS(), job.Source, job.Dests, got.Sums, depth)
			if err != nil || p.Good() != 2 {
				t.Errorf("%d bytes, %s: %+v, %v", size, depth, p, err)
			}
		}
	}
}
