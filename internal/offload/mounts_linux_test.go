package offload_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/albumwright/albumwright/internal/offload"
)

// tmpfs mounts a file system in memory of so many bytes.
func tmpfs(t testing.TB, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("mounting takes root: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// ext4 mounts a file system of 64 MiB in a file.
func ext4(t testing.TB, label string) string {
	t.Helper()
	dir, image := t.TempDir(), filepath.Join(t.TempDir(), "image")
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, 64<<20); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"mkfs.ext4", "-q", "-L", label, image}, {"mount", "-o", "loop", image, dir}} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Skipf("mounting takes root, mkfs.ext4 and a loop device: %s: %v: %s", command[0], err, out)
		}
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, 0) })
	return dir
}

func TestADiskIsReadPastTheCacheAndMemoryIsNot(t *testing.T) {
	disk, memory := ext4(t, "DISK"), tmpfs(t, "size=16m")
	content := bytes.Repeat([]byte("albumwright "), 300_000)
	job := source(t, content, filepath.Join(disk, "a.mp4"), filepath.Join(memory, "a.mp4"))
	r, err := offload.Copy(t.Context(), offload.OS(), job)
	if err != nil || r.Copies[0].Err != nil || r.Copies[1].Err != nil {
		t.Fatalf("%v: %+v", err, r)
	}
	p, err := offload.Verify(t.Context(), offload.OS(), job.Source, job.Dests, r.Sums, offload.Full)
	if err != nil || p.Good() != 2 || !p.Copies[0].Cold || p.Copies[1].Cold {
		t.Errorf("%+v, %v: want the disk's copy to be read cold, and that in memory not", p, err)
	}
}

