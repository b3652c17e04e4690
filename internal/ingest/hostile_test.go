package ingest_test

import (
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

// wantNo holds a verdict to a no with a reason.
func wantNo(t *testing.T, res ingest.Result, reason string) {
	t.Helper()
	if v := res.Report.Verdict; v.Safe || !strings.Contains(strings.Join(v.Reasons, "\n"), reason) {
		t.Errorf("%v %q, want no because of %q", v, v.Reasons, reason)
	}
}

// meanwhile does something once, when the first copy has its name.
func (w *world) meanwhile(do func()) {
	done := false
	w.disk.Named = func(string) {
		if !done {
			done = true
			do()
		}
	}
}

// cover mounts another file system on a folder of the card.
func (w *world) cover(folder string) {
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: mount + "/" + folder, Device: "/dev/other"}})
}

func TestWhatSomethingIsMountedOnMayHoldPhotosThatNobodyHasSeen(t *testing.T) {
	for name, when := range map[string]func(w *world, cover func()){
		"before the ingest": func(_ *world, cover func()) { cover() },
		"during it":         func(w *world, cover func()) { w.meanwhile(cover) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, remember(t), "A", "/disk1/photos")
			w.lay(photos("DCIM/100CANON/1.JPG", "DCIM/101CANON/2.JPG"))
			when(w, func() { w.cover("DCIM/102CANON") })
			res := w.must()
			wantNo(t, res, "DCIM/102CANON (something else is mounted on it and hides what the card has there")
			if res.Report.Places[0].Verified != 2 {
				t.Errorf("%d files are verified, want the 2 that can be seen", res.Report.Places[0].Verified)
			}
			w.disk.Unmount(mount + "/DCIM/102CANON")
			if v := w.must().Report.Verdict; !v.Safe {
				t.Errorf("unmounted, it is still no: %q", v.Reasons)
			}
		})
	}
}

const appleDouble = "\x00\x05\x16\x07"

func TestAFileThatIsJunkNoMoreNeedsACopy(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	shots := append(photos("DCIM/1.JPG"), shot{"DCIM/._2.JPG", []byte(appleDouble), noon, true})
	w.lay(shots)
	w.meanwhile(func() { w.disk.Change(mount+"/DCIM/._2.JPG", []byte("a photo"), noon.Add(1)) })
	wantNo(t, w.must(), "DCIM/._2.JPG")
}

func TestJunkThatCannotBeReadMayBeAnything(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	w.lay(append(photos("DCIM/1.JPG"), shot{"DCIM/._2.JPG", []byte(appleDouble), noon, true}))
	w.meanwhile(func() {
		w.refuse = func(op offloadtest.Op, name string) error {
			if op == offloadtest.Open && strings.HasSuffix(name, "._2.JPG") {
				return syscall.EIO
			}
			return nil
		}
	})
	wantNo(t, w.must(), "DCIM/._2.JPG (input/output error)")
}

// doubled is a damaged card: one of its folders has each name twice, the second time in another spelling.
type doubled struct {
	offload.FS
	folder string
	spell  func(string) string
}

func (d doubled) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := d.FS.ReadDir(name)
	if name == mount+d.folder {
		for _, e := range entries {
			entries = append(entries, spelled{e, d.spell(e.Name())})
		}
	}
	return entries, err
}

type spelled struct {
	fs.DirEntry
	name string
}

func (s spelled) Name() string { return s.name }

