package ingest_test

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

// first ingests a card for the first time.
func first(b *testing.B, mount string, depth offload.Depth, dests ...string) {
	b.Helper()
	firstOn(b, offload.OS(), mount, depth, dests...)
}

// firstOn ingests a card for the first time, with the machine's file systems as fsys has them.
func firstOn(b *testing.B, fsys offload.FS, mount string, depth offload.Depth, dests ...string) {
	b.Helper()
	history, err := ingest.OpenHistory(b.Context(), offloadtest.MemoryDir(b))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = history.Close() }()
	c, err := card.At(offload.OS(), mount)
	if err != nil {
		b.Fatal(err)
	}
	res, err := ingest.Run(b.Context(), ingest.Config{FS: fsys, Card: c, History: history, Dests: dests, Depth: depth})
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range res.Report.Places {
		if p.Verified != p.Wanted {
			b.Fatalf("%d copies of %d: %+v", p.Verified, p.Wanted, res.Report.Failures)
		}
	}
}

// BenchmarkIngestAgainstCp ingests a card and copies it with cp followed by sync -f, by turns, to the same disk. of-cp is our speed as a part of cp's.
func BenchmarkIngestAgainstCp(b *testing.B) {
	for _, depth := range []offload.Depth{offload.BySize, offload.Full} {
		b.Run(string(depth), func(b *testing.B) {
			mount, size := offloadtest.FullCard(b)
			to := filepath.Join(b.TempDir(), "copies")
			took := offloadtest.Race(b, []string{to},
				func() { first(b, mount, depth, to) },
				func() { offloadtest.Cp(b, mount, to) },
			)
			b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "of-cp")
			b.ReportMetric(float64(size)*float64(b.N)/1e6/took[0].Seconds(), "MB/s")
		})
	}
}

// BenchmarkIngestToTwo ingests to a disk, to memory, and to both, by turns. of-slower is what both take, as a multiple of what the slower one takes. The disk is
// the machine's own, which may be as fast as its processors can hash and copy, or one that is made to take 300 MB/s, as one that is plugged in for copies does.
func BenchmarkIngestToTwo(b *testing.B) {
	for _, rate := range []float64{0, 300e6} {
		name := "as it is"
		if rate > 0 {
			name = "300MB/s"
		}
		b.Run(name, func(b *testing.B) {
			mount, _ := offloadtest.FullCard(b)
			disk, ram := filepath.Join(b.TempDir(), "copies"), filepath.Join(offloadtest.MemoryDir(b), "copies")
			slow := &slowDisk{FS: offload.OS(), below: disk, rate: rate}
			took := offloadtest.Race(b, []string{disk, ram},
				func() { firstOn(b, slow, mount, offload.BySize, disk, ram) },
				func() { firstOn(b, slow, mount, offload.BySize, disk) },
				func() { firstOn(b, slow, mount, offload.BySize, ram) },
			)
			b.ReportMetric(took[0].Seconds()/max(took[1], took[2]).Seconds(), "of-slower")
		})
	}
}

// slowDisk makes what is written below a folder take the time that a slow disk takes, one piece after the other.
type slowDisk struct {
	offload.FS
	below string
	rate  float64 // bytes a second; 0: as it is

	mu    sync.Mutex
	until time.Time // it is busy
}

// Create implements offload.FS.
func (d *slowDisk) Create(name string) (offload.Writer, error) {
	w, err := d.FS.Create(name)
	if err == nil && d.rate > 0 && strings.HasPrefix(name, d.below) {
		w = slowFile{w, d}
	}
	return w, err
}

type slowFile struct {
	offload.Writer
	on *slowDisk
}

// Write implements io.Writer.
func (f slowFile) Write(p []byte) (int, error) {
	n, err := f.Writer.Write(p)
	f.on.mu.Lock()
	defer f.on.mu.Unlock()
	if now := time.Now(); f.on.until.Before(now) {
		f.on.until = now
	}
	f.on.until = f.on.until.Add(time.Duration(float64(n) / f.on.rate * float64(time.Second)))
	<-time.After(time.Until(f.on.until))
	return n, err
}
