package rehearse_test

import (
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// BenchmarkRehearsal rehearses a thousand small photos of twenty albums, more than a day's requests of this world.
func BenchmarkRehearsal(b *testing.B) {
	w := newWorld(b)
	w.limit, w.quota = 600, emulator.Quota{RequestsPerDay: 600, WritesPerMinutePerUser: 30}
	for range 20 {
		w.photos(string(rune('A'+w.n/50)), 50, 0)
	}
	for b.Loop() {
		if out, err := w.rehearse(); err != nil || len(out.Days) != 2 {
			b.Fatalf("%d days, %v", len(out.Days), err)
		}
	}
	b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "files/s")
}
