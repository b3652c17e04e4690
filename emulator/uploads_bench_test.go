package emulator_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// BenchmarkRawUploads measures whole raw uploads of different small photos, one
// request each, over HTTP/1.1 on a loopback socket: in memory, and with a
// folder. Client and server share the processors.
func BenchmarkRawUploads(b *testing.B) {
	b.Run("memory", func(b *testing.B) { benchmarkRawUploads(b, emulator.Config{}) })
	b.Run("folder", func(b *testing.B) { benchmarkRawUploads(b, emulator.Config{Dir: b.TempDir()}) })
}

func benchmarkRawUploads(b *testing.B, cfg emulator.Config) {
	s, base := serveBenchmark(b, cfg)
	tr := &http.Transport{MaxIdleConnsPerHost: 64}
	b.Cleanup(tr.CloseIdleConnections)
	c := &http.Client{Transport: tr}
	var n atomic.Int64
	b.SetParallelism(4)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, base+"/v1/uploads", bytes.NewReader(photo(int(n.Add(1)))))
			if err != nil {
				b.Error(err)
				return
			}
			r.Header.Set("Authorization", "Bearer "+s.AccessToken())
			r.Header.Set("Content-Type", "application/octet-stream")
			r.Header.Set("X-Goog-Upload-Protocol", "raw")
			res, err := c.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode != http.StatusOK {
				b.Errorf("status %d", res.StatusCode)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "uploads/s")
}

// serveBenchmark serves on a loopback port until the benchmark ends.
func serveBenchmark(b *testing.B, cfg emulator.Config) (s *emulator.Server, base string) {
	b.Helper()
	s, err := emulator.New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error("serve:", err)
		}
		if err := s.Close(); err != nil {
			b.Error("close:", err)
		}
	})
	return s, "http://" + ln.Addr().String()
}