func TestAFileThatSomebodyHasMappedIsReadPastTheCacheAllTheSame(t *testing.T) {
	path := filepath.Join(ext4(t, "DISK"), "a.mp4")
	content := bytes.Repeat([]byte("albumwright "), 100_001)
	job := source(t, content, path)
	r, err := offload.Copy(t.Context(), offload.OS(), job)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	m, err := unix.Mmap(int(f.Fd()), 0, len(content), unix.PROT_READ, unix.MAP_SHARED|unix.MAP_POPULATE|unix.MAP_LOCKED)
	if err != nil {
		t.Skipf("a mapping cannot be locked here: %v", err)
	}
	defer func() { _ = unix.Munmap(m) }()
	p, err := offload.Verify(t.Context(), offload.OS(), job.Source, job.Dests, r.Sums, offload.Full)
	if err != nil || p.Good() != 1 || !p.Copies[0].Cold {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAFullDiskFailsAloneAndKeepsNothing(t *testing.T) {
	full, good := tmpfs(t, "size=1m"), t.TempDir()
	job := source(t, bytes.Repeat([]byte("x"), 3<<20), filepath.Join(full, "day", "a.mp4"), filepath.Join(good, "a.mp4"))
	r, err := offload.Copy(t.Context(), offload.OS(), job)
	if err != nil || !errors.Is(r.Copies[0].Err, offload.ErrFull) || r.Copies[1].Err != nil {
		t.Errorf("%v: %+v", err, r.Copies)
	}
	if files := tree(t, full); len(files) != 0 {
		t.Errorf("%d files are left on the full disk", len(files))
	}
	if err := offload.Room(offload.OS(), offload.Need{Dir: filepath.Join(full, "x", "y"), Files: 1, Bytes: 1 << 20}); !errors.Is(err, offload.ErrFull) {
		t.Errorf("%v, want ErrFull beforehand", err)
	}
}

func TestAVolumeIsKnownByItsNumberAndEndsWithItsMount(t *testing.T) {
	disk := ext4(t, "EOS_DIGITAL")
	v, err := offload.OS().Volume(disk)
	if err != nil || v.Mount != disk || v.FSID == "" || v.Label != "EOS_DIGITAL" || v.Type != "ext4" || v.Size < 32<<20 || v.Free <= 0 {
		t.Errorf("%+v, %v", v, err)
	}
	if err := unix.Unmount(disk, 0); err != nil {
		t.Fatal(err)
	}
	if now, err := offload.OS().Volume(disk); err == nil && (now.FSID == v.FSID || now.Mount == v.Mount) {
		t.Errorf("unmounted, it is still %+v", now)
	}
}

func TestReadingLeavesNoTraceOnACard(t *testing.T) {
	job := source(t, bytes.Repeat([]byte("x"), 2<<20), filepath.Join(t.TempDir(), "a"))
	long := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(job.Source, long, noon()); err != nil {
		t.Fatal(err)
	}
	r, err := offload.Copy(t.Context(), offload.OS(), job)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := offload.Verify(t.Context(), offload.OS(), job.Source, job.Dests, r.Sums, offload.Full); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(job.Source)
	if err != nil {
		t.Fatal(err)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || time.Unix(st.Atim.Unix()).UTC() != long {
		t.Errorf("the file has the time of its reading: %v", st.Atim)
	}
}

func TestARenameNeverReplaces(t *testing.T) {
	for name, mount := range map[string]func(t *testing.T) string{
		"the disk of tests": func(t *testing.T) string { return t.TempDir() },
		"memory":            func(t *testing.T) string { return tmpfs(t, "size=1m") },
		"ext4":              func(t *testing.T) string { return ext4(t, "DISK") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := mount(t)
			put(t, filepath.Join(dir, "old"), []byte("old"))
			put(t, filepath.Join(dir, "new"), []byte("new"))
			if err := offload.OS().RenameNew(filepath.Join(dir, "new"), filepath.Join(dir, "old")); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%v, want that it exists", err)
			}
			if err := offload.OS().RenameNew(filepath.Join(dir, "new"), filepath.Join(dir, "third")); err != nil {
				t.Error(err)
			}
			if files := tree(t, dir); files["old"] != "old" || files["third"] != "new" || len(files) != 2 {
				t.Errorf("%q", files)
			}
		})
	}
}

func TestAFolderIsTheSameByWhateverMount(t *testing.T) {
	disk, bound := ext4(t, "DISK"), t.TempDir()
	if err := os.MkdirAll(filepath.Join(disk, "DCIM", "100TEST"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount(filepath.Join(disk, "DCIM"), bound, "", unix.MS_BIND, ""); err != nil {
		t.Skipf("mounting takes root: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(bound, 0) })
	at, err := offload.OS().Volume(filepath.Join(disk, "DCIM", "100TEST"))
	by, errBy := offload.OS().Volume(filepath.Join(bound, "100TEST"))
	if err != nil || errBy != nil || at.Inside != "/DCIM/100TEST" || by.Inside != at.Inside || by.FSID != at.FSID {
		t.Errorf("%+v, %v; by the other mount %+v, %v", at, err, by, errBy)
	}
}

func TestPartitionsOfOneDeviceAreKnownByIt(t *testing.T) {
	sys := t.TempDir() // as the kernel has it
	for path, is := range map[string]string{"devices/usb/sdb/size": "1", "devices/usb/sdb/sdb1/partition": "1", "devices/usb/sdb/sdb2/partition": "2", "devices/loop0/size": "1"} {
		put(t, filepath.Join(sys, path), []byte(is))
	}
	for number, to := range map[string]string{"8:16": "sdb", "8:17": "sdb/sdb1", "8:18": "sdb/sdb2"} {
		if err := os.Symlink(filepath.Join(sys, "devices/usb", to), filepath.Join(sys, number)); err != nil {
			t.Fatal(err)
		}
		if got := offload.DiskOf(filepath.Join(sys, number)); got != "sdb" {
			t.Errorf("%s is of %q", to, got)
		}
	}
	for path, want := range map[string]string{filepath.Join(sys, "devices/loop0"): "loop0", filepath.Join(sys, "9:9"): "", "": ""} {
		if got := offload.DiskOf(path); got != want {
			t.Errorf("%q is of %q, want %q", path, got, want)
		}
	}
	if v, err := offload.OS().Volume(ext4(t, "DISK")); err != nil || v.Disk == "" {
		t.Errorf("%+v, %v", v, err)
	}
}
