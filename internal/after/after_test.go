package after_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/after"
)

// parse reads an action whose trash is in a folder of the test.
func parse(t *testing.T, text string) after.Action {
	t.Helper()
	a, err := after.Parse(text, filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func write(t *testing.T, path, text string) [sha256.Size]byte {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256([]byte(text))
}

// holds checks what a file contains; "" is no file.
func holds(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if want == "" && !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there", path)
	}
	if want != "" && string(got) != want {
		t.Errorf("%s holds %q (%v), want %q", path, got, err, want)
	}
}

func TestActionsAreReadAndWritten(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	for text, want := range map[string]string{"": "keep", "keep": "keep", "delete": "delete", "move:" + dir: "move:" + dir, "move:" + dir + "/a:b": "move:" + dir + "/a:b", "move:~/sent": "move:" + dir + "/sent"} {
		if got := parse(t, text).String(); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for _, bad := range []string{"move", "move:", "remove", "delete:now", "KEEP"} {
		if _, err := after.Parse(bad, ""); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if !(after.Action{}).Keeps() || parse(t, "delete").Keeps() {
		t.Error("only the zero value keeps")
	}
}

func TestAFolderBelowARootIsRefused(t *testing.T) {
	root := t.TempDir()
	for dir, ok := range map[string]bool{root: false, filepath.Join(root, "sent"): false, root + "-sent": true, filepath.Dir(root): true} {
		if err := parse(t, "move:"+dir).Valid([]string{root}); (err == nil) != ok {
			t.Errorf("moving from %s to %s: %v", root, dir, err)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(root, link); err != nil {
		t.Skipf("this system makes no links: %v", err)
	}
	if err := parse(t, "move:"+filepath.Join(link, "sent", "2024")).Valid([]string{root}); err == nil {
		t.Error("a folder below the root is not refused if a link leads there")
	}
	if err := parse(t, "move:"+filepath.Join(root, "sent")).Valid([]string{link}); err == nil {
		t.Error("a folder below a root that is a link is not refused")
	}
	t.Chdir(filepath.Dir(root))
	if err := parse(t, "move:"+filepath.Join(root, "sent")).Valid([]string{filepath.Base(root)}); err == nil {
		t.Error("a folder below a root that is relative is not refused")
	}
	if err := parse(t, "delete").Valid([]string{"/"}); err != nil {
		t.Error(err)
	}
}

func TestAMovedFileKeepsItsPathBelowTheRootAndNeverReplacesAnother(t *testing.T) {
	root, to := t.TempDir(), filepath.Join(t.TempDir(), "sent")
	path := filepath.Join(root, "Pier", "a.jpg")
	for i, want := range []string{"Pier/a.jpg", "Pier/a (2).jpg", "Pier/a (3).jpg"} {
		text := strings.Repeat("x", i+1)
		sum := write(t, path, text)
		now, err := parse(t, "move:"+to).Do(t.Context(), root, path, sum)
		if err != nil || now != filepath.Join(to, want) {
			t.Errorf("it is at %s now (%v), want %s", now, err, want)
		}
		holds(t, now, text)
		holds(t, path, "")
	}
}

func TestTheTrashKnowsWhereAFileCameFrom(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the trash of this system is not known to the program")
	}
	dir := t.TempDir() // one file system with the trash below
	a, err := after.Parse("trash", filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "photos", "a 1.jpg")
	for _, want := range []string{"a 1.jpg", "a 1.2.jpg"} {
		now, err := a.Do(t.Context(), dir, path, write(t, path, "body"))
		if err != nil || filepath.Base(now) != want {
			t.Errorf("it is at %s now (%v), want %s", now, err, want)
		}
		holds(t, now, "body")
		holds(t, path, "")
		info, err := os.ReadFile(filepath.Join(dir, "data", "Trash", "info", want+".trashinfo"))
		if err != nil || !strings.Contains(string(info), "\nPath="+dir+"/photos/a%201.jpg\n") || !strings.Contains(string(info), "\nDeletionDate=2") {
			t.Errorf("the trash notes %q (%v)", info, err)
		}
	}
}

func TestDeleteDeletes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jpg")
	if now, err := parse(t, "delete").Do(t.Context(), filepath.Dir(path), path, write(t, path, "x")); now != "" || err != nil {
		t.Errorf("it is at %q now, %v", now, err)
	}
	holds(t, path, "")
}

func TestAFileThatIsNotTheOneThatWasSentStays(t *testing.T) {
	root := t.TempDir()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tc := range []struct {
		name string
		ctx  context.Context
		make func(path string) // beside the right file
		want error
	}{
		{"another content", t.Context(), func(p string) { write(t, p, "other") }, after.ErrChanged},
		{"a link", t.Context(), func(p string) {
			write(t, p+".target", "right")
			if err := errors.Join(os.Remove(p), os.Symlink(p+".target", p)); err != nil {
				t.Fatal(err)
			}
		}, after.ErrNotRegular},
		{"gone", t.Context(), func(p string) { _ = os.Remove(p) }, os.ErrNotExist},
		{"stopped", cancelled, func(string) {}, context.Canceled},
	} {
		for _, action := range []string{"delete", "trash", "move:" + t.TempDir()} {
			path := filepath.Join(root, tc.name, "a.jpg")
			sum := write(t, path, "right")
			tc.make(path)
			was, _ := os.Lstat(path)
			if _, err := parse(t, action).Do(tc.ctx, root, path, sum); !errors.Is(err, tc.want) {
				t.Errorf("%s, %s: %v, want %v", tc.name, action, err, tc.want)
			}
			if is, err := os.Lstat(path); was != nil && (err != nil || !os.SameFile(was, is)) {
				t.Errorf("%s, %s: the file is not where it was: %v", tc.name, action, err)
			}
			_ = os.Remove(path)
		}
	}
}

// meddling is a context that does something as soon as it may. It is asked between any two blocks that are read.
type meddling struct {
	context.Context
	meddle func()
}

func (m meddling) Err() error {
	m.meddle()
	return m.Context.Err()
}

func TestAFileThatChangesWhileItIsCopiedStays(t *testing.T) {
	const other = "/dev/shm"
	to, err := os.MkdirTemp(other, "after-")
	if err != nil {
		t.Skipf("there is no other file system at %s: %v", other, err)
	}
	defer os.RemoveAll(to)
	path := filepath.Join(t.TempDir(), "a.jpg")
	sum := write(t, path, "body")
	ctx := meddling{t.Context(), func() {
		if copied, err := os.ReadFile(filepath.Join(to, "a.jpg")); err == nil && string(copied) == "body" {
			write(t, path, "a better one")
		}
	}}
	if now, err := parse(t, "move:"+to).Do(ctx, filepath.Dir(path), path, sum); !errors.Is(err, after.ErrChanged) || now != path {
		t.Errorf("it is at %s now, %v; want it where it was, and ErrChanged", now, err)
	}
	holds(t, path, "a better one")
	holds(t, filepath.Join(to, "a.jpg"), "")
}

func TestTheMoveToAnotherFileSystemIsReadBack(t *testing.T) {
	const other = "/dev/shm"
	to, err := os.MkdirTemp(other, "after-")
	if err != nil {
		t.Skipf("there is no other file system at %s: %v", other, err)
	}
	defer os.RemoveAll(to)
	path := filepath.Join(t.TempDir(), "a.jpg")
	sum := write(t, path, "body")
	was, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	now, err := parse(t, "move:"+to).Do(t.Context(), filepath.Dir(path), path, sum)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, now, "body")
	holds(t, path, "")
	if is, err := os.Stat(now); err != nil || !is.ModTime().Equal(was.ModTime()) || is.Mode() != was.Mode() {
		t.Errorf("the copy is %v of %v (%v), want %v of %v", is.Mode(), is.ModTime(), err, was.Mode(), was.ModTime())
	}
}
