package pipeline_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// 5,000 small files in 50 folders over a real socket, unpaced. What is measured is Run alone: walk, ledger, uploads, batches. The emulator works in
// the same process, on the same cores.
func BenchmarkImport5000(b *testing.B) {
	for _, latency := range []time.Duration{0, 50 * time.Millisecond} {
		for _, transfers := range []int{4, 16} {
			b.Run(fmt.Sprintf("latency=%s/transfers=%d", latency, transfers), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					w := newWorldWith(b, emulator.Config{Latency: latency})
					for f := range 50 {
						w.series(fmt.Sprintf("album %02d", f), "p", 100, 0)
					}
					w.cfg.API, w.cfg.Transfers = pipeline.ClientAPI(socketClient(b, w.service)), transfers
					b.StartTimer()
					rep, err := pipeline.Run(b.Context(), w.cfg)
					if err != nil || rep.Ends[pipeline.Uploaded] != 5000 {
						b.Fatalf("%v, %v", rep.Ends, err)
					}
				}
				b.ReportMetric(5000*float64(b.N)/b.Elapsed().Seconds(), "files/s")
			})
		}
	}
}

// A second run over 5,000 known files: no request, no file opened.
func BenchmarkNothingToDo5000(b *testing.B) {
	w := newWorld(b)
	for f := range 50 {
		w.series(fmt.Sprintf("album %02d", f), "p", 100, 0)
	}
	w.run()
	for b.Loop() {
		if rep := w.run(); rep.Ends[pipeline.AlreadyThere] != 5000 {
			b.Fatal(rep.Ends)
		}
	}
}

// socketClient reaches the service through a real socket on loopback.
func socketClient(t testing.TB, s *emulator.Server) *photos.Client {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	bytes, calls := photos.NewUploadTransport(16), photos.NewTransport()
	t.Cleanup(func() {
		bytes.CloseIdleConnections()
		calls.CloseIdleConnections()
	})
	client, err := photos.New(photos.Config{
		Endpoint: "http://" + ln.Addr().String(), Transport: calls, UploadTransport: bytes,
		TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}
