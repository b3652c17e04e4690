package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/card/cardtest"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

const mount = "/media/card"

// folding is a destination on a disk as cameras have them: names that differ only in case are one there.
const folding = "/disk2/photos"

// shot is a file as it was laid on the card. Whether it needs a copy is said here, and not asked of the code under test.
type shot struct {
	rel     string
	content []byte
	when    time.Time
	junk    bool
}

// deal makes a card.
func deal(seed uint64) (shots []shot) {
	for _, f := range cardtest.New(seed, seed%2 == 0).Files {
		shots = append(shots, shot{f.Rel, f.Content, f.ModTime, f.Class == card.Junk})
	}
	return shots
}

// world is a card, its destinations, and what remembers.
type world struct {
	t    *testing.T
	disk *offloadtest.Disk
	*memory
	dests  []string
	before []map[string][]byte // the card, each time that its listing began
	refuse func(op offloadtest.Op, name string) error
}

func newWorld(t *testing.T, m *memory, id string, dests ...string) *world {
	w := &world{t: t, memory: m, dests: dests}
	w.disk = offloadtest.New(offloadtest.Volume{Volume: offload.Volume{Mount: mount, FSID: id, Label: "EOS", Device: "/dev/card"}})
	for _, dir := range dests {
		w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: filepath.Dir(dir), Device: filepath.Dir(dir)}, Folds: dir == folding})
	}
	w.disk.Before = func(op offloadtest.Op, name string) error {
		if op == offloadtest.ReadDir && name == mount {
			w.before = append(w.before, w.disk.Files(mount))
		}
		if w.refuse != nil {
			return w.refuse(op, name)
		}
		return nil
	}
	return w
}

// memory is a history that several cards share, as in life.
type memory struct {
	state   string
	history *ingest.History
}

func remember(t *testing.T) *memory {
	m := &memory{state: t.TempDir()}
	m.open(t)
	t.Cleanup(func() { _ = m.history.Close() })
	return m
}

// open opens it, again if its program died.
func (m *memory) open(t *testing.T) {
	var err error
	if m.history, err = ingest.OpenHistory(context.Background(), m.state); err != nil {
		t.Fatal(err)
	}
}

func (w *world) lay(shots []shot) {
	w.disk.Put(mount+"/DCIM/100CANON/.keep", nil, time.Unix(0, 0))
	w.disk.Delete(mount + "/DCIM/100CANON/.keep")
	for _, s := range shots {
		w.disk.Put(path.Join(mount, s.rel), s.content, s.when)
	}
}

// ingest carries one out.
func (w *world) ingest(change ...func(*ingest.Config)) (ingest.Result, error) {
	w.t.Helper()
	c, err := card.At(w.disk, mount)
	if err != nil {
		return ingest.Result{}, err
	}
	w.before = nil
	cfg := ingest.Config{Card: c, History: w.history, FS: w.disk, Dests: w.dests}
	for _, do := range change {
		do(&cfg)
	}
	return ingest.Run(context.Background(), cfg)
}

// must is an ingest that gets to its end.
func (w *world) must(change ...func(*ingest.Config)) ingest.Result {
	w.t.Helper()
	res, err := w.ingest(change...)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := res.Report.Check(); err != nil {
		w.t.Fatal(err)
	}
	return res
}

// lacking compares the card, as it was when it was listed for the last time, with the destinations: the files that need a copy and have none in some place.
func (w *world) lacking(isJunk func(rel string) bool) error {
	if len(w.before) < 2 {
		return errors.New("the card was not listed at the end")
	}
	have := map[string]map[string]bool{}
	for _, dir := range w.dests {
		have[dir] = map[string]bool{}
		for _, content := range w.disk.Files(dir) {
			have[dir][string(content)] = true
		}
	}
	for name, content := range w.before[len(w.before)-2] { // behind it comes the look whether it is the same card
		rel, _ := filepath.Rel(mount, name)
		if isJunk(rel) {
			continue
		}
		for _, dir := range w.dests {
			if !have[dir][string(content)] {
				return fmt.Errorf("%s: its %d bytes are not in %s", rel, len(content), dir)
			}
		}
	}
	return nil
}

func junkOf(shots []shot) func(string) bool {
	junk := map[string]bool{}
	for _, s := range shots {
		junk[s.rel] = s.junk
	}
	return func(rel string) bool { return junk[rel] }
}
