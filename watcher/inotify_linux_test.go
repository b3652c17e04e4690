package watcher_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/albumwright/albumwright/watcher"
)

// The lease tells that somebody has the file open, however long he pauses.
func TestAWriterThatPausesLongerThanTheSettleTime(t *testing.T) {
	root := t.TempDir()
	in := watchReal(t, watcher.WatchConfig{WalkConfig: watcher.WalkConfig{Roots: []string{root}}, Settle: 20 * time.Millisecond})
	path := filepath.Join(root, "a.mov")
	f, err := os.Create(path)
	must(t, err)
	_, err = f.WriteString("begin")
	must(t, err)
	// Other files that come after it, and settle, show that time passes.
	for _, name := range []string{"1.jpg", "2.jpg", "3.jpg", "4.jpg"} {
		must(t, os.WriteFile(filepath.Join(root, name), []byte("photo"), 0o644))
		in.until(name, func(last map[string]watcher.File) bool { return last[filepath.Join(root, name)].Size > 0 })
	}
	_, err = f.WriteString(" and end")
	must(t, err)
	must(t, f.Close())
	in.until("the whole file", func(last map[string]watcher.File) bool { return last[path].Size > 0 })
	in.once()
	if got := in.last[path].Size; got != int64(len("begin and end")) {
		t.Errorf("handed on with %d bytes", got)
	}
}

// What only root may do is done by this very test in a process of its own, which has mounts of its own.
func TestATmpfsThatIsUnmountedAndMountedAgainAtWork(t *testing.T) {
	const inside = "ALBUMWRIGHT_TEST_OWN_MOUNTS"
	if os.Getenv(inside) == "" {
		cmd := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), inside+"=1")
		cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
		out, err := cmd.CombinedOutput()
		switch {
		case err != nil && (os.Getuid() != 0 || strings.Contains(err.Error(), "operation not permitted")):
			t.Skipf("mounts of its own need root: %v", err)
		case strings.Contains(string(out), "--- SKIP"):
			t.Skip(string(out))
		case err != nil:
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	base := t.TempDir()
	disk, root := filepath.Join(base, "disk"), filepath.Join(base, "root")
	must(t, os.Mkdir(disk, 0o755))
	must(t, os.Mkdir(root, 0o755))
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("tmpfs cannot be mounted: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(disk, unix.MNT_DETACH) })
	mount := func() { must(t, unix.Mount(disk, root, "", unix.MS_BIND, "")) }
	unmount := func() { must(t, unix.Unmount(root, unix.MNT_DETACH)) }
	mount()
	t.Cleanup(func() { _ = unix.Unmount(root, unix.MNT_DETACH) })

	grow(t, root, "before/1.jpg", "before/2.jpg")
	cfg := watcher.WatchConfig{WalkConfig: watcher.WalkConfig{Roots: []string{root}}, Settle: 20 * time.Millisecond}
	in := watchReal(t, cfg.Probing(50*time.Millisecond))
	in.count(2)
	grow(t, root, "work/3.jpg", "work/4.jpg.part")
	in.count(3)
	unmount()
	grow(t, root, "stray.jpg") // below the mount
	in.state(root, watcher.RootOffline, "not mounted")
	grow(t, disk, "work/5.jpg")
	mount()
	in.state(root, watcher.RootWatching, "")
	grow(t, root, "work/6.jpg")
	in.count(5)
	in.Rescan()
	grow(t, root, "work/7.jpg")
	in.count(6)
	in.once()
}

// state waits until a root is in a state.
func (in *intake) state(root string, want watcher.RootState, why string) {
	in.t.Helper()
	deadline := time.After(patience)
	for {
		s := in.Roots()[0]
		if s.State == want && s.Why == why {
			return
		}
		select {
		case <-in.Changed():
		case <-deadline:
			in.t.Fatalf("root %s: %+v, want %s %q", root, s, want, why)
		}
	}
}
