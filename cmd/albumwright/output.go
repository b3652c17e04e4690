package main

import (
	"io"
	"os"
	"sync"

	xterm "golang.org/x/term"
)

// output is where data is printed. It remembers what failed, so that a report on a full disk, cut short, does not end as if all were well.
type output struct {
	to  io.Writer
	mu  sync.Mutex
	err error // the first one
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.to.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// isTerminal tells whether somebody may be looking.
func isTerminal(w io.Writer) bool {
	if o, ok := w.(*output); ok {
		w = o.to
	}
	f, ok := w.(*os.File)
	return ok && xterm.IsTerminal(int(f.Fd()))
}

// canDraw tells whether lines can be drawn over again.
func canDraw(w io.Writer) bool { return isTerminal(w) && os.Getenv("TERM") != "dumb" }
