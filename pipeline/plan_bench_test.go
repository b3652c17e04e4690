//go:build unix

package pipeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/pipeline"
)

// Planning an import of files that an earlier run has described and not sent, in folders of 500, half of them RAW and JPEG pairs; no album is made yet. What
// is measured is [pipeline.Plan] as a whole: the walk, the copy of the ledger, arranging, the plan.
func BenchmarkPlan(b *testing.B) {
	for _, files := range []int{20_000, 100_000} {
		b.Run(fmt.Sprint(files), func(b *testing.B) {
			w := described100(b, files/500)
			measure(b, func() { w.wantAllPlanned(files / 500) })
		})
	}
}

// Planning anew as the slider of the page moves: 20,000 files in some 3,300 events.
func BenchmarkReplan(b *testing.B) {
	w := described100(b, 40)
	w.by("event")
	p, err := pipeline.NewPlanner(b.Context(), w.cfg)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	minutes := 60
	replan := func() {
		plan, err := p.Plan(b.Context(), pipeline.AlbumNaming{EventGap: time.Duration(minutes) * time.Minute})
		if err != nil || len(plan.Albums) < 3000 {
			b.Fatal(len(plan.Albums), err)
		}
		minutes++
	}
	replan()
	measure(b, replan)
}

// measure reports the CPU time of the process, all threads, and, on Linux, the most memory that it had meanwhile.
func measure(b *testing.B, do func()) {
	var used time.Duration
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // forgets the peak so far
	for b.Loop() {
		before := cpu(b)
		do()
		used += cpu(b) - before
	}
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
	status, _ := os.ReadFile("/proc/self/status")
	if _, peak, ok := strings.Cut(string(status), "VmHWM:"); ok {
		var kB float64
		if _, err := fmt.Sscan(peak, &kB); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(kB/(1<<10), "peak-MB")
	}
}

// The files of the benchmark have sizes and nothing in them: a file that was opened would be skipped as no photo.
func TestPlanningDescribedFilesOpensNone(t *testing.T) {
	described100(t, 2).wantAllPlanned(2)
}

// What is counted is what is allocated: it is the same on every machine, and whatever goes through all files for each file allocates, as their paths do.
func TestTwiceTheFilesAreNoMoreThanTwiceTheWorkOfAPlan(t *testing.T) {
	few, many := described100(t, 4), described100(t, 8)
	for _, by := range []string{"folder", "event"} {
		allocated := func(w *world) float64 {
			w.by(by)
			return testing.AllocsPerRun(1, func() { w.plan() })
		}
		if a, b := allocated(few), allocated(many); b > 2.1*a {
			t.Errorf("by %s: %.0f allocations for 2,000 files, %.0f for 4,000", by, a, b)
		}
	}
}

func (w *world) wantAllPlanned(folders int) {
	w.t.Helper()
	plan := w.plan()
	n := 500 * folders
	if plan.Ends[pipeline.Uploaded] != n || plan.Requests.Uploads != n || plan.Requests.BatchCreates != 10*folders || plan.Requests.AlbumCreates != folders {
		w.t.Fatalf("planned %v, %+v", plan.Ends, plan.Requests)
	}
}

// described100 is a world whose ledger has described folders of 500 files.
func described100(t testing.TB, folders int) *world {
	w := newWorld(t)
	if err := os.MkdirAll(filepath.Dir(pipeline.LedgerPath(w.cfg)), 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), pipeline.LedgerPath(w.cfg))
	if err != nil {
		t.Fatal(err)
	}
	run, err := l.BeginRun(t.Context(), "bench")
	if err != nil {
		t.Fatal(err)
	}
	size := int64(1000) // no two files have one: otherwise they are hashed to tell duplicates
	for f := range folders {
		title := fmt.Sprintf("folder %03d", f)
		dir := filepath.Join(w.dir, title)
		var seen []ledger.Sighting
		for n := range 500 {
			name, mime := fmt.Sprintf("IMG_%04d.JPG", n/2), "image/jpeg"
			if n%2 == 1 {
				name, mime = fmt.Sprintf("IMG_%04d.NEF", n/2), "image/x-nikon-nef"
			}
			size++
			shot := 250*f + n/2 // three within an hour, then a pause
			seen = append(seen, ledger.Sighting{
				Dir: dir, Name: name, Size: size, ModTime: w.hollow(filepath.Join(title, name), size), Album: title, Sort: []byte{1},
				Facts: ledger.Facts{Captured: noon(shot*7 + shot/3*120), CaptureSource: "EXIF DateTimeOriginal", Make: "Acme", Model: "One", Serial: "123", MediaType: mime},
			})
		}
		if err := l.Record(t.Context(), run, seen); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

// hollow makes a file of a size with nothing in it, and returns its time.
func (w *world) hollow(path string, size int64) time.Time {
	w.t.Helper()
	w.write(path, nil)
	full := filepath.Join(w.dir, path)
	if err := os.Truncate(full, size); err != nil {
		w.t.Fatal(err)
	}
	info, err := os.Stat(full)
	if err != nil {
		w.t.Fatal(err)
	}
	return info.ModTime()
}

// cpu is the time that the process has computed so far.
func cpu(t testing.TB) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
