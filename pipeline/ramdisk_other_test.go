//go:build !linux

package pipeline_test

func ramDisk() string { return "" }
