package ingest_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

// thirty is a card with as many photos.
func thirty() []shot {
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprintf("DCIM/%02d.JPG", i))
	}
	return photos(names...)
}

func textOf(t *testing.T, res ingest.Result) string {
	t.Helper()
	var out strings.Builder
	if err := ingest.Text(&out, res.Report); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestACardThatIsGoneIsToldOfOnceAndNotOncePerFile(t *testing.T) {
	for _, how := range []offloadtest.Pulled{offloadtest.NoDevice, offloadtest.FromCache, offloadtest.Unmounted} {
		t.Run(string(how), func(t *testing.T) {
			w := newWorld(t, remember(t), "A", "/disk1/photos")
			w.lay(thirty())
			left := 5
			w.disk.Named = func(string) {
				if left--; left == 0 {
					w.disk.Pull(mount, how)
				}
			}
			res, err := w.ingest()
			if err == nil || res.Report.Ends[ingest.Failed].Files > 0 {
				t.Errorf("%v, %v: want that no file is to blame", err, res.Report.Ends)
			}
			text := textOf(t, res)
			if strings.Count(text, "the card is gone") != 2 || strings.Contains(text, "no such device") || strings.Contains(text, "input/output") {
				t.Errorf("want it once as what was not done, and once as the reason:\n%s", text)
			}
		})
	}
}

func TestWhatFailsManyFilesIsOneLineWithACount(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos", "/disk2/photos")
	w.lay(thirty())
	w.refuse = func(op offloadtest.Op, name string) error {
		if op == offloadtest.Create && strings.HasPrefix(name, "/disk2") {
			return syscall.EROFS
		}
		return nil
	}
	text := textOf(t, w.must())
	for _, want := range []string{
		"\nFailed    30 files: /disk2/photos: read-only file system: DCIM/00.JPG, DCIM/01.JPG, DCIM/02.JPG, and 27 more\n",
		" in 2 places: DCIM/00.JPG, DCIM/01.JPG, DCIM/02.JPG, and 27 more (all: /disk2/photos: read-only file system)\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

func TestTheReportSaysWhatMayHaveComeFromMemory(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos", "/disk2/photos")
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: mount, FSID: "A", Label: "EOS", Device: "/dev/card"}, Sticky: true})
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: "/disk2", Device: "/disk2", Type: "tmpfs"}, Sticky: true})
	w.lay(photos("DCIM/1.JPG", "DCIM/2.JPG"))
	text := textOf(t, w.must())
	for _, want := range []string{
		"/disk1/photos  2 of 2 verified (full), 2 new of 32 B; read back from the disk: page cache dropped\n",
		"2 files may have been read back from memory: the page cache could not be dropped\n",
		"/disk2/photos is memory and no disk: what lies there is gone when this machine is switched off\n",
		"Card      2 files may have been read again from memory: the page cache could not be dropped\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}
