package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/pipeline"
)

// budgetOptions are how much of the day's requests may be used.
type budgetOptions struct {
	limit  int  // requests a day; 0 = only counted
	anyway bool // also after the service has said that the day is spent
}

// perDay is how many requests a day has: the service's, where there is no limit of one's own.
func (o budgetOptions) perDay() int { return cmp.Or(o.limit, budget.DefaultLimit) }

func budgetFlags() []cli.Flag {
	return under(ofPace,
		&cli.IntFlag{Name: "max-requests-per-day", Usage: "at most `N` requests in a day, all accounts of the project together; 0 = no limit but the service's", Value: budget.DefaultLimit, EnvVars: envVar("max-requests-per-day")},
		&cli.BoolFlag{Name: "ignore-spent-day", Usage: "send requests although the service has said that the day's are used up", EnvVars: envVar("ignore-spent-day")},
	)
}

func readBudgetOptions(c *cli.Context) (budgetOptions, error) {
	o := budgetOptions{limit: c.Int("max-requests-per-day"), anyway: c.Bool("ignore-spent-day")}
	if o.limit < 0 {
		return o, fmt.Errorf("--max-requests-per-day %d: must be 0 (no limit but the service's) or more", o.limit)
	}
	return o, nil
}

// budgetConfig finds the budget of the project.
func (o serviceOptions) budgetConfig(stateDir string) budget.Config {
	return budget.Config{Path: budget.Path(stateDir, o.endpoint, o.client()), Limit: o.budget.limit, Anyway: o.budget.anyway}
}

// planCost is what a plan will cost, as it is printed.
type planCost struct {
	budget.Forecast
	PerDay         int     `json:"per_day"`
	Kept           int     `json:"kept"`       // of a day's, for repetitions
	LeftToday      int     `json:"left_today"` // beside those
	BytesPerSecond float64 `json:"bytes_per_second"`
	Measured       bool    `json:"measured"` // the rate is that of the last runs, not assumed
}

// foresee reckons what a plan will cost under the day's budget.
func foresee(ctx context.Context, p pipeline.Foresight, o runOptions) (planCost, error) {
	s, err := budget.Read(ctx, o.service.budgetConfig(o.stateDir))
	if err != nil {
		return planCost{}, err
	}
	c := planCost{PerDay: cmp.Or(s.Limit, budget.DefaultLimit), LeftToday: s.Left, BytesPerSecond: s.BytesPerSecond()}
	c.Kept, c.Measured = budget.Slack(c.PerDay), c.BytesPerSecond > 0
	if !c.Measured {
		c.BytesPerSecond = budget.AssumedBytesPerSecond
	}
	work := budget.Work{Raw: p.Requests.Uploads, Batches: p.Requests.BatchCreates, NewAlbums: p.Requests.AlbumCreates, Headings: p.Requests.AddEnrichments, ListPages: p.Requests.AlbumLists, Bytes: p.Bytes}
	c.Forecast = work.Forecast(budget.Terms{
		Now: time.Now().UTC().Truncate(time.Second), Limit: s.Limit, Left: s.Left, BytesPerSecond: c.BytesPerSecond, WritesPerMinute: o.service.writesPerMinute,
	})
	return c, nil
}

// printPlanCost prints days and hours, and what decides about them if it takes longer than today.
func printPlanCost(w io.Writer, c planCost) {
	if c.Requests == 0 {
		return
	}
	days, source := "days", "assumed"
	if c.Days == 1 {
		days = "day"
	}
	if c.Measured {
		source = "measured in the last runs"
	}
	fmt.Fprintf(w, "%-9s %s %s at %s a day, %s left today and %s kept for repetitions; %s at %.3g Mbit/s (%s)\n", "Time",
		comma(c.Days), days, comma(c.PerDay), comma(c.LeftToday), comma(c.Kept), about(c.Sending), c.BytesPerSecond*8/1e6, source)
	if c.Days > 1 || !c.Ends.Before(budget.NextReset(time.Now())) {
		fmt.Fprintf(w, "%-9s %s; done about %s\n", "", decides(c.Decides), c.Ends.Local().Format("Mon 2006-01-02 15:04"))
	}
}

func decides(b budget.Bound) string {
	switch b {
	case budget.ByRequests:
		return "the day's requests decide"
	case budget.ByWrites:
		return "the pace of writes decides"
	}
	return "the bytes decide"
}

// about says a time in words that promise no more than is known.
func about(d time.Duration) string {
	switch {
	case d <= time.Minute:
		return "about a minute"
	case d < 90*time.Minute:
		return fmt.Sprintf("about %.0f minutes", d.Minutes())
	}
	return fmt.Sprintf("about %s hours", comma(int(d.Round(time.Hour).Hours())))
}
