package dashboard_test

import (
	"flag"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/internal/browser"
	"github.com/albumwright/albumwright/internal/dashboard"
	"github.com/albumwright/albumwright/internal/samples"
)

var (
	chromium browser.Shared
	lookAt   = flag.String("look-at", "", "serve the believable day at this address until interrupted, to be looked at: -run TestToLookAt -look-at 127.0.0.1:8099")
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(chromium.Tests(m)) }

// TestToLookAt is for people.
func TestToLookAt(t *testing.T) {
	if *lookAt == "" {
		t.Skip("nobody looks: -look-at is not given")
	}
	dir := t.TempDir()
	s := afternoon(dir)
	made, err := samples.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range made.Folders {
		for _, photo := range f.Photos {
			for n < len(s.Last) && s.Last[n].Path[len(s.Last[n].Path)-4:] != ".jpg" {
				n++
			}
			if n < len(s.Last) {
				s.Last[n].Path, n = filepath.Join(dir, f.Path, photo.Name), n+1
			}
		}
	}
	ln, err := net.Listen("tcp", *lookAt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt)
	defer stop()
	if err := dashboard.New(dashboard.Config{Control: newFake(s)}).Serve(ctx, ln); err != nil {
		t.Error(err)
	}
}
