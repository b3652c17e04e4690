package upload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"testing"
	"testing/iotest"
	"time"

	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// must ends the test where preparing it fails.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// overwrite changes a file in place, and gives it an mtime.
func overwrite(t *testing.T, path string, b []byte, at time.Time) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.Write(b)
	must(t, errors.Join(err, f.Close(), os.Chtimes(path, time.Time{}, at)))
}

func TestAFileThatChangesWhileItIsSentIsNotTakenForUploaded(t *testing.T) {
	body := content(1000)
	sum := sha256.Sum256(body)
	for _, tc := range []struct {
		name   string
		known  *[sha256.Size]byte
		change func(t *testing.T, path string, mtime time.Time)
	}{
		{"grows", nil, func(t *testing.T, path string, mtime time.Time) {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			must(t, err)
			_, err = f.WriteString("x")
			must(t, errors.Join(err, f.Close(), os.Chtimes(path, time.Time{}, mtime)))
		}},
		{"shrinks", nil, func(t *testing.T, path string, _ time.Time) { must(t, os.Truncate(path, 600)) }},
		{"shrinks to nothing", nil, func(t *testing.T, path string, _ time.Time) { must(t, os.Truncate(path, 0)) }},
		{"is overwritten with as many bytes", nil, func(t *testing.T, path string, mtime time.Time) {
			overwrite(t, path, bytes.Repeat([]byte{7}, 1000), mtime.Add(time.Second))
		}},
		{"is touched", nil, func(t *testing.T, path string, mtime time.Time) {
			must(t, os.Chtimes(path, time.Time{}, mtime.Add(time.Microsecond)))
		}},
		{"is overwritten and its mtime put back, the hash being known", &sum, func(t *testing.T, path string, mtime time.Time) {
			overwrite(t, path, bytes.Repeat([]byte{7}, 1000), mtime)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := onDisk(t, body)
			fi, err := os.Stat(path)
			must(t, err)
			src := fileSource(t, path)
			src.SHA256 = tc.known
			u := uploader(t, upload.Config{API: api(func(_ context.Context, up photos.RawUpload) (string, error) {
				return receive(up, func() { tc.change(t, path, fi.ModTime()) })
			})})
			if res, err := u.Upload(t.Context(), src); !errors.Is(err, upload.ErrChanged) || !unusable(res) {
				t.Errorf("result %v, error %v, want ErrChanged and nothing to use", res, err)
			}
		})
	}
}

func TestAFileThatShrinksOnceItIsReadIsNoticedByItsSizeAlone(t *testing.T) {
	path := onDisk(t, content(1000))
	fi, err := os.Stat(path)
	must(t, err)
	u := uploader(t, upload.Config{API: api(func(_ context.Context, up photos.RawUpload) (string, error) {
		token, err := receive(up, func() {})
		must(t, errors.Join(os.Truncate(path, 999), os.Chtimes(path, time.Time{}, fi.ModTime())))
		return token, err
	})})
	if _, err := u.Upload(t.Context(), fileSource(t, path)); !errors.Is(err, upload.ErrChanged) {
		t.Errorf("error %v, want ErrChanged", err)
	}
}

func TestAFileThatGrowsOrShrinksIsNoticedOverTheRealClient(t *testing.T) {
	for name, size := range map[string]int64{"grew": 1500, "shrank": 500} {
		_, u := onEmulator(t)
		path := onDisk(t, content(1000))
		src := fileSource(t, path)
		src.Progress = func(int) { must(t, os.Truncate(path, size)) } // after the first block
		src.Open = func() (io.ReadSeekCloser, error) {
			f, err := os.Open(path)
			return struct {
				io.Reader
				io.Seeker
				io.Closer
			}{iotest.OneByteReader(f), f, f}, err
		}
		if _, err := u.Upload(t.Context(), src); !errors.Is(err, upload.ErrChanged) {
			t.Errorf("the file %s: error %v, want ErrChanged", name, err)
		}
	}
}

