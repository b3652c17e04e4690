package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/config"
	"github.com/albumwright/albumwright/internal/doctor"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// longestCheck is how long a check may take. All run at the same time.
const longestCheck = 20 * time.Second

// doctorOptions is what the doctor was asked.
type doctorOptions struct {
	service  serviceOptions
	stateDir string
	json     bool
	offline  bool
	settings doctor.Finding // about the configuration file
	folders  []string       // that it names
}

func doctorCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "doctor",
		Usage: "find out what keeps albumwright from working, and what to do about it",
		Description: "Checks the configuration, the state folder, the ledger, the day's requests, the system's limits, the network, the clock, the sign-in and what it\n" +
			"allows. Each check ends in one line: ok, warning or failed, the last two followed by what to do. It changes nothing, ends within half a minute,\n" +
			"and costs at most 2 of the day's requests, none with --offline.\n\n" +
			"Examples:\n" +
			"   albumwright doctor\n" +
			"   albumwright doctor --offline                     this machine only\n" +
			"   albumwright doctor --json | jq 'select(.state == \"failed\")'\n" +
			"   albumwright doctor speed                         how many uploads at a time fill the line\n\n" +
			"Exit codes: 0 nothing failed, else that of the first line that did: 2 configuration, 4 sign-in, 5 network, 1 anything else.",
		Flags:       append(serviceFlags(), stateDirFlag(), jsonFlag(), &cli.BoolFlag{Name: "offline", Usage: "ask nobody but this machine", EnvVars: envVar("offline")}),
		Subcommands: []*cli.Command{doctorSpeedCommand(term)},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return noSubcommand(c)
			}
			o, err := readDoctorOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runDoctor(c.Context, o, term)
		},
	})
}

func readDoctorOptions(c *cli.Context) (o doctorOptions, err error) {
	file, err := readConfig(c)
	o.settings = aboutConfig(c, file, err)
	if err == nil {
		if err := applyConfig(c, file); err != nil {
			return o, err
		}
	}
	if file != nil {
		for _, f := range file.Folders {
			o.folders = append(o.folders, f.Path)
		}
	}
	o.stateDir, o.json, o.offline = c.String("state-dir"), c.Bool("json"), c.Bool("offline")
	c.App.Reader = strings.NewReader("") // nobody is asked for a passphrase: a check says what is missing
	o.service, err = readServiceOptions(c)
	return o, err
}

// aboutConfig says how the configuration file is. A wrong one does not keep the other checks from being made, with the defaults.
func aboutConfig(c *cli.Context, file *config.File, err error) doctor.Finding {
	path, _ := configPath(c)
	f := doctor.Finding{State: doctor.OK, Detail: path}
	switch {
	case err != nil:
		f = doctor.Finding{State: doctor.Failed, Detail: strings.ReplaceAll(err.Error(), "\n ", ";"), Remedy: "albumwright config check shows each mistake in its line; the checks below go by the defaults"}
		if errors.Is(err, fs.ErrNotExist) {
			f.Remedy = "albumwright config init writes one; or leave --config and its environment variable away"
		}
	case file == nil:
		f.Detail = "there is no file, so all settings have their defaults"
	}
	return f
}

func (o doctorOptions) ledgerPath() string {
	return pipeline.LedgerPath(pipeline.Config{Endpoint: o.service.endpoint, Client: o.service.client(), Account: o.service.account, StateDir: o.stateDir})
}

// checks are all checks, the causes before what they cause.
func (o doctorOptions) checks(requests *atomic.Int32) []doctor.Check {
	service := func(context.Context) []doctor.Finding {
		return doctor.Skip(doctor.Network, "--offline", "network", "clock", "sign-in")
	}
	if !o.offline {
		service = func(ctx context.Context) []doctor.Finding { return o.askService(ctx, requests) }
	}
	return []doctor.Check{
		doctor.One("configuration", doctor.Config, func(context.Context) doctor.Finding { return o.settings }),
		doctor.One("folders", doctor.Machine, func(context.Context) doctor.Finding { return doctor.Folders(o.folders) }),
		doctor.One("state folder", doctor.Machine, func(context.Context) doctor.Finding { return doctor.StateFolder(o.stateDir) }),
		doctor.One("ledger", doctor.Machine, func(ctx context.Context) doctor.Finding { return doctor.Ledger(ctx, o.ledgerPath()) }),
		doctor.One("requests", doctor.Machine, func(ctx context.Context) doctor.Finding {
			return doctor.Requests(ctx, o.service.budgetConfig(o.stateDir))
		}),
		doctor.One("inotify", doctor.Machine, func(ctx context.Context) doctor.Finding { return doctor.Inotify(ctx, "/proc", o.folders) }),
		doctor.One("account", doctor.SignIn, func(context.Context) doctor.Finding { return o.aboutAccount() }),
		{Name: "network", Kind: doctor.Network, Do: service},
	}
}

