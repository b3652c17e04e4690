package emulator_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// Sessions outlive a restart: how much has come, what has ended and how. The
// hash of the whole is that of the bytes, though half of them came before.
func TestARestartFindsSessions(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir(), AccessToken: "the same"}
	c := direct(t, cfg)
	file := media(3*granularity+9, 1)
	r := c.startRequest(int64(len(file)))
	r.Header.Set("X-Goog-Upload-File-Name", "start.gif")
	open := session{c, c.do(r).header.Get("X-Goog-Upload-URL")}
	open.send("upload", 0, file[:granularity])
	full, fresh, final, cancelled := c.start(granularity), c.start(10), c.start(granularity), c.start(granularity)
	full.send("upload", 0, media(granularity, 2))
	token := final.send("upload, finalize", 0, media(granularity, 3)).wantToken(t)
	cancelled.send("upload", 0, media(granularity, 4))
	cancelled.command("cancel")

	c = c.restart(cfg)
	for _, u := range []*session{&open, &full, &fresh, &final, &cancelled} {
		u.client = c
	}
	open.wantReceived(granularity)
	full.wantReceived(granularity)
	fresh.wantReceived(0)
	cancelled.command("query").wantUpload(t, 200, "cancelled", -1)
	if again := final.command("query").wantToken(t); again != token {
		t.Error("the finished upload has another token")
	}
	open.send("upload", granularity, file[granularity:2*granularity]).wantUpload(t, 200, "active", 2*granularity)
	c = c.restart(cfg)
	open.client, full.client = c, c
	ids := c.createIDs(batch("", nil,
		open.send("upload, finalize", 2*granularity, file[2*granularity:]).wantToken(t),
		full.command("finalize").wantToken(t), token))
	c.wantItems(file, media(granularity, 2), media(granularity, 3))
	if got := c.open("/media/" + ids[0]).body; !bytes.Equal(got, file) {
		t.Errorf("the item has %d bytes, want %d: or others", len(got), len(file))
	}
	if name := c.s.MediaItems()[0].Filename; name != "start.gif" {
		t.Errorf("the name is %q", name)
	}
}

// A session that expired while no server ran is gone with its bytes, and so are
// bytes of which the journal knows nothing. Other files are left alone.
func TestARestartClearsUpAfterSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := emulator.Config{Dir: t.TempDir()}
		c := direct(t, cfg)
		old := c.start(granularity * 2)
		old.send("upload", 0, media(granularity, 1))
		time.Sleep(4 * 24 * time.Hour)
		young := c.start(granularity * 2)
		young.send("upload", 0, media(granularity, 2))
		stray := filepath.Join(cfg.Dir, "sessions", strings.Repeat("0", 64)+".part")
		mine := filepath.Join(cfg.Dir, "sessions", "mine.txt")
		for _, path := range []string{stray, mine} {
			if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.s.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(4 * 24 * time.Hour)
		c = direct(t, cfg)
		old.client, young.client = c, c
		old.command("query").wantRefused(t, 404, "", "")
		young.wantReceived(granularity)
		if files := partialFiles(t, cfg.Dir); len(files) != 2 || !strings.HasSuffix(files[1], "mine.txt") {
			t.Errorf("left: %v, want the young session and the user's own file", files)
		}
	})
}

// Who finds a folder in use leaves in it what the other server is receiving.
func TestAFolderInUseIsNotClearedUp(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir()}
	c := direct(t, cfg)
	file := media(granularity, 1)
	body, feed := io.Pipe()
	answered := make(chan answer)
	go func() {
		a, err := c.try(c.uploadRequest(body))
		if err != nil {
			t.Error(err)
		}
		answered <- a
	}()
	_, _ = feed.Write(file[:granularity-1])
	u := c.start(granularity)
	u.send("upload", 0, file)
	if _, err := emulator.New(cfg); err == nil {
		t.Error("two servers have the same folder")
	}
	_, _ = feed.Write(file[granularity-1:])
	_ = feed.Close()
	(<-answered).wantStatus(t, http.StatusOK)
	u.command("finalize").wantToken(t)
}
