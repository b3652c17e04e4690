package main

import (
	"context"
	"io"
	"time"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
)

// The lines of status --json: one "status", one "watch" if one is running, then an "album" for each in which something waits or failed, a "failure" for each reason, and with --files
// a "file" for each file that failed. New fields may be added.
type (
	statusLine struct {
		Type     string               `json:"message_type"` // "status"
		Ledger   string               `json:"ledger"`
		Endpoint string               `json:"endpoint"`
		Account  string               `json:"account"`
		UnderWay *holderLine          `json:"under_way,omitempty"`
		LastRun  *runMessage          `json:"last_run,omitempty"`
		States   map[ledger.State]int `json:"states"`
		Waiting  int                  `json:"waiting"`
		Sessions sessionsLine         `json:"sessions"`
		Tokens   tokensLine           `json:"tokens"`
		Budget   budget.Status        `json:"budget"`
		Left     leftLine             `json:"left"`
	}
	holderLine struct {
		PID   int       `json:"pid"`
		Since time.Time `json:"since"`
	}
	sessionsLine struct {
		Open int   `json:"open"`
		Sent int64 `json:"sent"` // bytes
		Size int64 `json:"size"`
	}
	tokensLine struct {
		Won    int        `json:"won"`
		Oldest *time.Time `json:"oldest,omitempty"`
	}
	leftLine struct {
		Uploads      int   `json:"uploads"`
		Bytes        int64 `json:"bytes"`
		BatchCreates int   `json:"batch_creates"`
		AlbumCreates int   `json:"album_creates"`
		AlbumLists   int   `json:"album_lists"`
		budget.Forecast
	}
	albumLine struct {
		Type    string               `json:"message_type"` // "album"
		Title   string               `json:"title"`
		Waiting int                  `json:"waiting"`
		States  map[ledger.State]int `json:"states"`
	}
	failureLine struct {
		Type      string   `json:"message_type"` // "failure"
		Reason    string   `json:"reason"`
		Permanent bool     `json:"permanent"`
		Files     int      `json:"files"`
		Examples  []string `json:"examples"`
	}
	failedLine struct {
		Type      string `json:"message_type"` // "file"
		Path      string `json:"path"`
		Size      int64  `json:"size"`
		Album     string `json:"album"`
		Reason    string `json:"reason"`
		Permanent bool   `json:"permanent"`
		Attempts  int    `json:"attempts"`
	}
)

func printStatusJSON(ctx context.Context, r *ledger.Reader, o statusOptions, s standing, w io.Writer) error {
	out := newPrinter(w)
	out.line(s.message(o))
	s.watch.printJSON(out)
	for _, a := range s.Albums {
		out.line(albumLine{"album", a.Title, a.Waiting(), a.States})
	}
	for _, f := range s.Failures {
		examples := make([]string, len(f.Examples))
		for i, e := range f.Examples {
			examples[i] = report.Text(e)
		}
		out.line(failureLine{"failure", f.Reason, f.Permanent, f.Items, examples})
	}
	if o.files {
		err := r.Failed(ctx, func(f ledger.FailedFile) error {
			out.line(failedLine{"file", report.Text(f.Path), f.Size, f.Album, f.Reason, f.Permanent, f.Attempts})
			return out.err
		})
		if err != nil {
			return err
		}
	}
	return out.err
}

func (s standing) message(o statusOptions) statusLine {
	work := s.cost.work
	l := statusLine{
		Type: "status", Ledger: report.Text(s.path), Endpoint: o.service.endpoint, Account: o.service.account, States: s.States, Waiting: s.Waiting(),
		Sessions: sessionsLine(s.Sessions), Tokens: tokensLine{Won: s.Tokens.Won}, Budget: s.budget,
		Left: leftLine{s.Remaining.Uploads, work.Bytes, work.Batches, work.NewAlbums, work.ListPages, s.cost.forecast},
	}
	if s.pid != 0 {
		l.UnderWay = &holderLine{s.pid, s.since}
	}
	if s.LastRun.ID != 0 {
		run := pastRun{s.LastRun, s.pid != 0}.message()
		l.LastRun = &run
	}
	if s.Tokens.Won > 0 {
		l.Tokens.Oldest = &s.Tokens.Oldest
	}
	return l
}
