package localdisk

import (
	"os"
	"path/filepath"
	"syscall"
)

// remote names the network file system that an existing path is on, "" if it is on none.
func remote(path string) (string, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(path, &st); err != nil {
		return "", err
	}
	name := Network(uint32(st.Type)) // its size differs between machines
	if name != "FUSE" {
		return name, nil
	}
	kind, err := mounted(path)
	if err != nil || LocalFUSE(kind) {
		return "", err
	}
	return kind, nil
}

func mounted(path string) (string, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return "FUSE", nil // no /proc: the number alone has to do
	}
	defer func() { _ = f.Close() }()
	m, err := Mounted(f, path)
	if m.Type == "" {
		m.Type = "FUSE"
	}
	return m.Type, err
}
