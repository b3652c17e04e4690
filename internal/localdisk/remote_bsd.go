//go:build darwin || freebsd

package localdisk

import "syscall"

// mntLocal is MNT_LOCAL of <sys/mount.h>: the file system is stored on this machine.
const mntLocal = 0x1000

// remote names the network file system that an existing path is on, "" if it is on none.
func remote(path string) (string, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(path, &st); err != nil {
		return "", err
	}
	if st.Flags&mntLocal != 0 {
		return "", nil
	}
	name := make([]byte, 0, len(st.Fstypename))
	for _, c := range st.Fstypename {
		if c == 0 {
			break
		}
		name = append(name, byte(c))
	}
	return string(name), nil
}
