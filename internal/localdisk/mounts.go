package localdisk

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"slices"
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
	err := each(mountinfo, func(m Mount) {
		if len(m.Point) >= longest && within(file, m.Point) { // of two at one place the later one lies on top
			found, longest = m, len(m.Point)
		}
	})
	if err != nil {
		return Mount{}, err
	}
	return found, nil
}

// Below are the places below an absolute path where something is mounted, by the lines of /proc/self/mountinfo: what the folders there have of their own
// nobody sees.
func Below(mountinfo io.Reader, folder string) (points []string, err error) {
	err = each(mountinfo, func(m Mount) {
		if m.Point != path.Clean(folder) && within(m.Point, folder) && !slices.Contains(points, m.Point) {
			points = append(points, m.Point)
		}
	})
	return points, err
}

// each visits all mounts.
func each(mountinfo io.Reader, visit func(Mount)) error {
	lines := bufio.NewScanner(mountinfo)
	lines.Buffer(nil, 1<<20) // an overlay's options can be long
	for lines.Scan() {
		// 36 35 98:0 /root /mount rw,noatime shared:1 - ext4 /dev/sda1 rw
		before, after, ok := strings.Cut(lines.Text(), " - ")
		fields, about := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(about) == 0 {
			continue
		}
		m := Mount{Point: unescape(fields[4]), Root: unescape(fields[3]), Type: about[0]}
		if len(about) > 1 {
			m.Source = unescape(about[1])
		}
		visit(m)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("mounts: %w", err)
	}
	return nil
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
