package offload_test

import (
	"bytes"
	"context"
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

const large = 2<<20 + 3 // bytes of a file that goes through several buffers

func TestANameThatOtherContentHasGetsANumber(t *testing.T) {
	w := newWorld(t)
	w.copy(w.job("100/IMG_1.JPG", "day/IMG_1.JPG", []byte("one")))
	w.copy(w.job("101/IMG_1.JPG", "day/IMG_1.JPG", []byte("two")))
	w.copy(w.job("102/IMG_1.JPG", "day/IMG_1.JPG", []byte("three")))
	w.has("a/day/IMG_1.JPG", "a/day/IMG_1-1.JPG", "a/day/IMG_1-2.JPG", "b/day/IMG_1.JPG", "b/day/IMG_1-1.JPG", "b/day/IMG_1-2.JPG")
}

func TestWhatIsThereAlreadyCountsAsACopy(t *testing.T) {
	w := newWorld(t)
	one, two := w.job("100/IMG_1.JPG", "IMG_1.JPG", []byte("one")), w.job("101/IMG_1.JPG", "IMG_1.JPG", []byte("two"))
	w.copy(one)
	w.copy(two)
	for _, job := range []offload.Job{two, one} {
		for _, c := range w.copy(job)[0].Copies {
			if !c.Existed {
				t.Errorf("%s was copied again", c.Path)
			}
		}
	}
	w.has("a/IMG_1.JPG", "a/IMG_1-1.JPG", "b/IMG_1.JPG", "b/IMG_1-1.JPG")
}

func TestFilesThatBelongTogetherGetOneNumber(t *testing.T) {
	w := newWorld(t)
	w.disk.Put(at("b/IMG_1.CR3"), []byte("another camera's"), noon())
	w.copy(
		w.job("IMG_1.JPG", "IMG_1.JPG", []byte("photo")),
		w.job("IMG_1.CR3", "IMG_1.CR3", []byte("raw")),
		w.job("IMG_1.JPG.xmp", "IMG_1.JPG.xmp", []byte("words")),
		w.job("IMG_1.WAV", "IMG_1.WAV", []byte("voice")),
	)
	w.has("b/IMG_1.CR3",
		"a/IMG_1-1.JPG", "a/IMG_1-1.CR3", "a/IMG_1-1.JPG.xmp", "a/IMG_1-1.WAV",
		"b/IMG_1-1.JPG", "b/IMG_1-1.CR3", "b/IMG_1-1.JPG.xmp", "b/IMG_1-1.WAV")
}

func TestAGroupThatIsCopiedInPartFindsItsNumberAgain(t *testing.T) {
	w := newWorld(t)
	w.disk.Put(at("a/IMG_1.JPG"), []byte("another"), noon())
	photo, raw := w.job("IMG_1.JPG", "IMG_1.JPG", []byte("photo")), w.job("IMG_1.CR3", "IMG_1.CR3", []byte("raw"))
	w.disk.ReadError(at("card/IMG_1.CR3"), 1)
	if got := w.copy(photo, raw); got[0].Err != nil || got[1].Err == nil {
		t.Fatalf("%v and %v, want an error of the raw alone", got[0].Err, got[1].Err)
	}
	raw = w.job("IMG_1.CR3", "IMG_1.CR3", []byte("raw")) // the reader was cleaned
	w.copy(photo, raw)
	w.has("a/IMG_1.JPG", "a/IMG_1-1.JPG", "a/IMG_1-1.CR3", "b/IMG_1-1.JPG", "b/IMG_1-1.CR3")
}

func TestFoldersLinksAndCaseTwinsAreNeverReplaced(t *testing.T) {
	w := newWorld(t)
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: at("a"), Device: "a"}, Folds: true})
	w.disk.Put(at("a/img_1.jpg"), []byte("twin"), noon())
	w.disk.Put(at("b/IMG_1-1.JPG/in a folder"), []byte("x"), noon())
	w.copy(w.job("IMG_1.JPG", "IMG_1.JPG", []byte("photo")))
	w.has("a/img_1.jpg", "b/IMG_1-1.JPG/in a folder", "a/IMG_1-2.JPG", "b/IMG_1-2.JPG")
}

