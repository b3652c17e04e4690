// Package rehearse runs an import against a stand-in for the service, in sped-up time, as often as it takes: a run that ends because the day's requests
// are used up is followed by another one when they come back, as its user would start it.
//
// [Run] is an import as the program makes it, with the same pacing, the same count of requests and the same ledger, but for three things. Requests go to
// Config.Service and nowhere else. The time is a clock's that stands while work is done and jumps over whatever is waited for. Bytes take the time that
// they would take on a line of Config.BytesPerSecond, which all uploads share.
//
// So requests, batches and bytes are those of the real run, and so are the days on which they go out. What the real run does beside sending, reading files
// and waiting for answers, takes no time here; it rarely takes any there, because it is done while bytes are on their way.
package rehearse

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/clock"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

// Config says what is rehearsed, and on what. All but BytesPerSecond is required.
type Config struct {
	// Import is the real run's, but for StateDir, which is a folder of the rehearsal's own. API, Budget, Lanes, Transfers and Clock are set here.
	Import pipeline.Config
	// Limits are the real run's. Clock is set here, and UploadBytes holds the bytes of Service's line as well.
	Limits ratelimit.Config
	// Budget is the real run's, but for Path, which is a file of the rehearsal's own. Now is set here.
	Budget budget.Config

	Service     http.RoundTripper // stands in for the service, and goes by Clock
	AccessToken string            // that it accepts
	Clock       *clock.Still

	BytesPerSecond float64 // of the line, all uploads together; 0 = bytes take no time
}

// transfers is how many uploads are under way at a time. The line takes as long for any number of them, and each may be as large as the largest video, of
// which Service has a copy for that time.
const transfers = 2

func (c Config) valid() error {
	switch {
	case c.Service == nil:
		return errors.New("rehearse: Config.Service is missing")
	case c.Clock == nil:
		return errors.New("rehearse: Config.Clock is missing")
	case !(c.BytesPerSecond >= 0) || math.IsInf(c.BytesPerSecond, 0):
		return fmt.Errorf("rehearse: Config.BytesPerSecond is %v, but must be 0 (no time) or more", c.BytesPerSecond)
	}
	return nil
}

// Result is what the real run will take.
type Result struct {
	Report  pipeline.Report // of all days together; Started and Ended are the rehearsal's time
	Days    []Day
	Decides budget.Bound // what makes it take so long; "" if it makes no request
}

// Run rehearses. The error is that of the last day's run; what ended the days before it is that they were spent. When ctx or Config.Import.Intake ends,
// so does the rehearsal, with what there is until then.
func Run(ctx context.Context, cfg Config) (Result, error) {
	if err := cfg.valid(); err != nil {
		return Result{}, err
	}
	r := &rehearsal{cfg: cfg, whole: newWhole(cfg), days: newDays(cfg.Clock, cfg.Limits.WritesPerMinute), leash: newLeash()}
	r.line = &line{clock: cfg.Clock, rate: cfg.BytesPerSecond, limits: cfg.Limits.UploadBytes}
	for fresh := false; ; fresh = true {
		before := r.days.requests()
		rep, err := r.run(ctx)
		r.whole.add(rep)
		if photos.Classify(err) != photos.ClassDailyQuota || fresh && r.days.requests() == before {
			return r.result(rep, err), err
		}
		r.days.end()
		if err := r.stopped(ctx); err != nil {
			return r.result(rep, err), err
		}
		cfg.Clock.JumpTo(budget.NextReset(cfg.Clock.Now()))
	}
}

// rehearsal is the state over all days.
type rehearsal struct {
	cfg   Config
	whole *whole
	days  *days
	line  *line
	leash *leash
}

// run is one run of the import, as the program makes it.
func (r *rehearsal) run(ctx context.Context) (rep pipeline.Report, err error) {
	r.line.begin()
	r.leash.begin()
	limits := r.cfg.Limits
	limits.Clock, limits.UploadBytes = r.cfg.Clock, ratelimit.Timetable{}
	limiter, err := ratelimit.New(limits)
	if err != nil {
		return rep, err
	}
	spending := r.cfg.Budget
	spending.Now = r.cfg.Clock.Now
	job, err := budget.Begin(ctx, spending)
	if err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, job.Close()) }()
	wire := budget.Transport(limiter.Transport(wire{r.cfg.Service, r.line, r.days, r.leash}), job)
	client, err := photos.New(photos.Config{
		Transport: wire, UploadTransport: wire, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: r.cfg.AccessToken}),
	})
	if err != nil {
		return rep, err
	}
	cfg := r.cfg.Import
	cfg.Transfers = transfers
	cfg.API, cfg.Budget, cfg.Lanes, cfg.Clock, cfg.Observe = pipeline.ClientAPI(client), job, nil, r.cfg.Clock, r.observe
	return pipeline.Run(ctx, cfg)
}

// observe counts a file at its first end, and hands it on: on later days the same file is there already.
func (r *rehearsal) observe(ev pipeline.Event) {
	if end, ok := ev.(pipeline.FileEnd); ok {
		if end.End == pipeline.Uploaded {
			r.leash.ended()
			r.line.end()
			r.days.file()
		}
		if !r.whole.end(end.File) {
			return
		}
	}
	if r.cfg.Import.Observe != nil {
		r.cfg.Import.Observe(ev)
	}
}

// stopped is why there is no other day, although there is more to do; nil: there is one.
func (r *rehearsal) stopped(ctx context.Context) error {
	if intake := r.cfg.Import.Intake; ctx.Err() == nil && intake != nil {
		return context.Cause(intake)
	}
	return context.Cause(ctx)
}

func (r *rehearsal) result(last pipeline.Report, err error) Result {
	out := Result{Report: r.whole.report(last, err)}
	out.Report.Ended = r.cfg.Clock.Now()
	out.Days, out.Decides = r.days.all()
	return out
}
