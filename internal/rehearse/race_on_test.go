//go:build race

package rehearse_test

// raceEnabled says that the race detector is on, under which SQLite is ten times slower.
const raceEnabled = true
