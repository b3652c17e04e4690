package offload_test

import (
	"bytes"
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

// judge is a test, or one try of a property.
type judge interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Context() context.Context
}

// world is a card and two destinations in memory.
type world struct {
	t    judge
	disk *offloadtest.Disk
	jobs map[string][]byte // what each source has
}

func newWorld(t judge) *world {
	return &world{t: t, jobs: map[string][]byte{}, disk: offloadtest.New(
		offloadtest.Volume{Volume: offload.Volume{Mount: at("card"), Device: "card"}},
		offloadtest.Volume{Volume: offload.Volume{Mount: at("a"), Device: "a"}},
		offloadtest.Volume{Volume: offload.Volume{Mount: at("b"), Device: "b"}},
	)}
}

// at is a path of the world.
func at(path string) string { return string(filepath.Separator) + filepath.FromSlash(path) }

// job lays a file on the card, to be copied under a name in both destinations.
func (w *world) job(name, to string, content []byte) offload.Job {
	w.disk.Put(at("card/"+name), content, noon())
	w.jobs[at("card/"+name)] = content
	return offload.Job{Source: at("card/" + name), Size: int64(len(content)), ModTime: noon(), Dests: []string{at("a/" + to), at("b/" + to)}}
}

// copy copies a group for which nothing ends all.
func (w *world) copy(jobs ...offload.Job) []offload.Result {
	w.t.Helper()
	results, err := offload.CopyTogether(w.t.Context(), w.disk, jobs)
	if err != nil {
		w.t.Fatal(err)
	}
	w.honest(results)
	return results
}

// honest checks that what is said to be a copy has the bytes of its source.
func (w *world) honest(results []offload.Result) {
	w.t.Helper()
	files := w.files()
	for _, r := range results {
		for i, c := range r.Copies {
			if c.Err != nil {
				continue
			}
			if got, ok := under(files, c.Path); !ok || !bytes.Equal(got, w.jobs[r.Job.Source]) {
				w.t.Errorf("%s is said to be at %s, where other bytes are (any: %v)", r.Job.Source, c.Path, ok)
			}
			if filepath.Dir(c.Path) != filepath.Dir(r.Job.Dests[i]) {
				w.t.Errorf("%s went to %s", r.Job.Dests[i], c.Path)
			}
		}
	}
}

// under is what a path leads to, on a disk that may not tell case.
func under(files map[string][]byte, path string) ([]byte, bool) {
	if content, ok := files[path]; ok {
		return content, true
	}
	for name, content := range files {
		if strings.EqualFold(name, path) {
			return content, true
		}
	}
	return nil, false
}

func (w *world) files() map[string][]byte {
	all := w.disk.Files(at("a"))
	maps.Copy(all, w.disk.Files(at("b")))
	return all
}

// has compares the names of all files in the destinations.
func (w *world) has(names ...string) {
	w.t.Helper()
	var want []string
	for _, n := range names {
		want = append(want, at(n))
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(w.files()))); diff != "" {
		w.t.Errorf("files in the destinations (- want, + have):\n%s", diff)
	}
}

// partials are the files that are only begun.
func (w *world) partials() (n int) {
	for name := range w.files() {
		if strings.HasSuffix(name, offload.PartialEnding) {
			n++
		}
	}
	return n
}

// noon is when test files were changed.
func noon() time.Time { return time.Date(2024, 5, 18, 12, 0, 2, 0, time.UTC) }

// bytesOf are so many bytes that are all the same.
func bytesOf(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }
