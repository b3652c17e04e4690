package control_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/internal/control"
	"github.com/albumwright/albumwright/internal/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a watch that notes what it is told.
type fake struct {
	mu       sync.Mutex
	told     []string // guarded by mu
	snapshot watch.Snapshot
	err      error // of Pause
}

func (f *fake) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = append(f.told, fmt.Sprintf(format, args...))
}

func (f *fake) Snapshot() watch.Snapshot     { return f.snapshot }
func (f *fake) Changed() <-chan struct{}     { return nil }
func (f *fake) Pause(context.Context) error  { f.note("pause"); return f.err }
func (f *fake) Resume(context.Context) error { f.note("resume"); return nil }
func (f *fake) Rescan()                      { f.note("rescan") }
func (f *fake) Retry(_ context.Context, path string) (int, error) {
	f.note("retry %q", path)
	return 3, nil
}

// begin starts a watch of ledgers; end ends it.
func begin(t *testing.T, runtimeDir string, to watch.Control, ledgers ...string) (s *control.Server, end func()) {
	t.Helper()
	s, err := control.Listen(runtimeDir, ledgers...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, to) }()
	end = sync.OnceFunc(func() {
		stop()
		if err := errors.Join(<-served, s.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	return s, end
}

func find(t *testing.T, ledger string) *control.Client {
	t.Helper()
	c, err := control.Find(ledger)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ledgerIn is the path of a ledger in a new folder that is short enough for sockets.
func ledgerIn(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "c")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Mkdir(filepath.Join(dir, "ledgers"), 0o700); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "ledgers", "l.db")
}

func TestAWatchIsAskedAndToldFromOutside(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	f := &fake{snapshot: watch.Snapshot{
		Time: at, Since: at, State: watch.Waiting, Found: 7, Open: 2,
		Trouble: []watch.Trouble{{Kind: "quota", What: "the day's requests are used up", Until: at}},
		Last:    []watch.Item{{Ended: at}},
	}}
	f.snapshot.Last[0].Path, f.snapshot.Last[0].End = "/p/ä.jpg", "uploaded"
	ledger := ledgerIn(t)
	begin(t, "", f, ledger)
	c := find(t, ledger)
	got, err := c.Snapshot(t.Context())
	if diff := cmp.Diff(f.snapshot, got); err != nil || diff != "" {
		t.Errorf("snapshot: %v\n%s", err, diff)
	}
	odd := "/p/not utf-8 \xff.jpg"
	n, err := c.Retry(t.Context(), odd)
	if err := errors.Join(err, c.Pause(t.Context()), c.Resume(t.Context()), c.Rescan(t.Context())); err != nil || n != 3 {
		t.Errorf("%d files, %v", n, err)
	}
	if diff := cmp.Diff([]string{fmt.Sprintf("retry %q", odd), "pause", "resume", "rescan"}, f.told); diff != "" {
		t.Errorf("it was told otherwise:\n%s", diff)
	}
	f.err = errors.New("the ledger cannot be written")
	if err := c.Pause(t.Context()); err == nil || err.Error() != f.err.Error() {
		t.Errorf("error %v, want the watch's own", err)
	}
	if c.PID != os.Getpid() || c.Since.IsZero() {
		t.Errorf("process %d since %s", c.PID, c.Since)
	}
}

func TestASecondWatchOfALedgerIsRefused(t *testing.T) {
	mine, other := ledgerIn(t), ledgerIn(t)
	first, _ := begin(t, "", &fake{}, mine)
	if s, err := control.Listen("", other, mine); !errors.Is(err, control.ErrRunning) || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) {
		t.Errorf("%v, %v, want one that says who", s, err)
	}
	begin(t, "", &fake{}, other) // the refused one let go of it
	if err := first.Cover(mine, other); !errors.Is(err, control.ErrRunning) {
		t.Errorf("error %v", err)
	}
	if err := find(t, mine).Pause(t.Context()); err != nil {
		t.Errorf("after a change that was refused: %v", err)
	}
}

