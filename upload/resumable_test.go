package upload_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

func TestASizeDecidesWhetherAnUploadIsResumable(t *testing.T) {
	for _, tc := range []struct {
		name      string
		from      int64
		size      int
		resumable bool
	}{
		{"one byte below", 1000, 999, false},
		{"exactly there", 1000, 1000, true},
		{"above", 1000, 1001, true},
		{"never", -1, 1000, false},
		{"far below the default", 0, 1000, false},
		{"one byte below the default", 0, upload.DefaultResumableFrom - 1, false},
		{"at the default", 0, upload.DefaultResumableFrom, true},
	} {
		c := newService(t, emulator.Config{}).calling(memory(picture(tc.size)), 0)
		c.cfg.ResumableFrom = tc.from
		if res, err := c.try(t); err != nil || res.Sent != int64(tc.size) || res.Resumed != 0 {
			t.Errorf("%s: result %v (%v), want a token for %d bytes", tc.name, res, err, tc.size)
		}
		want := "uploads"
		if tc.resumable {
			want = "uploads.start"
		}
		if calls := c.Calls(); calls[want] != 1 {
			t.Errorf("%s: calls %v, want one of %s", tc.name, calls, want)
		}
	}
}

func TestAResumableUploadTakesAsFewRequestsAsItsChunksAllow(t *testing.T) {
	for _, tc := range []struct {
		name              string
		granularity       int64
		chunk             int64
		size              int
		chunks, finalizes int
	}{
		{"all in one", 256 << 10, 0, 3*granularity + 17, 0, 1},
		{"a chunk larger than the file", 256 << 10, 1 << 40, 1000, 0, 1},
		{"a chunk as large as the file", 256 << 10, granularity, granularity, 0, 1},
		{"an odd end", 256 << 10, granularity, 3*granularity + 17, 3, 1},
		{"the last chunk exactly a multiple", 256 << 10, granularity, 3 * granularity, 2, 1},
		{"a chunk rounded up", 256 << 10, granularity + 1, 4*granularity + 1, 2, 1},
		{"a chunk of one byte", 256 << 10, 1, 2*granularity + 1, 2, 1},
		{"a granularity of 1 MiB", 1 << 20, 300 << 10, 2<<20 + 5, 2, 1},
		{"a granularity beyond the file", 1 << 20, 1, 1000, 0, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := picture(tc.size)
			c := newService(t, emulator.Config{ChunkGranularity: tc.granularity}).calling(fileSource(t, onDisk(t, body)), tc.chunk)
			if res := c.ends(t, body); res.Sent != int64(tc.size) || res.Resumed != 0 {
				t.Errorf("%d bytes sent, %d resumed, want %d and none", res.Sent, res.Resumed, tc.size)
			}
			c.wantCalls(t, 1, tc.chunks, tc.finalizes, 0)
		})
	}
}

// What each fault in the middle of an upload of three chunks costs: bytes sent again, and requests.
func TestABrokenUploadGoesOnWithTheBytesThatAreMissing(t *testing.T) {
	const size = 3*granularity - 100
	applied := func(e emulator.Effect) emulator.Effect { e.Apply = true; return e }
	for _, tc := range []struct {
		at                emulator.Fault
		resumed           int64
		chunks, finalizes int // with the one that broke
	}{
		{at: emulator.Fault{Operation: "uploads.chunk", Effect: emulator.CutBefore()}, resumed: 0, chunks: 3, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.chunk", Effect: emulator.CutRequest(0)}, resumed: 0, chunks: 3, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.chunk", Effect: emulator.CutRequest(1)}, resumed: 1, chunks: 3, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.CutRequest(1001)}, resumed: granularity + 1001, chunks: 3, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.CutRequest(1 << 40)}, resumed: 2 * granularity, chunks: 2, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.ApplyThenCut()}, resumed: 2 * granularity, chunks: 2, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.Refuse("503")}, resumed: granularity, chunks: 3, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: applied(emulator.Refuse("503"))}, resumed: 2 * granularity, chunks: 2, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.HTML()}, resumed: granularity, chunks: 3, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: applied(emulator.EmptyAnswer())}, resumed: 2 * granularity, chunks: 2, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.finalize", Effect: emulator.CutRequest(99)}, resumed: 2*granularity + 99, chunks: 2, finalizes: 2},
		{at: emulator.Fault{Operation: "uploads.finalize", Effect: emulator.CutRequest(1 << 40)}, resumed: size, chunks: 2, finalizes: 2},
		{at: emulator.Fault{Operation: "uploads.finalize", Effect: emulator.ApplyThenCut()}, resumed: size, chunks: 2, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.finalize", Effect: emulator.CutAnswer(10)}, resumed: size, chunks: 2, finalizes: 1},
		{at: emulator.Fault{Operation: "uploads.finalize", Effect: applied(emulator.Refuse("500"))}, resumed: size, chunks: 2, finalizes: 1},
	} {
		t.Run(fmt.Sprint(tc.at), func(t *testing.T) {
			body := picture(size)
			c := newService(t, emulator.Config{}).calling(fileSource(t, onDisk(t, body)), granularity)
			c.plan(t, tc.at)
			_ = c.breaks(t)
			res := c.ends(t, body)
			if res.Resumed != tc.resumed || res.Sent != size-tc.resumed {
				t.Errorf("resumed at %d with %d more bytes, want %d and the rest", res.Resumed, res.Sent, tc.resumed)
			}
			c.wantCalls(t, 1, tc.chunks, tc.finalizes, 1)
		})
	}
}

