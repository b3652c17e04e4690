package emulator_test

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// padded is a JPEG of exactly size bytes, made as it is read: its scan is as
// long as it takes.
func padded(size int64) io.Reader {
	j := jpegPhoto(40, 30, "")
	head, end := j[:len(j)-2], j[len(j)-2:]
	return io.MultiReader(bytes.NewReader(head), io.LimitReader(zeros{}, size-int64(len(j))), bytes.NewReader(end))
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Contract 3.3; 12 #37: a photo of more than 200 MB earns a token, and then
// fails alone. A video of that size does not.
func TestAPhotoHasAtMost200MB(t *testing.T) {
	t.Parallel() // the two longest tests of the package run beside each other
	if testing.Short() {
		t.Skip("600 MB are not short")
	}
	const limit = 200 << 20
	c := direct(t, emulator.Config{Dir: t.TempDir()})
	send := func(r io.Reader) string {
		a := c.do(c.uploadRequest(r))
		a.wantStatus(t, 200)
		return string(a.body)
	}
	film := io.MultiReader(bytes.NewReader(video(1)), io.LimitReader(zeros{}, limit))
	res := c.create(batch("", nil, send(padded(limit)), send(padded(limit+1)), send(film)))
	for i, want := range []int{0, 3, 0} {
		if res[i].Status.Code != want {
			t.Errorf("entry %d: %+v, want code %d", i, res[i].Status, want)
		}
	}
	if got := c.s.MediaItems()[0].Size; got != limit {
		t.Errorf("the photo has %d bytes, want %d", got, limit)
	}
}

// With a folder, an upload is streamed: its bytes are never all in memory.
func TestALargeUploadIsNotHeldInMemory(t *testing.T) {
	c := direct(t, emulator.Config{Dir: t.TempDir()})
	const size = 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := c.do(c.uploadRequest(padded(size)))
	runtime.ReadMemStats(&after)
	a.wantStatus(t, 200)
	if used := after.TotalAlloc - before.TotalAlloc; used > size/8 {
		t.Errorf("an upload of %d bytes allocated %d", size, used)
	}
	if r := c.create(batch("", nil, strings.TrimSpace(string(a.body))))[0]; r.Status.Code != 0 {
		t.Errorf("status %+v", r.Status)
	}
}
