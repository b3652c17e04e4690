package offload_test

import (
	"context"
	"errors"
	"io/fs"
	"syscall"
	"testing"

	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

func TestEachDepthSeesWhatItPromises(t *testing.T) {
	for name, test := range map[string]struct {
		harm  func(w *world)
		found map[offload.Depth]bool // whether the harm is seen
		want  error
	}{
		"nothing":              {func(*world) {}, map[offload.Depth]bool{}, nil},
		"a copy is missing":    {func(w *world) { w.disk.Delete(at("b/a.mp4")) }, all(true, true, true), fs.ErrNotExist},
		"a copy is cut":        {func(w *world) { w.disk.Change(at("b/a.mp4"), []byte("x"), noon()) }, all(true, true, true), offload.ErrDiffers},
		"a copy has a new bit": {func(w *world) { w.disk.Corrupt(at("b/a.mp4"), large-1) }, all(false, true, true), offload.ErrDiffers},
		"its device has one":   {func(w *world) { w.disk.Rot(at("b/a.mp4"), 0) }, all(false, false, true), offload.ErrDiffers},
		"a copy is unreadable": {func(w *world) { w.disk.ReadError(at("b/a.mp4"), large-1) }, all(false, true, true), syscall.EIO},
		"the source has a bit": {func(w *world) { w.disk.Corrupt(at("card/a.mp4"), 1<<20) }, all(false, false, true), offload.ErrDiffers},
		"its card has one":     {func(w *world) { w.disk.Rot(at("card/a.mp4"), 1<<20) }, all(false, false, true), offload.ErrDiffers},
		"the source is longer": {func(w *world) { w.disk.Change(at("card/a.mp4"), bytesOf('x', large+1), noon()) }, all(true, true, true), offload.ErrDiffers},
		"the card is slow":     {func(w *world) { w.disk.ReadError(at("card/a.mp4"), 0) }, all(false, false, true), syscall.EIO},
	} {
		for _, depth := range offload.Depths() {
			w := newWorld(t)
			job := w.job("a.mp4", "a.mp4", bytesOf('x', large))
			sums := w.copy(job)[0].Sums
			test.harm(w)
			p, err := offload.Verify(t.Context(), w.disk, job.Source, job.Dests, sums, depth)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, depth, err)
			}
			if seen := p.Good() < 2; seen != test.found[depth] {
				t.Errorf("%s, %s: seen %v, want %v: %+v", name, depth, seen, test.found[depth], p)
			}
			if told := errors.Join(p.Source.Err, p.Copies[0].Err, p.Copies[1].Err); test.found[depth] && !errors.Is(told, test.want) {
				t.Errorf("%s, %s: %v, want %v", name, depth, told, test.want)
			}
			if p.Copies[0].Err != nil {
				t.Errorf("%s, %s: the good copy: %v", name, depth, p.Copies[0].Err)
			}
			if p.Copies[0].Read != (depth != offload.BySize) || p.Copies[0].Cold != (depth == offload.Full) {
				t.Errorf("%s, %s: copy read %v, cold %v", name, depth, p.Copies[0].Read, p.Copies[0].Cold)
			}
		}
	}
}

func all(size, hash, full bool) map[offload.Depth]bool {
	return map[offload.Depth]bool{offload.BySize: size, offload.ByHash: hash, offload.Full: full}
}

func TestAProofSaysWhereMemoryCouldNotBeDropped(t *testing.T) {
	w := newWorld(t)
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: at("b"), Device: "b"}, Sticky: true})
	job := w.job("a.mp4", "a.mp4", bytesOf('x', large))
	sums := w.copy(job)[0].Sums
	p, err := offload.Verify(t.Context(), w.disk, job.Source, job.Dests, sums, offload.Full)
	if err != nil || !p.Source.Cold || !p.Copies[0].Cold || p.Copies[1].Cold || p.Good() != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestVerifyingEndsWithTheCardOrTheContext(t *testing.T) {
	w := newWorld(t)
	job := w.job("a.mp4", "a.mp4", bytesOf('x', large))
	sums := w.copy(job)[0].Sums
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := offload.Verify(ctx, w.disk, job.Source, job.Dests, sums, offload.Full); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was cancelled", err)
	}
	w.disk.Pull(at("card"), offloadtest.NoDevice)
	p, err := offload.Verify(t.Context(), w.disk, job.Source, job.Dests, sums, offload.Full)
	if !errors.Is(err, offload.ErrGone) || p.Good() != 0 {
		t.Errorf("%d good, %v, want ErrGone", p.Good(), err)
	}
	if _, err := offload.Verify(t.Context(), w.disk, job.Source, nil, sums, "deep"); err == nil {
		t.Error("a depth that there is not is taken")
	}
}

func TestRoomIsAskedForByDevice(t *testing.T) {
	disk := offloadtest.New(
		offloadtest.Volume{Volume: offload.Volume{Mount: at("disk"), Device: "/dev/sda1", Size: 1000, Free: 100, Block: 1}},
		offloadtest.Volume{Volume: offload.Volume{Mount: at("disk2"), Device: "/dev/sda1", Size: 1000, Free: 100, Block: 1}}, // the same, mounted again
		offloadtest.Volume{Volume: offload.Volume{Mount: at("usb"), Device: "/dev/sdb1", Size: 1000, Free: 100, Block: 10}},
	)
	need := func(dir string, files int, bytes int64) offload.Need {
		return offload.Need{Dir: at(dir), Files: files, Bytes: bytes}
	}
	for _, test := range []struct {
		needs []offload.Need
		full  bool
	}{
		{nil, false},
		{[]offload.Need{need("disk/not/there/yet", 1, 99)}, false},
		{[]offload.Need{need("disk", 1, 100)}, true},
		{[]offload.Need{need("disk/a", 1, 60), need("usb", 1, 60)}, false},
		{[]offload.Need{need("disk/a", 1, 60), need("disk/b", 1, 60)}, true},
		{[]offload.Need{need("disk/a", 1, 60), need("disk2/b", 1, 60)}, true},
		{[]offload.Need{need("usb", 9, 9)}, false},
		{[]offload.Need{need("usb", 11, 11)}, true},
	} {
		if err := offload.Room(disk, test.needs...); errors.Is(err, offload.ErrFull) != test.full || err != nil && !test.full {
			t.Errorf("%+v: %v, want full: %v", test.needs, err, test.full)
		}
	}
}
