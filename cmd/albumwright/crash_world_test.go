package main

import (
	"bytes"
	"cmp"
	"database/sql"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/pipeline"
)

// mortals is what programs that die have to do, in the order in which they are started: a folder that is imported into a service, which survives them.
type mortals struct {
	t       *testing.T
	service *emulator.Server
	gate    *gate
	program string
	args    []string
	env     []string
	ledger  string // path
	deaths  int
	limit   time.Duration // of the next life; 0 = none

	mu     sync.Mutex // guards client
	client *client    // the last one that was started
}

// The bounds that a killed client is measured by: uploads at a time, and the most bytes in a request of a resumable one.
const (
	crashLanes = 4
	crashChunk = 256 << 10
)

// newMortals makes a service of its own for one folder of photos. More are arguments of the import.
func newMortals(t *testing.T, cfg emulator.Config, photos string, more ...string) *mortals {
	t.Helper()
	s, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	m := &mortals{t: t, service: s, gate: newGate(s), program: crashProgram(t)}
	m.gate.kill, m.gate.hold = m.kill, m.hold
	server := httptest.NewUnstartedServer(m.gate)
	server.Config.ConnState = m.gate.watch
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	state := t.TempDir()
	m.args = append([]string{"import", "--quiet", "--state-dir", state}, append(more, photos)...)
	m.env = append(os.Environ(), "ALBUMWRIGHT_ENDPOINT="+server.URL, accessTokenVar+"="+s.AccessToken(), "ALBUMWRIGHT_WRITES_PER_MINUTE=0", "ALBUMWRIGHT_TRIES=2",
		fmt.Sprint("ALBUMWRIGHT_TRANSFERS=", crashLanes))
	account := serviceOptions{endpoint: server.URL, accessToken: s.AccessToken()}
	m.ledger = pipeline.LedgerPath(pipeline.Config{StateDir: state, Endpoint: server.URL, Client: account.client(), Account: "default"})
	return m
}

// client is the program while it lives.
type client struct {
	cmd    *exec.Cmd
	once   sync.Once
	killed bool          // it did not end by itself; to be read when it is dead
	dead   chan struct{} // is closed when it is
}

// kill ends the program as a power switch would, and waits until it is dead.
func (m *mortals) kill() {
	m.mu.Lock()
	c := m.client
	m.mu.Unlock()
	c.once.Do(func() { c.killed = c.cmd.Process.Kill() == nil })
	<-c.dead
}

// hold takes the ledger's one place for writing, until let is called.
func (m *mortals) hold() (let func()) {
	db, err := sql.Open("sqlite", m.ledger+"?_pragma=busy_timeout(10000)")
	if err == nil {
		db.SetMaxOpenConns(1)
		_, err = db.Exec("BEGIN IMMEDIATE")
	}
	if err != nil {
		m.t.Error(err)
	}
	return func() { _ = db.Close() }
}

// start starts the program. Whoever is asked to kill it waits until it is there.
func (m *mortals) start(c *client) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.client = c
	return c.cmd.Start()
}

// lives runs the program until it has done its work, or dies, and until the service has done with all that it had sent.
func (m *mortals) lives() (died bool) {
	m.t.Helper()
	var out bytes.Buffer
	c := &client{cmd: exec.Command(m.program, m.args...), dead: make(chan struct{})}
	c.cmd.Env, c.cmd.Stdout, c.cmd.Stderr = m.env, &out, &out
	if err := m.start(c); err != nil {
		m.t.Fatal(err)
	}
	if m.limit > 0 {
		defer time.AfterFunc(m.limit, m.kill).Stop()
	}
	err := c.cmd.Wait()
	close(c.dead)
	c.once.Do(func() {}) // from here on nobody kills it
	m.gate.quiet()
	switch {
	case c.killed && !c.cmd.ProcessState.Exited():
		m.deaths++
		return true
	case err != nil:
		m.t.Fatalf("the program ended with %v, want it killed or well:\n%s", err, &out)
	}
	return false
}

// finish runs the program until it has done its work.
func (m *mortals) finish() {
	m.t.Helper()
	for m.lives() {
	}
}

// shot is a media item as a user sees it.
type shot struct {
	Name, Description string
	SHA256            [32]byte
}

// library is what the service holds: each album's items in order, and under "" all items there are.
func (m *mortals) library() map[string][]shot {
	m.t.Helper()
	byID, all := map[string]shot{}, map[string][]shot{"": {}}
	for _, it := range m.service.MediaItems() {
		byID[it.ID] = shot{it.Filename, it.Description, it.SHA256}
		all[""] = append(all[""], byID[it.ID])
	}
	slices.SortFunc(all[""], func(a, b shot) int {
		return cmp.Or(bytes.Compare(a.SHA256[:], b.SHA256[:]), cmp.Compare(a.Name, b.Name))
	})
	for _, a := range m.service.Albums() {
		if all[a.Title] != nil {
			m.t.Errorf("two albums are called %q", a.Title)
		}
		all[a.Title] = []shot{}
		for _, id := range a.Items {
			all[a.Title] = append(all[a.Title], byID[id])
		}
	}
	return all
}

// wantSound checks what must be true whoever died: nothing was done that a client must not do, and the ledger holds together.
func (m *mortals) wantSound() {
	m.t.Helper()
	for _, v := range m.service.Violations() {
		m.t.Errorf("violation of %s: %s", v.Rule, v.Detail)
	}
	r, err := ledger.OpenRead(m.t.Context(), m.ledger)
	if err != nil {
		m.t.Fatal(err)
	}
	found, err := r.Check(m.t.Context())
	if err != nil || len(found) > 0 {
		m.t.Errorf("the ledger's check finds %v (%v)", found, err)
	}
	if err := r.Close(); err != nil {
		m.t.Error(err)
	}
}

// wantDone checks that there is nothing left to do.
func (m *mortals) wantDone() {
	m.t.Helper()
	before := m.gate.came().requests
	m.finish()
	if more := m.gate.came().requests - before; more != 0 {
		m.t.Errorf("another run makes %d requests, want none: all is done", more)
	}
}

// calls counts the service's requests since a look at them.
func (m *mortals) calls(since map[string]int) map[string]int {
	diff := map[string]int{}
	for op, n := range m.service.Calls() {
		if n -= since[op]; n != 0 {
			diff[op] = n
		}
	}
	return diff
}

// put writes a file below a folder.
func put(t *testing.T, folder, path string, body []byte) {
	t.Helper()
	full := filepath.Join(folder, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, body, 0o644); err != nil {
		t.Fatal(err)
	}
}
