//go:build race

package samples_test

// raced: the race detector makes drawing ten times slower.
const raced = true
