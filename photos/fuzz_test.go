package photos_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/albumwright/albumwright/photos"
)

// FuzzAnswerError lets the client read any refusal: it never panics, keeps the status, and says it in one clean line.
func FuzzAnswerError(f *testing.F) {
	for _, body := range []string{
		"", "null", "[]", "{}", `"x"`, "<html>", junk, perMinuteBody, perDayBody, insufficientTokens, scopeBody,
		`{"error":"invalid_grant"}`, `{"error":{"message":"a\nb\u0000","status":"NOPE","code":-1}}`, `{"code":99999999999999999999,"message":"m"}`,
		`{"error":{"details":[{"reason":"R","metadata":{"quota_limit":5}},null]}}`, `{"message":"\ud800"}`, "\xff\xfe", strings.Repeat(`{"error":`, 100),
	} {
		f.Add(uint16(400), "", []byte(body))
		f.Add(uint16(429), "30", []byte(body))
		f.Add(uint16(500), "-1", []byte(body))
	}
	f.Fuzz(func(t *testing.T, status uint16, retryAfter string, body []byte) {
		status = 300 + status%700
		c := clientOn(t, wire(func(req *http.Request) (*http.Response, error) {
			resp := reply(int(status), string(body))
			resp.Header.Set("Retry-After", retryAfter)
			return resp, nil
		}))
		_, upload := c.Uploads.Raw(t.Context(), tiny("x"))
		_, get := c.Albums.Get(t.Context(), "a")
		for _, err := range []error{upload, get} {
			e := asError(t, err)
			if e.Status != int(status) || e.Message == "" && e.Err == nil {
				t.Errorf("HTTP %d %q: %+v, want the status and a reason", status, body, e)
			}
			if text := e.Error(); !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n") {
				t.Errorf("HTTP %d %q: text %q, want one line of UTF-8", status, body, text)
			}
			if e.RetryAfter < 0 || e.RetryAfter > 24*time.Hour {
				t.Errorf("Retry-After %q: %v, want at most a day", retryAfter, e.RetryAfter)
			}
			if class := photos.Classify(err); class == photos.ClassUnknown || class == photos.ClassCancelled {
				t.Errorf("HTTP %d %q: class %d, want one of an answer", status, body, class)
			}
		}
	})
}

// FuzzSessionAnswer lets the client read any answer of an upload session: a status that it gives makes sense, and an error keeps the secret.
func FuzzSessionAnswer(f *testing.F) {
	for _, status := range []uint16{200, 201, 400, 404, 413, 500} {
		for _, state := range []string{"active", "final", "cancelled", "", "x"} {
			f.Add(status, state, "500", "262144", secretAddress, []byte("CAIS1"))
			f.Add(status, state, "", "0", "/", []byte(`{"code":3,"message":"`+secretAddress+`"}`))
			f.Add(status, state, "-1", "99999999999999999999", "http://example.com", []byte("<html>"+secretQuery))
		}
	}
	f.Fuzz(func(t *testing.T, status uint16, state, received, granularity, address string, body []byte) {
		c := clientOn(t, answering(200+int(status)%800, string(body), "Status", state, "Size-Received", received, "Chunk-Granularity", granularity, "URL", address))
		started, err := c.Uploads.Start(t.Context(), photos.StartUpload{Size: 1000})
		if err == nil && (started.URL == "" || started.Granularity <= 0 || started.Size != 1000) {
			t.Errorf("session %v", started)
		}
		st, queried := c.Uploads.Query(t.Context(), aSession)
		if queried == nil && (st.Received < 0 || st.Received > 1000 || st.Token != "" && st.State != photos.UploadFinal) {
			t.Errorf("queried %+v", st)
		}
		st, sent := c.Uploads.Send(t.Context(), aSession, chunk(500, 500, true))
		if sent == nil && (st.Received <= 500 || st.Received > 1000 || (st.Token == "") == (st.State == photos.UploadFinal)) {
			t.Errorf("sent %+v", st)
		}
		for _, err := range []error{err, queried, sent} {
			if err == nil {
				continue
			}
			if text := err.Error(); !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n") {
				t.Errorf("text %q, want one line of UTF-8", text)
			}
			if class := photos.Classify(err); class == photos.ClassUnknown || class == photos.ClassCancelled {
				t.Errorf("%v: class %v, want one of an answer", err, class)
			}
		}
		if queried != nil && strings.Contains(queried.Error(), secretQuery) {
			t.Errorf("%v holds the secret", queried)
		}
	})
}