func TestAnUploadInOneRequestResumesFromTheByte(t *testing.T) {
	body := picture(1_000_000)
	c := newService(t, emulator.Config{}).calling(fileSource(t, onDisk(t, body)), 0)
	c.plan(t, emulator.Fault{Operation: "uploads.finalize", Effect: emulator.CutRequest(654_321)})
	_ = c.breaks(t)
	if res := c.ends(t, body); res.Resumed != 654_321 || c.sent != 1_000_000 {
		t.Errorf("resumed at %d, %d bytes sent in all, want 654,321 and none twice", res.Resumed, c.sent)
	}
	c.wantCalls(t, 1, 0, 2, 1)
}

// A session that is gone, or not to be trusted, is followed by a new one in the same call.
func TestASessionThatIsOfNoUseIsReplaced(t *testing.T) {
	for _, tc := range []struct {
		name    string
		cfg     emulator.Config
		spoil   func(t *testing.T, c *caller)
		queries int
	}{
		{"expired at the service", emulator.Config{SessionLife: time.Hour}, func(*testing.T, *caller) { time.Sleep(time.Hour) }, 1},
		{"a day old", emulator.Config{}, func(*testing.T, *caller) { time.Sleep(upload.SessionLife) }, 0},
		{"from the far future", emulator.Config{}, change(func(s *upload.Session) { s.Started = s.Started.Add(2 * upload.SessionLife) }), 0},
		{"of another size", emulator.Config{}, change(func(s *upload.Session) { s.Size++ }), 0},
		{"without a granularity", emulator.Config{}, change(func(s *upload.Session) { s.Granularity = 0 }), 0},
		{"with more hashed than there is", emulator.Config{}, change(func(s *upload.Session) { s.Hashed = 1 << 40 }), 0},
		{"with less than nothing hashed", emulator.Config{}, change(func(s *upload.Session) { s.Hashed = -1 }), 0},
		{"at no address", emulator.Config{}, change(func(s *upload.Session) { s.URL = "nowhere" }), 0},
		{"at an address in the clear", emulator.Config{}, change(func(s *upload.Session) { s.URL = "http://example.com/v1/uploads?upload_id=1" }), 0},
		{"unknown", emulator.Config{}, change(func(s *upload.Session) { s.URL += "x" }), 0},
		{"cancelled", emulator.Config{}, func(t *testing.T, c *caller) {
			must(t, c.client.Uploads.Cancel(t.Context(), photos.UploadSession{URL: c.last().URL}))
		}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				body := picture(3 * granularity)
				c := newService(t, tc.cfg).calling(memory(body), granularity)
				c.plan(t, emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.Refuse("503")})
				_ = c.breaks(t)
				tc.spoil(t, c)
				if res := c.ends(t, body); res.Resumed != 0 || res.Sent != int64(len(body)) {
					t.Errorf("resumed %d, sent %d, want everything sent anew", res.Resumed, res.Sent)
				}
				if calls := c.Calls(); calls["uploads.start"] != 2 || calls["uploads.query"] < tc.queries {
					t.Errorf("calls %v, want 2 starts, and %d queries", calls, tc.queries)
				}
			})
		})
	}
}

// change spoils what was kept.
func change(how func(*upload.Session)) func(*testing.T, *caller) {
	return func(_ *testing.T, c *caller) {
		s := c.last()
		how(&s)
		c.kept = append(c.kept, s)
	}
}

func TestASessionOfWhichLittleIsKnownIsOfUse(t *testing.T) {
	for _, unknown := range []func(*upload.Session){
		func(s *upload.Session) { s.Size = 0 },
		func(s *upload.Session) { s.Hashed, s.SHA256 = 0, [sha256.Size]byte{} },
		func(s *upload.Session) { s.Granularity = 1<<63 - 1 },
	} {
		body := picture(3 * granularity)
		c := newService(t, emulator.Config{}).calling(memory(body), granularity)
		c.plan(t, emulator.Fault{Operation: "uploads.chunk", Nth: 2, Effect: emulator.Refuse("503")})
		_ = c.breaks(t)
		change(unknown)(t, c)
		if res := c.ends(t, body); res.Resumed != granularity {
			t.Errorf("resumed at %d, want %d", res.Resumed, granularity)
		}
	}
}

