package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

// Rules of output: data goes to stdout, progress, warnings and errors to stderr. An error that the user can do something about is followed by a
// line that says what. Nothing secret is ever printed, but for what the emulator makes up for itself.

// terminal is where the program reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// The exit codes, for scripts. Unknown ones must be treated as failure.
const (
	exitOK         = 0
	exitUnexpected = 1
	exitUsage      = 2   // wrong flags or configuration
	exitSomeFailed = 3   // finished, but some files failed
	exitSignIn     = 4   // sign-in needed
	exitTryLater   = 5   // quota, network, storage: the same command can go on later
	exitGone       = 6   // a source is not there
	exitVerify     = 7   // what was compared is not the same
	exitLocked     = 11  // another process is at work on the same account
	exitCancelled  = 130 // stopped by a signal
)

// run is the program. It returns the exit code.
func run(ctx context.Context, args []string, term terminal) int {
	out := &output{to: term.out}
	term.out = out
	app := newApp(term)
	sorted, err := flagsFirst(app, args)
	if err == nil {
		err = app.RunContext(ctx, sorted)
	}
	if lost := out.failed(); lost != nil && !errors.Is(err, lost) {
		err = errors.Join(err, lost)
	}
	if err == nil {
		return exitOK
	}
	code, hint := explain(err)
	if hint == seeHelp {
		hint = helpHint(app, args)
	}
	if text := err.Error(); text != "" {
		fmt.Fprintf(term.err, "albumwright: error: %s\n", text)
	}
	if hint != "" {
		fmt.Fprintf(term.err, "albumwright: hint: %s\n", hint)
	}
	return code
}

func newApp(term terminal) *cli.App {
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Usage: "print the version", DisableDefaultText: true}
	groups := commandGroups(term)
	app := &cli.App{
		Name:      "albumwright",
		Usage:     "folders of photos and videos become Google Photos albums",
		Version:   version(),
		Reader:    term.in,
		Writer:    term.out,
		ErrWriter: term.err,
		Suggest:   true,
		Description: "   Try it without an account:   albumwright demo --serve\n" +
			"   Rehearse with your photos:   albumwright import --rehearse ~/Pictures\n\n" +
			"Flags can be set by environment variables, ALBUMWRIGHT_STATE_DIR for --state-dir, and in a file: albumwright help config. Exit codes: 0 all good, " +
			"1 unexpected, 2 usage, 3 some files failed, 4 sign-in needed, 5 try later, 6 source gone, 7 verification failed, 11 locked, 130 cancelled.",
		Flags: []cli.Flag{&cli.StringFlag{Name: configFlag, Usage: "the configuration `FILE`", DefaultText: "$XDG_CONFIG_HOME/albumwright/config.yaml",
			EnvVars: envVar(configFlag), TakesFile: true}, cli.HelpFlag},
		Commands: allOf(groups),
		// By default cli exits the process from inside; here the one table of exit codes decides.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return usageError{misplacedFlag(err)} },
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return noCommand(c.Args().First(), "", c.App.Commands)
			}
			return cli.ShowAppHelp(c)
		},
	}
	app.CustomAppHelpTemplate = helpOfProgram(app, groups)
	configured(app.Commands)
	return app
}

// version is the module's, as the Go toolchain recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown)"
	}
	return info.Main.Version
}

// errSomeFailed ends a run that finished, with failures that its report has named already.
var errSomeFailed = errors.New("some files failed; the report says which")

// errInterrupted ends a run that was stopped by a signal.
var errInterrupted = errors.New("stopped by a signal; the next run goes on where this one ended")

