package watcher_test

import (
	"fmt"
	"testing"

	"github.com/albumwright/albumwright/watcher"
)

func BenchmarkWalk20000FilesIn200Folders(b *testing.B) {
	const folders, files = 200, 100
	var paths []string
	for i := range folders {
		for j := range files {
			paths = append(paths, fmt.Sprintf("%d/%d/IMG_%04d.JPG", i%10, i, j))
		}
	}
	root := tree(b, paths...)
	for _, workers := range []int{1, 2, 8} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			cfg := watcher.WalkConfig{Roots: []string{root}, Workers: workers, Exclude: []string{"*.gif", "drafts/"}}
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				must(b, watcher.Walk(b.Context(), cfg, func(watcher.File) error {
					n++
					return nil
				}))
				if n != folders*files {
					b.Fatalf("%d files, want %d", n, folders*files)
				}
			}
			b.ReportMetric(float64(folders*files)*float64(b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}
