//go:build !unix

package hooks

import "os/exec"

// killAll: the end of its context kills the program alone here.
func killAll(*exec.Cmd) {}
