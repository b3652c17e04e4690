package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/albumwright/albumwright/internal/control"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

// watching is what a status shows of the running watch.
type watching struct {
	watch.Snapshot
	pid   int // 0 = none runs
	since time.Time
	err   error // it runs and does not answer
}

// askWatch asks the watch that works for a ledger, if there is one.
func (o ledgerOptions) askWatch(ctx context.Context) (watching, error) {
	c, err := o.runningWatch()
	if err != nil {
		if errors.Is(err, control.ErrNone) {
			err = nil
		}
		return watching{}, err
	}
	w := watching{pid: c.PID, since: c.Since}
	w.Snapshot, w.err = c.Snapshot(ctx)
	if errors.Is(w.err, control.ErrNone) { // it ended just now
		return watching{}, nil
	}
	return w, nil
}

// print shows it to a person.
func (w watching) print(to io.Writer) {
	if w.pid == 0 {
		return
	}
	if w.err != nil {
		row(to, "Watch", "process %d, since %s: %v", w.pid, w.since.Local().Format(time.DateTime), w.err)
		return
	}
	row(to, "Watch", "%s", report.Text(w.Line()))
	row(to, "", "process %d, since %s", w.pid, w.since.Local().Format(time.DateTime))
	for _, t := range w.Trouble {
		row(to, "", "%s, since %s: %s", t.Kind, t.Since.Local().Format(time.DateTime), report.Text(t.What))
		if t.Do != "" {
			row(to, "", "  -> %s", report.Text(t.Do))
		}
	}
	for _, f := range w.Folders {
		row(to, "", "%s", folderWords(f))
	}
}

// folderWords is one watched folder in a line.
func folderWords(f watch.Folder) string {
	text := fmt.Sprintf("%s: %s", report.Text(f.Path), f.State)
	if f.Why != "" {
		text += " (" + report.Text(f.Why) + ")"
	}
	return text + fmt.Sprintf(", %s, %s not complete yet, %s ready", countOf(int(f.Files), "file"), comma(f.Settling), comma(f.Ready))
}

// watchLine is the line of status --json about the watch: its snapshot, or why there is none.
type watchLine struct {
	Type  string    `json:"message_type"` // "watch"
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
	Error string    `json:"error,omitempty"`
	Line  string    `json:"line,omitempty"`
	*watch.Snapshot
}

func (w watching) printJSON(out *printer) {
	if w.pid == 0 {
		return
	}
	l := watchLine{Type: "watch", PID: w.pid, Since: w.since}
	if w.err != nil {
		l.Error = w.err.Error()
	} else {
		l.Line, l.Snapshot = w.Line(), &w.Snapshot
	}
	out.line(l)
}

// alone is a status where there is no ledger yet: the watch has just begun. None is the error that says so.
func (w watching) alone(o statusOptions, none error, to io.Writer) error {
	switch {
	case w.pid == 0:
		return none
	case o.json:
		out := newPrinter(to)
		w.printJSON(out)
		return cmp.Or(out.err, w.err)
	}
	w.print(to)
	return w.err
}
