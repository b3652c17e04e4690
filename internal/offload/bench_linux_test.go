package offload_test

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/offload"
)

// aCard lays photos and a film in memory, so that reading is never what copying waits for: real cards are slower.
func aCard(b *testing.B) (dir string, jobs func(dests ...string) []offload.Job, size int64) {
	b.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "card")
	if err != nil {
		b.Skipf("no memory file system for the card: %v", err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	sizes := slices.Concat(slices.Repeat([]int64{8 << 20}, 12), slices.Repeat([]int64{25 << 20}, 4), []int64{100 << 20})
	content := make([]byte, slices.Max(sizes))
	_, _ = rand.Read(content)
	var names []string
	for i, n := range sizes {
		names = append(names, filepath.Join(dir, fmt.Sprintf("IMG_%04d.CR3", i)))
		if err := os.WriteFile(names[i], content[:n], 0o666); err != nil {
			b.Fatal(err)
		}
		size += n
	}
	return dir, func(dests ...string) []offload.Job {
		var all []offload.Job
		for i, name := range names {
			info, err := os.Stat(name)
			if err != nil {
				b.Fatal(err)
			}
			job := offload.Job{Source: name, Size: sizes[i], ModTime: info.ModTime()}
			for _, d := range dests {
				job.Dests = append(job.Dests, filepath.Join(d, filepath.Base(name)))
			}
			all = append(all, job)
		}
		return all
	}, size
}

// took is how long something takes that must not fail.
func took(b *testing.B, do func() error) time.Duration {
	b.Helper()
	began := time.Now()
	if err := do(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

var lanes = func() int { n, _ := strconv.Atoi(os.Getenv("LANES")); return max(n, 1) }()

func copyAll(b *testing.B, jobs []offload.Job) func() error {
	return func() error {
		var group errgroup.Group
		group.SetLimit(lanes)
		for _, j := range jobs {
			group.Go(func() error {
				r, err := offload.Copy(b.Context(), offload.OS(), j)
				if err != nil {
					return err
				}
				for _, c := range r.Copies {
					if c.Err != nil {
						return c.Err
					}
				}
				return nil
			})
		}
		return group.Wait()
	}
}

// BenchmarkCopyAgainstCp copies the same files with hashes and with cp followed by sync -f, in turn, to the same disk. of-cp is our speed as a part of cp's.
func BenchmarkCopyAgainstCp(b *testing.B) {
	card, jobs, size := aCard(b)
	disk := b.TempDir()
	var ours, theirs []time.Duration
	peak := uint64(0)
	for n := 0; b.Loop(); n++ {
		a, c := filepath.Join(disk, fmt.Sprint("ours", n)), filepath.Join(disk, fmt.Sprint("cp", n))
		turns := []func(){
			func() { ours = append(ours, took(b, copyAll(b, jobs(a)))) },
			func() {
				theirs = append(theirs, took(b, func() error {
					if out, err := exec.Command("cp", "-r", card, c).CombinedOutput(); err != nil {
						return fmt.Errorf("cp: %w: %s", err, out)
					}
					return exec.Command("sync", "-f", c).Run()
				}))
			},
		}
		if n%2 == 1 {
			slices.Reverse(turns)
		}
		for _, turn := range turns {
			turn()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapSys)
		for _, dir := range []string{a, c} {
			if err := os.RemoveAll(dir); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(sum(theirs))/float64(sum(ours)), "of-cp")
	b.ReportMetric(float64(size)*float64(len(ours))/1e6/sum(ours).Seconds(), "MB/s")
	b.ReportMetric(float64(peak)/(1<<20), "MiB-heap")
}

func sum(all []time.Duration) (total time.Duration) {
	for _, d := range all {
		total += d
	}
	return total
}
