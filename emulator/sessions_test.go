package emulator_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// partialFiles are the files of a folder's unfinished sessions.
func partialFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "sessions", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Contract 12 #16: a session lives 7 days from its start, whatever is sent
// meanwhile; then it is unknown, finished or not, and its bytes are gone.
func TestASessionLivesSevenDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const day = 24 * time.Hour
		for _, tt := range []struct{ configured, life time.Duration }{{0, 7 * day}, {time.Hour, time.Hour}} {
			dir := t.TempDir()
			c := direct(t, emulator.Config{Dir: dir, SessionLife: tt.configured})
			file := media(2*granularity, 1)
			u, final := c.start(len(file)), c.start(len(file))
			final.send("upload, finalize", 0, file).wantToken(t)
			time.Sleep(tt.life - time.Second)
			u.send("upload", 0, file[:granularity]).wantUpload(t, 200, "active", granularity)
			final.command("query").wantUpload(t, 200, "final", -1)
			if n := len(partialFiles(t, dir)); n != 1 {
				t.Errorf("%d files, want that of the unfinished session", n)
			}
			time.Sleep(time.Second)
			for _, gone := range []session{u, final} {
				for _, command := range []string{"query", "upload", "finalize", "cancel"} {
					gone.send(command, granularity, nil).wantRefused(t, 404, "", "Upload session not found.")
				}
			}
			if files := partialFiles(t, dir); len(files) != 0 {
				t.Errorf("left: %v", files)
			}
		}
	})
}

// A session that expires while bytes come has them to no avail.
func TestASessionThatExpiresUnderARequestIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		c := direct(t, emulator.Config{Dir: dir, SessionLife: time.Hour})
		file := media(granularity, 1)
		u := c.start(len(file))
		body, feed := io.Pipe()
		answered := make(chan answer)
		go func() { answered <- c.do(u.withLength("upload, finalize", body, len(file))) }()
		_, _ = feed.Write(file[:1000])
		time.Sleep(2 * time.Hour)
		c.start(1) // who comes next finds that it has expired
		_, _ = feed.Write(file[1000:])
		_ = feed.Close()
		(<-answered).wantRefused(t, 404, "", "Upload session not found.")
		if files := partialFiles(t, dir); len(files) != 0 {
			t.Errorf("left: %v", files)
		}
	})
}

// withLength is a command whose bytes come from elsewhere.
func (u session) withLength(command string, body io.Reader, n int) *http.Request {
	u.t.Helper()
	r := u.request(command, body)
	r.ContentLength = int64(n)
	r.Header.Set("X-Goog-Upload-Offset", "0")
	return r
}

// Contract 3.2: when a connection breaks, what came stays, to the last byte, and
// the upload goes on from there.
func TestABrokenChunkKeepsItsBytes(t *testing.T) {
	everyWay(t, func(t *testing.T, c *client) {
		file := media(3*granularity+5, 1)
		for _, command := range []string{"upload", "upload, finalize"} {
			u := c.start(len(file))
			length := len(file)
			if command == "upload" {
				length = 2 * granularity
			}
			broken := errors.New("the card was pulled out")
			const got = granularity + 1234
			r := u.withLength(command, io.MultiReader(bytes.NewReader(file[:got]), &failingReader{broken}), length)
			if _, err := c.try(r); !errors.Is(err, broken) {
				t.Errorf("error %v, want %v", err, broken)
			}
			u.wantReceivedSoon(got)
			u.send("upload, finalize", granularity, file[granularity:]).wantRefused(t, 400, "active", "")
			u.send("upload", got, file[got:got+granularity]).wantUpload(t, 200, "active", got+granularity)
			c.createIDs(batch("", nil, u.send("upload, finalize", got+granularity, file[got+granularity:]).wantToken(t)))
		}
		c.wantItems(file)
		c.wantClean()
	})
}

