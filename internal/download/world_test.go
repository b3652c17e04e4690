package download_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/download"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// world is a service with media items, and a folder to download them to.
type world struct {
	*testing.T
	service *emulator.Server
	client  *photos.Client
	loads   *wire
	dir     string
	items   []photos.MediaItem
	ends    []download.Item // of the last run
}

// wire counts loads of base URLs, and lets a test answer them, or spoil the answer.
type wire struct {
	base http.RoundTripper

	rangeless bool // no answer is a part

	mu     sync.Mutex
	count  int                                                                                  // guarded by mu
	ranges []string                                                                             // guarded by mu
	spoil  func(n int, req *http.Request, answer func() *http.Response) (*http.Response, error) // of the n-th load, from 1 on; nil = not at all
}

// RoundTrip takes a redirect and what follows it for one load.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	if req.Response == nil {
		w.count++
		w.ranges = append(w.ranges, req.Header.Get("Range"))
	}
	n := w.count
	w.mu.Unlock()
	if w.rangeless {
		req = req.Clone(req.Context())
		req.Header.Del("Range")
	}
	resp, err := w.base.RoundTrip(req)
	if err != nil || w.spoil == nil || resp.StatusCode == http.StatusFound {
		return resp, err
	}
	return w.spoil(n, req, func() *http.Response { return resp })
}

// cutAt breaks an answer off after so many bytes.
func cutAt(resp *http.Response, at int64) *http.Response {
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(io.LimitReader(resp.Body, at), broken{}), resp.Body}
	return resp
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }

func status(code int) *http.Response {
	return &http.Response{StatusCode: code, Status: http.StatusText(code), Header: http.Header{}, Body: io.NopCloser(strings.NewReader("<html>"))}
}

// inWorld runs a test in virtual time.
func inWorld(t *testing.T, cfg emulator.Config, test func(w *world)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := emulator.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		w := &world{T: t, service: s, loads: &wire{base: s.Transport()}, dir: filepath.Join(dir, "D")}
		defer func() { w.must(s.Close()) }()
		w.client, err = photos.New(photos.Config{
			TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}), Transport: s.Transport(), UploadTransport: s.Transport(),
		})
		w.must(err)
		test(w)
	})
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// store makes a media item of a file.
func (w *world) store(name, description string, body []byte) photos.MediaItem {
	w.Helper()
	token, err := w.client.Uploads.Raw(w.Context(), photos.RawUpload{Size: int64(len(body)), ContentType: "application/octet-stream", Body: bytes.NewReader(body)})
	w.must(err)
	out, err := w.client.MediaItems.BatchCreate(w.Context(), photos.BatchCreateRequest{NewMediaItems: []photos.NewMediaItem{
		{Description: description, SimpleMediaItem: photos.SimpleMediaItem{UploadToken: token, FileName: name}},
	}})
	w.must(err)
	if out.NewMediaItemResults[0].MediaItem == nil {
		w.Fatalf("%s: %+v", name, out.NewMediaItemResults[0].Status)
	}
	item := w.fresh(out.NewMediaItemResults[0].MediaItem.ID)
	w.items = append(w.items, item)
	return item
}

func (w *world) fresh(id string) photos.MediaItem {
	w.Helper()
	item, err := w.client.MediaItems.Get(w.Context(), id)
	w.must(err)
	return item
}

// wanted are all items, as a listing gives them.
func wanted(items ...photos.MediaItem) iter.Seq2[download.Wanted, error] {
	return func(yield func(download.Wanted, error) bool) {
		for _, item := range items {
			if !yield(download.Wanted{Item: item}, nil) {
				return
			}
		}
	}
}

func (w *world) config() download.Config {
	w.ends = nil
	return download.Config{
		Dir: w.dir, Items: wanted(w.items...), Fetcher: photos.NewFetcher(w.client.MediaItems, w.loads),
		Observe: func(it download.Item) { w.ends = append(w.ends, it) },
	}
}

// run downloads, and checks that all ends are told and add up.
func (w *world) run(cfg download.Config) (download.Report, error) {
	w.Helper()
	rep, err := download.Run(w.Context(), cfg)
	if sum := rep.Check(); sum != nil || len(w.ends) != rep.Found {
		w.Errorf("%d ends of %d items were told, %v", len(w.ends), rep.Found, sum)
	}
	return rep, err
}

// want runs and expects so many ends, and as many loads.
func (w *world) want(cfg download.Config, downloaded, there, failed, loads int) download.Report {
	w.Helper()
	before := w.loads.count
	rep, err := w.run(cfg)
	if err != nil || rep.Ends[download.Downloaded] != downloaded || rep.Ends[download.AlreadyThere] != there || rep.Ends[download.Failed] != failed {
		w.Fatalf("%v, %+v; want %d downloaded, %d there, %d failed", err, rep, downloaded, there, failed)
	}
	if n := w.loads.count - before; n != loads {
		w.Fatalf("%d loads, want %d", n, loads)
	}
	return rep
}

// files are the paths in the folder, sorted, without what the program keeps for itself.
func (w *world) files() []string {
	w.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(w.dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(path, ".albumwright/") {
			files = append(files, path)
		}
		return err
	})
	w.must(err)
	slices.Sort(files)
	return files
}

// parts is how many unfinished files there are.
func (w *world) parts() int {
	found, err := filepath.Glob(filepath.Join(w.dir, ".albumwright", "parts", "*"))
	w.must(err)
	return len(found)
}

func (w *world) read(path string) []byte {
	w.Helper()
	b, err := os.ReadFile(filepath.Join(w.dir, path))
	w.must(err)
	return b
}

func photo(n int) []byte { return fixture.TinyJPEG(n, taken(n)) }

func taken(n int) time.Time { return time.Date(2024, 5, 18, 12, 0, n, 0, time.UTC) }

// film is a video of so many bytes.
func film(n int, size int64) []byte {
	return fixture.MP4(fixture.Spec{Seed: n, Captured: taken(n), PadTo: size})
}

// pass lets time go by.
func (w *world) pass(d time.Duration) { time.Sleep(d) }
