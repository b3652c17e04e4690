package localdisk_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/localdisk"
)

func TestAFolderOfThisMachineIsTakenEvenBeforeItExists(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "not", "there", "yet.db")} {
		if err := localdisk.Check(path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAPathBelowAFileIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := localdisk.Check(filepath.Join(file, "budget.db")); err == nil {
		t.Error("no error, want one: a file is no folder")
	}
}

func TestNetworkFileSystemsAreKnownByTheirNumber(t *testing.T) {
	for magic, want := range map[uint32]string{
		0x6969: "NFS", 0x517B: "SMB", 0xFF534D42: "CIFS", 0xFE534D42: "SMB2", 0x65735546: "FUSE",
		0xEF53: "", 0x58465342: "", 0x9123683E: "", 0x01021994: "", 0x794c7630: "", // ext4, XFS, btrfs, tmpfs, overlayfs
	} {
		if got := localdisk.Network(magic); got != want {
			t.Errorf("%#x is %q, want %q", magic, got, want)
		}
	}
}

const mountinfo = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:27 / /proc rw - proc proc rw
40 22 0:40 / /home/me/nas rw,nosuid - fuse.sshfs nas:/photos rw,user_id=1000
41 22 8:17 / /media/my\040card rw - fuseblk /dev/sdb1 rw
42 22 0:41 / /srv rw shared:2 master:1 - nfs4 server:/srv rw
43 22 8:33 / /srv rw - xfs /dev/sdc1 rw
not a line of mounts
44 22 0:44 / /empty -
`

func TestTheMountNearestToAPathIsItsFileSystem(t *testing.T) {
	for path, want := range map[string]string{
		"/":                          "ext4",
		"/home/me":                   "ext4",
		"/home/me/nas":               "fuse.sshfs",
		"/home/me/nas/state/a.db":    "fuse.sshfs",
		"/home/me/nasty":             "ext4",
		"/media/my card/DCIM":        "fuseblk",
		"/srv/photos":                "xfs", // mounted over the NFS
		"/proc/self":                 "proc",
		"relative paths are no path": "",
	} {
		got, err := localdisk.Mounted(strings.NewReader(mountinfo), path)
		if err != nil || got.Type != want {
			t.Errorf("%s is on %q (%v), want %q", path, got.Type, err, want)
		}
	}
	if !localdisk.LocalFUSE("fuseblk") || localdisk.LocalFUSE("fuse.sshfs") || localdisk.LocalFUSE("FUSE") {
		t.Error("want a block device to be local, and sshfs and the unknown not")
	}
}

func TestWhatIsMountedBelowAFolderIsFoundWhateverItsName(t *testing.T) {
	for folder, want := range map[string][]string{
		"/home":          {"/home/me/nas"},
		"/home/me/":      {"/home/me/nas"},
		"/home/me/nas":   nil, // itself
		"/home/m":        nil,
		"/media":         {"/media/my card"},
		"/":              {"/proc", "/home/me/nas", "/media/my card", "/srv"},
		"/srv/photos":    nil,
		"relative/paths": nil,
	} {
		got, err := localdisk.Below(strings.NewReader(mountinfo), folder)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("below %s: %q (%v), want %q", folder, got, err, want)
		}
	}
}
