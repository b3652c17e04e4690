package doctor_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/doctor"
	"github.com/albumwright/albumwright/internal/ledger"
)

func TestAStateFolderIsTriedOut(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	write(t, file, "x")
	wants(t, doctor.StateFolder(dir), doctor.OK, dir)
	wants(t, doctor.StateFolder(filepath.Join(dir, "not", "yet")), doctor.OK, "the first import makes it")
	wants(t, doctor.StateFolder(filepath.Join(file, "below")), doctor.Failed, "--state-dir")
	wants(t, doctor.StateFolder(""), doctor.Failed, "name a folder with --state-dir")
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v is left in the folder (%v), want only what was there", left, err)
	}
}

func TestAStateFolderOfSomebodyElse(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("root may write everywhere, and Windows has other permissions: the script doctor.txtar tries it as another user")
	}
	dir := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	wants(t, doctor.StateFolder(dir), doctor.Failed, "may not write there", "--state-dir")
}

func TestALedgerIsNoneFreeHeldOrDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	wants(t, doctor.Ledger(t.Context(), path), doctor.OK, "the first import begins it")
	l, err := ledger.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, doctor.Ledger(t.Context(), path), doctor.Warning, fmt.Sprintf("process %d works with it", os.Getpid()), "wait for it to end, or stop it")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	wants(t, doctor.Ledger(t.Context(), path), doctor.OK, path)

	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(whole[:len(whole)/2]))
	wants(t, doctor.Ledger(t.Context(), path), doctor.Failed, "albumwright ledger backup", "ledger rebuild")
	write(t, path, "not a ledger at all, and longer than the head of one, "+string(make([]byte, 200)))
	wants(t, doctor.Ledger(t.Context(), path), doctor.Failed, "albumwright ledger backup")
}

func TestTheDaysRequests(t *testing.T) {
	cfg := budget.Config{Path: filepath.Join(t.TempDir(), "budget.db"), Limit: 10}
	wants(t, doctor.Requests(t.Context(), cfg), doctor.OK, "0 were used today")
	job, err := budget.Begin(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = job.Close() }()
	for range 10 {
		if err := job.Take(t.Context(), budget.Other); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, doctor.Requests(t.Context(), cfg), doctor.Warning, "none is left", "--max-requests-per-day")
}

func TestFoldersThatAreNotThereAreNamed(t *testing.T) {
	dir := t.TempDir()
	wants(t, doctor.Folders(nil), doctor.OK, "names none")
	wants(t, doctor.Folders([]string{dir}), doctor.OK, "all 1 are there")
	wants(t, doctor.Folders([]string{dir, "/gone/away"}), doctor.Warning, "/gone/away", "mounted")
}

// proc makes a /proc with some limits.
func proc(t *testing.T, watches, instances int) string {
	t.Helper()
	root := t.TempDir()
	write(t, filepath.Join(root, "sys/fs/inotify/max_user_watches"), fmt.Sprintf("%d\n", watches))
	write(t, filepath.Join(root, "sys/fs/inotify/max_user_instances"), fmt.Sprintf("%d\n", instances))
	return root
}

func TestTheKernelsLimitsAreHeldAgainstTheFolders(t *testing.T) {
	photos := t.TempDir()
	for i := range 9 {
		if err := os.MkdirAll(filepath.Join(photos, fmt.Sprint(i), "sub"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	folders := []string{photos, "/gone/away"} // 19 and none
	wants(t, doctor.Inotify(t.Context(), proc(t, 19, 128), folders), doctor.OK, "19 folders to watch, 19 possible")
	wants(t, doctor.Inotify(t.Context(), proc(t, 18, 128), folders), doctor.Warning, "19 folders are to be watched, and only 18 can be",
		"sudo sysctl fs.inotify.max_user_watches=8192", "/etc/sysctl.d")
	wants(t, doctor.Inotify(t.Context(), t.TempDir(), folders), doctor.Skipped, "no inotify")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	wants(t, doctor.Inotify(stopped, proc(t, 18, 128), folders), doctor.Warning, "when the time was over", "max_user_watches=1048576")

	root := proc(t, 1000, 2)
	for pid, to := range map[string]string{"10": "anon_inode:inotify", "11": "anon_inode:inotify", "12": "/dev/null"} {
		fd := filepath.Join(root, pid, "fd")
		if err := os.MkdirAll(fd, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(fd, "3")); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	wants(t, doctor.Inotify(t.Context(), root, nil), doctor.Warning, "2 of 2 inotify instances are in use", "sudo sysctl fs.inotify.max_user_instances=512")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
