package emulator_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

func hashOf(b []byte) [sha256.Size]byte { return sha256.Sum256(b) }

// Contract 3.2: the single request, with and without the blank in its command.
func TestAResumableUploadInOneRequest(t *testing.T) {
	everyWay(t, func(t *testing.T, c *client) {
		for i, command := range []string{"upload, finalize", "upload,finalize", "UPLOAD, FINALIZE"} {
			file := media(granularity+1000, i)
			u := c.start(len(file))
			c.createIDs(batch("", nil, u.send(command, 0, file).wantToken(t)))
		}
		c.wantItems(media(granularity+1000, 0), media(granularity+1000, 1), media(granularity+1000, 2))
		c.wantClean()
	})
}

// Contract 3.2: chunks, of which the last may have any length and finalizes; or
// it is an ordinary one, and a finalize without bytes follows.
func TestAResumableUploadInChunks(t *testing.T) {
	everyWay(t, func(t *testing.T, c *client) {
		odd, even := media(3*granularity+17, 1), media(3*granularity, 2)
		u := c.start(len(odd))
		u.wantReceived(0)
		u.send("upload", 0, odd[:granularity]).wantUpload(t, http.StatusOK, "active", granularity)
		u.wantReceived(granularity)
		u.send("upload", granularity, odd[granularity:3*granularity]).wantUpload(t, http.StatusOK, "active", 3*granularity)
		first := u.send("upload, finalize", 3*granularity, odd[3*granularity:]).wantToken(t)

		u = c.start(len(even))
		u.send("upload", 0, even).wantUpload(t, http.StatusOK, "active", len(even))
		u.send("upload", len(even), nil).wantUpload(t, http.StatusOK, "active", len(even))
		second := u.command("finalize").wantToken(t)

		u = c.start(len(even))
		u.send("upload", 0, even)
		third := u.send("upload, finalize", len(even), nil).wantToken(t)
		if again := c.createIDs(batch("", nil, first, second)); c.createIDs(batch("", nil, third))[0] != again[1] {
			t.Error("the same bytes are another item")
		}
		c.wantItems(odd, even)
		c.wantClean()
		want := map[string]int{
			"uploads.start": 3, "uploads.chunk": 5, "uploads.finalize": 3, "uploads.query": 2, "mediaItems.batchCreate": 2,
		}
		if diff := cmp.Diff(want, c.s.Calls()); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
}

// Contract 3.2: the answer to a start. The address is on the server that was
// asked, with an upload_id that is long, opaque, and another each time.
func TestAStartIsAnsweredWithAnAddress(t *testing.T) {
	check := func(t *testing.T, c *client, scheme, host string) {
		t.Helper()
		seen := map[string]bool{}
		for range 3 {
			a := c.do(c.startRequest(100))
			a.wantUpload(t, http.StatusOK, "active", -1)
			if got := a.header.Get("X-Goog-Upload-Chunk-Granularity"); got != "262144" || len(a.body) != 0 {
				t.Errorf("granularity %q, body %q", got, a.body)
			}
			u, err := url.Parse(a.header.Get("X-Goog-Upload-URL"))
			if err != nil {
				t.Fatal(err)
			}
			id := u.Query().Get("upload_id")
			if u.Scheme != scheme || u.Host != host || u.Path != "/v1/uploads" || u.Query().Get("upload_protocol") != "resumable" ||
				!strings.HasPrefix(id, "AEnB2U") || len(id) < 100 || seen[id] {
				t.Errorf("address %s", u)
			}
			seen[id] = true
		}
	}
	t.Run("transport", func(t *testing.T) {
		c := direct(t, emulator.Config{})
		check(t, c, "http", "emulator.test")
		c.base = "https://photoslibrary.googleapis.com"
		check(t, c, "https", "photoslibrary.googleapis.com")
	})
	t.Run("socket", func(t *testing.T) {
		c := socket(t, emulator.Config{})
		check(t, c, "http", strings.TrimPrefix(c.base, "http://"))
	})
}

// Contract 3.2; 12 #17: what a query says of each status.
func TestAQueryTellsHowFarASessionIs(t *testing.T) {
	for _, empty := range []bool{false, true} {
		bothWays(t, emulator.Config{FinalQueryEmpty: empty}, func(t *testing.T, c *client) {
			u := c.start(100)
			u.wantReceived(0)
			token := u.send("upload, finalize", 0, media(100, 1)).wantToken(t)
			for range 2 {
				a := u.command("query")
				a.wantUpload(t, http.StatusOK, "final", -1)
				if want := map[bool]string{false: token, true: ""}[empty]; string(a.body) != want {
					t.Errorf("body %q, want %q", a.body, want)
				}
			}
			u = c.start(100)
			u.command("cancel").wantUpload(t, http.StatusOK, "cancelled", -1)
			a := u.command("query")
			a.wantUpload(t, http.StatusOK, "cancelled", -1)
			if len(a.body) != 0 {
				t.Errorf("body %q", a.body)
			}
			c.wantClean()
		})
	}
}

// Contract 3.2: a session that has ended takes nothing any more, and says what
// it is. To cancel it twice is no mistake.
func TestAnEndedSessionTakesNothing(t *testing.T) {
	everyWay(t, func(t *testing.T, c *client) {
		file := media(granularity, 1)
		final, cancelled := c.start(len(file)), c.start(len(file))
		token := final.send("upload, finalize", 0, file).wantToken(t)
		cancelled.send("upload", 0, file)
		cancelled.command("cancel").wantUpload(t, http.StatusOK, "cancelled", -1)
		cancelled.command("cancel").wantUpload(t, http.StatusOK, "cancelled", -1)
		for _, command := range []string{"upload", "upload, finalize", "finalize"} {
			body := file
			if command == "finalize" {
				body = nil
			}
			final.send(command, 0, body).wantRefused(t, 400, "final", "Upload session is already final.")
			cancelled.send(command, 0, body).wantRefused(t, 400, "cancelled", "Upload session is already cancelled.")
		}
		final.command("cancel").wantRefused(t, 400, "final", "")
		c.createIDs(batch("", nil, token))
		c.wantItems(file)
	})
}

// Contract 2.2, 11 #18: the checksum of the whole file, at its end. One that
// does not fit ends the session without a token, and so does an empty file.
func TestWhatIsRefusedAtItsEndIsFinal(t *testing.T) {
	everyWay(t, func(t *testing.T, c *client) {
		file := media(granularity+9, 1)
		right, wrong := sha1.Sum(file), sha1.Sum(nil)
		finish := func(sum [sha1.Size]byte) (session, answer) {
			u := c.start(len(file))
			u.send("upload", 0, file[:granularity])
			r := u.sending("upload, finalize", granularity, file[granularity:])
			r.Header.Set("X-Goog-Hash", "sha1="+base64.StdEncoding.EncodeToString(sum[:]))
			return u, u.do(r)
		}
		_, a := finish(right)
		token := a.wantToken(t)
		u, a := finish(wrong)
		a.wantRefused(t, 400, "final", "User-provided checksum does not match received payload content.")
		empty := c.start(0)
		empty.command("finalize").wantRefused(t, 400, "final", "Payload must not be empty")
		for _, ended := range []session{u, empty} {
			a := ended.command("query")
			a.wantUpload(t, http.StatusOK, "final", -1)
			if len(a.body) != 0 {
				t.Errorf("there is a token: %q", a.body)
			}
		}
		c.createIDs(batch("", nil, token))
		c.wantItems(file)
	})
}

// Contract 3.2, 4: the file name of the start counts when batchCreate gives none.
func TestASessionsFileNameIsThatOfItsStart(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		r := c.startRequest(100)
		r.Header.Set("X-Goog-Upload-File-Name", "start.gif")
		u := session{c, c.do(r).header.Get("X-Goog-Upload-URL")}
		c.createIDs(batch("", nil, u.send("upload, finalize", 0, media(100, 1)).wantToken(t)))
		if name := c.s.MediaItems()[0].Filename; name != "start.gif" {
			t.Errorf("the name is %q", name)
		}
	})
}

