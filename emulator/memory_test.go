package emulator_test

import (
	"io"
	"net/http"
	"strconv"
	"testing"
)

// With a folder, uploads of 2 GiB by both protocols at once, over a socket, never
// cost the server as much as 64 MB of memory, all that a Go program has included.
func TestUploadsOf2GiBAreNotHeldInMemory(t *testing.T) {
	t.Parallel() // the longest tests of the package run beside each other
	if testing.Short() {
		t.Skip("4 GiB through a socket are not short")
	}
	const size, chunk, most = 2 << 30, 512 << 20, 64 << 20
	p := serveElsewhere(t, t.TempDir())
	raw := make(chan answer)
	go func() {
		r := p.uploadRequest(io.LimitReader(zeros{}, size))
		r.ContentLength = size
		a, err := p.try(r)
		if err != nil {
			t.Error(err)
		}
		raw <- a
	}()
	u := session{p.client, p.startsAt(size)}
	for at := 0; at < size; at += chunk {
		r := u.withLength("upload", io.LimitReader(zeros{}, chunk), chunk)
		r.Header.Set("X-Goog-Upload-Offset", strconv.Itoa(at))
		p.do(r).wantUpload(t, http.StatusOK, "active", at+chunk)
	}
	u.command("finalize").wantToken(t)
	(<-raw).wantStatus(t, http.StatusOK)
	peak := p.close()
	t.Logf("the server had %d bytes of memory at most", peak)
	if peak >= most {
		t.Errorf("the server had %d bytes of memory, want less than %d", peak, most)
	}
}