// aboutAccount says what is known of the sign-in without asking anybody.
func (o doctorOptions) aboutAccount() doctor.Finding {
	if o.service.accessToken != "" {
		return doctor.Finding{State: doctor.OK, Detail: accessTokenVar + " is set, and used instead of a sign-in"}
	}
	return doctor.Account(o.service.account, o.service.signIn, time.Now())
}

// askService goes to the service: first without a sign-in, then with it.
func (o doctorOptions) askService(ctx context.Context, requests *atomic.Int32) []doctor.Finding {
	transport := o.service.network.apply(photos.NewTransport())
	defer transport.CloseIdleConnections()
	found, reached := doctor.Reach(ctx, o.service.endpoint, transport, transport.Proxy, time.Now)
	if !reached {
		return append(found, doctor.NoService(nil, signInAgain)...)
	}
	client, finish, err := o.client(ctx)
	if err != nil {
		return append(found, doctor.NoService(err, signInAgain)...)
	}
	more, n := doctor.Service(ctx, client.Albums, client.Uploads, signInAgain)
	requests.Store(int32(n))
	if finish() != nil {
		return append(found, more...) // the check of the requests has said it
	}
	return append(found, more...)
}

// signInAgain is what to do about a sign-in that is no good.
const signInAgain doctor.Again = "albumwright auth login; if " + accessTokenVar + " is set, set it to a good one"

// client makes a client whose requests are counted, unless there is no place to count them in: that is another check's finding.
func (o doctorOptions) client(ctx context.Context) (*photos.Client, func() error, error) {
	limiter, err := o.service.limiter(nil)
	if err != nil {
		return nil, nil, err
	}
	finish := func() error { return nil }
	job, err := budget.Begin(ctx, o.service.budgetConfig(o.stateDir))
	if err == nil {
		finish = job.Close
	}
	client, err := o.service.connect(ctx, 1, limiter, job, nil)
	if err != nil {
		return nil, nil, errors.Join(err, finish())
	}
	return client, finish, nil
}

// sickError ends a doctor's visit with findings that were printed.
type sickError struct{ failed []doctor.Finding }

// Error names the checks that failed.
func (e sickError) Error() string {
	names := make([]string, len(e.failed))
	for i, f := range e.failed {
		names[i] = f.Name
	}
	return "failed: " + strings.Join(names, ", ")
}

// code is the exit code of the first failed check: what comes later may come from it.
func (e sickError) code() int {
	switch e.failed[0].Kind {
	case doctor.Config:
		return exitUsage
	case doctor.SignIn:
		return exitSignIn
	case doctor.Network:
		return exitTryLater
	}
	return exitUnexpected
}

func runDoctor(ctx context.Context, o doctorOptions, term terminal) error {
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	var requests atomic.Int32
	findings := doctor.Run(ctx, longestCheck, o.checks(&requests)...)
	if ctx.Err() != nil {
		return errLookStopped
	}
	if err := printFindings(term.out, o.json, findings, int(requests.Load())); err != nil {
		return err
	}
	sick := sickError{}
	for _, f := range findings {
		if f.State == doctor.Failed {
			sick.failed = append(sick.failed, f)
		}
	}
	if len(sick.failed) > 0 {
		return sick
	}
	return nil
}

// findingLine and visitLine are the lines of --json.
type findingLine struct {
	Type string `json:"message_type"`
	doctor.Finding
}

type visitLine struct {
	Type     string               `json:"message_type"`
	States   map[doctor.State]int `json:"states"`
	Requests int                  `json:"requests"`
}

func printFindings(w io.Writer, asJSON bool, findings []doctor.Finding, requests int) error {
	states := make(map[doctor.State]int)
	for _, f := range findings {
		states[f.State]++
	}
	if asJSON {
		out := newPrinter(w)
		for _, f := range findings {
			out.line(findingLine{"finding", f})
		}
		out.line(visitLine{"summary", states, requests})
		return out.err
	}
	for _, f := range findings {
		fmt.Fprintf(w, "%-8s %-19s %s\n", f.State, f.Name, f.Detail)
		if f.Remedy != "" {
			fmt.Fprintf(w, "%-8s %-19s -> %s\n", "", "", f.Remedy)
		}
	}
	_, err := fmt.Fprintf(w, "\n%d ok, %d warnings, %d failed, %d not checked; this took %d of the day's requests\n",
		states[doctor.OK], states[doctor.Warning], states[doctor.Failed], states[doctor.Skipped], requests)
	return err
}
