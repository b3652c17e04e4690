//go:build !linux

package supervise

import "github.com/coreos/go-systemd/v22/daemon"

// Reloading is what a service manager is told when the configuration is about to be read anew; READY=1 follows when it was.
func Reloading() string { return daemon.SdNotifyReloading }
