//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package watcher

import "os"

// openFolder opens a folder for listing.
func openFolder(path string, _ bool) (*os.File, error) { return os.Open(path) }
