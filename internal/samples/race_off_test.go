//go:build !race

package samples_test

const raced = false
