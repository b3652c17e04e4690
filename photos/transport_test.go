package photos_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albumwright/albumwright/photos"
)

// The service speaks both, and whoever comes first may have taught the default transport of the process HTTP/2.
func TestBytesGoOverHTTP1AndCallsOverHTTP2(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.Proto)) }))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	for range 2 {
		for want, transport := range map[string]*http.Transport{"HTTP/2.0": photos.NewTransport(), "HTTP/1.1": photos.NewUploadTransport(2)} {
			trusted := transport.TLSClientConfig
			if trusted == nil {
				t.Fatalf("%s: the transport leaves to chance which protocols it offers", want)
			}
			trusted.RootCAs = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
			resp, err := (&http.Client{Transport: transport}).Get(s.URL)
			if err != nil {
				t.Fatalf("%s: %v", want, err)
			}
			if resp.Body.Close(); resp.Proto != want {
				t.Errorf("the answer came over %s, want %s", resp.Proto, want)
			}
			transport.CloseIdleConnections()
		}
	}
}