// explain finds the exit code for an error, and what the user can do.
func explain(err error) (code int, hint string) {
	usage, sick := usageError{}, sickError{}
	if errors.As(err, &sick) {
		return sick.code(), "each line with an arrow says what to do"
	}
	if code, hint := explainIngest(err); code != exitOK && !errors.As(err, &usage) {
		return code, hint
	}
	if code, hint := explainLedger(err); code != exitOK && !errors.As(err, &usage) {
		return code, hint
	}
	if code, hint := explainControl(err); code != exitOK {
		return code, hint
	}
	if code, hint := explainAuth(err); code != exitOK {
		return code, hint
	}
	if code, hint := explainDownload(err); code != exitOK {
		return code, hint
	}
	if code, hint := explainReading(err); code != exitOK && !errors.As(err, &usage) {
		return code, hint
	}
	if code, hint := explainUsage(err); code != exitOK {
		return code, hint
	}
	switch {
	case errors.Is(err, errInterrupted), errors.Is(err, errFactsStopped), errors.Is(err, errPageStopped), errors.Is(err, errLoginStopped):
		return exitCancelled, ""
	case errors.Is(err, errNotAsRecorded):
		return exitVerify, ""
	case errors.Is(err, errSomeFailed), errors.Is(err, errFactsFailed):
		return exitSomeFailed, ""
	case errors.Is(err, pipeline.ErrPlanOld):
		return exitUsage, "make the plan anew with albumwright plan, or leave these files out with --skip-changed"
	case errors.Is(err, pipeline.ErrAlbumMissing):
		return exitSomeFailed, "--on-missing-album=recreate makes it anew with what it held, =skip leaves its files out"
	case errors.Is(err, pipeline.ErrLedger):
		return exitUsage, "the ledger needs a folder on a local disk with free space, which this user may write to; --state-dir names another one"
	case errors.Is(err, budget.ErrUnusable):
		return exitUsage, "the count of the day's requests needs a folder on a local disk with free space, which this user may write to; --state-dir names another one"
	case errors.Is(err, budget.ErrTooFew):
		return exitUsage, "give --max-requests-per-day a larger number, or 0 for no limit of your own"
	case errors.Is(err, pipeline.ErrLocked):
		return exitLocked, "wait for it to end, or stop it; two runs for one account would get into each other's way"
	case errors.Is(err, pipeline.ErrRootGone), errors.Is(err, fs.ErrNotExist):
		return exitGone, "check the path, and that the drive it is on is mounted"
	case errors.Is(err, fs.ErrPermission):
		return exitGone, "this user may not read it; check the permissions"
	}
	return explainService(err)
}

// explainService does so for what the service said.
func explainService(err error) (code int, hint string) {
	switch photos.Classify(err) {
	case photos.ClassCancelled:
		return exitCancelled, ""
	case photos.ClassUnauthenticated:
		return exitSignIn, "the access token is wrong or has expired: set ALBUMWRIGHT_ACCESS_TOKEN to a good one, or leave it out and run albumwright auth login"
	case photos.ClassForbidden:
		return exitSignIn, "the sign-in does not cover this: grant all scopes that are asked for (albumwright auth status shows which are missing, auth login asks again), and check that Google Photos is enabled for the account"
	case photos.ClassStorageFull:
		return exitTryLater, "make room in the Google account, then run the same command again; it goes on where it ended"
	case photos.ClassDailyQuota:
		reset := ratelimit.NextReset(time.Now()).Local()
		return exitTryLater, "the day's requests are used up; run the same command again after " + reset.Format("Mon 2006-01-02 15:04 MST") + ", when they come back (midnight Pacific time)"
	case photos.ClassRateLimited, photos.ClassTransient:
		return exitTryLater, "the service cannot be reached or is busy; run the same command again later, it goes on where it ended"
	case photos.ClassAlbumForeign:
		return exitUnexpected, "only albums made by this app can be written to; choose another title"
	}
	if e := new(photos.Error); errors.As(err, &e) && e.Status == http.StatusNotFound && e.Code == photos.CodeOK {
		return exitUsage, "this is not the Google Photos Library API: check --endpoint, and the proxy if there is one"
	}
	return exitUnexpected, ""
}

// envVar names a flag's environment variable.
func envVar(flag string) []string {
	return []string{"ALBUMWRIGHT_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))}
}

// defaultStateDir is where ledgers live: the XDG state folder.
func defaultStateDir() string {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "albumwright")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "state", "albumwright")
}
