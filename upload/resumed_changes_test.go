package upload_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// patch changes some bytes of a file in place, and puts its mtime back: only its content can tell.
func patch(t *testing.T, path string, at int64, b string) []byte {
	t.Helper()
	fi, err := os.Stat(path)
	must(t, err)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt([]byte(b), at)
	must(t, errors.Join(err, f.Close(), os.Chtimes(path, time.Time{}, fi.ModTime())))
	now, err := os.ReadFile(path)
	must(t, err)
	return now
}

// A file becomes another one of the same size and mtime between two attempts, of which the first got to the third of three chunks.
func TestAFileThatChangedBetweenTwoAttemptsIsSentAnew(t *testing.T) {
	const size = 3 * granularity
	for _, tc := range []struct {
		name    string
		fault   emulator.Fault
		at      int64 // where it changes
		resumed int64
	}{
		{"where it was sent", emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.ApplyThenCut()}, granularity + 7, 0},
		{"at the last byte that was sent", emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.CutRequest(10)}, granularity + 9, 0},
		{"at the first byte that was not", emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.CutRequest(10)}, granularity + 10, granularity + 10},
		{"where nothing had arrived", emulator.Fault{Operation: "uploads.chunk", Effect: emulator.CutRequest(0)}, 700, 0},
		{"after it was all sent", emulator.Fault{Operation: "uploads.finalize", Effect: emulator.ApplyThenCut()}, size - 1, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := onDisk(t, picture(size))
			c := newService(t, emulator.Config{}).calling(fileSource(t, path), granularity)
			c.plan(t, tc.fault)
			_ = c.breaks(t)
			now := patch(t, path, tc.at, "changed"[:min(7, size-tc.at)])
			if res := c.ends(t, now); res.Resumed != tc.resumed || res.Sent != size-tc.resumed {
				t.Errorf("resumed at %d with %d bytes, want %d", res.Resumed, res.Sent, tc.resumed)
			}
		})
	}
}

// The transport had read more than the service got: bytes that were read but did not arrive are compared too, and sent again.
func TestWhatWasReadAndDidNotArriveIsSentAgain(t *testing.T) {
	body := picture(2 * granularity)
	path := onDisk(t, body)
	for _, changed := range []bool{false, true} {
		c := newService(t, emulator.Config{}).calling(fileSource(t, path), 0)
		real := c.cfg.API
		c.cfg.API = halving{real, t}
		_ = c.breaks(t)
		if got := c.last().Hashed; got != 2*granularity {
			t.Errorf("%d bytes hashed, want all that were read", got)
		}
		c.cfg.API = real
		resumed := int64(granularity)
		if changed {
			body, resumed = patch(t, path, granularity+5, "changed"), 0
		}
		if res := c.ends(t, body); res.Resumed != resumed {
			t.Errorf("changed %t: resumed at %d, want %d", changed, res.Resumed, resumed)
		}
	}
}

// halving is a connection that loses half of what was sent.
type halving struct {
	upload.API
	t *testing.T
}

func (h halving) Send(ctx context.Context, s photos.UploadSession, chunk photos.UploadChunk) (photos.UploadStatus, error) {
	body := new(bytes.Buffer)
	_, err := body.ReadFrom(chunk.Body)
	must(h.t, err)
	_, err = h.API.Send(ctx, s, photos.UploadChunk{Offset: chunk.Offset, Size: chunk.Size / 2, Body: bytes.NewReader(body.Bytes()[:chunk.Size/2])})
	must(h.t, err)
	return photos.UploadStatus{}, &photos.Error{Op: "uploads.finalize", Err: errShort}
}

func TestAFileThatChangesWhileItIsResumedIsNotTakenForUploaded(t *testing.T) {
	body := picture(3 * granularity)
	path := onDisk(t, body)
	c := newService(t, emulator.Config{}).calling(fileSource(t, path), granularity)
	c.plan(t, emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.Refuse("503")})
	_ = c.breaks(t)
	c.cfg.API = &lying{c.cfg.API, func(*photos.UploadStatus) { // between the query and the bytes
		must(t, os.Chtimes(path, time.Time{}, time.Now().Add(time.Minute)))
		c.cfg.API = c.client.Uploads
	}}
	res, err := c.try(t)
	if !errors.Is(err, upload.ErrChanged) || !unusable(res) {
		t.Errorf("result %v, error %v, want ErrChanged", res, err)
	}
	if again := c.ends(t, body); again.Sent != 0 {
		t.Errorf("%d bytes sent for a file that was only touched, want none", again.Sent)
	}
}

func TestAFileThatIsTooShortToBeResumedHasChanged(t *testing.T) {
	path := onDisk(t, picture(3*granularity))
	c := newService(t, emulator.Config{}).calling(fileSource(t, path), granularity)
	c.plan(t, emulator.Fault{Operation: "uploads.finalize", Effect: emulator.Refuse("503")})
	_ = c.breaks(t)
	c.cfg.API = &lying{c.cfg.API, func(*photos.UploadStatus) { must(t, os.Truncate(path, granularity)) }}
	if res, err := c.try(t); !errors.Is(err, upload.ErrChanged) || res.Sent != 0 {
		t.Errorf("result %v, error %v, want ErrChanged and nothing sent", res, err)
	}
}
