package localdisk

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
)

// Network names the network file system that has a magic number of Linux's statfs, "" if it is none of them. FUSE is all kinds of things;
// [Mounted] tells which.
func Network(magic uint32) string {
	switch magic {
	case 0x6969:
		return "NFS"
	case 0x517B:
		return "SMB"
	case 0xFF534D42:
		return "CIFS"
	case 0xFE534D42:
		return "SMB2"
	case 0x65735546:
		return "FUSE"
	}
	return ""
}

// Mount is one line of /proc/self/mountinfo.
type Mount struct {
	Point  string // the folder that it is mounted at
	Root   string // the folder of the file system that is seen there, "/" if it is all of it
	Source string // what it is of, such as /dev/sdb1
	Type   string // such as "ext4" or "fuse.sshfs"
}

// Mounted is the mount that an absolute path is on, by the lines of /proc/self/mountinfo. It is zero if they do not say.
func Mounted(mountinfo io.Reader, file string) (Mount, error) {
	found, longest := Mount{}, -1
	lines := bufio.NewScanner(mountinfo)
	lines.Buffer(nil, 1<<20) // an overlay's options can be long
	for lines.Scan() {
		// 36 35 98:0 /root /mount rw,noatime shared:1 - ext4 /dev/sda1 rw
		before, after, ok := strings.Cut(lines.Text(), " - ")
		fields, about := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(about) == 0 {
			continue
		}
		if at := unescape(fields[4]); len(at) >= longest && within(file, at) { // of two at one place the later one lies on top
			found, longest = Mount{Point: at, Root: unescape(fields[3]), Type: about[0]}, len(at)
			if len(about) > 1 {
				found.Source = unescape(about[1])
			}
		}
	}
	if err := lines.Err(); err != nil {
		return Mount{}, fmt.Errorf("mounts: %w", err)
	}
	return found, nil
}

// within tells whether a path is a folder or below it.
func within(file, folder string) bool {
	folder = strings.TrimSuffix(path.Clean(folder), "/")
	rest, ok := strings.CutPrefix(file, folder)
	return ok && (rest == "" || rest[0] == '/')
}

// unescape undoes what the kernel does to the characters that would break a line of mountinfo.
func unescape(s string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(s)
}

// LocalFUSE tells whether a FUSE file system of a type keeps its files on this machine: one on a block device does (NTFS, exFAT), and so does the
// disk that a virtual machine has from its host. Of all others nobody knows.
func LocalFUSE(kind string) bool { return kind == "fuseblk" || kind == "virtiofs" }
