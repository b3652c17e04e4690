package photos_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// accessToken is what no text may ever show.
const accessToken = "ya29.a-very-secret-access-token"

// wire is a transport of one function. It gives the request's body back, as every transport must.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	return w(req)
}

// reply is an answer of the service.
func reply(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// always answers every request in the same way, after reading it.
func always(status int, body string) wire {
	return func(req *http.Request) (*http.Response, error) {
		if req.Body != nil {
			_, _ = io.Copy(io.Discard, req.Body)
		}
		return reply(status, body), nil
	}
}

// signedIn is a token source that has a token.
func signedIn() oauth2.TokenSource {
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: accessToken})
}

// clientOn makes a client whose every request goes to one transport.
func clientOn(t testing.TB, transport http.RoundTripper) *photos.Client {
	t.Helper()
	c, err := photos.New(photos.Config{TokenSource: signedIn(), Transport: transport, UploadTransport: transport, UserAgent: "test/1"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// onEmulator makes an emulated service and a client of it.
func onEmulator(t *testing.T) (*emulator.Server, *photos.Client) {
	t.Helper()
	s, err := emulator.New(emulator.Config{AccessToken: accessToken})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, clientOn(t, s.Transport())
}

// tiny is a small upload.
func tiny(body string) photos.RawUpload {
	return photos.RawUpload{Size: int64(len(body)), ContentType: "image/jpeg", Body: strings.NewReader(body)}
}

// oneItem is the smallest batch.
var oneItem = photos.BatchCreateRequest{NewMediaItems: []photos.NewMediaItem{{SimpleMediaItem: photos.SimpleMediaItem{UploadToken: "t"}}}}

// asError is the typed error in err.
func asError(t *testing.T, err error) *photos.Error {
	t.Helper()
	e := (*photos.Error)(nil)
	if !errors.As(err, &e) {
		t.Fatalf("error is %T %v, want a *photos.Error", err, err)
	}
	return e
}

// read is a request's body as text.
func read(t *testing.T, req *http.Request) string {
	t.Helper()
	if req.Body == nil {
		return ""
	}
	b, err := io.ReadAll(req.Body)
	if err != nil {
		t.Error("reading the request:", err)
	}
	return string(b)
}
