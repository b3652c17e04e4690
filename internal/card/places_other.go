//go:build !linux && !windows

package card

// mountPlaces are where macOS mounts what is plugged in, and where others do.
func mountPlaces() []string { return []string{"/Volumes", "/media", "/mnt"} }
