package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/rehearse"
	"github.com/albumwright/albumwright/pipeline"
)

// play rehearses, and tells how it goes and what came of it.
func (r *rehearsal) play(ctx context.Context, term terminal) error {
	cfg, err := r.config()
	if err != nil {
		return err
	}
	files, err := newFileList(r.reportFile)
	if err != nil {
		return err
	}
	show, out := newProgress(term.err, r.runOptions), json.NewEncoder(term.out)
	show.always(func() string { return "rehearsing " + r.clock.Now().Format("Mon 2006-01-02 15:04") })
	cfg.Import.Observe = func(ev pipeline.Event) {
		show.event(ev)
		if end, ok := ev.(pipeline.FileEnd); ok {
			files.add(end.File)
			r.print(out, fileMessage{"file", end.File})
		}
	}
	ctx, intake, stop := untilSignals(ctx, show.interrupted)
	defer stop()
	cfg.Import.Intake = intake
	result, err := rehearse.Run(ctx, cfg)
	show.end()
	if result.Report.Run == 0 { // it did not begin
		return errors.Join(err, files.discard())
	}
	err = errors.Join(err, files.finish(result.Report))
	r.tell(term.out, out, result, err)
	if err == nil && !result.Report.Complete() {
		return errSomeFailed
	}
	return err
}

// tell says what the real run will take.
func (r *rehearsal) tell(w io.Writer, out *json.Encoder, result rehearse.Result, err error) {
	if r.json {
		for _, d := range result.Days {
			r.print(out, dayMessage{"day", d})
		}
		r.print(out, rehearsalMessage{
			Type: "rehearsal", NothingSent: true, Complete: err == nil, Days: len(result.Days), Requests: result.Report.Requests.Total(), Bytes: result.Report.Bytes.Sent,
			Ends: result.Report.Ended, Decides: result.Decides, BytesPerSecond: r.rate, Rate: r.source, Unsent: r.unsent,
		})
		r.print(out, summaryMessage{"summary", result.Report})
		return
	}
	fmt.Fprintf(w, "Rehearsal for %s, account %s\n\n", r.real.Endpoint, r.real.Account)
	printOutcome(w, result.Report, occasion{perDay: r.service.budget.perDay()})
	fmt.Fprintln(w)
	printDays(w, result)
	fmt.Fprintf(w, "%-9s %.3g Mbit/s (%s)\n", "Line", r.rate*8/1e6, r.source)
	if r.unsent > 0 {
		fmt.Fprintf(w, "%-9s uploads that were broken off begin anew here; the real run may send up to %s less\n", "", size(r.unsent))
	}
	if result.Report.Requests.AlbumLists > 0 {
		fmt.Fprintf(w, "%-9s only the service knows whether it has albums of these titles already, and how many pages its list of albums has\n", "")
	}
	fmt.Fprintln(w, "\nThis was a rehearsal: nothing was sent to anyone.")
}

// printDays prints how the work is spread over days.
func printDays(w io.Writer, result rehearse.Result) {
	if len(result.Days) == 0 {
		fmt.Fprintf(w, "%-9s none: no request is needed\n", "Days")
		return
	}
	days := "days"
	if len(result.Days) == 1 {
		days = "day"
	}
	ends := result.Days[len(result.Days)-1].To
	fmt.Fprintf(w, "%-9s %s %s; %s; done %s\n", "Days", comma(len(result.Days)), days, decides(result.Decides), ends.Format("Mon 2006-01-02 15:04"))
	for i, d := range result.Days {
		fmt.Fprintf(w, "%9d %s to %s  %5.1f h  %6s requests  %6s files  %9s  %s\n", i+1, d.From.Format("Mon 2006-01-02 15:04"), clockUntil(d.From, d.To), d.To.Sub(d.From).Hours(),
			comma(d.Requests), comma(d.Files), size(d.Bytes), decides(d.Decides))
	}
}

// clockUntil says the end of a span, with its date if that is another one.
func clockUntil(from, to time.Time) string {
	if from.YearDay() == to.YearDay() && from.Year() == to.Year() {
		return to.Format("15:04")
	}
	return to.Format("Mon 15:04")
}

// dayMessage, rehearsalMessage and galleryMessage are lines of --json.
type dayMessage struct {
	Type string `json:"message_type"`
	rehearse.Day
}

type rehearsalMessage struct {
	Type           string       `json:"message_type"`
	NothingSent    bool         `json:"nothing_sent"`
	Complete       bool         `json:"complete"` // it ran to its end
	Days           int          `json:"days"`
	Requests       int          `json:"requests"`
	Bytes          int64        `json:"bytes"`
	Ends           time.Time    `json:"ends"` // if it began now and went on as soon as a day's requests come back
	Decides        budget.Bound `json:"decides,omitempty"`
	BytesPerSecond float64      `json:"bytes_per_second"`
	Rate           string       `json:"rate"`             // where that is from
	Unsent         int64        `json:"unsent,omitempty"` // bytes that the real run need not send again, of uploads that were broken off
}

type galleryMessage struct {
	Type string `json:"message_type"`
	URL  string `json:"url"`
}
