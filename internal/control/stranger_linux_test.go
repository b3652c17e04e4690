package control_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// strangerTo is the socket that a process of another user calls.
const strangerTo = "ALBUMWRIGHT_TEST_STRANGER_TO"

func TestAnotherUserIsNotAnswered(t *testing.T) {
	if socket := os.Getenv(strangerTo); socket != "" {
		callAsStranger(t, socket)
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can call as another user")
	}
	ledger := ledgerIn(t)
	f := &fake{}
	begin(t, "", f, ledger)
	socket := leavings(t, ledger).socket
	dir, err := os.MkdirTemp("", "stranger") // where another user may go
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "stranger.test")
	if err := os.WriteFile(program, self, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{ // what keeps others away is taken away
		filepath.Dir(filepath.Dir(socket)): 0o755, filepath.Dir(socket): 0o755, socket: 0o666, dir: 0o755,
	} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		uid  uint32
		want string
	}{{65534, "no answer"}, {0, "an answer"}} {
		cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestAnotherUserIsNotAnswered$", "-test.v")
		cmd.Dir, cmd.Env = dir, append(os.Environ(), strangerTo+"="+socket)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: c.uid, Gid: c.uid}}
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "there was "+c.want) {
			t.Errorf("user %d: %v, want %s\n%s", c.uid, err, c.want, out)
		}
	}
	if len(f.told) != 1 {
		t.Errorf("it was told %q", f.told)
	}
}

func callAsStranger(t *testing.T, socket string) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = conn.Write([]byte(`{"version":1,"command":"pause"}` + "\n"))
	if n, _ := conn.Read(make([]byte, 100)); n > 0 {
		t.Log("there was an answer")
	} else {
		t.Log("there was no answer")
	}
}