func TestAFileOfAnotherSizeThanExpectedIsNotSent(t *testing.T) {
	for _, size := range []int64{999, 1001} {
		src := fileSource(t, onDisk(t, content(1000)))
		src.Size = size
		sent := false
		u := uploader(t, upload.Config{API: api(func(context.Context, photos.RawUpload) (string, error) { sent = true; return "t", nil })})
		if _, err := u.Upload(t.Context(), src); !errors.Is(err, upload.ErrChanged) || sent {
			t.Errorf("%d bytes expected of 1000: sent %t, error %v, want nothing sent and ErrChanged", size, sent, err)
		}
	}
}

func TestContentWithoutAStatIsMeasuredAsItIsRead(t *testing.T) {
	for _, size := range []int64{999, 1001} {
		src := memory(content(1000))
		src.Size = size
		for name, service := range map[string]api{"a transport that counts": receiving, "one that does not": func(_ context.Context, up photos.RawUpload) (string, error) {
			_, err := io.Copy(io.Discard, up.Body)
			return "token", err
		}} {
			if _, err := uploader(t, upload.Config{API: service}).Upload(t.Context(), src); !errors.Is(err, upload.ErrChanged) {
				t.Errorf("%d bytes expected of 1000, %s: error %v, want ErrChanged", size, name, err)
			}
		}
	}
}

func TestAFileRenamedOverMeanwhileDoesNotMixTwoContents(t *testing.T) {
	body := content(1000)
	path := onDisk(t, body)
	src := fileSource(t, path)
	u := uploader(t, upload.Config{API: api(func(_ context.Context, up photos.RawUpload) (string, error) {
		return receive(up, func() { must(t, os.Rename(onDisk(t, []byte("another file")), path)) })
	})})
	res, err := u.Upload(t.Context(), src)
	if err != nil || res.SHA256 != sha256.Sum256(body) {
		t.Errorf("result %v (%v), want the file that was opened, whole", res, err)
	}
}

func TestAKnownHashIsComparedWithWhatWasSent(t *testing.T) {
	body := content(100)
	for _, tc := range []struct {
		known []byte
		want  error
	}{{body, nil}, {body[:99], upload.ErrChanged}} {
		sum := sha256.Sum256(tc.known)
		src := memory(body)
		src.SHA256 = &sum
		if _, err := uploader(t, upload.Config{API: receiving}).Upload(t.Context(), src); !errors.Is(err, tc.want) {
			t.Errorf("hash of %d bytes known: error %v, want %v", len(tc.known), err, tc.want)
		}
	}
}

// badFile is a file whose disk fails: at reading, or when it is asked what it is for the n-th time.
type badFile struct {
	*os.File
	read error
	stat error
	n    int
}

func (b *badFile) Read(p []byte) (int, error) {
	if b.read != nil {
		return 0, b.read
	}
	return b.File.Read(p)
}

func (b *badFile) Stat() (fs.FileInfo, error) {
	if b.n--; b.n == 0 {
		return nil, b.stat
	}
	return b.File.Stat()
}

func TestWhatTheFileSystemSaidGoesBeforeTheTransportsWords(t *testing.T) {
	errDisk := errors.New("input/output error")
	for _, tc := range []struct {
		name string
		file badFile
	}{
		{"reading", badFile{read: errDisk}},
		{"the look before", badFile{stat: errDisk, n: 1}},
		{"the look after", badFile{stat: errDisk, n: 2}},
	} {
		path := onDisk(t, content(1000))
		src := fileSource(t, path)
		src.Open = func() (io.ReadSeekCloser, error) {
			f, err := os.Open(path)
			bad := tc.file
			bad.File = f
			return &bad, err
		}
		res, err := uploader(t, upload.Config{API: receiving}).Upload(t.Context(), src)
		if !errors.Is(err, errDisk) || !unusable(res) {
			t.Errorf("%s: result %v, error %v, want %v and nothing to use", tc.name, res, err, errDisk)
		}
	}
}

func TestTheServicesErrorIsKeptWhenTheFileIsFine(t *testing.T) {
	want := &photos.Error{Op: "uploads", Status: 413}
	refusing := api(func(_ context.Context, up photos.RawUpload) (string, error) {
		_, _ = io.Copy(io.Discard, up.Body)
		return "", want
	})
	if _, err := uploader(t, upload.Config{API: refusing}).Upload(t.Context(), memory(content(10))); !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}
