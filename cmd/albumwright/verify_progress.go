package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/albumwright/albumwright/internal/verify"
)

// drawnEvery is how often a line on a terminal is drawn again.
const drawnEvery = 200 * time.Millisecond

// verifyProgress shows on stderr how far a verification, or another look at all files, is: one line that is drawn again on a terminal, a line now and then elsewhere.
type verifyProgress struct {
	counts verify.Progress

	what    string                     // the command
	text    func(now time.Time) string // how far it is
	out     io.Writer
	drawn   bool // on a terminal
	stop    chan struct{}
	stopped sync.WaitGroup

	mu    sync.Mutex
	wait  string    // guarded by mu; what a call waits for
	until time.Time // guarded by mu
	ended bool      // guarded by mu
	bytes rate      // used by show only

	expected atomic.Int64 // of a download: how many items there will be, at the least
	all      atomic.Bool  // of a download: that there will be no more than these
}

// expect tells how many items there will be: all, or at least so many.
func (p *verifyProgress) expect(n int, all bool) {
	p.expected.Store(int64(n))
	p.all.Store(all)
}

func newVerifyProgress(out io.Writer, quiet bool) *verifyProgress {
	return newLookProgress("verify", out, quiet)
}

func newLookProgress(what string, out io.Writer, quiet bool) *verifyProgress {
	p := &verifyProgress{what: what, out: out, stop: make(chan struct{})}
	p.text = p.counted
	return p.begin(quiet)
}

// begin shows it from now on.
func (p *verifyProgress) begin(quiet bool) *verifyProgress {
	if quiet {
		return p
	}
	every := plainEvery
	if canDraw(p.out) {
		p.drawn, every = true, drawnEvery
	}
	p.stopped.Go(func() { p.show(every) })
	return p
}

func (p *verifyProgress) show(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.print()
		case <-p.stop:
			if p.drawn {
				fmt.Fprint(p.out, "\r\x1b[K")
			}
			return
		}
	}
}

func (p *verifyProgress) print() {
	line := p.line(time.Now())
	if p.drawn {
		fmt.Fprintf(p.out, "\r\x1b[K%s", line)
		return
	}
	fmt.Fprintln(p.out, line)
}

// counted tells how many files of those that were found are done.
func (p *verifyProgress) counted(now time.Time) string {
	bytes := p.counts.Bytes.Load()
	p.bytes.at(now, bytes)
	return fmt.Sprintf("%-9s %s/%s files  %s  %s/s", p.what, comma(int(p.counts.Done.Load())), comma(int(p.counts.Found.Load())), size(bytes),
		size(int64(p.bytes.perSecond(now))))
}

func (p *verifyProgress) line(now time.Time) string {
	line := p.text(now)
	p.mu.Lock()
	defer p.mu.Unlock()
	if left := p.until.Sub(now); left > 0 {
		line += fmt.Sprintf("  waiting %s: %s", left.Round(time.Second), p.wait)
	}
	return line
}

func (p *verifyProgress) waiting(reason string, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wait, p.until = reason, until
}

// end takes the line away. It may be called again.
func (p *verifyProgress) end() {
	p.mu.Lock()
	ended := p.ended
	p.ended = true
	p.mu.Unlock()
	if !ended {
		close(p.stop)
		p.stopped.Wait()
	}
}
