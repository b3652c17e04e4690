//go:build unix

package main

import (
	"fmt"
	"os"
	"syscall"
)

// isJournal tells whether a file is the stream that systemd's variable JOURNAL_STREAM names, by device and inode: the variable is handed down to programs whose output
// goes elsewhere.
func isJournal(f *os.File, stream string) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && stream == fmt.Sprintf("%d:%d", st.Dev, st.Ino)
}
