package rehearse_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/race"
	"github.com/albumwright/albumwright/internal/rehearse"
)

// What a rehearsal says is what the real run does, with the same library and quotas, on a line of the same rate, in (virtual) real time. Days that the
// day's requests end are the same to the last request; of a day that midnight ends in the middle of the work, a few files may count for the other day. The
// hours may be longer by what uploads are ahead of creates in the rehearsal, where they take no time of their own: 150 files, and what it takes to create these.
func TestTheRehearsalSaysWhatTheRealRunDoes(t *testing.T) {
	tests := []struct {
		name  string
		limit int
		after time.Duration // four in the afternoon, Pacific time
		rate  float64
		days  int
		near  int           // files by which a day may differ
		off   time.Duration // by which its end may
		long  bool          // hundreds of files
		write func(*world)
	}{
		{"three days of few requests", 60, 0, 100, 3, 0, 0, false, func(w *world) {
			w.photos("Pier", 55, 0)
			w.photos("Harbour", 40, 0)
			w.photos("Garden", 20, 0)
		}},
		{"ten requests a day", 10, 0, 100, 4, 0, 0, false, func(w *world) { w.photos("Pier", 20, 0) }},
		{"large files, in chunks", 30, 0, 100_000, 3, 0, 0, false, func(w *world) {
			w.chunk = 256 << 10
			w.photos("Pier", 10, 1<<20)
		}},
		{"a slow line, over midnight", 10_000, 7*time.Hour + 30*time.Minute, 40, 2, 50, time.Minute, false, func(w *world) {
			w.photos("Pier", 60, 2000)
			w.photos("Harbour", 20, 2000)
		}},
		{"an album for each photo", 10_000, 0, 1000, 1, 0, 13 * time.Minute, true, func(w *world) {
			for i := range 120 {
				w.photos(fmt.Sprintf("day %03d", i), 1, 2000)
			}
		}},
		{"an album for each photo, on a slow line", 10_000, 0, 250, 1, 0, 13 * time.Minute, true, func(w *world) {
			for i := range 120 {
				w.photos(fmt.Sprintf("day %03d", i), 1, 2000)
			}
		}},
		{"small albums, then large files", 10_000, 0, 1000, 1, 0, 13 * time.Minute, true, func(w *world) {
			for i := range 160 {
				w.photos(fmt.Sprintf("day %03d", i), 1, 0)
			}
			w.photos("large", 100, 5000)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.long && race.Enabled {
				t.Skip("under the race detector this takes minutes, and finds nothing that the others do not")
			}
			w := newWorld(t)
			w.limit, w.rate, w.quota = test.limit, test.rate, emulator.ServiceQuota()
			w.quota.RequestsPerDay = test.limit
			w.began = w.began.Add(test.after)
			test.write(w)
			out, err := w.rehearse()
			if err != nil {
				t.Fatal(err)
			}
			wantDays(t, out.Days, w.real(t), test.days, test.near, test.off)
		})
	}
}

func wantDays(t *testing.T, got, want []rehearse.Day, n, near int, off time.Duration) {
	t.Helper()
	if len(got) != n || len(want) != n {
		t.Fatalf("the rehearsal takes %d days, the real run %d, want %d", len(got), len(want), n)
	}
	var rehearsed, real rehearse.Day
	for i := range n {
		g, w := got[i], want[i]
		add(&rehearsed, g)
		add(&real, w)
		if g.Date != w.Date || apart(g.Files, w.Files) > near || near == 0 && !same(g, w) {
			t.Errorf("day %d: rehearsed %+v, real %+v", i+1, g, w)
		}
		if d := g.From.Sub(w.From).Abs(); d > off {
			t.Errorf("day %d begins %v apart, want at most %v", i+1, d, off)
		}
		if d := g.To.Sub(w.To); d < -off || d > off {
			t.Errorf("day %d ends %v later, want at most %v apart", i+1, d, off)
		}
	}
	if !same(rehearsed, real) {
		t.Errorf("altogether rehearsed %+v, real %+v", rehearsed, real)
	}
}

func add(sum *rehearse.Day, d rehearse.Day) {
	sum.Requests, sum.Writes, sum.Files, sum.Bytes = sum.Requests+d.Requests, sum.Writes+d.Writes, sum.Files+d.Files, sum.Bytes+d.Bytes
}

func same(a, b rehearse.Day) bool {
	return a.Requests == b.Requests && a.Writes == b.Writes && a.Files == b.Files && a.Bytes == b.Bytes
}

func apart(a, b int) int { return max(a-b, b-a) }
