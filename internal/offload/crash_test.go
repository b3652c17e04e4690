package offload_test

import (
	"bytes"
	"testing"

	"github.com/albumwright/albumwright/internal/offload"
)

// A program that is killed before any operation leaves partial files and whole ones, never a name with other bytes behind it; the next one completes the group
// and leaves no more than if nothing had happened.
func TestAKillAnywhereLeavesWhatTheNextRunCompletes(t *testing.T) {
	for n := 1; ; n++ {
		w := newWorld(t)
		w.disk.Put(at("a/day/IMG_1.CR3"), []byte("another camera's"), noon())
		group := func() []offload.Job {
			return []offload.Job{w.job("IMG_1.JPG", "day/IMG_1.JPG", bytesOf('p', 1<<20+1)), w.job("IMG_1.CR3", "day/IMG_1.CR3", []byte("raw"))}
		}
		jobs := group()
		killed := false
		w.disk.In(n, func() { w.disk.Kill(); killed = true })
		results, _ := offload.CopyTogether(t.Context(), w.disk, jobs)
		if !killed {
			break
		}
		w.disk.Revive()
		w.honest(results)
		w.wholeOrPartial()
		w.copy(jobs...)
		w.has("a/day/IMG_1.CR3", "a/day/IMG_1-1.JPG", "a/day/IMG_1-1.CR3", "b/day/IMG_1-1.JPG", "b/day/IMG_1-1.CR3")
	}
}

// wholeOrPartial checks that whatever has a name of its own has the bytes of some file.
func (w *world) wholeOrPartial() {
	w.t.Helper()
	for path, content := range w.files() {
		known := bytes.Equal(content, []byte("another camera's")) || bytes.HasSuffix([]byte(path), []byte(offload.PartialEnding))
		for _, source := range w.jobs {
			known = known || bytes.Equal(content, source)
		}
		if !known {
			w.t.Errorf("%s has %d bytes of nothing", path, len(content))
		}
	}
}

// What was told to be copied is there after a power cut, wherever that comes, and what was there before is too.
func TestAPowerCutLosesNothingThatWasTold(t *testing.T) {
	for n := 1; ; n++ {
		w := newWorld(t)
		jobs := []offload.Job{w.job("IMG_1.JPG", "2024/day/IMG_1.JPG", bytesOf('p', 1<<20+1)), w.job("IMG_1.CR3", "2024/day/IMG_1.CR3", []byte("raw"))}
		cut := false
		w.disk.In(n, func() { w.disk.Kill(); cut = true })
		results, _ := offload.CopyTogether(t.Context(), w.disk, jobs)
		if !cut {
			break
		}
		w.disk.PowerCut()
		w.disk.Revive()
		w.honest(results)
		w.wholeOrPartial()
		w.copy(jobs...)
		w.has("a/2024/day/IMG_1.JPG", "a/2024/day/IMG_1.CR3", "b/2024/day/IMG_1.JPG", "b/2024/day/IMG_1.CR3")
	}
}
