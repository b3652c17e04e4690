//go:build unix

package budget_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/albumwright/albumwright/internal/budget"
)

// process is a child, from the parent's side.
type process struct {
	t    testing.TB
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Scanner
	gone bool
}

func start(t testing.TB, path string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(os.Args[0])}
	p.cmd.Env = append(os.Environ(), childVar+"="+path)
	p.cmd.Stderr = os.Stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in, p.out = in, bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.end)
	return p
}

func (p *process) begun() *process {
	p.t.Helper()
	p.want("begun")
	return p
}

func (p *process) tell(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) answer() string {
	p.t.Helper()
	if !p.out.Scan() {
		p.t.Fatalf("the other process ended: %v", p.out.Err())
	}
	return p.out.Text()
}

func (p *process) want(answer string) {
	p.t.Helper()
	if got := p.answer(); got != answer {
		p.t.Fatalf("the other process says %q, want %q", got, answer)
	}
}

// kill is kill -9.
func (p *process) kill() {
	p.gone = true
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed
}

func (p *process) end() {
	if p.gone {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGCONT)
	_ = p.in.Close()
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the other process: %v", err)
	}
}

// realTime gives a world the clock of its machine, which other processes have as well.
func realTime(t testing.TB) *world {
	w := newWorld(t, childLimit)
	w.cfg.Now = nil
	w.cfg.Path = filepath.Join(t.TempDir(), "new", "budget.db")
	return w
}

func TestProcessesThatWorkAtOnceNeverSpendMoreThanTheDayTogether(t *testing.T) {
	w := realTime(t)
	var all []*process
	for range 6 {
		all = append(all, start(t, w.cfg.Path)) // none waits for another: they make the database together, too
	}
	for _, p := range all {
		p.begun().tell("files")
	}
	sum := 0
	for _, p := range all {
		var n int
		if _, err := fmt.Sscanf(p.answer(), "%d spent", &n); err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	s := w.status()
	// Between two midnights, that is. If one has just passed, the second day's requests are among them.
	if want := childLimit - budget.Slack(childLimit); len(s.Days) == 1 && (sum != want || s.Used != want || s.Held != 0 || s.Jobs != 6) {
		t.Errorf("%d requests went out, the status is %+v, want %d in all", sum, s, want)
	}
}

func TestAKilledProcessHoldsNothingAndWhatItSentStaysCounted(t *testing.T) {
	w := realTime(t)
	for range 3 {
		p := start(t, w.cfg.Path).begun()
		p.tell("reserve 60")
		p.want("0")
		j := w.begin()
		if err := j.Reserve(t.Context(), 30); err == nil {
			t.Error("30 were held beside 60 of 80")
		}
		if s := w.status(); s.Held != 60 || s.Jobs != 2 {
			t.Errorf("status %+v, want 60 held", s)
		}
		w.take(j, 1)
		p.kill()
		if s := w.status(); s.Held != 0 || s.Jobs != 1 {
			t.Errorf("after the kill the status is %+v, want nothing held", s)
		}
		w.reserve(j, 30)
		w.close(j)
	}
	if s := w.status(); s.Used != 3 && len(s.Days) == 1 {
		t.Errorf("status %+v, want 3 used", s)
	}
	locks, err := filepath.Glob(filepath.Join(filepath.Dir(w.cfg.Path), "job-*"))
	if err != nil || len(locks) != 0 {
		t.Errorf("lock files %v (%v) are left", locks, err)
	}
}

// A laptop that was closed for hours, and a process that was stopped by its terminal: it goes on later, with what it was promised.
func TestAProcessThatStandsStillKeepsItsHolds(t *testing.T) {
	w := realTime(t)
	p := start(t, w.cfg.Path).begun()
	p.tell("reserve 60")
	p.want("0")
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	j := w.job()
	w.reserve(j, 20)
	if err := j.Reserve(t.Context(), 1); err == nil {
		t.Error("what a standing process holds was given away")
	}
}

func TestKilledInTheMiddleOfItsWorkAProcessLeavesACountThatIsTrue(t *testing.T) {
	w := realTime(t)
	for range 5 {
		p := start(t, w.cfg.Path).begun()
		p.tell("files")
		p.kill()
		s := w.status()
		if s.Held != 0 || s.Used > childLimit {
			t.Errorf("status %+v, want nothing held and no more than the day used", s)
		}
	}
	p := start(t, w.cfg.Path).begun()
	p.tell("files")
	if !strings.HasSuffix(p.answer(), "spent") {
		t.Error("the last one did not find the day spent at its end")
	}
	s := w.status()
	if room := childLimit - budget.Slack(childLimit); len(s.Days) == 1 && (s.Used < room-1 || s.Used > room) {
		t.Errorf("status %+v, want about %d used", s, room)
	}
}
