package upload_test

import (
	"net/http/httptest"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
)

// onSocket lets a service be reached through a real connection.
func (s service) onSocket(t *testing.T) service {
	t.Helper()
	server := httptest.NewServer(s.Server)
	t.Cleanup(server.Close)
	transport := photos.NewUploadTransport(1)
	t.Cleanup(transport.CloseIdleConnections)
	c, err := photos.New(photos.Config{
		Endpoint: server.URL, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}),
		Transport: transport, UploadTransport: transport,
	})
	must(t, err)
	return service{s.Server, c}
}

// Over a socket more is read of the file than arrives before a cut: no more than the buffers on the way hold.
func TestOverASocketAnUploadGoesOnFromTheByteThatArrived(t *testing.T) {
	body := picture(3_000_000)
	for _, chunk := range []int64{0, 1 << 20} {
		operation := map[int64]string{0: "uploads.finalize", 1 << 20: "uploads.chunk"}[chunk]
		c := newService(t, emulator.Config{Dir: t.TempDir()}).onSocket(t).calling(fileSource(t, onDisk(t, body)), chunk)
		c.plan(t,
			emulator.Fault{Operation: operation, Effect: emulator.CutRequest(300_000)},
			emulator.Fault{Operation: operation, Nth: 2, Effect: emulator.CutRequest(200_000)},
			emulator.Fault{Operation: "uploads.query", Effect: emulator.Refuse("503")},
			emulator.Fault{Operation: "uploads.finalize", Nth: map[int64]int{0: 3, 1 << 20: 1}[chunk], Effect: emulator.ApplyThenCut()},
		)
		for range 4 {
			_ = c.breaks(t)
		}
		var resumed []int64
		for _, res := range c.results {
			resumed = append(resumed, res.Resumed)
		}
		if res := c.ends(t, body); res.Sent != 0 || resumed[0] != 0 || resumed[1] != 0 || resumed[2] != 300_000 || resumed[3] != 500_000 {
			t.Errorf("chunks of %d: resumed at %d, and %d bytes sent at last", chunk, resumed, res.Sent)
		}
	}
}
