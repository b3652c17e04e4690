//go:build unix

package control

import (
	"fmt"
	"os"
	"syscall"
)

// private refuses a folder that others may enter, or that is another user's.
func private(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("the folder %s belongs to another user", dir)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("others may enter the folder %s (mode %04o): chmod 700 it", dir, mode)
	}
	return nil
}
