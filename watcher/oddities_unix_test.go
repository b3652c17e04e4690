//go:build unix

package watcher_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/watcher"
)

func TestPipesSocketsAndLinksAreNamedAndNeverOpened(t *testing.T) {
	root := tree(t, "real.jpg", "sub/a.jpg", "empty/")
	// Opening a pipe that no one writes would hang the test.
	must(t, syscall.Mkfifo(filepath.Join(root, "pipe.jpg"), 0o644))
	must(t, os.Symlink("real.jpg", filepath.Join(root, "link.jpg")))
	must(t, os.Symlink("nowhere", filepath.Join(root, "dangling.jpg")))
	must(t, os.Symlink(".", filepath.Join(root, "sub", "loop")))
	must(t, os.Symlink("..", filepath.Join(root, "sub", "up")))
	must(t, os.Symlink("sub", filepath.Join(root, ".hiddenlink")))
	want := map[string]watcher.Reason{
		"real.jpg": "", "sub/a.jpg": "", "pipe.jpg": watcher.SkipNotRegular, "socket.jpg": watcher.SkipNotRegular,
		"link.jpg": watcher.SkipSymlink, "dangling.jpg": watcher.SkipSymlink, "sub/loop": watcher.SkipSymlink,
		"sub/up": watcher.SkipSymlink, ".hiddenlink": watcher.SkipSymlink,
	}
	listen(t, root, "socket.jpg")
	if diff := cmp.Diff(want, walk(t, watcher.WalkConfig{Roots: []string{root}})); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	pipe := filepath.Join(root, "pipe.jpg")
	got := walk(t, watcher.WalkConfig{Roots: []string{pipe}})
	if diff := cmp.Diff(map[string]watcher.Reason{"pipe.jpg": watcher.SkipNotRegular}, got); diff != "" {
		t.Errorf("a pipe as root (-want +got):\n%s", diff)
	}
}

// listen makes a socket by its relative name: a socket's path is at most 104 or
// 108 bytes long, and that of a test's folder may be longer.
func listen(t *testing.T, folder, name string) {
	t.Helper()
	t.Chdir(folder)
	l, err := net.Listen("unix", name)
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
}

// Paths longer than the system takes make a fault that also root runs into:
// names are listed, and can be neither looked at nor entered.
func TestPathsThatAreTooLong(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("made for Linux's limit of 4096 bytes")
	}
	root := tree(t, "before.jpg")
	long := strings.Repeat("x", 200)
	deep, err := os.OpenRoot(root)
	must(t, err)
	rel := ""
	for len(root)+len(rel)+len("/")+len(long) < 4090 {
		must(t, deep.Mkdir(long, 0o755))
		next, err := deep.OpenRoot(long)
		must(t, err)
		must(t, deep.Close())
		deep, rel = next, rel+long+"/"
	}
	defer deep.Close()
	must(t, deep.WriteFile(long+".jpg", []byte("x"), 0o644))
	must(t, deep.Mkdir(long, 0o755))

	got := make(map[string]string)
	must(t, watcher.Walk(t.Context(), watcher.WalkConfig{Roots: []string{root}}, func(f watcher.File) error {
		got[f.Rel()] = fmt.Sprint(f.Skip, f.Folder, errors.Is(f.Err, syscall.ENAMETOOLONG))
		return nil
	}))
	want := map[string]string{
		"before.jpg":        fmt.Sprint("", false, false),
		rel + long + ".jpg": fmt.Sprint(watcher.SkipUnreadable, false, true),
		rel + long:          fmt.Sprint(watcher.SkipUnreadable, true, true),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reason, folder, name too long (-want +got):\n%s", diff)
	}
}
