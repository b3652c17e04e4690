package card_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
)

// silent is the machine's file systems where nobody tells of mounts.
type silent struct{ offload.FS }

func (s silent) Volume(path string) (offload.Volume, error) {
	v, err := s.FS.Volume(path)
	v.Covered = nil
	return v, err
}

func TestAMountInsideACardIsSeenByTheMachine(t *testing.T) {
	mount := t.TempDir()
	for _, dir := range []string{"100CANON", "101 CANON", "102CANON"} {
		put(t, filepath.Join(mount, "DCIM", dir, "a.jpg"))
	}
	kinds := map[string]struct {
		mount func(at string) error
		fsys  card.FS
	}{
		"another file system":                   {tmpfs, offload.OS()},
		"another file system, and nobody tells": {tmpfs, silent{offload.OS()}},
		"another folder of the same file system": {func(at string) error {
			return unix.Mount(filepath.Join(mount, "DCIM", "102CANON"), at, "", unix.MS_BIND, "")
		}, offload.OS()},
	}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			c, err := card.At(kind.fsys, mount)
			if err != nil {
				t.Fatal(err)
			}
			at := filepath.Join(mount, "DCIM", "101 CANON")
			if err := kind.mount(at); err != nil {
				t.Skipf("mounting takes root: %v", err)
			}
			defer func() { _ = unix.Unmount(at, unix.MNT_DETACH) }()
			got, _, err := listed(t, c, kind.fsys)
			if err != nil || len(got) != 3 || !errors.Is(got["DCIM/101 CANON"].Err, card.ErrCovered) {
				t.Errorf("%v, %+v", err, got)
			}
		})
	}
}

func TestAFileThatAnotherIsMountedOnIsHidden(t *testing.T) {
	mount, other := t.TempDir(), filepath.Join(t.TempDir(), "other.jpg")
	at := filepath.Join(mount, "DCIM", "a.jpg")
	put(t, at)
	put(t, other)
	if err := unix.Mount(other, at, "", unix.MS_BIND, ""); err != nil {
		t.Skipf("mounting takes root: %v", err)
	}
	defer func() { _ = unix.Unmount(at, unix.MNT_DETACH) }()
	c, err := card.At(offload.OS(), mount)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := listed(t, c, offload.OS())
	if err != nil || len(got) != 1 || !errors.Is(got["DCIM/a.jpg"].Err, card.ErrCovered) {
		t.Errorf("%v, %+v", err, got)
	}
}

// A folder of a card that is mounted by itself shows a part of it: no word about that part is one about the card.
func TestAPartOfACardThatIsMountedByItselfIsNotTheCard(t *testing.T) {
	mount, bound := t.TempDir(), t.TempDir()
	put(t, filepath.Join(mount, "DCIM", "a.jpg"))
	put(t, filepath.Join(mount, "backup", "DCIM", "b.jpg"))
	if err := tmpfs(mount); err != nil {
		t.Skipf("mounting takes root: %v", err)
	}
	defer func() { _ = unix.Unmount(mount, unix.MNT_DETACH) }()
	put(t, filepath.Join(mount, "DCIM", "a.jpg"))
	put(t, filepath.Join(mount, "backup", "DCIM", "b.jpg"))
	if err := unix.Mount(filepath.Join(mount, "backup"), bound, "", unix.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Unmount(bound, unix.MNT_DETACH) }()
	whole, err1 := card.At(offload.OS(), mount)
	part, err2 := card.At(offload.OS(), bound)
	if err1 != nil || err2 != nil || whole.ID.Folder != "" || part.ID.Folder != "backup" || part.ID == whole.ID {
		t.Errorf("%+v (%v) and %+v (%v)", whole.ID, err1, part.ID, err2)
	}
}

func tmpfs(at string) error { return unix.Mount("tmpfs", at, "tmpfs", 0, "size=1m") }

func put(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("a photo"), 0o666); err != nil {
		t.Fatal(err)
	}
}