// The answer to the last byte is lost. A service that repeats the token gives it without a byte; one that does not gets everything again.
func TestAFinishedUploadWhoseTokenWasLost(t *testing.T) {
	for _, tc := range []struct {
		name      string
		forgetful bool
		later     time.Duration
		sent      int64
	}{
		{"the token is repeated", false, 0, 0},
		{"it is not", true, 0, 600_000},
		{"a token that may be 23 hours old", false, upload.TokenLife, 600_000},
		{"a token that may be nearly so", false, upload.TokenLife - time.Second, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				body := picture(600_000)
				c := newService(t, emulator.Config{FinalQueryEmpty: tc.forgetful}).calling(memory(body), granularity)
				c.plan(t, emulator.Fault{Operation: "uploads.finalize", Effect: emulator.ApplyThenCut()})
				began := time.Now()
				_ = c.breaks(t)
				time.Sleep(tc.later)
				res := c.ends(t, body)
				if res.Sent != tc.sent || res.Resumed != int64(len(body))-tc.sent {
					t.Errorf("sent %d, resumed %d, want %d and the others", res.Sent, res.Resumed, tc.sent)
				}
				if tc.sent == 0 && !res.Token.Issued.Equal(began) {
					t.Errorf("issued at %s, want when the session began, %s: nobody knows better", res.Token.Issued, began)
				}
			})
		})
	}
}

// lying is a service whose query is wrong once.
type lying struct {
	upload.API
	about func(*photos.UploadStatus)
}

func (l *lying) Query(ctx context.Context, s photos.UploadSession) (photos.UploadStatus, error) {
	st, err := l.API.Query(ctx, s)
	if l.about != nil {
		l.about(&st)
		l.about = nil
	}
	return st, err
}

func TestAWrongOffsetIsFoundOutAndMended(t *testing.T) {
	body := picture(3 * granularity)
	c := newService(t, emulator.Config{}).calling(memory(body), granularity)
	c.plan(t, emulator.Fault{Operation: "uploads.finalize", Effect: emulator.Refuse("503")})
	_ = c.breaks(t)
	c.cfg.API = &lying{c.cfg.API, func(st *photos.UploadStatus) { st.Received = granularity }}
	if err := c.breaks(t); !errors.Is(err, photos.ErrWrongOffset) {
		t.Errorf("error %v, want ErrWrongOffset", err)
	}
	if res := c.ends(t, body); res.Resumed != 2*granularity {
		t.Errorf("resumed at %d, want %d", res.Resumed, 2*granularity)
	}
}

func TestASessionThatEndsInTheMiddleIsReplacedByTheNextCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := picture(3 * granularity)
		c := newService(t, emulator.Config{SessionLife: time.Minute}).calling(memory(body), granularity)
		slow := c.cfg.API
		c.cfg.API = pausing{slow, time.Minute}
		if err := c.breaks(t); !errors.Is(err, photos.ErrSessionGone) {
			t.Errorf("error %v, want ErrSessionGone", err)
		}
		c.cfg.API = slow
		if res := c.ends(t, body); res.Resumed != 0 {
			t.Errorf("resumed at %d, want a new start", res.Resumed)
		}
		c.wantCalls(t, 2, 3, 1, 1)
	})
}

// pausing is a service that takes a while over the start.
type pausing struct {
	upload.API
	pause time.Duration
}

func (p pausing) Start(ctx context.Context, up photos.StartUpload) (photos.UploadSession, error) {
	s, err := p.API.Start(ctx, up)
	time.Sleep(p.pause)
	return s, err
}

func TestAKnownHashIsComparedWithWhatTheServiceHas(t *testing.T) {
	body := picture(3 * granularity)
	for _, known := range [][]byte{body, body[1:]} {
		c := newService(t, emulator.Config{}).calling(memory(body), granularity)
		sum := sha256.Sum256(known)
		c.src.SHA256 = &sum
		c.plan(t, emulator.Fault{Operation: "uploads.finalize", Effect: emulator.ApplyThenCut()})
		_ = c.breaks(t)
		_, err := c.try(t)
		if changed := errors.Is(err, upload.ErrChanged); changed != (len(known) != len(body)) {
			t.Errorf("hash of %d bytes known: error %v", len(known), err)
		}
	}
}
