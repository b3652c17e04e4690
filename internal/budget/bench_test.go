package budget_test

import (
	"testing"

	"github.com/albumwright/albumwright/internal/budget"
)

// What each request costs before it goes out.
func BenchmarkTake(b *testing.B) {
	w := newWorld(b, 0)
	j := w.job()
	for b.Loop() {
		if err := j.Take(b.Context(), budget.Upload); err != nil {
			b.Fatal(err)
		}
	}
}
