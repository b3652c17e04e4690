package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/report"
)

// runCards prints the visits of cards, the newest last; or one with its report.
func runCards(ctx context.Context, o ledgerOptions, last int, visit int64, w io.Writer) (err error) {
	h, err := ingest.LookIntoHistory(ctx, o.stateDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if visit > 0 {
		p, ok, err := h.Visit(ctx, visit)
		switch {
		case err != nil:
			return err
		case !ok:
			return usageError{fmt.Errorf("there is no visit %d; albumwright history --cards lists them", visit)}
		}
		return printVisit(o, p, w)
	}
	visits, err := h.Visits(ctx, last)
	out := newPrinter(w)
	for _, p := range visits {
		if o.json {
			p.Report = nil // one visit has it
			out.line(visitMessage{"visit", p})
		} else {
			fmt.Fprintln(w, pastLine(p))
		}
	}
	return errors.Join(err, out.err)
}

// visitMessage is a visit in --json.
type visitMessage struct {
	Type string `json:"message_type"` // "visit"
	ingest.Past
}

func printVisit(o ledgerOptions, p ingest.Past, w io.Writer) error {
	switch {
	case o.json:
		out := newPrinter(w)
		out.line(visitMessage{"visit", p})
		return out.err
	case p.Report == nil:
		_, err := fmt.Fprintf(w, "%s\nThere is no report: the ingest is under way, or did not come to its end.\n", pastLine(p))
		return err
	}
	return ingest.Text(w, *p.Report)
}

// pastLine says what was found then; it is no verdict about the card of today, and does not look like one.
func pastLine(p ingest.Past) string {
	how := "not ended"
	if p.Ended {
		how = "no"
		if p.Safe {
			how = "yes"
		}
	}
	return fmt.Sprintf("%4d  %s  %-9s  %s files  %s", p.Visit, p.Started.Local().Format(time.DateTime), how, comma(p.Found), report.Text(p.Card))
}
