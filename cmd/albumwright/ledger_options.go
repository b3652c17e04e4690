package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// ledgerOptions says which ledger, and how what is in it is shown.
type ledgerOptions struct {
	service  serviceOptions
	stateDir string
	json     bool
}

// ledgerFlags name a ledger as the flags of import do.
func ledgerFlags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "endpoint", Category: ofService, Usage: "the `URL` of the service", Value: photos.DefaultEndpoint, EnvVars: envVar("endpoint")},
		&cli.StringFlag{Name: "account", Category: ofService, Usage: "`NAME` of the account; each has a ledger of its own", Value: "default", EnvVars: envVar("account")},
		stateDirFlag(),
	}, more...)
}

func stateDirFlag() cli.Flag {
	return &cli.StringFlag{Name: "state-dir", Category: ofService, Usage: "the `DIR` where the ledgers live", Value: defaultStateDir(), EnvVars: envVar("state-dir"), DefaultText: "$XDG_STATE_HOME/albumwright", TakesFile: true}
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Category: ofOutput, Usage: "print JSON Lines, each with a message_type", EnvVars: envVar("json")}
}

func readLedgerOptions(c *cli.Context) (ledgerOptions, error) {
	o := ledgerOptions{
		service: serviceOptions{
			endpoint: strings.TrimSuffix(c.String("endpoint"), "/"), account: c.String("account"), accessToken: os.Getenv(accessTokenVar),
		},
		stateDir: c.String("state-dir"), json: c.Bool("json"),
	}
	if err := o.valid(); err != nil {
		return o, err
	}
	return o, o.service.readSignIn(newAccounts(c, networkOptions{}))
}

func (o *ledgerOptions) valid() error {
	if o.service.endpoint == "" {
		o.service.endpoint = photos.DefaultEndpoint
	}
	switch {
	case o.service.account == "":
		return errors.New("--account must not be empty")
	case o.stateDir == "":
		return errors.New("--state-dir is needed: there is no home folder where the ledger could be")
	}
	return nil
}

// path is where the ledger lies, or would.
func (o ledgerOptions) path() (string, error) {
	return filepath.Abs(pipeline.LedgerPath(pipeline.Config{
		Endpoint: o.service.endpoint, Client: o.service.client(), Account: o.service.account, StateDir: o.stateDir,
	}))
}

// reading carries out what reads the ledger only. Ctrl-C breaks it off.
func (o ledgerOptions) reading(ctx context.Context, do func(context.Context, *ledger.Reader) error) error {
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	path, err := o.path()
	if err != nil {
		return err
	}
	r, err := ledger.OpenRead(ctx, path)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- errors.Join(do(ctx, r), r.Close()) }()
	select {
	case err = <-done:
	case <-ctx.Done():
		select {
		case err = <-done:
		case <-time.After(patience):
			return errLookStopped
		}
	}
	if err != nil && ctx.Err() != nil {
		return errLookStopped
	}
	return err
}

// patience is how long a look into the ledger may take to end after Ctrl-C. SQLite's driver cannot be interrupted between two rows, however long it looks
// for the next one; then it is left alone and ends with the process, which is harmless, since it only reads.
const patience = time.Second

// errLookStopped ends what has nothing to go on with.
var errLookStopped = errors.New("stopped by a signal")

// errNotSound ends a check that has printed what it found.
var errNotSound = errors.New("the ledger is not sound")

// explainLedger finds the exit code for what is wrong with a ledger, and what the user can do; no code if it is something else.
func explainLedger(err error) (code int, hint string) {
	switch {
	case errors.Is(err, errLookStopped):
		return exitCancelled, ""
	case errors.Is(err, errNotAll):
		return exitVerify, ""
	case errors.Is(err, errNothingVerified):
		return exitVerify, "check the path, and that the drive it is on is mounted"
	case errors.Is(err, errNotSound):
		return exitVerify, "put a backup made by \"albumwright ledger backup\" in its place, or just move it away: the next import then begins a new one, and sends " +
			"again what is there already, without doubling it"
	case errors.Is(err, ledger.ErrNone):
		return exitGone, "nothing was imported yet with this --account, --endpoint and --state-dir; albumwright import PATH begins it"
	case errors.Is(err, ledger.ErrNewer):
		return exitUsage, "use the version of albumwright that wrote it, or a later one"
	case errors.Is(err, ledger.ErrDamaged):
		return exitUsage, "albumwright ledger check says more; a backup made by \"albumwright ledger backup\" can be put in its place"
	case errors.Is(err, ledger.ErrForm):
		return exitUsage, "nothing was changed; make the export anew, with albumwright ledger export FILE"
	case ledger.IsAsked(err):
		return exitUsage, "docs/ledger.md names the tables and columns; nothing was changed"
	case errors.Is(err, fs.ErrExist):
		return exitUsage, "name another file; a ledger is imported where there is none, such as for another --account or in another --state-dir"
	}
	return exitOK, ""
}

// printer prints JSON Lines, and keeps the first error.
type printer struct {
	json *json.Encoder
	err  error
}

func newPrinter(w io.Writer) *printer {
	p := &printer{json: json.NewEncoder(w)}
	p.json.SetEscapeHTML(false)
	return p
}

func (p *printer) line(v any) {
	if p.err == nil {
		p.err = p.json.Encode(v)
	}
}
