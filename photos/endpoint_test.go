package photos_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/photos"
)

func TestATokenGoesOnlyToHTTPSOrToThisMachine(t *testing.T) {
	for _, tc := range []struct {
		endpoint string
		refusal  string // what the error must say; "" if the endpoint is good
	}{
		{"", ""},
		{"https://photoslibrary.googleapis.com", ""},
		{"https://photoslibrary.googleapis.com/", ""},
		{"https://127.0.0.1:8443", ""},
		{"http://localhost:8080", ""},
		{"http://LOCALHOST", ""},
		{"HTTP://localhost:8080", ""},
		{"http://127.0.0.1:8080", ""},
		{"http://127.8.9.10", ""},
		{"http://[::1]:8080", ""},

		{"http://photoslibrary.googleapis.com", "use https, or a loopback address"},
		{"http://192.168.1.7:8080", "would show the access token"},
		{"http://10.0.0.1", "use https"},
		{"http://0.0.0.0:8080", "use https"},
		{"http://[2001:db8::1]:8080", "use https"},
		{"http://localhost.example.com", "use https"},
		{"http://127.0.0.1.example.com", "use https"},

		{"https://user@photos.example", "just scheme and host"},
		{"https://user:password@photos.example", "just scheme and host"},
		{"http://localhost@evil.example", "just scheme and host"},
		{"https://photos.example?key=1", "just scheme and host"},
		{"https://photos.example?", "just scheme and host"},
		{"https://photos.example#part", "just scheme and host"},

		{"photoslibrary.googleapis.com", "not an address such as " + photos.DefaultEndpoint},
		{"localhost:8080", "not an address such as"},
		{"127.0.0.1:8080", "not an address such as"},
		{"https://", "not an address such as"},
		{"https://:8443", "not an address such as"},
		{"http://:8080", "not an address such as"},
		{"/v1", "not an address such as"},
		{"https://a b", "not an address such as"},
		{"ftp://photos.example", "needs the scheme https"},
		{"//photos.example", "needs the scheme https"},
	} {
		_, err := photos.New(photos.Config{Endpoint: tc.endpoint, TokenSource: signedIn()})
		switch {
		case tc.refusal == "" && err != nil:
			t.Errorf("endpoint %q: refused with %q, want it taken", tc.endpoint, err)
		case tc.refusal != "" && err == nil:
			t.Errorf("endpoint %q: taken, want it refused", tc.endpoint)
		case tc.refusal != "" && !strings.Contains(err.Error(), tc.refusal):
			t.Errorf("endpoint %q: refused with %q, want it to say %q", tc.endpoint, err, tc.refusal)
		}
	}
}

func TestARefusedEndpointIsShownWithoutItsPassword(t *testing.T) {
	_, err := photos.New(photos.Config{Endpoint: "https://user:pa55word@photos.example", TokenSource: signedIn()})
	if err == nil || strings.Contains(err.Error(), "pa55word") {
		t.Errorf("error is %v, want a refusal without the password", err)
	}
}

func TestAClientNeedsATokenSource(t *testing.T) {
	_, err := photos.New(photos.Config{})
	if err == nil || !strings.Contains(err.Error(), "Config.TokenSource") {
		t.Errorf("error is %v, want it to name Config.TokenSource", err)
	}
}

func TestRequestsGoToTheEndpointAndNameTheirIDsWhole(t *testing.T) {
	for _, tc := range []struct{ endpoint, id, want string }{
		{"", "ABdUxB_-9", "https://photoslibrary.googleapis.com/v1/albums/ABdUxB_-9"},
		{"http://127.0.0.1:8080/", "a", "http://127.0.0.1:8080/v1/albums/a"},
		{"https://proxy.example/photos/", "a", "https://proxy.example/photos/v1/albums/a"},
		{"https://proxy.example/a%2Fb", "a", "https://proxy.example/a%2Fb/v1/albums/a"},
		{"", "a/b?c%d e:f", "https://photoslibrary.googleapis.com/v1/albums/a%2Fb%3Fc%25d%20e:f"},
	} {
		var got string
		c, err := photos.New(photos.Config{Endpoint: tc.endpoint, TokenSource: signedIn(), Transport: wire(func(req *http.Request) (*http.Response, error) {
			got = req.URL.String()
			return reply(http.StatusOK, `{}`), nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Albums.Get(t.Context(), tc.id); err != nil {
			t.Fatal(err)
		}
		if got != tc.want {
			t.Errorf("endpoint %q, album %q: request to %s, want %s", tc.endpoint, tc.id, got, tc.want)
		}
	}
}
