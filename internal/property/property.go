// Package property checks properties on the same cases in every run, so that no test fails by chance.
package property

import (
	"flag"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// usual is how many cases rapid tries by itself.
const usual = 100

// Check is [rapid.Check], which draws the same 100 cases in every run. Others are drawn when the command line asks for a number with -rapid.checks, as make soak
// does, or for a seed with -rapid.seed.
func Check(t *testing.T, holds func(*rapid.T)) {
	t.Helper()
	CheckN(t, usual, holds)
}

// CheckN is [Check] with n cases, for properties that take long. Unless n is the 100 of Check, it is for tests that run one after the other.
func CheckN(t *testing.T, n int, holds func(*rapid.T)) {
	t.Helper()
	fixed()
	if n != usual && !given("rapid.checks") {
		set("rapid.checks", n)
		defer set("rapid.checks", usual)
	}
	rapid.Check(t, holds)
}

// fixed fixes the seed of all properties of a test program, unless the command line wants it otherwise.
var fixed = sync.OnceFunc(func() {
	if !given("rapid.checks") && !given("rapid.seed") {
		set("rapid.seed", 1)
	}
})

func given(name string) (found bool) {
	flag.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// set changes a flag without making it one that was given.
func set(name string, n int) {
	if err := flag.Lookup(name).Value.Set(strconv.Itoa(n)); err != nil {
		panic(err) // rapid has no such flag any more
	}
}
