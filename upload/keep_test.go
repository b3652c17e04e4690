package upload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// scripted is a service for resumable uploads that stores nothing: it takes of each chunk what takes says, and answers a final one with a token.
type scripted struct {
	api
	granularity int64
	got         bytes.Buffer // if keep
	keep        bool
	takes       func(n int64) int64
	chunks      []int64
}

func (s *scripted) Start(_ context.Context, up photos.StartUpload) (photos.UploadSession, error) {
	return photos.UploadSession{URL: "https://example.com/session", Size: up.Size, Granularity: s.granularity}, nil
}

func (s *scripted) Send(_ context.Context, session photos.UploadSession, chunk photos.UploadChunk) (photos.UploadStatus, error) {
	s.chunks = append(s.chunks, chunk.Size)
	n := chunk.Size
	if s.takes != nil {
		n = s.takes(n)
	}
	to := io.Writer(io.Discard)
	if s.keep {
		to = &s.got
	}
	if _, err := io.CopyN(to, chunk.Body, n); err != nil {
		return photos.UploadStatus{}, err
	}
	if _, err := io.Copy(io.Discard, chunk.Body); err != nil {
		return photos.UploadStatus{}, err
	}
	if received := chunk.Offset + n; received < session.Size || !chunk.Final {
		return photos.UploadStatus{State: photos.UploadActive, Received: received}, nil
	}
	return photos.UploadStatus{State: photos.UploadFinal, Received: session.Size, Token: "token"}, nil
}

func TestAServiceThatTakesLessThanItWasSentGetsTheRest(t *testing.T) {
	body := content(1000)
	for _, tc := range []struct {
		chunk  int64
		takes  func(int64) int64
		chunks []int64
		sent   int64
	}{
		{400, func(n int64) int64 { return n }, []int64{400, 400, 200}, 1000},
		{400, func(n int64) int64 { return min(n, 300) }, []int64{400, 400, 400, 100}, 1300},
		{0, func(n int64) int64 { return (n + 1) / 2 }, []int64{1000, 500, 250, 125, 62, 31, 15, 7, 3, 1}, 1994},
	} {
		s := &scripted{granularity: 100, keep: true, takes: tc.takes}
		u := uploader(t, upload.Config{API: s, ResumableFrom: 1, Chunk: tc.chunk})
		res, err := u.Upload(t.Context(), memory(body))
		if err != nil || res.SHA256 != sha256.Sum256(body) || !bytes.Equal(s.got.Bytes(), body) {
			t.Errorf("result %v (%v), %d bytes there, want the content", res, err, s.got.Len())
		}
		if !slices.Equal(s.chunks, tc.chunks) || res.Sent != tc.sent {
			t.Errorf("chunks %d, %d bytes sent, want %d, %d", s.chunks, res.Sent, tc.chunks, tc.sent)
		}
	}
}

func TestASessionIsKeptBeforeTheFirstByteNowAndThenAndBeforeTheLast(t *testing.T) {
	const mib = 1 << 20
	for _, chunk := range []int64{0, 10 * mib, 64 * mib} {
		var kept []int64
		src := upload.Source{Name: "zeros", Size: 200*mib + 1, Open: func() (io.ReadSeekCloser, error) { return &zeros{size: 200*mib + 1}, nil }}
		left := int64(0)
		src.Progress = func(n int) { left += int64(n) }
		src.Keep = func(_ context.Context, s upload.Session) error {
			if s.Hashed == 0 && left != 0 || s.Size != src.Size || s.URL == "" || s.Granularity != mib {
				t.Errorf("kept %+v after %d bytes", s, left)
			}
			kept = append(kept, s.Hashed/mib)
			return nil
		}
		u := uploader(t, upload.Config{API: &scripted{granularity: mib}, ResumableFrom: 1, Chunk: chunk})
		if _, err := u.Upload(t.Context(), src); err != nil {
			t.Fatal(err)
		}
		if want := []int64{0, 64, 128, 192, 200}; !slices.Equal(kept, want) {
			t.Errorf("chunks of %d: kept at %d MiB, want at %d", chunk, kept, want)
		}
	}
}

// zeros is a file of so many zeros.
type zeros struct{ at, size int64 }

func (z *zeros) Read(p []byte) (int, error) {
	n := min(int64(len(p)), z.size-z.at)
	if n == 0 {
		return 0, io.EOF
	}
	clear(p[:n])
	z.at += n
	return int(n), nil
}

func (z *zeros) Seek(to int64, _ int) (int64, error) { z.at = to; return to, nil }

func (z *zeros) Close() error { return nil }