// A second request to a session waits for the first one: what is left of a
// connection that broke is nobody's fault. After five seconds it is refused,
// and the client is to ask how far the session is, which is always answered.
func TestASessionHasOneRequestAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		file := media(2*granularity, 1)
		u := c.start(len(file))
		body, feed := io.Pipe()
		answered := make(chan answer)
		go func() { answered <- c.do(u.withLength("upload", body, len(file))) }()
		_, _ = feed.Write(file[:granularity])
		synctest.Wait()

		for _, r := range []*http.Request{
			u.sending("upload", granularity, file[granularity:]), u.sending("upload, finalize", granularity, file[granularity:]),
			u.request("finalize", nil), u.request("cancel", nil),
		} {
			start := time.Now()
			c.do(r).wantRefused(t, 409, "active", "Another request to this upload session is in progress.")
			if took := time.Since(start); took != 5*time.Second {
				t.Errorf("refused after %v", took)
			}
		}
		u.wantReceived(granularity)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.try(u.request("cancel", nil).WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		late := make(chan answer)
		go func() { late <- u.command("finalize") }()
		time.Sleep(4 * time.Second)
		_, _ = feed.Write(file[granularity:])
		_ = feed.Close()
		(<-answered).wantUpload(t, 200, "active", len(file))
		(<-late).wantToken(t)
		want := []string{emulator.RuleSessionOnce, emulator.RuleSessionOnce, emulator.RuleSessionOnce, emulator.RuleSessionOnce}
		if got := rules(c.s); !slices.Equal(got, want) {
			t.Errorf("violations %q", got)
		}
	})
}

// Sessions do not wait for each other.
func TestSessionsGoOnBesideEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		file := media(granularity, 1)
		slow, quick := c.start(len(file)), c.start(len(file))
		body, feed := io.Pipe()
		answered := make(chan answer)
		go func() { answered <- c.do(slow.withLength("upload, finalize", body, len(file))) }()
		synctest.Wait()
		start := time.Now()
		quick.send("upload, finalize", 0, file).wantToken(t)
		if took := time.Since(start); took != 0 {
			t.Errorf("it took %v", took)
		}
		_, _ = feed.Write(file)
		_ = feed.Close()
		(<-answered).wantToken(t)
	})
}

// Of a session that was finished, cancelled or refused nothing is left in the
// folder but what became a content.
func TestBytesOfEndedSessionsAreGone(t *testing.T) {
	dir := t.TempDir()
	c := direct(t, emulator.Config{Dir: dir})
	file := media(granularity, 1)
	open := c.start(len(file))
	open.send("upload", 0, file)
	for range 2 {
		c.start(len(file)).send("upload, finalize", 0, file).wantToken(t)
	}
	cancelled := c.start(len(file))
	cancelled.send("upload", 0, file)
	cancelled.command("cancel")
	refused := c.start(len(file))
	r := refused.sending("upload, finalize", 0, file)
	r.Header.Set("X-Goog-Hash", "sha1=AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
	c.do(r).wantRefused(t, 400, "final", "")
	if files, kept := partialFiles(t, dir), keptFiles(t, dir); len(files) != 1 || len(kept) != 1 {
		t.Errorf("sessions %v, media %v, want one each", files, kept)
	}
	if info, err := os.Stat(partialFiles(t, dir)[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can read it: %v, %v", info.Mode(), err)
	}
}

// A server that is closed while bytes come takes no more of them, and what it
// had is there for the next one.
func TestAChunkEndsWhenTheServerIsClosed(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir()}
	c := direct(t, cfg)
	file := media(2*granularity, 1)
	u := c.start(len(file))
	body, feed := io.Pipe()
	answered := make(chan answer)
	go func() { answered <- c.do(u.withLength("upload", body, len(file))) }()
	_, _ = feed.Write(file[:granularity])
	_, _ = feed.Write(file[granularity : granularity+1]) // all before it was taken
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	_, _ = feed.Write(file[granularity+1:])
	(<-answered).wantBareError(t, http.StatusServiceUnavailable, 14, "")
	next := session{direct(t, cfg), u.url}
	a := next.command("query")
	got := next.receivedOf(a)
	if got < granularity || got > granularity+1 {
		t.Errorf("%d bytes were kept, want those of before", got)
	}
	next.send("upload, finalize", got, file[got:]).wantToken(t)
}