func TestADestinationThatIsNamedTwiceGetsOneCopy(t *testing.T) {
	w := newWorld(t)
	job := w.job("IMG_1.JPG", "IMG_1.JPG", []byte("photo"))
	job.Dests[1] = job.Dests[0]
	r := w.copy(job)[0]
	if r.Copies[0].Err != nil || r.Copies[1].Err == nil {
		t.Errorf("%+v", r.Copies)
	}
	w.has("a/IMG_1.JPG")
}

func TestTwinsOfOneGroupKeepTheirNames(t *testing.T) {
	w := newWorld(t)
	group := []offload.Job{
		w.job("TWIN.JPG", "TWIN.JPG", []byte("one")), w.job("twin.JPG", "twin.JPG", []byte("two")), w.job("Twin.JPG", "TWIN.JPG", []byte("three")),
	}
	w.copy(group...)
	w.has("a/TWIN.JPG", "a/twin-1.JPG", "a/TWIN-2.JPG", "b/TWIN.JPG", "b/twin-1.JPG", "b/TWIN-2.JPG")
	for _, r := range w.copy(group...) {
		if !r.Copies[0].Existed {
			t.Errorf("%s was copied again", r.Copies[0].Path)
		}
	}
	w.has("a/TWIN.JPG", "a/twin-1.JPG", "a/TWIN-2.JPG", "b/TWIN.JPG", "b/twin-1.JPG", "b/TWIN-2.JPG")
}

func TestALongNameKeepsItsNumberAndItsExtension(t *testing.T) {
	w := newWorld(t)
	long := string(bytes.Repeat([]byte("ä"), 125)) + ".jpg" // 254 bytes
	w.disk.Put(at("a/"+long), []byte("another"), noon())
	got := w.copy(w.job("long", long, []byte("photo")))[0].Copies[0]
	want := string(bytes.Repeat([]byte("ä"), 124)) + "-1.jpg"
	if got.Path != at("a/"+want) {
		t.Errorf("%q, want %q", got.Path, want)
	}
}

func TestADestinationThatFailsDoesNotStopTheOthers(t *testing.T) {
	for name, test := range map[string]struct {
		volume offloadtest.Volume
		before func(offloadtest.Op, string) error
		want   error
	}{
		"it is full":              {volume: offloadtest.Volume{Volume: offload.Volume{Size: 1 << 20, Free: 1 << 20}}, want: offload.ErrFull},
		"its files are small":     {volume: offloadtest.Volume{MaxFile: 1 << 20}, want: offload.ErrTooLarge},
		"no folder can be made":   {before: failing(offloadtest.Mkdir, syscall.EROFS), want: syscall.EROFS},
		"no file can be made":     {before: failing(offloadtest.Create, syscall.EACCES), want: syscall.EACCES},
		"a write fails":           {before: failing(offloadtest.Write, syscall.EIO), want: syscall.EIO},
		"it cannot be durable":    {before: failing(offloadtest.Commit, syscall.EIO), want: syscall.EIO},
		"it gets no name":         {before: failing(offloadtest.RenameNew, syscall.EIO), want: syscall.EIO},
		"its name is not durable": {before: failing(offloadtest.SyncDir, syscall.EIO), want: syscall.EIO},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.volume.Volume.Mount = at("a")
			w.disk.Mount(test.volume)
			w.disk.Before = test.before
			r := w.copy(w.job("big.mp4", "day/big.mp4", bytesOf('x', large)))[0]
			if !errors.Is(r.Copies[0].Err, test.want) || r.Copies[1].Err != nil || r.Err != nil {
				t.Errorf("a: %v, want %v; b: %v; source: %v", r.Copies[0].Err, test.want, r.Copies[1].Err, r.Err)
			}
			if w.partials() > 0 {
				t.Errorf("%d partial files are left", w.partials())
			}
		})
	}
}

// failing refuses one operation in destination a.
func failing(op offloadtest.Op, err error) func(offloadtest.Op, string) error {
	return func(o offloadtest.Op, name string) error {
		if o == op && len(name) > 1 && name[1] == 'a' {
			return err
		}
		return nil
	}
}

func TestASourceIsNotReadOnWhenNoDestinationIsLeft(t *testing.T) {
	w := newWorld(t)
	w.disk.Before = func(op offloadtest.Op, _ string) error {
		if op == offloadtest.Write {
			return syscall.ENOSPC
		}
		return nil
	}
	r := w.copy(w.job("big.mp4", "big.mp4", bytesOf('x', 16<<20)))[0]
	if !errors.Is(r.Copies[0].Err, offload.ErrFull) || !errors.Is(r.Copies[1].Err, offload.ErrFull) || r.Err != nil || r.Sums != (offload.Sums{}) {
		t.Errorf("%+v", r)
	}
	if w.disk.Ops() > 30 {
		t.Errorf("%d operations for a file that nobody takes", w.disk.Ops())
	}
}

