//go:build unix

package card

import (
	"io/fs"
	"syscall"
)

// device is the number of the file system that a folder is on; not ok if nobody tells.
func device(folder fs.FileInfo) (number uint64, ok bool) {
	st, ok := folder.Sys().(*syscall.Stat_t)
	if !ok || !folder.IsDir() {
		return 0, false
	}
	return uint64(st.Dev), true // its size differs between systems
}
