package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/oauth2"
	xterm "golang.org/x/term"

	"github.com/albumwright/albumwright/internal/auth"
	"github.com/albumwright/albumwright/photos"
)

// The passphrase of the encrypted token store, or the file that holds it. Like the access token they are no flags.
const (
	passphraseVar     = "ALBUMWRIGHT_TOKEN_PASSPHRASE"
	passphraseFileVar = "ALBUMWRIGHT_TOKEN_PASSPHRASE_FILE"
)

// unlockWait is how long a keyring may take where somebody sits who can unlock it.
const unlockWait = time.Minute

// newAccounts are the sign-ins in the state folder that the flags name.
func newAccounts(c *cli.Context, network networkOptions) *auth.Accounts {
	in, err := c.App.Reader, c.App.ErrWriter
	cfg := auth.Config{
		Dir:            c.String("state-dir"),
		HTTP:           &http.Client{Transport: network.apply(photos.NewTransport())},
		KeyringMissing: keyringMissing(),
		Passphrase:     func(fresh bool) (string, error) { return readPassphrase(in, err, fresh) },
		Warn:           func(text string) { fmt.Fprintf(err, "albumwright: warning: %s\n", text) },
	}
	if isTerminalIn(in) {
		cfg.KeyringWait = unlockWait
	}
	return auth.New(cfg)
}

// keyringMissing says why there can be no keyring; asking for one would start things, or wait.
func keyringMissing() string {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return ""
	}
	for _, name := range []string{"bus", "dbus-session"} {
		if _, err := os.Stat(filepath.Join("/run/user", fmt.Sprint(os.Getuid()), name)); err == nil {
			return ""
		}
	}
	return "there is no desktop session (no D-Bus session bus)"
}

// readPassphrase takes the passphrase from the environment, a file, or a person at a terminal.
func readPassphrase(in io.Reader, out io.Writer, fresh bool) (string, error) {
	if text := os.Getenv(passphraseVar); text != "" {
		return text, nil
	}
	if file := os.Getenv(passphraseFileVar); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", usageError{fmt.Errorf("%s: %w", passphraseFileVar, err)}
		}
		return strings.TrimRight(string(text), "\r\n"), nil
	}
	if !isTerminalIn(in) {
		return "", nil // auth says what can be done
	}
	ask := func(prompt string) (string, error) {
		fmt.Fprint(out, prompt)
		text, err := xterm.ReadPassword(int(in.(*os.File).Fd()))
		fmt.Fprintln(out)
		return string(text), err
	}
	if !fresh {
		return ask("Passphrase of the token store: ")
	}
	first, err := ask("A passphrase for the token store: ")
	if err != nil || first == "" {
		return "", err
	}
	again, err := ask("Once more: ")
	if err == nil && again != first {
		err = usageError{errors.New("the two passphrases are not the same")}
	}
	return first, err
}

func isTerminalIn(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && xterm.IsTerminal(int(f.Fd()))
}

// readSignIn finds out as whom the account is signed in, if nothing else says it.
func (o *serviceOptions) readSignIn(accounts *auth.Accounts) (err error) {
	o.accounts = accounts
	if o.accessToken == "" {
		o.signIn, _, err = accounts.Status(o.account)
	}
	return err
}

// client names the OAuth client for the ledger's sake: what one made, no other can see. A ready token does not tell whose it is. An emulator on
// this machine forgets everything when it ends, and makes up a new token when it starts; a ledger of its own for each token keeps a rehearsal from
// believing that the last one's photos are still there.
func (o serviceOptions) client() string {
	if o.accessToken == "" {
		return o.signIn.ClientID
	}
	if !o.local() {
		return ""
	}
	sum := sha256.Sum256([]byte(o.accessToken))
	return hex.EncodeToString(sum[:8])
}

// local reports whether the endpoint is on this machine.
func (o serviceOptions) local() bool {
	u, err := url.Parse(o.endpoint)
	return err == nil && isLoopback(u.Hostname())
}

var _ photos.Refresher = (*auth.Source)(nil)

// tokens gives the access tokens of the account: the ready one, or those of its sign-in. A sign-in's go only where they belong.
func (o serviceOptions) tokens(ctx context.Context) (oauth2.TokenSource, error) {
	switch {
	case o.accessToken != "":
		return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: o.accessToken}), nil
	case o.signIn.ClientID == "":
		return nil, auth.NotSignedIn(o.account)
	case o.signIn.Local() && !o.local():
		return nil, usageError{fmt.Errorf("account %s is signed in at an emulator on this machine: name it with --endpoint, or sign in at Google as another --account", o.account)}
	case !o.signIn.Local() && o.endpoint != photos.DefaultEndpoint:
		return nil, usageError{fmt.Errorf("account %s is signed in at Google, and its tokens go nowhere but to %s: sign in as another --account with the client of this endpoint, or set %s", o.account, photos.DefaultEndpoint, accessTokenVar)}
	}
	return o.accounts.Source(ctx, o.account, o.signIn.ClientID), nil
}
