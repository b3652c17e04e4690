package pipeline_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/pipeline"
)

// Arranging 100,000 described files in 200 folders, half of them RAW and JPEG pairs. What is measured is [pipeline.Arrange] alone.
func BenchmarkArrange100000(b *testing.B) {
	ctx := b.Context()
	l, err := ledger.Open(ctx, filepath.Join(b.TempDir(), "l.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	run, err := l.BeginRun(ctx, "bench")
	if err != nil {
		b.Fatal(err)
	}
	for f := range 200 {
		var seen []ledger.Sighting
		for n := range 500 {
			name, mime := fmt.Sprintf("IMG_%04d.JPG", n/2), "image/jpeg"
			if n%2 == 1 {
				name, mime = fmt.Sprintf("IMG_%04d.NEF", n/2), "image/x-nikon-nef"
			}
			seen = append(seen, ledger.Sighting{
				Dir: fmt.Sprintf("/pictures/2024/folder %03d", f), Name: name, Size: 1000, ModTime: time.Unix(1, 0), Album: fmt.Sprint("album ", f),
				Facts: ledger.Facts{Captured: noon(n / 2), CaptureSource: "EXIF DateTimeOriginal", Make: "Acme", Model: "One", Serial: "123", MediaType: mime},
				Sort:  []byte{1},
			})
		}
		if err := l.Record(ctx, run, seen); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if err := pipeline.Arrange(ctx, l, run); err != nil {
			b.Fatal(err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MB")
}
