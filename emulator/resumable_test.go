package emulator_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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

// Contract 3.2; 2.2: the headers of a start.
func TestStartHeaderRules(t *testing.T) {
	tests := []struct {
		name    string
		header  map[string]string
		query   string
		status  int
		message string
	}{
		{"as documented", nil, "", 200, ""},
		{"words in capitals", map[string]string{"X-Goog-Upload-Command": "START", "X-Goog-Upload-Protocol": "Resumable"}, "", 200, ""},
		{"any media type", map[string]string{"X-Goog-Upload-Content-Type": "application/octet-stream"}, "", 200, ""},
		{"no media type", map[string]string{"X-Goog-Upload-Content-Type": ""}, "", 400, "Missing header X-Goog-Upload-Content-Type."},
		{"no command", map[string]string{"X-Goog-Upload-Command": ""}, "", 400, "Missing header X-Goog-Upload-Command."},
		{"another command", map[string]string{"X-Goog-Upload-Command": "begin"}, "", 400, `Unsupported X-Goog-Upload-Command: "begin".`},
		{"two commands", map[string]string{"X-Goog-Upload-Command": "start, upload"}, "", 400, ""},
		{"no protocol", map[string]string{"X-Goog-Upload-Protocol": ""}, "", 400, "Missing header X-Goog-Upload-Protocol."},
		{"the raw protocol", map[string]string{"X-Goog-Upload-Protocol": "raw"}, "", 400, ""},
		{"no size", map[string]string{"X-Goog-Upload-Raw-Size": ""}, "", 400, "Missing header X-Goog-Upload-Raw-Size."},
		{"a size that is none", map[string]string{"X-Goog-Upload-Raw-Size": "1e3"}, "", 400, `Invalid value of header X-Goog-Upload-Raw-Size: "1e3".`},
		{"a size below 0", map[string]string{"X-Goog-Upload-Raw-Size": "-1"}, "", 400, ""},
		{"a size over all numbers", map[string]string{"X-Goog-Upload-Raw-Size": "99999999999999999999"}, "", 400, ""},
		{"20 GB", map[string]string{"X-Goog-Upload-Raw-Size": strconv.Itoa(20 << 30)}, "", 200, ""},
		{"more than 20 GB", map[string]string{"X-Goog-Upload-Raw-Size": strconv.Itoa(20<<30 + 1)}, "", 413, "Request Entity Too Large"},
		{"at a session's address", nil, "?upload_id=x&upload_protocol=resumable", 400, ""},
	}
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				r := c.startRequest(100)
				r.URL.RawQuery = strings.TrimPrefix(tt.query, "?")
				for k, v := range tt.header {
					r.Header.Set(k, v)
					if v == "" {
						r.Header.Del(k)
					}
				}
				a := c.do(r)
				if tt.status == http.StatusOK {
					a.wantUpload(t, 200, "active", -1)
					return
				}
				a.wantRefused(t, tt.status, "", tt.message)
			})
		}
		r := c.startRequest(100)
		r.Body, r.ContentLength = http.NoBody, 0
		withBody := c.request(http.MethodPost, "/v1/uploads", strings.NewReader("x"))
		withBody.Header = r.Header
		c.do(withBody).wantRefused(t, 400, "", "")
	})
}

