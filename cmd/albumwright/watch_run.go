package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/control"
	"github.com/albumwright/albumwright/internal/hooks"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/pipeline"
)

// watchProcess is a watch in this process, with what it needs.
type watchProcess struct {
	context *cli.Context
	term    terminal
	first   watchOptions // of the first job: how it is told
	log     watchLog
	hooks   []hooks.Hook

	mu      sync.Mutex
	options map[string]watchOptions // by ledger; guarded by mu
}

// runWatch watches until it is told to end.
func runWatch(c *cli.Context, term terminal) error {
	jobs, options, err := watchJobs(c)
	if err != nil {
		return usageError{err}
	}
	p := &watchProcess{context: c, term: term, options: options, first: options[pipeline.LedgerPath(jobs[0].Run)]}
	p.log = watchLog{out: term.out, line: newLog(term.err), options: p.first.runOptions}
	if p.hooks, err = readHooks(c, p.first.service.network, p.log.line); err != nil {
		return usageError{err}
	}
	for _, o := range options {
		if _, err := o.service.tokens(c.Context); err != nil { // nobody has ever signed in: that is better known now
			return err
		}
	}
	ctx, intake, stop := untilSignals(c.Context, func() {})
	defer stop()
	w, err := watch.New(p.config(jobs, intake))
	if err != nil {
		if errors.Is(err, pipeline.ErrLocked) {
			return err
		}
		return usageError{err}
	}
	endPage, err := servePage(c, w, p.first.stateDir, term, p.log.line)
	if err != nil {
		return errors.Join(err, w.Close())
	}
	defer endPage()
	if err := p.attended(ctx, w, intake.Done()); err != nil {
		return err
	}
	if s := w.Snapshot(); c.Bool("once") && s.Ends[report.Failed] > 0 {
		return errSomeFailed
	}
	return nil
}

// attended runs the watch, with all that is around it.
func (p *watchProcess) attended(ctx context.Context, w *watch.Watch, stopping <-chan struct{}) error {
	s := watchService{hooks: p.hooks, stateDir: p.first.stateDir, log: p.log.line}
	var err error
	if s.server, err = control.Listen(os.Getenv("XDG_RUNTIME_DIR"), ledgersOf(p.options)...); err != nil {
		return errors.Join(err, w.Close())
	}
	err = s.attend(ctx, w, stopping, w.Run, func() error { return p.reload(w, s.server) })
	return errors.Join(err, s.server.Close())
}

// ledgersOf are the ledgers that options are for, by their full paths.
func ledgersOf(options map[string]watchOptions) []string {
	var all []string
	for _, o := range options {
		if path, err := o.ledger().path(); err == nil { // without a folder to begin with nothing else works either
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return all
}

// reload reads the configuration anew.
func (p *watchProcess) reload(w *watch.Watch, server *control.Server) error {
	jobs, options, err := watchJobs(p.context)
	if err != nil {
		return err
	}
	wanted := ledgersOf(options)
	if err := server.Cover(slices.Concat(server.Ledgers(), wanted)...); err != nil {
		return err
	}
	p.mu.Lock()
	maps.Copy(p.options, options)
	p.mu.Unlock()
	if err := w.Reload(jobs); err != nil {
		return err
	}
	return server.Cover(wanted...)
}

func (p *watchProcess) config(jobs []watch.Job, intake context.Context) watch.Config {
	return watch.Config{
		Jobs: jobs, Once: p.context.Bool("once"), Open: watch.Open, Connect: p.connect, SignIn: p.signIn, Budgets: p.budgets,
		Hint: func(err error) string { _, hint := explain(err); return hint },
		Tell: p.log.tell, StateDir: p.first.stateDir, Intake: intake,
	}
}

// of are the options of a job's account.
func (p *watchProcess) of(job watch.Job) watchOptions {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.options[pipeline.LedgerPath(job.Run)]
}

// connect makes a connection for an account.
func (p *watchProcess) connect(ctx context.Context, job watch.Job, waiting func(string, time.Time)) (watch.Service, error) {
	var cfg pipeline.Config
	cfg.Transfers = job.Run.Transfers
	finish, err := p.of(job).connectTo(ctx, &cfg, waiting, p.term)
	if err != nil {
		return watch.Service{}, err
	}
	use := func(run *pipeline.Config) { run.API, run.Budget, run.Lanes = cfg.API, cfg.Budget, cfg.Lanes }
	return watch.Service{Use: use, Close: finish}, nil
}

// signIn is another text when somebody has signed in since. That a token was renewed, or found dead, is no sign-in.
func (p *watchProcess) signIn(job watch.Job) string {
	o := p.of(job)
	facts, _, err := o.service.accounts.Status(o.service.account)
	if err != nil {
		return ""
	}
	return facts.SignedIn.String() + facts.ClientID
}

// budgets says how the days of all projects stand.
func (p *watchProcess) budgets(ctx context.Context) []watch.Budget {
	p.mu.Lock()
	options := maps.Clone(p.options)
	p.mu.Unlock()
	byPath := map[string]watch.Budget{}
	for _, o := range options {
		cfg := o.service.budgetConfig(o.stateDir)
		s, err := budget.Read(ctx, cfg)
		if err != nil {
			continue // a run will say so, too
		}
		name := o.service.client()
		if name == "" {
			name = o.service.endpoint
		}
		byPath[cfg.Path] = watch.Budget{Project: name, Used: s.Used, Limit: s.Limit, Resets: s.Reset}
	}
	var out []watch.Budget
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		out = append(out, byPath[path])
	}
	return out
}

// watchLog prints what a person wants to know, a line each.
type watchLog struct {
	out     io.Writer
	line    func(line string)
	options runOptions
}

// noteMessage is a line of --json.
type noteMessage struct {
	Type string `json:"message_type"`
	watch.Note
}

func (l watchLog) tell(n watch.Note) {
	switch {
	case l.options.json && n.Kind == watch.FileNote:
		l.options.print(json.NewEncoder(l.out), fileMessage{"file", *n.File})
	case l.options.json:
		l.options.print(json.NewEncoder(l.out), noteMessage{"watch", n})
	}
	switch {
	case n.Kind == watch.FileNote && l.options.verbosity == verbose:
		l.line(fmt.Sprintf("%s: %s", n.File.Path, n.File.End))
	case n.Kind == watch.FileNote, l.options.verbosity == quiet && !grave(n.Kind):
	default:
		l.line(n.Text)
	}
}

// grave tells what is said also with --quiet.
func grave(k watch.Kind) bool { return k == watch.TroubleNote || k == watch.FailedNote }
