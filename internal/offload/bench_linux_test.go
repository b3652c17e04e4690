package offload_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/offload"
)

// memory is a folder in memory.
func memory(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "albumwright")
	if err != nil {
		b.Skipf("no file system in memory: %v", err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// fullCard lays photos and a film in memory, so that reading is never what copying waits for: real cards are slower.
func fullCard(b *testing.B) (dir string, size int64) {
	b.Helper()
	dir = memory(b)
	content := make([]byte, 100<<20)
	_, _ = rand.Read(content)
	sizes := slices.Concat(slices.Repeat([]int{8 << 20}, 12), slices.Repeat([]int{25 << 20}, 4), []int{100 << 20})
	for i, n := range sizes {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("IMG_%04d.CR3", i)), content[:n], 0o666); err != nil {
			b.Fatal(err)
		}
		size += int64(n)
	}
	return dir, size
}

// copyFolder copies all files of a folder to others, so many at a time.
func copyFolder(b *testing.B, lanes int, from string, to ...string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(lanes)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return err
		}
		job := offload.Job{Source: filepath.Join(from, e.Name()), Size: info.Size(), ModTime: info.ModTime()}
		for _, dir := range to {
			job.Dests = append(job.Dests, filepath.Join(dir, e.Name()))
		}
		group.Go(func() error {
			r, err := offload.Copy(b.Context(), offload.OS(), job)
			for _, c := range r.Copies {
				err = errors.Join(err, c.Err)
			}
			return err
		})
	}
	return group.Wait()
}

func cp(from, to string) error {
	if out, err := exec.Command("cp", "-r", from, to).CombinedOutput(); err != nil {
		return fmt.Errorf("cp: %w: %s", err, out)
	}
	return exec.Command("sync", "-f", to).Run()
}

// race lets several ways do the same thing, by turns, and adds up what each of them took. What they have written is removed untimed.
func race(b *testing.B, remove []string, ways ...func() error) []time.Duration {
	b.Helper()
	took := make([]time.Duration, len(ways))
	for n := 0; b.Loop(); n++ {
		for i := range ways {
			way := (i + n) % len(ways)
			began := time.Now()
			if err := ways[way](); err != nil {
				b.Fatal(err)
			}
			took[way] += time.Since(began)
			b.StopTimer()
			for _, dir := range remove {
				if err := os.RemoveAll(dir); err != nil {
					b.Fatal(err)
				}
			}
			b.StartTimer()
		}
	}
	return took
}

// BenchmarkCopyAgainstCp copies the same files with hashes and with cp followed by sync -f, by turns, to the same disk. of-cp is our speed as a part of cp's.
func BenchmarkCopyAgainstCp(b *testing.B) {
	for _, lanes := range []int{1, 4} {
		b.Run(fmt.Sprintf("%d-at-a-time", lanes), func(b *testing.B) {
			card, size := fullCard(b)
			debug.FreeOSMemory()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			before := int64(m.HeapSys - m.HeapReleased)
			to := filepath.Join(b.TempDir(), "copies")
			took := race(b, []string{to},
				func() error { return copyFolder(b, lanes, card, to) },
				func() error { return cp(card, to) },
			)
			runtime.ReadMemStats(&m)
			b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "of-cp")
			b.ReportMetric(float64(size)*float64(b.N)/1e6/took[0].Seconds(), "MB/s")
			b.ReportMetric(float64(int64(m.HeapSys-m.HeapReleased)-before)/(1<<20), "MiB-memory")
		})
	}
}

// BenchmarkTwoDestinations copies to a disk, to memory, and to both, by turns. of-slower is what both take, as a multiple of what the slower one takes.
func BenchmarkTwoDestinations(b *testing.B) {
	card, _ := fullCard(b)
	disk, ram := filepath.Join(b.TempDir(), "copies"), filepath.Join(memory(b), "copies")
	took := race(b, []string{disk, ram},
		func() error { return copyFolder(b, 4, card, disk, ram) },
		func() error { return copyFolder(b, 4, card, disk) },
		func() error { return copyFolder(b, 4, card, ram) },
	)
	b.ReportMetric(took[0].Seconds()/max(took[1], took[2]).Seconds(), "of-slower")
}
