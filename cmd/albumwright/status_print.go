package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
)

// mostLines is how many albums, or reasons, are shown to a person.
const mostLines = 20

// printStatus is the status for people.
func printStatus(ctx context.Context, r *ledger.Reader, o statusOptions, s standing, w io.Writer) error {
	row(w, "Ledger", "%s, account %s", o.service.endpoint, o.service.account)
	row(w, "", "%s", report.Text(s.path))
	row(w, "Now", "%s", s.now())
	s.watch.print(w)
	row(w, "Last run", "%s", s.lastRun())
	row(w, "Files", "%s", s.sum())
	printWaiting(w, s)
	if s.Sessions.Open > 0 {
		row(w, "Uploads", "%s begun and not complete: %s of %s sent", comma(s.Sessions.Open), size(s.Sessions.Sent), size(s.Sessions.Size))
	}
	if s.Tokens.Won > 0 {
		row(w, "Tokens", "%s won, and no media item made of them yet; the oldest is %s old, and trusted for %s", comma(s.Tokens.Won),
			age(s.asked.Sub(s.Tokens.Oldest)), age(pipeline.TokenLife))
	}
	if err := printFailed(ctx, r, o, s, w); err != nil {
		return err
	}
	printCost(w, o, s)
	return nil
}

func row(w io.Writer, label, format string, args ...any) {
	fmt.Fprintf(w, "%-9s %s\n", label, fmt.Sprintf(format, args...))
}

// now says whether a run is under way.
func (s standing) now() string {
	if s.pid == 0 {
		return "no run is under way"
	}
	return fmt.Sprintf("a run is under way: process %d, since %s", s.pid, s.since.Local().Format(time.DateTime))
}

// lastRun is the last run in a line.
func (s standing) lastRun() string {
	if s.LastRun.ID == 0 {
		return "none yet"
	}
	return pastRun{s.LastRun, s.pid != 0}.line()
}

// sum shows that every file is in one state.
func (s standing) sum() string {
	total, delivered := 0, 0
	for state, n := range s.States {
		if total += n; state.Delivered() {
			delivered += n
		}
	}
	return fmt.Sprintf("%s = %s in the service + %s waiting + %s failed + %s skipped + %s gone", comma(total), comma(delivered), comma(s.Waiting()),
		comma(s.States[ledger.Failed]), comma(s.States[ledger.Skipped]), comma(s.States[ledger.Gone]))
}

func printWaiting(w io.Writer, s standing) {
	if s.Waiting() == 0 {
		return
	}
	row(w, "Waiting", "%s = %s", comma(s.Waiting()), waitingBy(s.States))
	shown, more := 0, 0
	for _, a := range s.Albums {
		switch {
		case a.Waiting() == 0:
		case shown == mostLines:
			more++
		default:
			shown++
			row(w, "", "%6s  %s", comma(a.Waiting()), albumWords(a.Title))
		}
	}
	if more > 0 {
		row(w, "", "%6s  and %s more albums; --json lists them all", "", comma(more))
	}
}

// waitingStates are the states that are no ends, in order, and what each means to a person.
func waitingStates() [4]struct {
	state ledger.State
	words string
} {
	return [...]struct {
		state ledger.State
		words string
	}{
		{ledger.Described, "to be sent"}, {ledger.Sending, "sent in part"}, {ledger.Sent, "sent"}, {ledger.Creating, "being created"},
	}
}

func waitingBy(states map[ledger.State]int) string {
	var parts []string
	for _, w := range waitingStates() {
		parts = append(parts, comma(states[w.state])+" "+w.words)
	}
	return strings.Join(parts, " + ")
}

func albumWords(title string) string {
	if title == "" {
		return "the library only"
	}
	return fmt.Sprintf("%q", title)
}

func printFailed(ctx context.Context, r *ledger.Reader, o statusOptions, s standing, w io.Writer) error {
	if s.States[ledger.Failed] == 0 {
		return nil
	}
	row(w, "Failed", "%s", comma(s.States[ledger.Failed]))
	if o.files {
		return r.Failed(ctx, func(f ledger.FailedFile) error {
			row(w, "", "%s: %s", report.Text(f.Path), report.Text(f.Reason))
			return nil
		})
	}
	told := 0
	for i, f := range s.Failures {
		if i == mostLines {
			break
		}
		told += f.Items
		row(w, "", "%6s  %s%s", comma(f.Items), report.Text(f.Reason), finality(f.Permanent))
		row(w, "", "%6s  such as %s", "", report.Text(strings.Join(f.Examples, ", ")))
	}
	if rest := s.States[ledger.Failed] - told; rest > 0 {
		row(w, "", "%6s  for other reasons", comma(rest))
	}
	row(w, "", "%6s  --files lists them all", "")
	return nil
}

// finality says whether trying again can help.
func finality(permanent bool) string {
	if permanent {
		return " (final)"
	}
	return " (the next run tries again)"
}

func printCost(w io.Writer, o statusOptions, s standing) {
	row(w, "Today", "%s of %s requests used, %s held by runs under way; new ones %s", comma(s.budget.Used), comma(s.budget.Limit), comma(s.budget.Held),
		s.budget.Reset.Local().Format("Mon 2006-01-02 15:04 MST"))
	f := s.cost.forecast
	if f.Requests == 0 {
		row(w, "Left", "nothing")
		return
	}
	work := s.cost.work
	uploads := f.Requests - work.Batches - work.NewAlbums - work.ListPages
	row(w, "Left", "%s requests = %s uploads + %s batchCreate + %s album creates + %s album lists", comma(f.Requests), comma(uploads),
		comma(work.Batches), comma(work.NewAlbums), comma(work.ListPages))
	rate := "if 20 Mbit/s go up"
	if s.cost.measured {
		rate = fmt.Sprintf("at the %s/s of the last runs", size(int64(s.budget.BytesPerSecond())))
	}
	row(w, "", "%s; %s on %s, %s", size(work.Bytes), age(f.Sending), countOf(f.Days, "day"), rate)
}

func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return comma(n) + " " + what + "s"
}

// age is a duration as people say it, to two figures or so.
func age(d time.Duration) string {
	switch {
	case d < 0:
		return "no time"
	case d < time.Minute:
		return d.Round(time.Second).String()
	case d < 48*time.Hour:
		return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}
