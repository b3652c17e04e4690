package photos_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/photos"
)

func TestRawSendsTheDocumentedHeadersAndTheBytes(t *testing.T) {
	for _, contentType := range []string{"image/jpeg", ""} {
		var got *http.Request
		var body string
		c := clientOn(t, wire(func(req *http.Request) (*http.Response, error) {
			got, body = req, read(t, req)
			return reply(http.StatusOK, " CAIS123\r\n"), nil
		}))
		up := tiny("the bytes")
		up.ContentType = contentType
		token, err := c.Uploads.Raw(t.Context(), up)
		if token != "CAIS123" || err != nil {
			t.Errorf("token %q (%v), want CAIS123", token, err)
		}
		want := http.Header{
			"Authorization": {"Bearer " + accessToken}, "User-Agent": {"test/1"},
			"Content-Type": {"application/octet-stream"}, "X-Goog-Upload-Protocol": {"raw"},
		}
		if contentType != "" {
			want.Set("X-Goog-Upload-Content-Type", contentType)
		}
		if diff := cmp.Diff(want, got.Header); diff != "" {
			t.Errorf("headers, -want +got\n%s", diff)
		}
		if got.Method != "POST" || got.URL.String() != photos.DefaultEndpoint+"/v1/uploads" || got.ContentLength != 9 || body != "the bytes" {
			t.Errorf("%s %s, length %d, body %q, want POST to /v1/uploads, length 9, the bytes", got.Method, got.URL, got.ContentLength, body)
		}
	}
}

func TestAnEmptyFileIsRefusedWithoutARequest(t *testing.T) {
	for _, size := range []int64{0, -1} {
		sent := false
		c := clientOn(t, wire(func(*http.Request) (*http.Response, error) {
			sent = true
			return reply(http.StatusOK, "t"), nil
		}))
		_, err := c.Uploads.Raw(t.Context(), photos.RawUpload{Size: size, Body: strings.NewReader("")})
		if sent || !errors.Is(err, photos.ErrNotSent) || photos.Classify(err) != photos.ClassInvalid {
			t.Errorf("size %d: sent %t, error %v, want nothing sent and a final refusal", size, sent, err)
		}
	}
}

func TestWhatIsNoTokenIsNotTakenForOne(t *testing.T) {
	for _, body := range []string{"", "\n", "<html>", "Sign in", "tök", "a\x00b", "a\nb", "<", "{}", `{"error":{}}`, `"t"`} {
		token, err := clientOn(t, always(http.StatusOK, body)).Uploads.Raw(t.Context(), tiny("x"))
		if token != "" || !errors.Is(err, photos.ErrNotJSON) {
			t.Errorf("answer %q: token %q, error %v, want none and ErrNotJSON", body, token, err)
		}
	}
}

func TestATokenComesOnlyWithHTTP200(t *testing.T) {
	for _, status := range []int{201, 202, 204, 206} {
		token, err := clientOn(t, always(status, "CAIS123")).Uploads.Raw(t.Context(), tiny("x"))
		if token != "" || photos.Classify(err) != photos.ClassTransient || asError(t, err).Status != status {
			t.Errorf("HTTP %d: token %q, error %v, want none and a transient error", status, token, err)
		}
	}
}

func TestRawReturnsOnlyWhenItsBodyIsGivenBack(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer func() (*http.Response, error)
	}{
		{"a token", func() (*http.Response, error) { return reply(http.StatusOK, "t"), nil }},
		{"a refusal", func() (*http.Response, error) { return reply(http.StatusUnauthorized, ""), nil }},
		{"no answer", func() (*http.Response, error) { return nil, io.ErrUnexpectedEOF }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				goOn := make(chan struct{})
				lingering := lingeringWire(func(req *http.Request) (*http.Response, error) {
					go func() { // reads on after the answer is there, as HTTP/1 transports do
						<-goOn
						_, _ = io.Copy(io.Discard, req.Body)
						_ = req.Body.Close()
					}()
					return tc.answer()
				})
				c := clientOn(t, lingering)
				returned := make(chan struct{})
				go func() {
					defer close(returned)
					_, _ = c.Uploads.Raw(t.Context(), tiny("x"))
				}()
				synctest.Wait()
				select {
				case <-returned:
					t.Error("Raw returned while the transport may still read its body")
				default:
				}
				close(goOn)
				<-returned
			})
		})
	}
}

// lingeringWire is a transport that closes the body in its own time.
type lingeringWire func(*http.Request) (*http.Response, error)

func (w lingeringWire) RoundTrip(req *http.Request) (*http.Response, error) { return w(req) }

func TestARefusalBeforeTheBytesWereReadDoesNotHang(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	defer server.Close()
	transport := photos.NewUploadTransport(1)
	defer transport.CloseIdleConnections()
	c, err := photos.New(photos.Config{Endpoint: server.URL, TokenSource: signedIn(), UploadTransport: transport})
	if err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 4<<20)
	_, err = c.Uploads.Raw(t.Context(), photos.RawUpload{Size: int64(len(buffer)), Body: strings.NewReader(string(buffer))})
	if err == nil {
		t.Error("no error, want the refusal or a broken connection")
	}
}

func TestTheReaderOfAnUploadIsNeverClosed(t *testing.T) {
	body := &closable{Reader: strings.NewReader("x")}
	if _, err := clientOn(t, always(http.StatusOK, "t")).Uploads.Raw(t.Context(), photos.RawUpload{Size: 1, Body: body}); err != nil || body.closed {
		t.Errorf("closed %t (%v), want it left open", body.closed, err)
	}
}

type closable struct {
	io.Reader
	closed bool
}

func (c *closable) Close() error { c.closed = true; return nil }

func TestNoRedirectIsFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{"https://elsewhere.example/", "http://photoslibrary.googleapis.com/v1/uploads", "/v1/other"} {
			var sent []string
			w := wire(func(req *http.Request) (*http.Response, error) {
				sent = append(sent, req.URL.String())
				resp := reply(status, "")
				resp.Header.Set("Location", location)
				return resp, nil
			})
			for op, err := range bothCalls(t, w) {
				if photos.Classify(err) != photos.ClassTransient || asError(t, err).Status != status {
					t.Errorf("%s: redirect %d to %s: error %v, want a transient one with the status", op, status, location, err)
				}
			}
			if len(sent) != 2 {
				t.Errorf("redirect %d to %s: requests to %q, want one a call", status, location, sent)
			}
		}
	}
}

func TestACancelledContextSendsNothing(t *testing.T) {
	s, c := onEmulator(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, upload := c.Uploads.Raw(ctx, tiny("x"))
	_, create := c.Albums.Create(ctx, "A")
	for _, err := range []error{upload, create} {
		if photos.Classify(err) != photos.ClassCancelled {
			t.Errorf("error is %v, want a cancelled one", err)
		}
	}
	if calls := s.Calls(); len(calls) != 0 {
		t.Errorf("calls %v, want none", calls)
	}
}
