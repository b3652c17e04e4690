package emulator_test

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

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
		{"a length that is not said, and is none", "upload", granularity, half[:1000], func(r *http.Request) { r.ContentLength = -1 }, 400, "Invalid chunk: 1000 bytes, not a multiple of 262144."},
		{"a length that is not said, and is too long", "upload, finalize", granularity, file, func(r *http.Request) { r.ContentLength = -1 }, 400, ""},
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
		if got, want := rules(c.s), []string{emulator.RuleChunkSize, emulator.RuleChunkSize, emulator.RuleChunkSize}; !slices.Equal(got, want) {
			t.Errorf("violations %q, want %q", got, want)
		}
	})
}

// unread is a body that is never asked for.
type unread struct{ countingReader }

func (*unread) Close() error { return nil }

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

// Contract 3.2: a session's address is for commands.
func TestARawUploadIsNoPartOfASession(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		u := c.start(100)
		r := u.client.request(http.MethodPost, strings.TrimPrefix(u.url, u.base), bytes.NewReader(media(100, 1)))
		r.Header.Set("X-Goog-Upload-Protocol", "raw")
		c.do(r).wantRefused(t, 400, "", "Unexpected query parameter upload_id.")
		u.wantReceived(0)
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
