//go:build !unix && !windows

package offload

func goneBySystem(error) bool     { return false }
func fullBySystem(error) bool     { return false }
func tooLargeBySystem(error) bool { return false }