// Whoever asks whether a watch runs must not keep one from beginning.
func TestCallersDoNotKeepAWatchFromBeginning(t *testing.T) {
	ledger := ledgerIn(t)
	_, end := begin(t, "", &fake{}, ledger)
	died := leavings(t, ledger)
	end()
	ctx, stop := context.WithCancel(t.Context())
	var caller sync.WaitGroup
	defer caller.Wait()
	defer stop()
	caller.Go(func() {
		for ctx.Err() == nil {
			_, _ = control.Find(ledger)
		}
	})
	for range 10 {
		died.putBack(t) // so that callers have something to ask about
		s, err := control.Listen("", ledger)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAWatchMayChangeItsLedgers(t *testing.T) {
	a, b := ledgerIn(t), ledgerIn(t)
	f := &fake{}
	s, _ := begin(t, "", f, a)
	if err := s.Cover(b); err != nil {
		t.Fatal(err)
	}
	if c, err := control.Find(a); !errors.Is(err, control.ErrNone) {
		t.Errorf("%v, %v: it was let go", c, err)
	}
	if err := find(t, b).Pause(t.Context()); err != nil {
		t.Error(err)
	}
	// Its socket still stands beside the first one, where another watch begins now.
	g := &fake{}
	begin(t, "", g, a)
	if err := errors.Join(find(t, a).Resume(t.Context()), find(t, b).Pause(t.Context())); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([][]string{{"pause", "pause"}, {"resume"}}, [][]string{f.told, g.told}); diff != "" {
		t.Errorf("the wrong one was told:\n%s", diff)
	}
}

// The runtime folder of a user goes when he logs out. A watch that goes on can be called all the same.
func TestASocketThatIsGoneIsMadeAnew(t *testing.T) {
	ledger := ledgerIn(t)
	runtimeDir := filepath.Dir(filepath.Dir(ledgerIn(t)))
	s, err := control.Listen(runtimeDir, ledger)
	if err != nil {
		t.Fatal(err)
	}
	s.Looking(time.Millisecond)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, &fake{}) }()
	if err := find(t, ledger).Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(runtimeDir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(runtimeDir, nil, 0o600); err != nil { // nor can it be made anew
		t.Fatal(err)
	}
	ends := time.Now().Add(20 * time.Second)
	for err = find(t, ledger).Pause(t.Context()); errors.Is(err, control.ErrSilent) && time.Now().Before(ends); {
		err = find(t, ledger).Pause(t.Context())
	}
	if err != nil {
		t.Error(err)
	}
	stop()
	if err := errors.Join(<-served, s.Close()); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(ledger + ".sock"); len(left) != 0 {
		t.Errorf("it has left %v", left)
	}
}

func TestWhatADeadWatchLeftIsReplaced(t *testing.T) {
	for _, c := range []struct{ name, runtimeDir string }{{"beside the ledger", ""}, {"in the runtime folder", filepath.Dir(ledgerIn(t))}} {
		t.Run(c.name, func(t *testing.T) {
			ledger := ledgerIn(t)
			_, end := begin(t, c.runtimeDir, &fake{}, ledger)
			left := leavings(t, ledger)
			end()
			if _, err := control.Find(ledger); !errors.Is(err, control.ErrNone) {
				t.Errorf("error %v after it ended", err)
			}
			left.putBack(t)
			if _, err := control.Find(ledger); !errors.Is(err, control.ErrNone) {
				t.Errorf("error %v after it died", err)
			}
			begin(t, c.runtimeDir, &fake{}, ledger)
			if err := find(t, ledger).Pause(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// left is what a watch that is killed leaves behind: its record, and a socket.
type left struct {
	path, record string
	socket       string
}

func leavings(t *testing.T, ledger string) left {
	t.Helper()
	text, err := os.ReadFile(ledger + ".watch")
	if err != nil {
		t.Fatal(err)
	}
	return left{ledger + ".watch", string(text), between(string(text), `"socket":"`, `"`)}
}

func (l left) putBack(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(l.path, []byte(l.record), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(l.socket), 0o700); err != nil {
		t.Fatal(err)
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: l.socket, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	ln.SetUnlinkOnClose(false)
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
}

func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

// A path that is too long for a socket gets one elsewhere, which goes with the watch, or with the next one if it was killed.
func TestAPathThatIsTooLongForASocketWillDo(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Dir(ledgerIn(t)))
	ledger := filepath.Join(t.TempDir(), strings.Repeat("long/", 30), "ledgers", "l.db")
	count := func() int {
		found, err := filepath.Glob(filepath.Join(os.TempDir(), "albumwright-*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	_, end := begin(t, strings.Repeat("/too/long", 20), &fake{}, ledger)
	if err := find(t, ledger).Pause(t.Context()); err != nil {
		t.Error(err)
	}
	left := leavings(t, ledger)
	if end(); count() != 0 {
		t.Errorf("%d folders left", count())
	}
	left.putBack(t)
	_, end = begin(t, "", &fake{}, ledger)
	if count() != 1 {
		t.Errorf("%d folders, want only the new one", count())
	}
	end()
}

func TestOnlyItsUserReachesTheSocket(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing here: a user's folders are theirs alone")
	}
	dir, ledger := filepath.Dir(ledgerIn(t)), ledgerIn(t)
	if err := os.Mkdir(filepath.Join(dir, "albumwright"), 0o755); err != nil { // others may enter it
		t.Fatal(err)
	}
	begin(t, dir, &fake{}, ledger)
	socket := leavings(t, ledger).socket
	if socket != ledger+".sock" {
		t.Errorf("the socket is %s, want it beside the ledger", socket)
	}
	for path, want := range map[string]os.FileMode{socket: 0o600, filepath.Dir(socket): 0o700, ledger + ".watch": 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want mode %04o", path, info.Mode(), err, want)
		}
	}
}

func TestABadCallIsAnsweredWithWhatIsWrong(t *testing.T) {
	ledger := ledgerIn(t)
	begin(t, "", &fake{}, ledger)
	socket := leavings(t, ledger).socket
	for _, c := range []struct{ call, want string }{
		{"hello\n", "a call is one line of JSON"},
		{strings.Repeat("x", 64<<10), "a call is one line of JSON"},
		{`{"version":2,"command":"pause"}` + "\n", "the watch speaks version 1 of the control protocol, and was called in version 2"},
		{`{"version":1,"command":"dance"}` + "\n", `the watch knows no command \"dance\"`},
	} {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, c.call); err != nil {
			t.Fatal(err)
		}
		got, err := bufio.NewReader(conn).ReadString('\n')
		if !strings.Contains(got, c.want) || err != nil {
			t.Errorf("%.40q: answer %s, %v, want %q", c.call, got, err, c.want)
		}
		_ = conn.Close()
	}
}

// One that hangs answers nobody: the caller is told so, and who it is.
func TestAWatchThatDoesNotAnswerIsNamed(t *testing.T) {
	ledger := ledgerIn(t)
	s, err := control.Listen("", ledger) // and nobody serves
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	err = find(t, ledger).Pause(ctx)
	if !errors.Is(err, control.ErrSilent) || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) {
		t.Errorf("error %v", err)
	}
}

func TestACallerThatIsThereAtTheEndDoesNotKeepTheWatch(t *testing.T) {
	ledger := ledgerIn(t)
	_, end := begin(t, "", &fake{}, ledger)
	conn, err := net.Dial("unix", leavings(t, ledger).socket) // and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := find(t, ledger).Pause(t.Context()); err != nil { // it was accepted before
		t.Error(err)
	}
	began := time.Now()
	if end(); time.Since(began) > 9*time.Second { // of the ten that a caller has otherwise
		t.Error("it waited for a caller that says nothing")
	}
}
