package upload_test

import (
	"context"
	"crypto/sha256"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// granularity is the service's, of which chunks are multiples.
const granularity = 256 << 10

// testing.TB or *rapid.T.
type tb interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// service is an emulated service and an account on it.
type service struct {
	*emulator.Server
	client *photos.Client
}

// serviceOf makes a service. It is the caller's to close.
func serviceOf(t tb, cfg emulator.Config) service {
	t.Helper()
	s, err := emulator.New(cfg)
	if err != nil {
		t.Fatalf("%v", err)
	}
	c, err := photos.New(photos.Config{
		TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}),
		Transport:   s.Transport(), UploadTransport: s.Transport(),
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return service{s, c}
}

// newService makes a service that is closed at the end of the test.
func newService(t *testing.T, cfg emulator.Config) service {
	t.Helper()
	s := serviceOf(t, cfg)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// plan plans faults.
func (s service) plan(t tb, faults ...emulator.Fault) {
	t.Helper()
	if err := s.Plan(faults...); err != nil {
		t.Fatalf("%v", err)
	}
}

// picture is a file that the service takes for a photo, of n bytes.
func picture(n int) []byte {
	head := fixture.GIF(fixture.Spec{})
	return append(head, content(max(0, n-len(head)))...)[:n]
}

// caller uploads one file as often as it must, with what was kept last.
type caller struct {
	service
	cfg     upload.Config
	src     upload.Source
	kept    []upload.Session // each in place of the one before
	sent    int64            // in all attempts
	results []upload.Result
}

// calling makes a caller that sends everything resumably, in chunks of so many bytes.
func (s service) calling(src upload.Source, chunk int64) *caller {
	return &caller{service: s, cfg: upload.Config{API: s.client.Uploads, ResumableFrom: 1, Chunk: chunk}, src: src}
}

// last is the session that was kept last.
func (c *caller) last() upload.Session {
	if len(c.kept) == 0 {
		return upload.Session{}
	}
	return c.kept[len(c.kept)-1]
}

// try makes one attempt.
func (c *caller) try(t tb) (upload.Result, error) {
	t.Helper()
	u, err := upload.New(c.cfg)
	if err != nil {
		t.Fatalf("%v", err)
	}
	src := c.src
	src.Session = c.last()
	src.Keep = func(_ context.Context, s upload.Session) error {
		c.kept = append(c.kept, s)
		return nil
	}
	var left int64
	src.Progress = func(n int) { left += int64(n) }
	res, err := u.Upload(t.Context(), src)
	if left != res.Sent {
		t.Errorf("progress told of %d bytes, the result of %d", left, res.Sent)
	}
	c.sent += res.Sent
	c.results = append(c.results, res)
	return res, err
}

// breaks makes an attempt that must fail in passing.
func (c *caller) breaks(t tb) error {
	t.Helper()
	res, err := c.try(t)
	if photos.Classify(err) != photos.ClassTransient || !unusable(res) {
		t.Errorf("result %v, error %v, want nothing to use and an error that passes", res, err)
	}
	return err
}

// ends makes an attempt that must succeed, and looks at what the service has.
func (c *caller) ends(t tb, want []byte) upload.Result {
	t.Helper()
	res, err := c.try(t)
	if err != nil {
		t.Fatalf("error %v, want a token", err)
	}
	sum := sha256.Sum256(want)
	if res.SHA256 != sum {
		t.Errorf("the hash is %x, want that of the file, %x", res.SHA256, sum)
	}
	item := photos.NewMediaItem{SimpleMediaItem: photos.SimpleMediaItem{UploadToken: res.Token.Value, FileName: "a.gif"}}
	_, err = c.client.MediaItems.BatchCreate(t.Context(), photos.BatchCreateRequest{NewMediaItems: []photos.NewMediaItem{item}})
	items := c.MediaItems()
	if err != nil || len(items) != 1 || items[0].SHA256 != sum || items[0].Size != int64(len(want)) {
		t.Errorf("the service has %v (%v), want the file's %d bytes", items, err, len(want))
	}
	if broken := c.Violations(); len(broken) != 0 {
		t.Errorf("violations %v, want none", broken)
	}
	if unmet := c.Unmet(); len(unmet) != 0 {
		t.Errorf("faults %v were not met", unmet)
	}
	return res
}

// wantCalls checks the requests of uploads that were made: starts, chunks, finalizes, queries.
func (c *caller) wantCalls(t tb, starts, chunks, finalizes, queries int) {
	t.Helper()
	got := c.Calls()
	delete(got, "mediaItems.batchCreate")
	want := map[string]int{}
	for name, n := range map[string]int{
		"uploads.start": starts, "uploads.chunk": chunks, "uploads.finalize": finalizes, "uploads.query": queries,
	} {
		if n > 0 {
			want[name] = n
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// unusable tells whether a result has nothing in it but how far it got.
func unusable(res upload.Result) bool {
	return res == upload.Result{Resumed: res.Resumed, Sent: res.Sent, Requests: res.Requests}
}
