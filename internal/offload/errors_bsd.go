//go:build unix && !linux

package offload

func noMedium(error) bool { return false }
