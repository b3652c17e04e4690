package upload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

func TestATokenIsTrustedFor23Hours(t *testing.T) {
	now := time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)
	for _, tc := range []struct {
		name  string
		token upload.Token
		want  bool
	}{
		{"just issued", upload.Token{Value: "t", Issued: now}, true},
		{"a moment before its end", upload.Token{Value: "t", Issued: now.Add(-23*time.Hour + 1)}, true},
		{"at its end", upload.Token{Value: "t", Issued: now.Add(-23 * time.Hour)}, false},
		{"a moment after its end", upload.Token{Value: "t", Issued: now.Add(-23*time.Hour - 1)}, false},
		{"long ago", upload.Token{Value: "t", Issued: time.Unix(0, 0)}, false},
		{"at no time", upload.Token{Value: "t"}, false},
		{"no token", upload.Token{Issued: now}, false},
		{"nothing at all", upload.Token{}, false},
		{"by a clock a little ahead", upload.Token{Value: "t", Issued: now.Add(time.Minute)}, true},
		{"ahead by its whole life", upload.Token{Value: "t", Issued: now.Add(23 * time.Hour)}, true},
		{"ahead by more than its life", upload.Token{Value: "t", Issued: now.Add(23*time.Hour + 1)}, false},
	} {
		if got := tc.token.Live(now); got != tc.want {
			t.Errorf("%s: live %t, want %t (issued %s, now %s)", tc.name, got, tc.want, tc.token.Issued, now)
		}
	}
}

func TestAnUploadGivesTheTokenItsTimeAndTheHash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := content(1000)
		slow := api(func(_ context.Context, up photos.RawUpload) (string, error) {
			token, err := receive(up, func() {})
			time.Sleep(time.Minute)
			return token, err
		})
		res, err := uploader(t, upload.Config{API: slow}).Upload(t.Context(), memory(body))
		want := upload.Result{Token: upload.Token{Value: "token", Issued: time.Now()}, SHA256: sha256.Sum256(body), Sent: 1000, Requests: 1}
		if err != nil || res != want {
			t.Errorf("result %v (%v), want %v", res, err, want)
		}
	})
}

func TestTheServiceGetsSizeTypeAndBytes(t *testing.T) {
	s, u := onEmulator(t)
	body := content(300_000)
	var sent atomic.Int64
	src := memory(body)
	src.Progress = func(n int) { sent.Add(int64(n)) }
	res, err := u.Upload(t.Context(), src)
	if err != nil || res.Token.Value == "" || res.SHA256 != sha256.Sum256(body) {
		t.Fatalf("result %v (%v), want a token and the content's hash", res, err)
	}
	if sent.Load() != src.Size {
		t.Errorf("progress told of %d bytes, want %d", sent.Load(), src.Size)
	}
	if calls, broken := s.Calls(), s.Violations(); calls["uploads"] != 1 || len(broken) != 0 {
		t.Errorf("calls %v, violations %v, want one upload and none", calls, broken)
	}

	var got photos.RawUpload
	var read []byte
	src.ContentType = "image/heic"
	_, err = uploader(t, upload.Config{API: api(func(_ context.Context, up photos.RawUpload) (string, error) {
		got = up
		read, _ = io.ReadAll(up.Body)
		return "t", nil
	})}).Upload(t.Context(), src)
	if err != nil || got.Size != src.Size || got.ContentType != "image/heic" || !bytes.Equal(read, body) {
		t.Errorf("sent %d bytes as %q, length %d (%v), want the content as image/heic", len(read), got.ContentType, got.Size, err)
	}
}

func TestNoMoreThanTransfersAtOnce(t *testing.T) {
	for _, tc := range []struct{ transfers, want int }{{0, upload.DefaultTransfers}, {1, 1}, {3, 3}} {
		synctest.Test(t, func(t *testing.T) {
			var now, most atomic.Int64
			u := uploader(t, upload.Config{Transfers: tc.transfers, API: api(func(_ context.Context, up photos.RawUpload) (string, error) {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				return receive(up, func() { time.Sleep(time.Second) })
			})})
			began := time.Now()
			var g errgroup.Group
			for range 12 {
				g.Go(func() error { _, err := u.Upload(t.Context(), memory(content(10))); return err })
			}
			if err := g.Wait(); err != nil {
				t.Error(err)
			}
			if took, want := time.Since(began), time.Duration(12/tc.want)*time.Second; most.Load() != int64(tc.want) || took != want {
				t.Errorf("Transfers %d: %d at once, 12 uploads in %v, want %d in %v", tc.transfers, most.Load(), took, tc.want, want)
			}
		})
	}
}

