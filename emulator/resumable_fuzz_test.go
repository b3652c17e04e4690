package emulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// Whatever the headers of an upload say, the answer is a token, one of the
// protocol, or a refusal in the envelope of uploads; and no session has more
// bytes than it announced.
func FuzzUploadHeaders(f *testing.F) {
	for _, seed := range [][6]string{
		{"start", "resumable", "image/gif", "100", "", ""},
		{"upload", "resumable", "", "", "0", "this"},
		{"upload, finalize", "", "", "", "10", "this"},
		{"finalize", "", "", "", "", "this"},
		{"query", "", "", "", "", "this"},
		{"cancel", "resumable", "", "", "", "this"},
		{"", "raw", "image/gif", "", "", ""},
		{"upload,finalize", "raw", "\x00", "99999999999999999999", "-1", "another"},
		{"START", "RESUMABLE", "x", "21474836481", "0x10", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4], seed[5], "sha1=AAAA", []byte("0123456789"), true)
	}
	f.Fuzz(func(t *testing.T, command, protocol, kind, size, offset, id, hash string, body []byte, stated bool) {
		c := direct(t, emulator.Config{ChunkGranularity: 5})
		const announced = 20
		u := c.start(announced)
		u.send("upload", 0, media(10, 1)).wantUpload(t, http.StatusOK, "active", 10)
		r := c.request(http.MethodPost, "/v1/uploads", bytes.NewReader(body))
		if !stated {
			r.ContentLength = -1
		}
		if id == "this" {
			r = u.request("", bytes.NewReader(body))
		} else if id != "" {
			q := r.URL.Query()
			q.Set("upload_id", id)
			q.Set("upload_protocol", "resumable")
			r.URL.RawQuery = q.Encode()
		}
		for name, value := range map[string]string{
			"Command": command, "Protocol": protocol, "Content-Type": kind, "Raw-Size": size, "Offset": offset,
		} {
			r.Header["X-Goog-Upload-"+name] = []string{value}
		}
		r.Header["X-Goog-Hash"] = []string{hash}
		wantUploadAnswer(t, c.do(r))
		a := u.command("query")
		wantUploadAnswer(t, a)
		if a.header.Get("X-Goog-Upload-Status") == "active" {
			if n := u.receivedOf(a); n < 10 || n > announced {
				t.Errorf("%d bytes are there, of %d", n, announced)
			}
		}
	})
}

// wantUploadAnswer checks that an answer is one of those that uploads have.
func wantUploadAnswer(t *testing.T, a answer) {
	t.Helper()
	state := a.header.Get("X-Goog-Upload-Status")
	switch {
	case state != "" && state != "active" && state != "final" && state != "cancelled":
		t.Errorf("status %q", state)
	case a.status == http.StatusOK && strings.HasPrefix(string(a.body), "CAIS") && (state == "" || state == "final"):
	case a.status == http.StatusOK:
		if len(a.body) != 0 || state == "" {
			t.Errorf("%d %v %q", a.status, a.header, a.body)
		}
	default:
		dec := json.NewDecoder(bytes.NewReader(a.body))
		dec.DisallowUnknownFields()
		var e struct {
			Code    int
			Message string
		}
		want := map[int]int{400: 3, 404: 5, 413: 3}[a.status]
		if err := dec.Decode(&e); err != nil || e.Code != want || want == 0 || e.Message == "" {
			t.Errorf("%d %s: %v", a.status, a.body, err)
		}
	}
}
