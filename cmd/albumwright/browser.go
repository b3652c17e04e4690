package main

import (
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// openBrowser shows an address in the user's browser, if that can be done. It does not wait for it, and nothing fails if it cannot.
func openBrowser(address string) {
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		cmd = exec.Command("open", address)
	case "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", address)
	default:
		cmd = exec.Command("xdg-open", address)
	}
	// What was set for this program, secrets among it, is not the browser's business.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ALBUMWRIGHT_") })
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}
