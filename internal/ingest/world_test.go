package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

const mount = "/media/card"

// shot is a file as it was laid on the card. Whether it needs a copy is said here, and not asked of the code under test.
type shot struct {
	rel     string
	content []byte
	when    time.Time
	junk    bool
}

// deal makes a card: folders that roll over, raw and sidecars beside photos, films in trees, voice notes, names in NFD, empty and equal files, and junk.
func deal(rng *rand.Rand) []shot {
	var shots []shot
	when := time.Date(2026, 5, 2, 9, 0, 0, 0, time.UTC)
	add := func(rel string, junk bool) {
		size := []int{0, 1 + rng.IntN(30), 1 + rng.IntN(5000), 1 + rng.IntN(5000), 70_000}[rng.IntN(5)]
		content := make([]byte, size)
		for i := range content {
			content[i] = byte(rng.Uint32())
		}
		if n := len(shots); n > 0 && rng.IntN(12) == 0 {
			content = shots[rng.IntN(n)].content
		}
		shots = append(shots, shot{rel, content, when, junk})
	}
	for n := range 1 + rng.IntN(8) {
		when = when.Add(time.Duration(rng.IntN(3000)) * 2 * time.Second) // FAT counts in two seconds
		folder, number := "DCIM/100CANON", 9996+n
		if number > 9999 {
			folder, number = "DCIM/101CANON", number-9999
		}
		stem := fmt.Sprintf("%s/IMG_%04d", folder, number)
		switch rng.IntN(7) {
		case 0:
			add(stem+".CR3", false)
			add(stem+".JPG", false)
			add(stem+".WAV", false)
		case 1:
			add(stem+".MOV", false)
			add(stem+".HEIC", false)
			add(stem+".AAE", false)
		case 2:
			add(fmt.Sprintf("DCIM/100GOPRO/GX01%04d.MP4", n), false)
			add(fmt.Sprintf("DCIM/100GOPRO/GL01%04d.LRV", n), false)
			add(fmt.Sprintf("DCIM/100GOPRO/GX01%04d.THM", n), false)
		case 3:
			add(fmt.Sprintf("PRIVATE/AVCHD/BDMV/STREAM/%05d.MTS", n), false)
			add(fmt.Sprintf("PRIVATE/AVCHD/BDMV/CLIPINF/%05d.CPI", n), false)
		case 4:
			add("DCIM/102_NOTE/Cafe\u0301 "+fmt.Sprint(n)+".jpg", false)
			add("DCIM/100CANON/IMG_0001.JPG", false)
		case 5:
			add(stem+".JPG", false)
			add(".Trashes/"+fmt.Sprint(n), true)
			add("DCIM/100CANON/.DS_Store", true)
		default:
			add(stem+".JPG", false)
			add(fmt.Sprintf("notes-%d.bin", n), false)
		}
	}
	return shots
}

// world is a card, its destinations, and what remembers.
type world struct {
	t       *testing.T
	disk    *offloadtest.Disk
	state   string
	history *ingest.History
	dests   []string
	before  []map[string][]byte // the card, each time that its listing began
	refuse  func(op offloadtest.Op, name string) error
}

func newWorld(t *testing.T, state string, id string, dests ...string) *world {
	w := &world{t: t, state: state, dests: dests}
	w.disk = offloadtest.New(offloadtest.Volume{Volume: offload.Volume{Mount: mount, FSID: id, Label: "EOS", Device: "/dev/card"}})
	for _, dir := range dests {
		w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: filepath.Dir(dir), Device: filepath.Dir(dir)}})
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

// open opens the history; a shared one stays open from world to world.
func (w *world) open() {
	var err error
	if w.history, err = ingest.OpenHistory(context.Background(), w.state); err != nil {
		w.t.Fatal(err)
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

// sameBytes tells whether a folder has a file with this content.
func (w *world) has(dir string, content []byte) bool {
	for _, c := range w.disk.Files(dir) {
		if bytes.Equal(c, content) {
			return true
		}
	}
	return false
}
