package offload_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
	"github.com/albumwright/albumwright/internal/property"
)

// Whatever stands in the destinations, whatever fails, however often it is tried: what was there stays as it was, what is said to be a copy is one, a group has one
// number, and in the end, when nothing fails any more, every file has exactly one more copy in each destination than there was, or the one that was there.
func TestNoGroupEverHarmsWhatIsThere(t *testing.T) {
	property.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		folds := rapid.Bool().Draw(rt, "a does not tell case")
		w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: at("a"), Device: "a"}, Folds: folds})
		name := rapid.SampledFrom([]string{"I.JPG", "i.jpg", "I.CR3", "I.JPG.xmp", "I-1.JPG", "I-1.CR3", "I-2.JPG", "I"})
		text := rapid.SampledFrom([]string{"", "1", "2", "33"})
		before := map[string][]byte{}
		for i := range rapid.IntRange(0, 6).Draw(rt, "files that are there") {
			path := at(rapid.SampledFrom([]string{"a/", "b/"}).Draw(rt, "in") + name.Draw(rt, fmt.Sprint("there ", i)))
			if _, err := w.disk.Lstat(path); err == nil {
				continue
			}
			before[path] = []byte(text.Draw(rt, "content"))
			w.disk.Put(path, before[path], noon())
		}
		var jobs []offload.Job
		for i, to := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"I.JPG", "I.CR3", "I.JPG.xmp"}), 1, 3, rapid.ID[string]).Draw(rt, "group") {
			jobs = append(jobs, w.job(fmt.Sprint(i, to), to, []byte(text.Draw(rt, "content of "+to))))
		}
		for range rapid.IntRange(0, 3).Draw(rt, "tries that fail") {
			op := rapid.SampledFrom([]offloadtest.Op{offloadtest.Create, offloadtest.Write, offloadtest.Commit, offloadtest.RenameNew, offloadtest.SyncDir, offloadtest.Read}).Draw(rt, "what fails")
			nth := rapid.IntRange(1, 6).Draw(rt, "when")
			w.disk.Before = func(o offloadtest.Op, _ string) error {
				if o == op {
					if nth--; nth == 0 {
						return syscall.EIO
					}
				}
				return nil
			}
			w.copy(jobs...)
			w.untouched(before)
		}
		w.disk.Before = nil
		results := w.copy(jobs...)
		w.untouched(before)
		w.oneNumber(results)
		files := len(w.files())
		for i, r := range w.copy(jobs...) {
			for d, c := range r.Copies {
				if c.Err != nil || !c.Existed || c.Path != results[i].Copies[d].Path {
					rt.Errorf("a second copy is at %s (%v), the first at %s", c.Path, c.Err, results[i].Copies[d].Path)
				}
			}
		}
		if len(w.files()) != files || w.partials() > 0 {
			rt.Errorf("%d files after another copy, %d before; %d partial", len(w.files()), files, w.partials())
		}
	})
}

// untouched checks that what was there is as it was.
func (w *world) untouched(before map[string][]byte) {
	w.t.Helper()
	files := w.files()
	for path, content := range before {
		if got, ok := files[path]; !ok || !bytes.Equal(got, content) {
			w.t.Errorf("%s was %q and is %q (there: %v)", path, content, got, ok)
		}
	}
}

// numbers finds the number behind a stem.
var numbers = regexp.MustCompile(`^I(-[0-9]+)?(\.|$)`)

// oneNumber checks that all files of a group have the same number, everywhere.
func (w *world) oneNumber(results []offload.Result) {
	w.t.Helper()
	number := ""
	for i, r := range results {
		for j, c := range r.Copies {
			if c.Err != nil {
				w.t.Errorf("%s is not copied: %v", r.Job.Source, c.Err)
				continue
			}
			got := "no name"
			if m := numbers.FindStringSubmatch(filepath.Base(c.Path)); m != nil {
				got = m[1]
			}
			if i+j == 0 {
				number = got
			}
			if got != number {
				w.t.Errorf("%s has the number %q, the first of its group %q", c.Path, got, number)
			}
		}
	}
}
