package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/race"
)

var memoryItems = flag.Int("items", 100_000, "number of media items that TestAListingHoldsNoLibraryInMemory lists; make soak takes 1,000,000")

var memoryPhotos = flag.Int("photos", 25_000, "number of photos that TestMemoryDoesNotGrowWithTheLibrary imports; make soak takes 100,000")

// The memory of an import does not grow with the library: the real program, alone in its process, imports 1,000 distinct photos and many more, and its
// peaks are compared.
func TestMemoryDoesNotGrowWithTheLibrary(t *testing.T) {
	switch {
	case testing.Short():
		t.Skip("takes minutes: not with -short")
	case race.Enabled:
		t.Skip("the race detector multiplies memory: what is measured would be its own")
	case runtime.GOOS != "linux":
		t.Skip("the peak of a process is read as Linux reports it, in kilobytes")
	}
	const most = 16 << 20 // bytes
	small, large := importPeak(t, 1000), importPeak(t, *memoryPhotos)
	t.Logf("peak memory: %d MB for 1,000 photos, %d MB for %s", small>>20, large>>20, comma(*memoryPhotos))
	if large > small+most {
		t.Errorf("%s photos take %d MB more than 1,000, want at most %d", comma(*memoryPhotos), (large-small)>>20, most>>20)
	}
}

// importPeak imports n new photos into a new service and returns the program's largest resident size in bytes.
func importPeak(t *testing.T, n int) int64 {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		album := filepath.Join(dir, "photos", fmt.Sprintf("%03d", i/500))
		if err := os.MkdirAll(album, 0o755); err != nil {
			t.Fatal(err)
		}
		body := fixture.TinyJPEG(i, time.Date(2024, 1, 1, 0, 0, i, 0, time.UTC))
		if err := os.WriteFile(filepath.Join(album, fmt.Sprintf("%06d.jpg", i)), body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), programOf(t, dir), "import", "--quiet", "--writes-per-minute", "0", "--max-requests-per-day", "0", filepath.Join(dir, "photos"))
	cmd.Env = append(os.Environ(), append(serve(t), "XDG_STATE_HOME="+filepath.Join(dir, "state"))...)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("= %s uploaded", comma(n))) {
		t.Fatalf("import: %v\n%s", err, out)
	}
	return peakMemory(cmd.ProcessState)
}

// A library is listed in constant memory, and in no more requests than it has pages: the real program, alone in its process, lists all of it.
func TestAListingHoldsNoLibraryInMemory(t *testing.T) {
	switch {
	case testing.Short():
		t.Skip("takes a while: not with -short")
	case race.Enabled:
		t.Skip("the race detector multiplies memory: what is measured would be its own")
	case runtime.GOOS != "linux":
		t.Skip("the peak of a process is read as Linux reports it, in kilobytes")
	}
	const most = 50 << 20 // bytes
	dir := t.TempDir()
	s, env := serveLibrary(t, *memoryItems)
	out := &watchedLines{}
	cmd := exec.CommandContext(t.Context(), programOf(t, dir), "ls", "--quiet", "--json", "--max-requests-per-day", "0")
	cmd.Env = append(os.Environ(), append(env, "XDG_STATE_HOME="+filepath.Join(dir, "state"))...)
	cmd.Stdout, cmd.Stderr, out.of = out, os.Stderr, cmd
	if err := cmd.Run(); err != nil || out.lines != *memoryItems || out.peak == 0 {
		t.Fatalf("%d lines, peak %d, %v; want %d lines", out.lines, out.peak, err, *memoryItems)
	}
	peak, requests := out.peak, s.Calls()["mediaItems.list"]
	t.Logf("peak memory: %d MB for a listing of %s items in %s requests", peak>>20, comma(*memoryItems), comma(requests))
	if peak > most {
		t.Errorf("a listing of %s items takes %d MB, want at most %d", comma(*memoryItems), peak>>20, most>>20)
	}
	if pages := (*memoryItems + 99) / 100; 10*requests > 11*pages {
		t.Errorf("%d requests for %d pages, want at most 1.1 times as many", requests, pages)
	}
}

// watchedLines counts the lines that a program writes, and looks at its memory meanwhile: what the system says after its end is at least the size of the process
// that started it, which here holds the whole library.
type watchedLines struct {
	of    *exec.Cmd
	lines int
	peak  int64 // bytes
}

func (w *watchedLines) Write(b []byte) (int, error) {
	w.lines += bytes.Count(b, []byte("\n"))
	if now := peakOfRunning(w.of.Process.Pid); now > 0 {
		w.peak = now
	}
	return len(b), nil
}

// serveLibrary is serve with n media items in the library.
func serveLibrary(t *testing.T, n int) (*emulator.Server, []string) {
	t.Helper()
	s, env := serveNew(t)
	for from := 0; from < n; from += 10_000 {
		var seed emulator.Seed
		for i := from; i < min(n, from+10_000); i++ {
			seed.Contents = append(seed.Contents, emulator.SeedContent{
				SHA256: [32]byte{byte(i), byte(i >> 8), byte(i >> 16), 1}, Size: 4 << 20, MIMEType: "image/jpeg",
				ID: fmt.Sprintf("AF1Qseeded%088d", i), Filename: fmt.Sprintf("IMG_%07d.jpg", i), Taken: time.Date(2010, 1, 1, 0, i, 0, 0, time.UTC),
			})
		}
		if err := s.Seed(seed); err != nil {
			t.Fatal(err)
		}
	}
	return s, env
}

// programOf makes the test binary run as the program: it does so under this name.
func programOf(t *testing.T, dir string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "albumwright")
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	return program
}

// serve starts an emulator in this process and returns the environment that leads to it.
func serve(t *testing.T) []string {
	t.Helper()
	_, env := serveNew(t)
	return env
}

func serveNew(t *testing.T) (*emulator.Server, []string) {
	t.Helper()
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-served, s.Close()); err != nil {
			t.Error(err)
		}
	})
	return s, []string{"ALBUMWRIGHT_ENDPOINT=http://" + ln.Addr().String(), accessTokenVar + "=" + s.AccessToken()}
}
