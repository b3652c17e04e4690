//go:build unix

package main

import "syscall"

// noCoreFiles keeps a crash from leaving a file with all that was in memory: tokens, photos.
func noCoreFiles() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) } // who may not lower a limit has none to lower