func TestACancelledContextOpensAndSendsNothing(t *testing.T) {
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stopped)
	var touched int
	u := uploader(t, upload.Config{API: api(func(context.Context, photos.RawUpload) (string, error) { touched++; return "t", nil })})
	src := memory(content(10))
	src.Open = func() (io.ReadSeekCloser, error) { touched++; return nil, fs.ErrClosed }
	for range 100 { // a lane is free, and select picks at random
		if _, err := u.Upload(ctx, src); !errors.Is(err, stopped) {
			t.Fatalf("error %v, want the context's cause", err)
		}
	}
	if touched != 0 {
		t.Errorf("opened or sent %d times, want never", touched)
	}
}

func TestAnUploadThatWaitsForALaneEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		u := uploader(t, upload.Config{Transfers: 1, API: api(func(_ context.Context, up photos.RawUpload) (string, error) {
			calls.Add(1)
			return receive(up, func() { time.Sleep(time.Hour) })
		})})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var g errgroup.Group
		g.Go(func() error { _, err := u.Upload(t.Context(), memory(content(10))); return err })
		synctest.Wait()
		began := time.Now()
		_, err := u.Upload(ctx, memory(content(10)))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("error %v after %v, want the context's end at once", err, time.Since(began))
		}
		if err := g.Wait(); err != nil || calls.Load() != 1 {
			t.Errorf("%d calls (%v), want one", calls.Load(), err)
		}
	})
}

func TestALaneIsFreeAgainAfterAFailure(t *testing.T) {
	u := uploader(t, upload.Config{Transfers: 1, API: receiving})
	bad := memory(content(10))
	bad.Open = func() (io.ReadSeekCloser, error) { return nil, fs.ErrNotExist }
	for range 3 {
		if _, err := u.Upload(t.Context(), bad); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("error %v, want that of Open", err)
		}
	}
	if _, err := u.Upload(t.Context(), memory(content(10))); err != nil {
		t.Error(err)
	}
}

func TestEachCallOpensTheSourceAgainAndClosesIt(t *testing.T) {
	body := content(10)
	var all []*opened
	src := memory(body)
	src.Open = func() (io.ReadSeekCloser, error) {
		o := &opened{Reader: bytes.NewReader(body)}
		all = append(all, o)
		return o, nil
	}
	fails := api(func(_ context.Context, up photos.RawUpload) (string, error) {
		_, _ = io.CopyN(io.Discard, up.Body, 3)
		return "", &photos.Error{Op: "uploads", Status: 503}
	})
	if _, err := uploader(t, upload.Config{API: fails}).Upload(t.Context(), src); photos.Classify(err) != photos.ClassTransient {
		t.Errorf("error %v, want the service's own", err)
	}
	res, err := uploader(t, upload.Config{API: receiving}).Upload(t.Context(), src)
	if err != nil || res.SHA256 != sha256.Sum256(body) {
		t.Errorf("second call: %v (%v), want the whole content's hash", res, err)
	}
	for i, o := range all {
		if o.closed != 1 {
			t.Errorf("opening %d of %d closed %d times, want once", i+1, len(all), o.closed)
		}
	}
	if len(all) != 2 {
		t.Errorf("opened %d times, want once a call", len(all))
	}
}

func TestErrorsNameTheSource(t *testing.T) {
	src := memory(content(10))
	src.Open = func() (io.ReadSeekCloser, error) { return nil, fs.ErrPermission }
	_, err := uploader(t, upload.Config{API: receiving}).Upload(t.Context(), src)
	if err == nil || !strings.HasPrefix(err.Error(), "upload memory: ") {
		t.Errorf("error %v, want it to begin with the source's name", err)
	}
}

func TestABadConfigIsRefusedWithItsFieldNamed(t *testing.T) {
	for field, cfg := range map[string]upload.Config{"Config.API": {}, "Config.Transfers": {API: receiving, Transfers: -1}, "Config.Chunk": {API: receiving, Chunk: -1}} {
		if _, err := upload.New(cfg); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("error %v, want one that names %s", err, field)
		}
	}
}
