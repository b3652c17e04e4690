package upload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// api is a service of one function, for raw uploads.
type api func(ctx context.Context, up photos.RawUpload) (string, error)

func (a api) Start(context.Context, photos.StartUpload) (photos.UploadSession, error) {
	panic("raw only")
}

func (a api) Send(context.Context, photos.UploadSession, photos.UploadChunk) (photos.UploadStatus, error) {
	panic("raw only")
}

func (a api) Query(context.Context, photos.UploadSession) (photos.UploadStatus, error) {
	panic("raw only")
}

func (a api) Raw(ctx context.Context, up photos.RawUpload) (string, error) { return a(ctx, up) }

// errShort is what a transport makes of a body that ends too early.
var errShort = errors.New("http: ContentLength with Body length")

// receive reads an upload as a transport does, and calls meanwhile when half of it is read.
func receive(up photos.RawUpload, meanwhile func()) (string, error) {
	half, err := io.CopyN(io.Discard, up.Body, up.Size/2)
	if err == nil {
		meanwhile()
		var rest int64
		rest, err = io.Copy(io.Discard, up.Body)
		half += rest
	}
	if err != nil && err != io.EOF {
		return "", errors.New("transport: the connection was closed")
	}
	if half != up.Size {
		return "", errShort
	}
	return "token", nil
}

// receiving is a service that takes everything.
var receiving = api(func(_ context.Context, up photos.RawUpload) (string, error) { return receive(up, func() {}) })

// uploader makes an Uploader on a service.
func uploader(t *testing.T, cfg upload.Config) *upload.Uploader {
	t.Helper()
	u, err := upload.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// onEmulator makes an emulated service and an Uploader on it.
func onEmulator(t *testing.T) (*emulator.Server, *upload.Uploader) {
	t.Helper()
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := photos.New(photos.Config{
		TokenSource:     oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}),
		UploadTransport: s.Transport(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, uploader(t, upload.Config{API: c.Uploads})
}

// onDisk writes a file and returns its path.
func onDisk(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// fileSource is a file on disk.
func fileSource(t *testing.T, path string) upload.Source {
	t.Helper()
	fi, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return upload.Source{Name: "a.jpg", Size: fi.Size(), Open: func() (io.ReadSeekCloser, error) { return os.Open(path) }}
}

// memory is content that has no Stat.
func memory(content []byte) upload.Source {
	return upload.Source{Name: "memory", Size: int64(len(content)), Open: func() (io.ReadSeekCloser, error) {
		return &opened{Reader: bytes.NewReader(content)}, nil
	}}
}

// opened is content that was opened, and remembers that it was closed.
type opened struct {
	*bytes.Reader
	closed int
}

func (o *opened) Close() error { o.closed++; return nil }

// content is n bytes in which no two parts are alike.
func content(n int) []byte {
	b := make([]byte, 0, n+sha256.Size)
	for sum := sha256.Sum256(nil); len(b) < n; sum = sha256.Sum256(sum[:]) {
		b = append(b, sum[:]...)
	}
	return b[:n]
}
