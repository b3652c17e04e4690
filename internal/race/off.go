//go:build !race

// Package race tells tests whether the race detector is on: under it SQLite is ten times slower, and memory is no measure.
package race

// Enabled says that the race detector is on.
const Enabled = false
