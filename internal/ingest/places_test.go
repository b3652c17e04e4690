package ingest_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
)

// pool shows under /pool what is on /disk1, as another device: so do file systems that join several, and network folders of the machine itself.
type pool struct{ offload.FS }

func under(name string) string {
	if rest, ok := strings.CutPrefix(name, "/pool"); ok {
		return "/disk1" + rest
	}
	return name
}

func (p pool) Lstat(name string) (fs.FileInfo, error)             { return p.FS.Lstat(under(name)) }
func (p pool) ReadDir(name string) ([]fs.DirEntry, error)         { return p.FS.ReadDir(under(name)) }
func (p pool) Open(name string) (offload.Reader, error)           { return p.FS.Open(under(name)) }
func (p pool) OpenCold(name string) (offload.Reader, bool, error) { return p.FS.OpenCold(under(name)) }
func (p pool) Create(name string) (offload.Writer, error)         { return p.FS.Create(under(name)) }
func (p pool) Mkdir(name string) error                            { return p.FS.Mkdir(under(name)) }
func (p pool) RenameNew(from, to string) error                    { return p.FS.RenameNew(under(from), under(to)) }
func (p pool) Remove(name string) error                           { return p.FS.Remove(under(name)) }
func (p pool) SyncDir(name string) error                          { return p.FS.SyncDir(under(name)) }
func (p pool) Volume(path string) (v offload.Volume, err error) {
	v, err = p.FS.Volume(under(path))
	if under(path) != path {
		v.Mount, v.Device = "/pool", "fuse"
	}
	return v, err
}

func TestAPoolAndADiskOfItAreOnePlace(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	w.lay(photos("DCIM/1.JPG", "DCIM/2.JPG"))
	both := func(c *ingest.Config) { c.FS, c.Dests = pool{w.disk}, []string{"/pool/photos", "/disk1/photos"} }
	for turn := range 3 { // the first makes the folders, or finds copies
		res, err := w.ingest(both)
		if res.Report.Verdict.Safe || err == nil && turn > 0 || err != nil && !errors.Is(err, ingest.ErrOnePlace) {
			t.Errorf("turn %d: %v, %v %q", turn, err, res.Report.Verdict, res.Report.Verdict.Reasons)
		}
		for name := range w.disk.Files("/disk1") {
			if strings.Contains(name, "/.") {
				t.Errorf("%s is left", name)
			}
		}
		if turn == 0 {
			w.must() // all copies are there for the next turn
		}
	}
}
