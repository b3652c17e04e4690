package dashboard_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/internal/dashboard"
	"github.com/albumwright/albumwright/internal/watch"
)

func newHandler(f *fake) http.Handler { return dashboard.New(dashboard.Config{Control: f}) }

// ask is an answer without a network.
func ask(t testing.TB, h http.Handler, path string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatal(path, w.Code)
	}
	return w.Body.String()
}

// pipes is a network whose wires hold nothing, so that time can be virtual.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

// listen opens a stream; what it says is read by whoever wants to.
func (p *pipes) listen(t *testing.T) (net.Conn, *bufio.Reader) {
	t.Helper()
	here, there := net.Pipe()
	p.conns <- there
	if _, err := io.WriteString(here, "GET /events HTTP/1.0\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	return here, bufio.NewReader(here)
}

// event is the next event of a stream, and its parts.
func event(t *testing.T, r *bufio.Reader) (name string, parts map[string]string) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		line = strings.TrimSuffix(line, "\n")
		if n, ok := strings.CutPrefix(line, "event: "); ok {
			name = n
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok && data != "" {
			if err := json.Unmarshal([]byte(data), &parts); err != nil {
				t.Fatal(err)
			}
		}
		if line == "" && name != "" {
			return name, parts
		}
	}
}

// inBubble serves a page in virtual time.
func inBubble(t *testing.T, test func(f *fake, at *pipes)) {
	synctest.Test(t, func(t *testing.T) {
		f, at := newFake(afternoon("")), newPipes()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- dashboard.New(dashboard.Config{Control: f}).Serve(ctx, at) }()
		test(f, at)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestAStreamTellsAllPartsAndThenThoseThatChange(t *testing.T) {
	inBubble(t, func(f *fake, at *pipes) {
		conn, r := at.listen(t)
		defer func() { _ = conn.Close() }()
		name, parts := event(t, r)
		if name != "parts" || len(parts) != 12 || !strings.Contains(parts["head"], "74 files") {
			t.Fatalf("%s of %d parts", name, len(parts))
		}
		f.change(func(s *watch.Snapshot) { s.Budget[0].Used++ })
		if name, parts := event(t, r); name != "parts" || len(parts) != 1 || !strings.Contains(parts["budget"], "3,413") {
			t.Errorf("%s %v, want the budget alone", name, parts)
		}
		began := time.Now()
		if name, _ := event(t, r); name != "beat" || time.Since(began) > 16*time.Second {
			t.Errorf("%s after %v, want a beat", name, time.Since(began))
		}
	})
}

func TestAStreamLastsAsLongAsItsPage(t *testing.T) {
	inBubble(t, func(f *fake, at *pipes) {
		conn, r := at.listen(t)
		defer func() { _ = conn.Close() }()
		for began := time.Now(); time.Since(began) < time.Hour; {
			event(t, r) // it fails when the stream ends
		}
	})
}

func TestManyChangesAreToldTogether(t *testing.T) {
	inBubble(t, func(f *fake, at *pipes) {
		conn, r := at.listen(t)
		defer func() { _ = conn.Close() }()
		event(t, r)
		began := time.Now()
		for range 1000 {
			f.change(func(s *watch.Snapshot) { s.Budget[0].Used++ })
		}
		for told := 1; ; told++ {
			if _, parts := event(t, r); strings.Contains(parts["budget"], "4,412") {
				if told > 2 || time.Since(began) > time.Second {
					t.Errorf("told by %d events in %v", told, time.Since(began))
				}
				return
			}
		}
	})
}

func TestAClientThatNeverReadsIsDropped(t *testing.T) {
	inBubble(t, func(f *fake, at *pipes) {
		deaf, _ := at.listen(t)
		defer func() { _ = deaf.Close() }()
		conn, r := at.listen(t)
		defer func() { _ = conn.Close() }()
		event(t, r) // others are not kept waiting
		time.Sleep(time.Minute)
		if rest, err := io.ReadAll(deaf); err != nil || len(rest) > 8<<10 {
			t.Errorf("%d bytes and %v, want the connection closed after what was in its wires", len(rest), err)
		}
	})
}

func TestStreamsAreBounded(t *testing.T) {
	inBubble(t, func(f *fake, at *pipes) {
		var open []net.Conn
		for range 20 {
			conn, r := at.listen(t)
			open = append(open, conn)
			event(t, r)
		}
		conn, r := at.listen(t)
		if line, err := r.ReadString('\n'); err != nil || !strings.Contains(line, "503") {
			t.Errorf("the 21st: %q %v", line, err)
		}
		_, _ = io.Copy(io.Discard, r)
		_ = conn.Close()
		for _, c := range open {
			_ = c.Close()
		}
		synctest.Wait()
		time.Sleep(time.Minute) // who has gone is noticed at the next beat
		conn, r = at.listen(t)
		if name, _ := event(t, r); name != "parts" {
			t.Error("a place that is free again is not given away")
		}
		_ = conn.Close()
	})
}

func TestAllStreamsShareOneRendering(t *testing.T) {
	inBubble(t, func(f *fake, at *pipes) {
		for range 3 {
			conn, r := at.listen(t)
			event(t, r)
			_ = conn.Close()
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.asked != 1 {
			t.Errorf("three streams of one moment took %d snapshots", f.asked)
		}
	})
}
