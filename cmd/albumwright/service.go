package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/oauth2"

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
	accessToken     string
}

func serviceFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "endpoint", Usage: "address of the service", Value: photos.DefaultEndpoint, EnvVars: envVar("endpoint")},
		&cli.StringFlag{Name: "account", Usage: "name of the account; each has a ledger of its own", Value: "default", EnvVars: envVar("account")},
		&cli.IntFlag{Name: "writes-per-minute", Usage: "albums and batches created in a minute; 0 = unpaced, for the emulator", Value: ratelimit.DefaultWritesPerMinute, EnvVars: envVar("writes-per-minute")},
	}
}

func readServiceOptions(c *cli.Context) (serviceOptions, error) {
	o := serviceOptions{
		endpoint: strings.TrimSuffix(c.String("endpoint"), "/"), account: c.String("account"), writesPerMinute: c.Int("writes-per-minute"),
		accessToken: os.Getenv(accessTokenVar),
	}
	if o.endpoint == "" {
		o.endpoint = photos.DefaultEndpoint
	}
	switch {
	case strings.ContainsFunc(o.accessToken, func(r rune) bool { return r <= ' ' || r > '~' }):
		return o, errors.New(accessTokenVar + " holds a character that no access token has, such as a space or a line end")
	case o.account == "":
		return o, errors.New("--account must not be empty")
	case o.writesPerMinute < 0:
		return o, fmt.Errorf("--writes-per-minute %d: must be 0 (unpaced) or more", o.writesPerMinute)
	}
	return o, nil
}

// client names the OAuth client for the ledger's sake. With a ready token there is none to know. An emulator on this machine forgets everything
// when it ends, and makes up a new token when it starts; a ledger of its own for each token keeps a rehearsal from believing that the last
// one's photos are still there.
func (o serviceOptions) client() string {
	u, err := url.Parse(o.endpoint)
	if err != nil || o.accessToken == "" {
		return ""
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return ""
	}
	sum := sha256.Sum256([]byte(o.accessToken))
	return hex.EncodeToString(sum[:8])
}

// connect makes the client, paced. It makes no request.
func (o serviceOptions) connect(transfers int, observe func(ratelimit.Wait)) (*photos.Client, error) {
	limiter, err := ratelimit.New(ratelimit.Config{WritesPerMinute: o.writesPerMinute, Observe: observe})
	if err != nil {
		return nil, usageError{err}
	}
	client, err := photos.New(photos.Config{
		Endpoint:        o.endpoint,
		TokenSource:     oauth2.StaticTokenSource(&oauth2.Token{AccessToken: o.accessToken}),
		Transport:       limiter.Transport(photos.NewTransport()),
		UploadTransport: photos.NewUploadTransport(transfers),
		UserAgent:       "albumwright/" + version(),
	})
	if err != nil {
		return nil, usageError{err}
	}
	if o.accessToken == "" {
		return nil, &photos.Error{Op: "sign in", Err: photos.ErrNoToken}
	}
	return client, nil
}
