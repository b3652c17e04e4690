package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
)

// mover runs the program for two accounts of one service, and kills it at a request or in the middle of a large answer.
type mover struct {
	*testing.T
	program string
	url     string
	state   string
	tokens  map[string]string // by account

	mu    sync.Mutex
	cmd   *exec.Cmd                // guarded by mu; what is killed
	fatal func(*http.Request) bool // guarded by mu; tells the requests of whose answers it dies; nil = it lives
	after int64                    // guarded by mu; how many bytes of these answers come through
	loads int                      // guarded by mu; of base URLs
}

func newMover(t *testing.T) (m *mover, one, two *emulator.Server) {
	one, err := emulator.New(emulator.Config{Users: []emulator.User{{Email: "one@example.com"}, {Email: "two@example.com"}}, VideoProcessing: time.Millisecond})
	if err == nil {
		two, err = one.For("two@example.com", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	m = &mover{T: t, program: crashProgram(t), state: t.TempDir(), tokens: map[string]string{"one": one.AccessToken(), "two": two.NewAccessToken(emulator.ScopeAppendOnly, emulator.ScopeReadAppCreated, emulator.ScopeEditAppCreated)}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { m.answer(one, w, r) }))
	m.url = server.URL
	t.Cleanup(func() {
		server.Close()
		if err := one.Close(); err != nil {
			t.Error(err)
		}
	})
	return m, one, two
}

func (m *mover) answer(service http.Handler, w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	if !strings.HasPrefix(r.URL.Path, "/v1/") {
		m.loads++
	}
	if m.fatal != nil && m.fatal(r) {
		w = &deadly{w, m}
	}
	m.mu.Unlock()
	service.ServeHTTP(w, r)
}

// deadly is an answer of which the client dies, when so many bytes of all such answers are sent.
type deadly struct {
	http.ResponseWriter
	m *mover
}

// Write sends, and kills.
func (d *deadly) Write(p []byte) (int, error) {
	d.m.mu.Lock()
	if d.m.after -= int64(len(p)); d.m.after <= 0 {
		_ = d.m.cmd.Process.Kill() // or it is dead already
	}
	d.m.mu.Unlock()
	return d.ResponseWriter.Write(p)
}

// run runs the program as an account, and returns what it prints. It must end well, or be killed if it is to die.
func (m *mover) run(account string, in []byte, fatal func(*http.Request) bool, after int64, args ...string) string {
	m.Helper()
	var out, log bytes.Buffer
	cmd := exec.Command(m.program, append(args, "--account", account, "--state-dir", m.state, "--quiet")...)
	cmd.Env = append(os.Environ(), "ALBUMWRIGHT_ENDPOINT="+m.url, accessTokenVar+"="+m.tokens[account], "ALBUMWRIGHT_WRITES_PER_MINUTE=0", "ALBUMWRIGHT_TRIES=2")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &log
	m.mu.Lock()
	m.cmd, m.fatal, m.after = cmd, fatal, after
	err := cmd.Start()
	m.mu.Unlock()
	if err == nil {
		err = cmd.Wait()
	}
	killed := cmd.ProcessState != nil && !cmd.ProcessState.Exited()
	if killed != (fatal != nil) || !killed && err != nil {
		m.Fatalf("%q: %v\n%s%s", args, err, &out, &log)
	}
	return out.String()
}

// nth tells the n-th request of those that fit.
func nth(n int, fits func(*http.Request) bool) func(*http.Request) bool {
	return func(r *http.Request) bool {
		if fits(r) {
			n--
		}
		return n <= 0
	}
}

func isLoad(r *http.Request) bool { return !strings.HasPrefix(r.URL.Path, "/v1/") }

// moved is what an album shows, in its order.
func moved(t *testing.T, s *emulator.Server) (shown []string) {
	t.Helper()
	items := map[string]emulator.MediaItem{}
	for _, it := range s.MediaItems() {
		items[it.ID] = it
	}
	albums := s.Albums()
	if len(albums) != 1 || len(albums[0].Items) != len(items) {
		t.Fatalf("%d albums, %d items; want all in one", len(albums), len(items))
	}
	for _, id := range albums[0].Items {
		shown = append(shown, fmt.Sprintf("%s %q", items[id].Filename, items[id].Description))
	}
	return shown
}

// movedFolder writes 500 photos and videos whose names say nothing about their order; some were taken in the same second, some have the user's words.
func movedFolder(t *testing.T) string {
	dir := t.TempDir()
	names := rand.New(rand.NewPCG(1, 2)).Perm(500)
	for i, n := range names {
		at := time.Date(2024, 5, 18, 12, 0, i-i%3, 0, time.UTC)
		switch name := fmt.Sprintf("%03d", n); {
		case i == 250:
			put(t, dir, name+".mp4", fixture.MP4(fixture.Spec{Seed: i, Captured: at, PadTo: 20 << 20}))
		case i%25 == 0:
			put(t, dir, name+".mp4", fixture.MP4(fixture.Spec{Seed: i, Captured: at}))
		case i%5 == 0:
			put(t, dir, name+".jpg", fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: i, Captured: at}))
			put(t, dir, name+".jpg.xmp", []byte(strings.ReplaceAll(wordsXMP, "WORDS", fmt.Sprintf("the %dth, &lt;at noon&gt; &amp; later", i))))
		default:
			put(t, dir, name+".jpg", fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: i, Captured: at}))
		}
	}
	return dir
}

const wordsXMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">WORDS</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>`

func TestAnAlbumMovesIntoAnotherAccountWhateverDies(t *testing.T) {
	m, one, two := newMover(t)
	m.run("one", nil, nil, 0, "import", movedFolder(t), "--album", "Summer")
	want := moved(t, one)
	if len(want) != 500 {
		t.Fatalf("%d items, want 500", len(want))
	}
	dir := filepath.Join(t.TempDir(), "D")
	list := func() []byte { return []byte(m.run("one", nil, nil, 0, "ls", "--album", "Summer", "--json")) }
	for _, n := range []int{90, 110} {
		m.run("one", list(), nth(n, isLoad), 0, "download", "--to", dir, "-")
	}
	m.run("one", list(), isLoad, 17<<20, "download", "--to", dir, "-") // of all answers together
	out := m.run("one", list(), nil, 0, "download", "--to", dir, "-")
	if !strings.Contains(out, "0 failed + 0 unfinished") || !strings.Contains(out, "were there of files that had been begun") {
		t.Errorf("the last download says\n%s", out)
	}
	if out = m.run("one", list(), nil, 0, "download", "--to", dir, "-"); !strings.Contains(out, "500 = 0 downloaded + 500 already there") {
		t.Errorf("another one says\n%s", out)
	}
	if most := 500 + 21 + 3*2*4 + 3; m.loads > most {
		t.Errorf("%d loads, want at most %d: one for each item, two for a video, and what was lost with three deaths", m.loads, most)
	}
	if n := countFiles(t, dir) - countFiles(t, filepath.Join(dir, ".albumwright")); n != 500+80 {
		t.Errorf("%d files in the folder, want 500 and 80 sidecars", n)
	}
	m.run("two", nil, nth(120, func(*http.Request) bool { return true }), 0, "import", dir, "--album", "Summer")
	m.run("two", nil, nth(60, func(*http.Request) bool { return true }), 0, "import", dir, "--album", "Summer")
	m.run("two", nil, nil, 0, "import", dir, "--album", "Summer")
	if diff := cmp.Diff(want, moved(t, two)); diff != "" {
		t.Errorf("the album in the second account (-one +two):\n%s", diff)
	}
	for _, v := range one.Violations() {
		t.Errorf("violation of %s: %s", v.Rule, v.Detail)
	}
}

// An album whose order neither times nor names tell, as one that was put in order by hand.
func TestAnAlbumThatIsInNoOrderMovesByItsNumbers(t *testing.T) {
	m, one, two := newMover(t)
	dir, args := t.TempDir(), []string{"import", "--order", "none", "--album", "Summer"}
	var asGiven []string
	for i, n := range rand.New(rand.NewPCG(3, 4)).Perm(20) {
		name := fmt.Sprintf("%d.jpg", n)
		put(t, dir, name, fixture.TinyJPEG(i, time.Date(2024, 5, 18, 12, n*7%20, 0, 0, time.UTC)))
		args, asGiven = append(args, filepath.Join(dir, name)), append(asGiven, name+` ""`)
	}
	m.run("one", nil, nil, 0, args...)
	want := moved(t, one)
	if diff := cmp.Diff(asGiven, want); diff != "" {
		t.Fatalf("the album in the first account (-as given +one):\n%s", diff)
	}

	to := filepath.Join(t.TempDir(), "D")
	m.run("one", nil, nth(8, isLoad), 0, "download", "--to", to, "--album", "Summer", "--path-template", "{number} {filename}")
	m.run("one", nil, nil, 0, "download", "--to", to, "--album", "Summer", "--path-template", "{number} {filename}")
	m.run("two", nil, nil, 0, "import", to, "--album", "Summer", "--order", "name")
	got := moved(t, two)
	for i, name := range got {
		got[i] = strings.TrimPrefix(name, fmt.Sprintf("%05d ", i+1))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the album in the second account (-one +two):\n%s", diff)
	}
}
