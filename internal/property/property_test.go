package property_test

import (
	"flag"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/property"
)

func TestAPropertyIsTriedOnTheSameCasesEachTime(t *testing.T) {
	flag.Visit(func(f *flag.Flag) {
		if f.Name == "rapid.checks" || f.Name == "rapid.seed" {
			t.Skip("the command line wants others")
		}
	})
	draw := func(n int) (drawn []uint64) {
		property.CheckN(t, n, func(t *rapid.T) { drawn = append(drawn, rapid.Uint64().Draw(t, "number")) })
		return drawn
	}
	first, again, few := draw(100), draw(100), draw(10)
	if !slices.Equal(first, again) || len(few) == 0 || len(first) != 10*len(few) || !slices.Equal(first[:len(few)], few) { // how many -short leaves is rapid's affair
		t.Errorf("drawn %d numbers, then others: %v; then %d: %v", len(first), !slices.Equal(first, again), len(few), few)
	}
	if n := len(first); len(slices.Compact(slices.Sorted(slices.Values(first)))) < n/2 {
		t.Error("they are always the same number")
	}
}
