package emulator_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
)

// rclone is a program with the service's addresses and its scopes of 2024 in it,
// run as it is.
type rclone struct {
	t   *testing.T
	env []string
}

// startRclone configures rclone for a server behind a proxy.
func startRclone(t *testing.T, s *emulator.Server) rclone {
	t.Helper()
	if _, err := exec.LookPath("rclone"); err != nil {
		t.Skip("rclone is not installed: make packages installs it on Debian")
	}
	dir := t.TempDir()
	conf, ca := filepath.Join(dir, "rclone.conf"), filepath.Join(dir, "ca.pem")
	cert, err := s.CACertificate()
	if err != nil {
		t.Fatal(err)
	}
	remote := fmt.Sprintf("[gp]\ntype = google photos\ntoken = {\"access_token\":%q,\"token_type\":\"Bearer\",\"expiry\":\"2099-01-01T00:00:00Z\"}\n", s.AccessToken())
	for path, text := range map[string]string{conf: remote, ca: string(cert)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return rclone{t, []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "RCLONE_CONFIG=" + conf,
		"HTTPS_PROXY=http://" + listening(t, s.ServeProxy), "SSL_CERT_FILE=" + ca, "SSL_CERT_DIR=" + dir, // and no other authority
	}}
}

// run runs rclone, and returns the lines that it prints, sorted.
func (r rclone) run(args ...string) []string {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), "rclone", append(args, "--retries", "1")...)
	cmd.Env = r.env
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		r.t.Fatalf("rclone %q: %v\n%s", args, err, said.String())
	}
	lines := strings.Fields(string(out))
	slices.Sort(lines)
	return lines
}

func (r rclone) wantList(path string, want ...string) {
	r.t.Helper()
	if got := r.run("lsf", "gp:"+path); !slices.Equal(got, want) {
		r.t.Errorf("%s holds %q, want %q", path, got, want)
	}
}

// rclone, as it comes with Debian, copies a folder into an album, finds it by
// album and by date, and brings it back.
func TestRcloneWorksUnmodified(t *testing.T) {
	s := newServer(t, emulator.Config{Era: emulator.Era2024, VideoProcessing: 1})
	r := startRclone(t, s)
	pics, back := t.TempDir(), t.TempDir()
	files := map[string][]byte{
		"a.jpg":    fixture.TinyJPEG(1, time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC)),
		"b.jpg":    fixture.TinyJPEG(2, time.Date(2024, 5, 18, 13, 0, 0, 0, time.UTC)),
		"c.jpg":    fixture.TinyJPEG(3, time.Date(2024, 6, 2, 12, 0, 0, 0, time.UTC)),
		"clip.mp4": video(1),
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(pics, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// One write at a time, as the service wants it; and in the order of the names.
	r.run("copy", "--transfers", "1", "--order-by", "name", pics, "gp:album/Summer")
	r.run("copy", "--transfers", "1", pics, "gp:album/Summer") // finds all of them there
	r.wantList("album", "Summer/")
	r.wantList("album/Summer", "a.jpg", "b.jpg", "c.jpg", "clip.mp4")
	r.wantList("media/by-day/2024/2024-05-18", "a.jpg", "b.jpg")
	r.wantList("media/by-month/2024/2024-06", "c.jpg")
	r.wantList("media/by-day/2024/2024-05-19")
	r.wantList("shared-album")

	r.run("copy", "gp:album/Summer", back)
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(back, name))
		if err != nil || !samePicture(got, want) {
			t.Errorf("%s came back with %d bytes, and is another (%v)", name, len(got), err)
		}
	}
	if found := s.Violations(); len(found) > 0 {
		t.Errorf("violations: %v", found)
	}
	if albums := s.Albums(); len(albums) != 1 || len(albums[0].Items) != 4 {
		t.Errorf("albums: %+v", albums)
	}
	if got := s.Calls()["uploads"]; got != len(files) {
		t.Errorf("%d uploads, want %d", got, len(files))
	}
}

// samePicture compares photos by their pixels: the service strips them of what
// else is in them (contract 8).
func samePicture(a, b []byte) bool {
	one, oneErr := jpeg.Decode(bytes.NewReader(a))
	other, otherErr := jpeg.Decode(bytes.NewReader(b))
	if oneErr != nil || otherErr != nil {
		return bytes.Equal(a, b)
	}
	return reflect.DeepEqual(one, other)
}