func TestAReadErrorIsThatFilesFailureAndNamesThePlace(t *testing.T) {
	for _, bad := range []int64{0, 1, 1 << 20, 1<<20 + 7, large - 1} {
		w := newWorld(t)
		job, good := w.job("bad.mp4", "bad.mp4", bytesOf('x', large)), w.job("bad.THM", "bad.THM", []byte("small"))
		w.disk.ReadError(job.Source, bad)
		r := w.copy(job, good)
		var read *offload.ReadError
		if !errors.As(r[0].Err, &read) || read.At != bad || !errors.Is(read, syscall.EIO) || errors.Is(read, offload.ErrGone) {
			t.Errorf("%v, want EIO at byte %d", r[0].Err, bad)
		}
		if r[0].Copies[0].Err == nil || r[1].Err != nil || r[1].Copies[0].Err != nil {
			t.Errorf("copies: %+v", r)
		}
		w.has("a/bad.THM", "b/bad.THM")
	}
}

func TestACardThatIsGoneEndsAll(t *testing.T) {
	for _, size := range []int{10, 1<<20 + 1} {
		for n := 1; n < 35; n++ {
			w := newWorld(t)
			first, second := w.job("1.mp4", "1.mp4", bytesOf('1', size)), w.job("2.mp4", "2.mp4", bytesOf('2', size))
			w.disk.In(n, func() { w.disk.Pull(at("card"), offloadtest.NoDevice) })
			results, err := offload.CopyTogether(t.Context(), w.disk, []offload.Job{first, second})
			w.honest(results)
			if err != nil && !errors.Is(err, offload.ErrGone) {
				t.Errorf("%v, want ErrGone", err)
			}
			if err == nil && (results[0].Copies[0].Err != nil || results[1].Copies[0].Err != nil) {
				t.Errorf("gone at %d, no error, and %+v", n, results)
			}
			if w.partials() > 0 {
				t.Errorf("gone at %d: %d partial files are left", n, w.partials())
			}
		}
	}
}

func TestAFileThatChangesIsNotCopied(t *testing.T) {
	for name, change := range map[string]func(w *world, path string){
		"longer":        func(w *world, p string) { w.disk.Change(p, bytesOf('y', large+1), noon()) },
		"shorter":       func(w *world, p string) { w.disk.Change(p, bytesOf('y', 10), noon()) },
		"of later":      func(w *world, p string) { w.disk.Change(p, bytesOf('y', large), noon().Add(2*time.Second)) },
		"gone":          func(w *world, p string) { w.disk.Delete(p) },
		"now a folder":  func(w *world, p string) { w.disk.Delete(p); w.disk.Put(p+"/x", nil, noon()) },
		"now something": func(w *world, p string) { w.disk.Change(p, nil, noon()) },
	} {
		for _, n := range []int{1, 9, 14} { // before it is opened, and while it is read
			w := newWorld(t)
			job := w.job("a.mp4", "a.mp4", bytesOf('x', large))
			w.disk.In(n, func() { change(w, job.Source) })
			r := w.copy(job)[0]
			isGone := name == "gone" || name == "now a folder"
			if n == 1 && r.Err == nil || !isGone && !errors.Is(r.Err, offload.ErrChanged) {
				t.Errorf("%s before operation %d: %v, want ErrChanged", name, n, r.Err)
			}
		}
	}
}

func TestACancelledContextLeavesNothingBehind(t *testing.T) {
	for n := 1; n < 35; n++ {
		w := newWorld(t)
		ctx, cancel := context.WithCancel(t.Context())
		w.disk.In(n, cancel)
		results, err := offload.CopyTogether(ctx, w.disk, []offload.Job{w.job("1", "1", bytesOf('1', 1<<20+1)), w.job("2", "2", []byte("2"))})
		cancel()
		w.honest(results)
		done := results[0].Copies[0].Err == nil && results[1].Copies[1].Err == nil
		if w.partials() > 0 || !done && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at %d: %d partial files, %v", n, w.partials(), err)
		}
	}
}