func TestOfANameThatStandsTwiceOnlyOneFileCanBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		folder string
		spell  func(string) string
		want   string
	}{
		"a file":                    {"/DCIM/100CANON", func(n string) string { return n }, "DCIM/100CANON/IMG_1.JPG (the name stands twice"},
		"a file in lower case":      {"/DCIM/100CANON", strings.ToLower, "DCIM/100CANON/img_1.jpg (the name stands twice"},
		"its folder":                {"/DCIM", func(n string) string { return n }, "DCIM/100CANON (the name stands twice"},
		"its folder, in lower case": {"/DCIM", strings.ToLower, "DCIM/100canon (the name stands twice"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, remember(t), "A", "/disk1/photos")
			w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: mount, FSID: "A", Device: "/dev/card"}, Folds: true})
			w.lay(photos("DCIM/100CANON/IMG_1.JPG"))
			res := w.must(func(cfg *ingest.Config) { cfg.FS = doubled{w.disk, c.folder, c.spell} })
			wantNo(t, res, c.want)
			if res.Report.Places[0].Verified != 1 {
				t.Errorf("%d verified, want the one that can be read", res.Report.Places[0].Verified)
			}
		})
	}
}

// Where case makes a difference, two such names are two files.
func TestNamesThatDifferInCaseAreTwoFilesWhereTheCardSaysSo(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	w.lay(photos("DCIM/IMG_1.JPG", "DCIM/img_1.jpg", "DCIM/Img_1.jpg"))
	res := w.must()
	if !res.Report.Verdict.Safe || len(w.disk.Files("/disk1")) != 3 {
		t.Errorf("%v %q, %d copies", res.Report.Verdict, res.Report.Verdict.Reasons, len(w.disk.Files("/disk1")))
	}
}

// Whichever look at a copy is the first that does not find it: a copy that is gone is none.
func TestACopyThatGoesAwayBetweenTwoLooksIsNone(t *testing.T) {
	for n, met := 1, true; met; n++ {
		w := newWorld(t, remember(t), "A", "/disk1/photos")
		w.lay(photos("DCIM/1.JPG"))
		w.must()
		looks := 0
		met = false
		w.refuse = func(op offloadtest.Op, name string) error {
			if op == offloadtest.Lstat && name == "/disk1/photos/2026/2026-05-02/1.JPG" {
				if looks++; looks >= n {
					met = true
					return fs.ErrNotExist
				}
			}
			return nil
		}
		res := w.must()
		other := res.Report.Places[0].New.Files > 0 // it was found soon enough
		if met && !other && res.Report.Verdict.Safe {
			t.Errorf("yes, and the copy was gone from look %d on", n)
		}
	}
}

func TestAnotherPartitionOfTheCardIsNoPlaceForItsCopies(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: mount, FSID: "A", Device: "/dev/sdb1", Disk: "sdb"}})
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: "/disk1", FSID: "B", Device: "/dev/sdb2", Disk: "sdb"}})
	w.lay(photos("DCIM/1.JPG"))
	if res, err := w.ingest(); err == nil || res.Report.Verdict.Safe || !strings.Contains(err.Error(), "is on the card") {
		t.Errorf("%v, %v", err, res.Report.Verdict)
	}
}

// vague is a file system whose listings do not tell what a name is.
type vague struct{ offload.FS }

func (v vague) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := v.FS.ReadDir(name)
	if name != mount { // by its folders a card is known
		for i, e := range entries {
			entries[i] = nameless{e}
		}
	}
	return entries, err
}

type nameless struct{ fs.DirEntry }

func (nameless) IsDir() bool       { return false }
func (nameless) Type() fs.FileMode { return fs.ModeIrregular }

func TestAListingThatDoesNotTellWhatANameIsHidesNothing(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	w.lay(photos("DCIM/100CANON/1.JPG", "DCIM/101CANON/2.JPG"))
	tell := func(c *ingest.Config) { c.FS = vague{w.disk} }
	if res := w.must(tell); !res.Report.Verdict.Safe || res.Report.Places[0].Verified != 2 {
		t.Errorf("%v %q, %d verified", res.Report.Verdict, res.Report.Verdict.Reasons, res.Report.Places[0].Verified)
	}
	w.refuse = func(op offloadtest.Op, name string) error {
		if op == offloadtest.Lstat && name == mount+"/DCIM/101CANON" {
			return fs.ErrNotExist
		}
		return nil
	}
	wantNo(t, w.must(tell), "DCIM/101CANON (file does not exist)")
}
