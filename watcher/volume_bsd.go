//go:build darwin || freebsd

package watcher

import (
	"strings"

	"golang.org/x/sys/unix"
)

func volumeOf(path string) (volume, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return volume{}, err
	}
	v := volume{ID: uint64(uint32(st.Fsid.Val[0])) | uint64(uint32(st.Fsid.Val[1]))<<32}
	name := unix.ByteSliceToString(st.Fstypename[:])
	if st.Flags&unix.MNT_LOCAL == 0 || strings.Contains(name, "fuse") {
		v.Kind = name
	}
	v.LooseIDs = v.Kind != "" && v.Kind != "nfs" || name == "msdos" || name == "msdosfs" || name == "exfat"
	return v, nil
}
