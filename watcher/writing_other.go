//go:build !linux

package watcher

// isWritten has no answer here: whether a file is complete is told by time alone.
func isWritten(string) bool { return false }