// Contract 12 #18 to #21: what a chunk must be. Whatever is wrong, the session
// stays active and its bytes as they were.
func TestChunkRules(t *testing.T) {
	file := media(2*granularity+100, 1)
	half, rest := file[:granularity], file[granularity:]
	with := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	tests := []struct {
		name    string
		command string
		offset  int
		data    []byte
		edit    func(*http.Request)
		status  int
		message string
	}{
		{"an offset behind the end", "upload", 2 * granularity, half, nil, 400, "X-Goog-Upload-Offset is 524288, but 262144 bytes have been received."},
		{"an offset before the end", "upload, finalize", 0, file, nil, 400, ""},
		{"no offset", "upload", granularity, half, func(r *http.Request) { r.Header.Del("X-Goog-Upload-Offset") }, 400, "Missing header X-Goog-Upload-Offset."},
		{"an offset that is none", "upload", granularity, half, with("X-Goog-Upload-Offset", "-1"), 400, ""},
		{"less than the granularity", "upload", granularity, half[:1000], nil, 400, "Invalid chunk: 1000 bytes, not a multiple of 262144."},
		{"all that is missing, and not finalized", "upload", granularity, rest, nil, 400, ""},
		{"too few at the end", "upload, finalize", granularity, rest[1:], nil, 400, ""},
		{"a finalize that comes too early", "finalize", granularity, nil, nil, 400, ""},
		{"too many", "upload", granularity, file[:2*granularity], nil, 400, "524288 bytes at offset 262144 are more than X-Goog-Upload-Raw-Size 524388."},
		{"too many at the end", "upload, finalize", granularity, file, nil, 400, ""},
		{"more than 20 GB", "upload", granularity, nil, func(r *http.Request) { r.ContentLength = 20 << 30 }, 413, "Request Entity Too Large"},
		{"a length that is not said", "upload", granularity, half, func(r *http.Request) { r.ContentLength = -1 }, 400, "Missing header Content-Length."},
		{"a finalize with bytes", "finalize", granularity, rest, nil, 400, ""},
		{"a query with bytes", "query", granularity, half, nil, 400, ""},
		{"a cancel with bytes", "cancel", granularity, half, nil, 400, ""},
		{"another protocol", "upload", granularity, half, with("X-Goog-Upload-Protocol", "raw"), 400, ""},
		{"a checksum that is none", "upload, finalize", granularity, rest, with("X-Goog-Hash", "sha1=AAAA"), 400, ""},
	}
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		u := c.start(len(file))
		u.send("upload", 0, half).wantUpload(t, http.StatusOK, "active", granularity)
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				r := u.sending(tt.command, tt.offset, tt.data)
				if tt.edit != nil {
					tt.edit(r)
				}
				if r.ContentLength > int64(len(tt.data)) { // the answer comes before the body
					r.Body, r.GetBody = &unread{}, nil
				}
				u.do(r).wantRefused(t, tt.status, "active", tt.message)
				u.wantReceived(granularity)
			})
		}
		c.createIDs(batch("", nil, u.send("upload, finalize", granularity, rest).wantToken(t)))
		c.wantItems(file)
		if got, want := rules(c.s), []string{emulator.RuleChunkSize, emulator.RuleChunkSize}; !slices.Equal(got, want) {
			t.Errorf("violations %q, want %q", got, want)
		}
	})
}

// unread is a body that is never asked for.
type unread struct{ countingReader }

func (*unread) Close() error { return nil }

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

// Contract 12 #23, 3.2: the address counts as it was given, whole.
func TestAnUnknownSessionIsNotFound(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		good := c.start(granularity)
		for _, command := range []string{"upload", "upload, finalize", "finalize", "query", "cancel"} {
			for address, status := range map[string]int{
				good.url[:len(good.url)-40] + "&upload_protocol=resumable": 404,
				c.base + "/v1/uploads?upload_protocol=resumable":           404,
				strings.TrimSuffix(good.url, "&upload_protocol=resumable"): 400,
				strings.Replace(good.url, "=resumable", "=raw", 1):         400,
				good.url + "&extra=1": 400,
			} {
				u := session{c, address}
				u.send(command, 0, nil).wantRefused(t, status, "", "")
			}
		}
		good.wantReceived(0)
	})
}

// Contract 12 #22; 0 #13: a session's address opens nothing by itself.
func TestASessionWantsAuthorization(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		file := media(granularity, 1)
		u := c.start(len(file))
		reader := session{c.as(emulator.ScopeReadAppCreated), u.url}
		for _, command := range []string{"upload", "upload, finalize", "finalize", "query", "cancel"} {
			r := u.sending(command, 0, nil)
			r.Header.Del("Authorization")
			u.do(r).wantRefused(t, 401, "", "Authentication session is not defined.")
			reader.send(command, 0, nil).wantRefused(t, 401, "", "Authentication session is not defined.")
		}
		r := c.startRequest(1)
		r.Header.Del("Authorization")
		c.do(r).wantRefused(t, 401, "", "Authentication session is not defined.")
		u.wantReceived(0)
		other := session{c.as(emulator.ScopeAppendOnly), u.url} // another token of the same app
		other.send("upload, finalize", 0, file).wantToken(t)
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
