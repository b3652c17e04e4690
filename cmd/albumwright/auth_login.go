package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/auth"
)

// loginOptions is what the command was asked.
type loginOptions struct {
	authOptions
	store    auth.StoreKind
	port     int
	timeout  time.Duration
	headless bool
}

func authLoginCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "login",
		Usage: "sign in, by way of a browser",
		Description: "Opens Google's page in your browser, shows its address as well, and waits for the answer at a port of 127.0.0.1. On a machine without a\n" +
			"browser it says how to answer from another one: by ssh, or by pasting the address at which that browser ended.\n\n" +
			"   albumwright auth login\n" +
			"   albumwright auth login --account family\n" +
			"   albumwright auth login --token-store encrypted        for cron, and where there is no keyring\n\n" +
			"The tokens are kept in the system's keyring, or in a file that is encrypted with a passphrase (" + passphraseVar + ",\n" +
			passphraseFileVar + ", or you are asked); plain is a file that only you may read.",
		Flags: authFlags(append(networkFlags(),
			&cli.IntFlag{Name: "port", Usage: "wait for the answer at this `PORT`; 0 = any that is free", EnvVars: envVar("port")},
			&cli.BoolFlag{Name: "headless", Usage: "open no browser; taken for granted without a display, and over ssh", EnvVars: envVar("headless")},
			&cli.DurationFlag{Name: "timeout", Usage: "the `TIME` to wait for you", Value: auth.DefaultLoginTimeout, EnvVars: envVar("timeout")},
			&cli.StringFlag{Name: "token-store", Usage: "the `STORE` that the tokens are kept in: keyring, encrypted, plain, or auto for the keyring, else encrypted", Value: string(auth.StoreAuto), EnvVars: envVar("token-store")},
		)...),
		Action: func(c *cli.Context) error {
			o, err := readLoginOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runLogin(c.Context, o, term)
		},
	})
}

func readLoginOptions(c *cli.Context) (o loginOptions, err error) {
	if o.authOptions, err = readAuthOptions(c); err != nil {
		return o, err
	}
	o.port, o.timeout, o.headless = c.Int("port"), c.Duration("timeout"), c.Bool("headless") || noDisplay()
	if o.store, err = auth.ParseStoreKind(c.String("token-store")); err != nil {
		return o, fmt.Errorf("--token-store %w", err)
	}
	switch {
	case o.port < 0 || o.port > 65535:
		return o, fmt.Errorf("--port %d: must be between 1 and 65535, or 0 for any that is free", o.port)
	case o.timeout <= 0:
		return o, fmt.Errorf("--timeout %s: must be longer than nothing, such as 10m", o.timeout)
	}
	return o, nil
}

// noDisplay reports whether a browser that was opened here would be seen by nobody.
func noDisplay() bool {
	if os.Getenv("SSH_CONNECTION") != "" {
		return true
	}
	return runtime.GOOS != "darwin" && runtime.GOOS != "windows" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == ""
}

func runLogin(ctx context.Context, o loginOptions, term terminal) error {
	warnOfAnotherClient(o, term.err)
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	done, err := o.accounts.Login(ctx, auth.LoginConfig{
		Account: o.account, Store: o.store, Port: o.port, Timeout: o.timeout,
		Ask:    func(address string, port int) { askForSignIn(o, address, port, term.err) },
		Tell:   func(text string) { fmt.Fprintln(term.err, "albumwright: "+text) },
		Pasted: lines(term.in),
	})
	if err != nil && errors.Is(context.Cause(ctx), errInterrupted) {
		return errLoginStopped
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(term.out, "Signed in as account %s. The tokens are in %s.\n", o.account, inWords(done.Store))
	for _, l := range done.Lacks {
		fmt.Fprintf(term.err, "albumwright: warning: without %s %s\n", l.Scope, l.Fails)
	}
	if !done.Dies.IsZero() {
		fmt.Fprintf(term.err, "albumwright: warning: this sign-in ends on %s, as it does while the project's consent screen is in testing; publish the app to keep it (docs/google-project.md)\n", done.Dies.Local().Format("Mon 2006-01-02 15:04"))
	}
	return nil
}

// errLoginStopped ends a login that nobody has answered yet.
var errLoginStopped = errors.New("stopped by a signal; nothing was kept")

// inWords says which store it is.
func inWords(kind auth.StoreKind) string {
	switch kind {
	case auth.StoreKeyring:
		return "the system's keyring"
	case auth.StoreEncrypted:
		return "an encrypted file"
	}
	return "a file that only you may read"
}

// warnOfAnotherClient: what another client made cannot be seen.
func warnOfAnotherClient(o loginOptions, w io.Writer) {
	before, ok, err := o.accounts.Status(o.account)
	client, clientErr := o.accounts.Client(o.account)
	if err != nil || clientErr != nil || !ok || before.ClientID == client.ID {
		return
	}
	fmt.Fprintf(w, "albumwright: warning: account %s was signed in with another OAuth client before (%s): items made with the old client cannot be seen, and albums made with it\n"+
		"cannot be added to. A new ledger begins, and files that were imported before are sent again. To go on as before, import the old client again.\n\n", o.account, before.ClientID)
}

// askForSignIn shows the person what to do. It goes to stderr whatever becomes of stdout: somebody has to read it.
func askForSignIn(o loginOptions, address string, port int, w io.Writer) {
	fmt.Fprintf(w, "Open this address in a browser, and sign in with the Google account that account %q shall stand for:\n\n%s\n\n", o.account, address)
	if !o.headless {
		openBrowser(address)
		fmt.Fprintf(w, "It was opened in your browser, if there is one. Waiting for your answer, for %s at most; Ctrl-C ends it.\n", o.timeout)
		return
	}
	fmt.Fprintf(w, "If that browser is on another machine, there are two ways:\n"+
		"  * before, run there:  ssh -L %d:127.0.0.1:%d %s\n"+
		"  * or go on until the browser says that it cannot reach 127.0.0.1, copy the address in its address bar, paste it here, and press Enter.\n\n"+
		"Waiting for your answer, for %s at most; Ctrl-C ends it.\n", port, port, here(), o.timeout)
}

// here is this machine as ssh names it.
func here() string {
	name, host := "USER", "HOST"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if h, err := os.Hostname(); err == nil {
		host = h
	}
	// "client port server port": by that address the person came.
	if f := strings.Fields(os.Getenv("SSH_CONNECTION")); len(f) == 4 {
		host = f[2]
	}
	return name + "@" + host
}

// longestLine bounds what a person pastes, in bytes.
const longestLine = 16 << 10

// lines gives what is typed, until there is no more. A read from a terminal cannot be ended; it is left behind.
func lines(in io.Reader) <-chan string {
	typed := make(chan string)
	go func() {
		defer close(typed)
		s := bufio.NewScanner(in)
		s.Buffer(nil, longestLine)
		for s.Scan() {
			typed <- s.Text()
		}
	}()
	return typed
}