// Contract 3.2: the granularity must be read, not assumed.
func TestTheGranularityIsAnOption(t *testing.T) {
	bothWays(t, emulator.Config{ChunkGranularity: 7}, func(t *testing.T, c *client) {
		file := media(100, 1)
		a := c.do(c.startRequest(int64(len(file))))
		if got := a.header.Get("X-Goog-Upload-Chunk-Granularity"); got != "7" {
			t.Errorf("granularity %q", got)
		}
		u := session{c, a.header.Get("X-Goog-Upload-URL")}
		u.send("upload", 0, file[:8]).wantRefused(t, 400, "active", "Invalid chunk: 8 bytes, not a multiple of 7.")
		u.send("upload", 0, file[:14]).wantUpload(t, 200, "active", 14)
		u.send("upload, finalize", 14, file[14:]).wantToken(t)
	})
}

// A raw upload of the same bytes is the same item.
func TestBothProtocolsBringTheSameContent(t *testing.T) {
	everyWay(t, func(t *testing.T, c *client) {
		file := media(granularity, 1)
		raw := c.createIDs(batch("", nil, c.upload(file)))
		u := c.start(len(file))
		token := u.send("upload, finalize", 0, file).wantToken(t)
		if ids := c.createIDs(batch("", nil, token)); ids[0] != raw[0] {
			t.Error("the same bytes are another item")
		}
		if got := c.open("/media/" + raw[0]).body; !bytes.Equal(got, file) {
			t.Errorf("the item has %d bytes, want %d", len(got), len(file))
		}
	})
}
