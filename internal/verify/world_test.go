package verify_test

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/verify"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/watcher"
)

// world is a folder, a service, and a ledger that knows what of the one is in the other.
type world struct {
	t       testing.TB
	dir     string
	service *emulator.Server
	client  *photos.Client
	ledger  *ledger.SQLite
	path    string // of the ledger
	run     ledger.RunID
	items   int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), path: filepath.Join(t.TempDir(), "l.db")}
	var err error
	w.service, err = emulator.New(emulator.Config{})
	w.must(err)
	t.Cleanup(func() { w.must(w.service.Close()) })
	w.client, err = photos.New(photos.Config{
		TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: w.service.AccessToken()}),
		Transport:   w.service.Transport(), UploadTransport: w.service.Transport(),
	})
	w.must(err)
	w.ledger, err = ledger.Open(t.Context(), w.path)
	w.must(err)
	t.Cleanup(func() { w.must(w.ledger.Close()) })
	w.run, err = w.ledger.BeginRun(t.Context(), "import")
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// write puts a file into the folder.
func (w *world) write(name string, body []byte) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	w.must(os.MkdirAll(filepath.Dir(path), 0o700))
	w.must(os.WriteFile(path, body, 0o600))
}

func photo(n int) []byte { return fixture.TinyJPEG(n, time.Date(2024, 5, 18, 12, 0, n, 0, time.UTC)) }

// record lets the ledger know a file of the folder.
func (w *world) record(name string) ledger.ItemID {
	w.t.Helper()
	info, err := os.Stat(filepath.Join(w.dir, name))
	w.must(err)
	w.must(w.ledger.Record(w.t.Context(), w.run, []ledger.Sighting{{
		Dir: filepath.Dir(filepath.Join(w.dir, name)), Name: filepath.Base(name), Size: info.Size(), ModTime: info.ModTime(),
	}}))
	w.items++
	return ledger.ItemID(w.items)
}

// deliver brings a file of the folder into the service, as an import does, and returns its media item.
func (w *world) deliver(name string) (id string) {
	w.t.Helper()
	body, err := os.ReadFile(filepath.Join(w.dir, name))
	w.must(err)
	ctx, item := w.t.Context(), w.record(name)
	token, err := w.client.Uploads.Raw(ctx, photos.RawUpload{Size: int64(len(body)), ContentType: "application/octet-stream", Body: bytes.NewReader(body)})
	w.must(err)
	w.must(w.ledger.Sent(ctx, item, ledger.Content{SHA256: sha256.Sum256(body), Size: int64(len(body)), Token: token, Issued: time.Now()}))
	batch, err := w.ledger.BeginBatch(ctx, ledger.Batch{Run: w.run, Items: []ledger.ItemID{item}})
	w.must(err)
	created, err := w.client.MediaItems.BatchCreate(ctx, photos.BatchCreateRequest{NewMediaItems: []photos.NewMediaItem{
		{SimpleMediaItem: photos.SimpleMediaItem{UploadToken: token, FileName: filepath.Base(name)}},
	}})
	w.must(err)
	id = created.NewMediaItemResults[0].MediaItem.ID
	w.must(w.ledger.FinishBatch(ctx, batch, []ledger.End{{Item: item, State: ledger.Created, MediaItem: id}}))
	return id
}

// config verifies the whole folder by the ledger, while the ledger is in use.
func (w *world) config() verify.Config {
	w.t.Helper()
	r, err := ledger.OpenRead(w.t.Context(), w.path)
	w.must(err)
	w.t.Cleanup(func() { w.must(r.Close()) })
	return verify.Config{Walk: watcher.WalkConfig{Roots: []string{w.dir}, Accept: accept}, Ledger: r}
}

// verify returns each file's state by its name, and the report.
func (w *world) verify(cfg verify.Config) (map[string]verify.State, verify.Report) {
	w.t.Helper()
	states := map[string]verify.State{}
	cfg.Observe = func(f verify.File) {
		name, err := filepath.Rel(w.dir, f.Path)
		w.must(err)
		states[name] = f.State
	}
	rep, err := verify.Run(w.t.Context(), cfg)
	w.must(err)
	w.must(rep.Check())
	if len(states) != rep.Found {
		w.t.Errorf("%d files were told of, %d found", len(states), rep.Found)
	}
	return states, rep
}

// accept takes photos by their name.
func accept(name string) watcher.Reason {
	switch filepath.Ext(name) {
	case ".jpg", ".mp4":
		return ""
	case ".xmp":
		return watcher.SkipSidecar
	}
	return watcher.SkipUnsupported
}
