package offload_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

// copyFolder copies all files of a folder to others, so many at a time.
func copyFolder(b *testing.B, lanes int, from string, to ...string) {
	b.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		b.Fatal(err)
	}
	var group errgroup.Group
	group.SetLimit(lanes)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			b.Fatal(err)
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
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkCopyAgainstCp copies the same files with hashes and with cp followed by sync -f, by turns, to the same disk. of-cp is our speed as a part of cp's.
func BenchmarkCopyAgainstCp(b *testing.B) {
	for _, lanes := range []int{1, 4} {
		b.Run(fmt.Sprintf("%d-at-a-time", lanes), func(b *testing.B) {
			mount, size := offloadtest.FullCard(b)
			card := filepath.Join(mount, "DCIM")
			debug.FreeOSMemory()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			before := int64(m.HeapSys - m.HeapReleased)
			to := filepath.Join(b.TempDir(), "copies")
			took := offloadtest.Race(b, []string{to},
				func() { copyFolder(b, lanes, card, to) },
				func() { offloadtest.Cp(b, card, to) },
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
	mount, _ := offloadtest.FullCard(b)
	card := filepath.Join(mount, "DCIM")
	disk, ram := filepath.Join(b.TempDir(), "copies"), filepath.Join(offloadtest.MemoryDir(b), "copies")
	took := offloadtest.Race(b, []string{disk, ram},
		func() { copyFolder(b, 4, card, disk, ram) },
		func() { copyFolder(b, 4, card, disk) },
		func() { copyFolder(b, 4, card, ram) },
	)
	b.ReportMetric(took[0].Seconds()/max(took[1], took[2]).Seconds(), "of-slower")
}