func TestWhatCannotBeKeptEndsTheUpload(t *testing.T) {
	full := errors.New("the disk is full")
	body := picture(3 * granularity)
	for _, nth := range []int{1, 2} {
		c := newService(t, emulator.Config{}).calling(memory(body), 0)
		src, n, began := c.src, 0, upload.Session{}
		src.Keep = func(_ context.Context, s upload.Session) error {
			began = s
			if n++; n == nth {
				return full
			}
			return nil
		}
		res, err := uploader(t, c.cfg).Upload(t.Context(), src)
		if !errors.Is(err, full) || !unusable(res) || !strings.Contains(err.Error(), "keep the upload session") {
			t.Errorf("keeping fails for the %d. time: result %v, error %v, want nothing to use", nth, res, err)
		}
		if n != nth {
			t.Errorf("asked to keep %d times, want no more after it failed", n)
		}
		if calls := c.Calls(); calls["uploads.finalize"] != nth-1 {
			t.Errorf("calls %v, want no bytes sent where nothing can be kept", calls)
		}
		st, err := c.client.Uploads.Query(t.Context(), photos.UploadSession{URL: began.URL, Size: c.src.Size})
		if err != nil || st.State != photos.UploadActive || st.Received == c.src.Size {
			t.Errorf("the service says %+v (%v), want the last bytes held back", st, err)
		}
	}
}

func TestAnUploadMayBeKeptByNobody(t *testing.T) {
	body := picture(3 * granularity)
	c := newService(t, emulator.Config{}).calling(memory(body), granularity)
	if res, err := uploader(t, c.cfg).Upload(t.Context(), c.src); err != nil || res.Token.Value == "" {
		t.Errorf("result %v (%v), want a token", res, err)
	}
}

func TestASessionShowsNothingOfItsAddress(t *testing.T) {
	const secret = "upload_id=AEnB2U-a-very-secret-session"
	s := upload.Session{URL: "https://photoslibrary.googleapis.com/v1/uploads?" + secret, Granularity: 1, Started: time.Unix(0, 0), Hashed: 5}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("kept", "session", s, "url", s.URL)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("kept", "session", s, "url", s.URL)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, s, s.URL, &s, upload.Source{Session: s})
	}
	if strings.Contains(out.String(), "photoslibrary") || strings.Contains(out.String(), "AEnB2U") || strings.Contains(out.String(), fmt.Sprintf("%x", "AEnB2U")) {
		t.Errorf("shown: %s", out.String())
	}
	if got, want := s.String(), "session of 1970-01-01T00:00:00Z, 5 bytes hashed"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (upload.Session{}).String(); got != "no session" {
		t.Errorf("the zero session is %q", got)
	}
}

func TestAResumableUploadThatStallsIsGivenUp(t *testing.T) {
	for _, operation := range []string{"uploads.chunk", "uploads.finalize"} {
		synctest.Test(t, func(t *testing.T) {
			body := picture(3 * granularity)
			c := newService(t, emulator.Config{}).calling(memory(body), granularity)
			c.plan(t, emulator.Fault{Operation: operation, Effect: emulator.Stall()})
			began := time.Now()
			if err := c.breaks(t); !errors.Is(err, upload.ErrStalled) || time.Since(began) != 5*time.Minute {
				t.Errorf("%s: error %v after %v, want ErrStalled after 5 minutes", operation, err, time.Since(began))
			}
			_ = c.ends(t, body)
		})
	}
}

// slowly is a file of which each read takes a while.
type slowly struct{ opened }

func (s *slowly) Read(p []byte) (int, error) {
	time.Sleep(time.Minute)
	return s.opened.Read(p[:min(len(p), 100)])
}

func TestAnUploadThatMovesIsNotGivenUpHoweverSlowItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := picture(3000)
		c := newService(t, emulator.Config{ChunkGranularity: 1000}).calling(memory(body), 1000)
		c.src.Open = func() (io.ReadSeekCloser, error) { return &slowly{opened{Reader: bytes.NewReader(body)}}, nil }
		c.plan(t, emulator.Fault{Operation: "uploads.finalize", Effect: emulator.ApplyThenCut()})
		_ = c.breaks(t)
		if res := c.ends(t, body); res.Sent != 0 { // read again only, which takes as long
			t.Errorf("%d bytes sent again, want none", res.Sent)
		}
		c.cfg.ResumableFrom = -1
		if _, err := c.try(t); err != nil {
			t.Errorf("raw: %v", err)
		}
	})
}

func TestAStopWhileTheFileIsReadAgainIsHeeded(t *testing.T) {
	body := picture(3 * granularity)
	c := newService(t, emulator.Config{}).calling(memory(body), granularity)
	c.plan(t, emulator.Fault{Operation: "uploads.finalize", Effect: emulator.Refuse("503")})
	_ = c.breaks(t)
	stopped := errors.New("stopped")
	ctx, stop := context.WithCancelCause(t.Context())
	c.cfg.API = &lying{c.cfg.API, func(*photos.UploadStatus) { stop(stopped) }}
	src := c.src
	src.Session = c.last()
	res, err := uploader(t, c.cfg).Upload(ctx, src)
	if !errors.Is(err, stopped) || res != (upload.Result{Requests: 1}) {
		t.Errorf("result %v, error %v, want the context's cause", res, err)
	}
}
