package upload_test

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// sink is the service's side of one resumable upload: it hashes what comes, keeps nothing, and breaks the connection at certain bytes.
type sink struct {
	mu       sync.Mutex // guards all; held while a request is carried out
	size     int64
	received int64
	sum      hash.Hash
	cuts     []int64 // places in the file, in order
	requests map[string]int
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	command := r.Header.Get("X-Goog-Upload-Command")
	s.requests[command]++
	h := w.Header()
	h.Set("X-Goog-Upload-Status", "active")
	switch command {
	case "start":
		h.Set("X-Goog-Upload-URL", "http://"+r.Host+"/v1/uploads?upload_id=1")
		h.Set("X-Goog-Upload-Chunk-Granularity", "262144")
		return
	case "query":
	default:
		if r.Header.Get("X-Goog-Upload-Offset") != strconv.FormatInt(s.received, 10) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.take(r.Body)
		if s.received == s.size {
			h.Set("X-Goog-Upload-Status", "final")
			_, _ = io.WriteString(w, "token")
			return
		}
	}
	h.Set("X-Goog-Upload-Size-Received", strconv.FormatInt(s.received, 10))
}

// take takes bytes up to the next cut.
func (s *sink) take(body io.Reader) {
	cut := len(s.cuts) > 0
	if cut {
		body = io.LimitReader(body, s.cuts[0]-s.received)
	}
	n, err := io.Copy(s.sum, body)
	s.received += n
	if cut && s.received == s.cuts[0] {
		s.cuts = s.cuts[1:]
		err = http.ErrAbortHandler
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

// sparse makes a file of a size, with a mark here and there so that no stretch is like another.
func sparse(t *testing.T, size int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.mp4")
	f, err := os.Create(path)
	must(t, err)
	must(t, f.Truncate(size))
	for at := int64(0); at < size; at += 16 << 20 {
		_, err := f.WriteAt([]byte(strconv.FormatInt(at, 16)), at)
		must(t, err)
	}
	must(t, f.Close())
	return path
}

// inUse is the memory that the process has from the system just now.
func inUse() int64 {
	all := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(all)
	return int64(all[0].Value.Uint64() - all[1].Value.Uint64())
}

// A video of 3 GiB over a socket that breaks twenty times. Client and service together use little memory, and what is sent again is what was on
// its way.
func TestALargeFileOverABadLine(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 3 GiB")
	}
	const size, cuts, chunk = 3 << 30, 20, 16 << 20
	s := &sink{size: size, sum: sha256.New(), requests: make(map[string]int)}
	at := rand.New(rand.NewPCG(7, 7))
	for i := range int64(cuts) { // most come early: what the service has is read again after each, and time is dear
		within := int64(chunk) << (2 + max(0, i-13))
		s.cuts = append(s.cuts, at.Int64N(min(size, within)))
	}
	slices.Sort(s.cuts)
	server := httptest.NewServer(s)
	defer server.Close()
	transport := photos.NewUploadTransport(1)
	defer transport.CloseIdleConnections()
	c, err := photos.New(photos.Config{
		Endpoint: server.URL, UploadTransport: transport, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "t"}),
	})
	must(t, err)
	u := uploader(t, upload.Config{API: c.Uploads})
	src := fileSource(t, sparse(t, size))
	src.Keep = func(_ context.Context, kept upload.Session) error { src.Session = kept; return nil }
	base, peak, left := inUse(), int64(0), int64(0)
	src.Progress = func(n int) {
		if left += int64(n); left>>20 != (left-int64(n))>>20 {
			peak = max(peak, inUse()-base)
		}
	}
	var res upload.Result
	attempts, sent := 0, int64(0)
	for err = io.EOF; err != nil && attempts <= cuts; attempts++ {
		res, err = u.Upload(t.Context(), src)
		sent += res.Sent
	}
	if err != nil || res.SHA256 != [sha256.Size]byte(s.sum.Sum(nil)) || len(s.cuts) != 0 {
		t.Fatalf("after %d attempts: %v, %d cuts to go, want the service to have the file", attempts, err, len(s.cuts))
	}
	if s.requests["start"] != 1 || s.requests["query"] != cuts || s.requests["upload, finalize"] != cuts+1 {
		t.Errorf("requests %v, want one start, a query after each cut, and a request for each stretch", s.requests)
	}
	t.Logf("%d bytes sent again, %d KiB of memory", sent-size, peak>>10)
	if again := sent - size; again > cuts*chunk {
		t.Errorf("%d bytes were sent again, want at most what was on its way, %d for a cut", again, chunk)
	}
	if peak > 64<<20 {
		t.Errorf("%d bytes of memory, want less than 64 MiB", peak)
	}
}
