package offload_test

import (
	"io/fs"
	"runtime"
	"testing"

	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

// film is a disk of one long film that nobody keeps: what is in memory is only what copying itself needs.
type film struct {
	*offloadtest.Disk
	size int64
}

func (f film) Open(name string) (offload.Reader, error) {
	r, err := f.Disk.Open(name)
	return &frames{r, f.size, f.size}, err
}

func (f film) Create(name string) (offload.Writer, error) {
	w, err := f.Disk.Create(name)
	return sink{w}, err
}

type frames struct {
	offload.Reader
	size, left int64
}

func (f *frames) Stat() (fs.FileInfo, error) {
	info, err := f.Reader.Stat()
	return sized{info, f.size}, err
}

type sized struct {
	fs.FileInfo
	size int64
}

func (s sized) Size() int64 { return s.size }

func (f *frames) Read(p []byte) (int, error) {
	if f.left == 0 {
		return f.Reader.Read(p)
	}
	n := int(min(int64(len(p)), f.left))
	f.left -= int64(n)
	return n, nil
}

type sink struct{ offload.Writer }

func (sink) Write(p []byte) (int, error) { return len(p), nil }

func TestMemoryDoesNotGrowWithTheFileNorWithTheDestinations(t *testing.T) {
	const most = 5 << 19 // the buffers, and small things
	for _, size := range []int64{8 << 20, 64 << 20} {
		for _, dests := range [][]string{{at("a/film")}, {at("a/film"), at("b/film"), at("b/deep/film"), at("a/deep/film")}} {
			w := newWorld(t)
			job := w.job("film", "film", nil)
			job.Dests, job.Size = dests, size
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r, err := offload.Copy(t.Context(), film{w.disk, size}, job)
			runtime.ReadMemStats(&after)
			if err != nil || r.Sums.Size != size || r.Copies[0].Err != nil {
				t.Fatalf("%d bytes were read, want %d: %v, %+v", r.Sums.Size, size, err, r.Copies)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > most {
				t.Errorf("%d MiB to %d destinations took %d bytes of memory, more than %d", size>>20, len(dests), used, most)
			}
		}
	}
}
