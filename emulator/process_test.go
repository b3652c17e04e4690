package emulator_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// childFolder is the environment variable that makes the test program a server
// of that folder instead, in a process of its own that can be killed.
const childFolder = "EMULATOR_TEST_FOLDER"

// childProxy is another one, which makes it a proxy if it is not empty.
const childProxy = "EMULATOR_TEST_PROXY"

// childToken is the access token of such a server.
const childToken = "of the parent"

// serveForParent serves until its standard input ends. It says its address, and
// at the end the most memory that it had, in bytes.
func serveForParent(dir string) {
	err := func() error {
		s, err := emulator.New(emulator.Config{Dir: dir, AccessToken: childToken})
		if err != nil {
			return err
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		ctx, stop := context.WithCancel(context.Background())
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
		fmt.Println(ln.Addr())
		serve := s.Serve
		if os.Getenv(childProxy) != "" {
			serve = s.ServeProxy
		}
		if err := serve(ctx, ln); err != nil {
			return err
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Println(m.Sys) // what was ever asked of the system: it never falls
		return s.Close()
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// process is a client of a server in another process.
type process struct {
	*client
	cmd  *exec.Cmd
	stop io.Closer
	says *bufio.Reader
}

// serveElsewhere starts a server of a folder in a process of its own, which is
// killed at the end of the test if it is still there. env is more of its
// environment.
func serveElsewhere(t *testing.T, dir string, env ...string) process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childFolder+"="+dir), env...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{MaxIdleConnsPerHost: 8}
	p := process{direct(t, emulator.Config{AccessToken: childToken}), cmd, stdin, bufio.NewReader(stdout)}
	p.http = &http.Client{Transport: tr}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		p.kill()
	})
	p.base = "http://" + p.line()
	return p
}

// line is the next line that the process says.
func (p process) line() string {
	p.t.Helper()
	text, err := p.says.ReadString('\n')
	if err != nil {
		p.t.Fatal("the other process:", err)
	}
	return strings.TrimSpace(text)
}

// kill ends the process as a power switch would, kill -9 where there is such a
// thing.
func (p process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// close ends the process in peace, and returns the most memory that it had.
func (p process) close() (peak int64) {
	p.t.Helper()
	if err := p.stop.Close(); err != nil {
		p.t.Fatal(err)
	}
	peak, err := strconv.ParseInt(p.line(), 10, 64)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatal(err)
	}
	return peak
}
