package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/auth"
	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/tape"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/ratelimit"
)

// accessTokenVar holds a ready access token, for scripts and for the emulator. It is no flag: command lines are seen by everyone on the machine.
const accessTokenVar = "ALBUMWRIGHT_ACCESS_TOKEN"

// serviceOptions says which service, and as whom.
type serviceOptions struct {
	endpoint        string
	account         string
	writesPerMinute int
	tps             float64
	tpsBurst        int
	bwlimit         ratelimit.Timetable
	budget          budgetOptions
	recording       recordOptions
	network         networkOptions
	accessToken     string
	accounts        *auth.Accounts
	signIn          auth.Facts // of the account; zero if nobody signed in
}

// serviceFlags connect to the service, for commands that may write something.
func serviceFlags() []cli.Flag {
	return append(askingFlags(),
		writesFlag(),
		&cli.StringFlag{Name: "bwlimit", Category: ofPace, Usage: "the `LIMIT` of bytes uploaded in a second, as 10M, 512k or off, or by the time of day: \"08:00,512k 19:00,10M 23:00,off\"", EnvVars: envVar("bwlimit")},
	)
}

// askingFlags connect to the service, for commands that only ask.
func askingFlags() []cli.Flag {
	return append(append(append(budgetFlags(), recordFlags()...), networkFlags()...),
		&cli.StringFlag{Name: "endpoint", Category: ofService, Usage: "the `URL` of the service", Value: photos.DefaultEndpoint, EnvVars: envVar("endpoint")},
		&cli.StringFlag{Name: "account", Category: ofService, Usage: "`NAME` of the account; each has a ledger of its own", Value: "default", EnvVars: envVar("account")},
		&cli.Float64Flag{Name: "tpslimit", Category: ofPace, Usage: "at most `N` requests of any kind in a second; 0 = as many as it takes", EnvVars: envVar("tpslimit")},
		&cli.IntFlag{Name: "tpslimit-burst", Category: ofPace, Usage: "`N` requests that may come together after a pause, with --tpslimit", Value: 1, EnvVars: envVar("tpslimit-burst")},
	)
}

func writesFlag() cli.Flag {
	return &cli.IntFlag{Name: "writes-per-minute", Category: ofPace, Usage: "`N` albums and batches created in a minute; 0 = unpaced, for the emulator", Value: ratelimit.DefaultWritesPerMinute, EnvVars: envVar("writes-per-minute")}
}

func readServiceOptions(c *cli.Context) (serviceOptions, error) {
	o := serviceOptions{
		endpoint: strings.TrimSuffix(c.String("endpoint"), "/"), account: c.String("account"), writesPerMinute: c.Int("writes-per-minute"),
		tps: c.Float64("tpslimit"), tpsBurst: c.Int("tpslimit-burst"), accessToken: os.Getenv(accessTokenVar),
	}
	var err error
	if o.bwlimit, err = ratelimit.ParseTimetable(c.String("bwlimit")); err != nil {
		return o, fmt.Errorf("--bwlimit: %w", err)
	}
	if o.budget, err = readBudgetOptions(c); err != nil {
		return o, err
	}
	if o.recording, err = readRecordOptions(c); err != nil {
		return o, err
	}
	if o.network, err = readNetworkOptions(c); err != nil {
		return o, err
	}
	if o.endpoint == "" {
		o.endpoint = photos.DefaultEndpoint
	}
	if err := o.readSignIn(newAccounts(c, o.network)); err != nil {
		return o, err
	}
	switch {
	case strings.ContainsFunc(o.accessToken, func(r rune) bool { return r <= ' ' || r > '~' }):
		return o, errors.New(accessTokenVar + " holds a character that no access token has, such as a space or a line end")
	case o.account == "":
		return o, errors.New("--account must not be empty")
	case o.writesPerMinute < 0:
		return o, fmt.Errorf("--writes-per-minute %d: must be 0 (unpaced) or more", o.writesPerMinute)
	case !(o.tps >= 0) || math.IsInf(o.tps, 0): // also what is no number
		return o, fmt.Errorf("--tpslimit %v: must be 0 (as many as it takes) or more", o.tps)
	case o.tpsBurst < 1:
		return o, fmt.Errorf("--tpslimit-burst %d: must be 1 or more", o.tpsBurst)
	}
	return o, nil
}

// limits are those that the user asked for.
func (o serviceOptions) limits() ratelimit.Config {
	return ratelimit.Config{WritesPerMinute: o.writesPerMinute, RequestsPerSecond: o.tps, RequestsAtOnce: o.tpsBurst, UploadBytes: o.bwlimit}
}

// longestTurn is how long --tpslimit may let a request wait behind those of all uploads.
func (o serviceOptions) longestTurn(transfers int) time.Duration {
	if o.tps == 0 {
		return 0
	}
	return time.Duration(min(float64(transfers+2)/o.tps, (24*time.Hour).Seconds()) * float64(time.Second))
}

// limiter makes what all requests of this account pass.
func (o serviceOptions) limiter(observe func(ratelimit.Wait)) (*ratelimit.Limiter, error) {
	cfg := o.limits()
	cfg.Observe = observe
	l, err := ratelimit.New(cfg)
	if err != nil {
		return nil, usageError{err}
	}
	return l, nil
}

// connect makes the client, paced, its requests counted for a job and each attempt recorded. It makes no request of the API. Tokens come until ctx ends.
func (o serviceOptions) connect(ctx context.Context, transfers int, limiter *ratelimit.Limiter, job *budget.Job, rec *tape.Recorder) (*photos.Client, error) {
	tokens, err := o.tokens(ctx)
	if err != nil {
		return nil, err
	}
	around := func(t *http.Transport) http.RoundTripper {
		return budget.Transport(limiter.Transport(rec.Transport(o.network.apply(t))), job)
	}
	client, err := photos.New(photos.Config{
		Endpoint:        o.endpoint,
		TokenSource:     tokens,
		Transport:       around(photos.NewTransport()),
		UploadTransport: around(photos.NewUploadTransport(transfers)),
		UserAgent:       "albumwright/" + version(),
	})
	if err != nil {
		return nil, usageError{err}
	}
	return client, nil
}

// asking gives a client that only asks, whose requests are counted and paced as those of an import are. Wait is told what they wait for.
func (o serviceOptions) asking(ctx context.Context, stateDir string, wait func(reason string, until time.Time), term terminal, do func(*photos.Client) error) error {
	return o.fetching(ctx, stateDir, wait, term, func(client *photos.Client, _ *photos.Fetcher) error { return do(client) })
}

// fetching does so, and gives a fetcher besides. Its loads are counted, too, but not recorded: their addresses are secrets, and what comes is the user's.
func (o serviceOptions) fetching(ctx context.Context, stateDir string, wait func(reason string, until time.Time), term terminal, do func(*photos.Client, *photos.Fetcher) error) (err error) {
	limiter, err := o.limiter(func(w ratelimit.Wait) { wait(w.For, w.Until) })
	if err != nil {
		return err
	}
	job, err := budget.Begin(ctx, o.budgetConfig(stateDir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, job.Close()) }()
	rec, err := o.recording.begin()
	if err != nil {
		return err
	}
	defer o.recording.end(rec, term.err)
	client, err := o.connect(ctx, 1, limiter, job, rec)
	if err != nil {
		return err
	}
	return do(client, photos.NewFetcher(client.MediaItems, budget.Transport(limiter.Transport(o.network.apply(photos.NewTransport())), job)))
}
