package pipeline_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/pipeline"
)

func TestThePlanIsWhatTheRunDoes(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 60, 0)
	w.series("Garden", "g", 3, 0)
	w.write("Garden/twin.jpg", w.photo("Pier/twin.jpg", 70))
	w.write("Pier/copy.jpg", w.photo("Pier/original.jpg", 80))
	w.write("Pier/notes.txt", []byte("x"))
	p := w.plan()
	rep := w.run()
	if p.Requests != rep.Requests || p.Bytes != rep.Bytes.Sent || p.Found != rep.Found || !cmp.Equal(p.Ends, rep.Ends) || !cmp.Equal(p.SkippedBy, rep.SkippedBy) {
		t.Errorf("planned %+v of %d files, %d bytes, %v; done %+v of %d files, %d bytes, %v",
			p.Requests, p.Found, p.Bytes, p.Ends, rep.Requests, rep.Found, rep.Bytes.Sent, rep.Ends)
	}
	planned := map[string][]string{}
	for _, a := range p.Albums {
		for _, it := range a.Items {
			planned[a.Title] = append(planned[a.Title], filepath.Base(it.Path))
		}
	}
	w.wantAlbums(planned)
	again := w.plan()
	if len(again.Albums) != 0 || again.Requests.Total() != 0 || again.Ends[pipeline.AlreadyThere] != rep.Found-1 {
		t.Errorf("afterwards the plan is %+v, want nothing to do", again)
	}
}

func TestThePlanMakesNoCallAndWritesNothing(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.cfg.StateDir = filepath.Join(w.cfg.StateDir, "not there yet")
	w.plan()
	if _, err := os.Stat(w.cfg.StateDir); !os.IsNotExist(err) {
		t.Errorf("the state folder was made: %v", err)
	}
	w.run()
	w.photo("Pier/2.jpg", 2)
	before, calls := snapshot(t, w.cfg.StateDir), w.service.Calls()
	w.plan()
	if diff := cmp.Diff(before, snapshot(t, w.cfg.StateDir)); diff != "" {
		t.Errorf("the state folder changed (-before +after):\n%s", diff)
	}
	wantCalls(t, w.calls(calls), map[string]int{})
}

// snapshot reads all files below a folder.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestThePlanOfAnAlbumThatTheListingKnowsNeedsNoCreation(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.run() // lists and creates
	w.photo("Garden/1.jpg", 2)
	p := w.plan()
	if p.Requests.AlbumLists != 0 || p.ListsAtLeast || p.Requests.AlbumCreates != 1 || !p.Albums[0].New || p.Albums[0].Unsure {
		t.Errorf("plan %+v, want one creation on the strength of the listing of a moment ago", p)
	}
}
