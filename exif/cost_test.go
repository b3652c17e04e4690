package exif_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

// maxTypical is what half of all JPEGs may cost, in bytes read.
const maxTypical = 8 << 10

func TestAJPEGCostsAFewKiBOfReading(t *testing.T) {
	plain := fixture.Spec{Captured: wall(14, 30, 5), Make: "Aldermere", Width: 400, Height: 300}
	padded, described := plain, plain
	padded.PadTo = 5 << 20
	described.Description = strings.Repeat("long ", 1000)
	for name, spec := range map[string]fixture.Spec{"plain": plain, "padded": padded, "described": described} {
		m := newMeter(fixture.JPEG(spec))
		if _, err := exif.ReadWithoutNet(m, m.Size()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		limit := int64(maxTypical + len(spec.Description))
		if m.bytes > limit || m.calls > 5 {
			t.Errorf("%s: %d bytes in %d reads, want at most %d in 5", name, m.bytes, m.calls, limit)
		}
	}
}

func TestRealJPEGsCostAFewKiBOfReading(t *testing.T) {
	var costs, calls []int64
	realFiles(t, func(name string, file []byte) {
		m := newMeter(file)
		if f, err := exif.ReadWithoutNet(m, m.Size()); err != nil || f.Format != "JPEG" {
			return // raw files and TIFF are not what this is about
		}
		costs, calls = append(costs, m.bytes), append(calls, int64(m.calls))
	})
	slices.Sort(costs)
	slices.Sort(calls)
	median, most := costs[len(costs)/2], costs[len(costs)-1]
	t.Logf("%d JPEGs: median %d bytes in %d reads, most %d bytes", len(costs), median, calls[len(calls)/2], most)
	if median > maxTypical {
		t.Errorf("median of %d bytes read, want at most %d", median, maxTypical)
	}
}

// maxTypicalHEIC is what half of all HEIC and AVIF files may cost, in bytes read
// apart from XMP, which has a bound of its own.
const maxTypicalHEIC = 2 << 10

func TestRealHEICFilesCostTwoKiBOfReading(t *testing.T) {
	var costs []int64
	dir := samplesDir(t)
	for _, s := range oracle(t, dir) {
		if !strings.Contains(" HEIC HEIF AVIF ", " "+s.Type+" ") {
			continue
		}
		file, err := os.ReadFile(filepath.Join(dir, s.File))
		if err != nil {
			t.Fatal(err)
		}
		plain, xmp := exif.Cost(bytes.NewReader(file), int64(len(file)))
		t.Logf("%s: %d bytes, and %d of XMP", s.File, plain, xmp)
		costs = append(costs, plain)
	}
	slices.Sort(costs)
	median := costs[len(costs)/2]
	t.Logf("%d files: median %d bytes, most %d", len(costs), median, costs[len(costs)-1])
	if median > maxTypicalHEIC {
		t.Errorf("median of %d bytes read", median)
	}
}

// BenchmarkReadFiles reads photos from disk, opened one by one, on all cores. The
// files are in the page cache. files/s is what is to be looked at.
func BenchmarkReadFiles(b *testing.B) {
	const photos = 1000
	dir := b.TempDir()
	paths := make([]string, photos)
	for i := range paths {
		paths[i] = filepath.Join(dir, fmt.Sprintf("%d.jpg", i))
		photo := fixture.JPEG(fixture.Spec{
			Width: 64, Height: 48, Seed: i, Captured: wall(14, 30, 5), SubSec: "25", Make: "Aldermere", Model: "Field 40",
			Orientation: 1, Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054), PadTo: 64 << 10,
		})
		if err := os.WriteFile(paths[i], photo, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	var next atomic.Int64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			f, err := os.Open(paths[next.Add(1)%photos])
			if err != nil {
				b.Error(err)
				return
			}
			_, err = exif.Read(f, 64<<10)
			if err = errors.Join(err, f.Close()); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}

func BenchmarkRead(b *testing.B) {
	m := newMeter(fixture.JPEG(fixture.Spec{
		Width: 400, Height: 300, Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00",
		Make: "Aldermere", Model: "Field 40", Orientation: 1, Description: "words",
		Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054), PadTo: 3 << 20,
	}))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := exif.Read(m, m.Size()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(m.bytes)/float64(b.N), "bytes-read/op")
}
