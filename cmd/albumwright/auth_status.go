package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/auth"
)

func authStatusCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "status",
		Usage: "who is signed in, how, and for how long",
		Description: "Tells what is known here, and asks nobody: no keyring, no passphrase and no network is needed. With --account only that one; exit code 4\n" +
			"if it is not signed in.\n\n" +
			"   albumwright auth status\n" +
			"   albumwright auth status --account family --json",
		Flags: authFlags(jsonFlag()),
		Action: func(c *cli.Context) error {
			o, err := readAuthOptions(c)
			if err != nil {
				return usageError{err}
			}
			all, err := o.accounts.All()
			if err != nil {
				return err
			}
			if c.IsSet("account") {
				all = slices.DeleteFunc(all, func(f auth.Facts) bool { return f.Account != o.account })
			}
			if err := printAccounts(term, all, c.Bool("json")); err != nil {
				return err
			}
			return judgeAccount(c, o, all)
		},
	})
}

// judgeAccount is for scripts that name an account.
func judgeAccount(c *cli.Context, o authOptions, all []auth.Facts) error {
	if !c.IsSet("account") || len(all) == 1 && all[0].State(time.Now()) == auth.Alive {
		return nil
	}
	return auth.NotSignedIn(o.account)
}

// accountMessage is a line of --json.
type accountMessage struct {
	Type  string     `json:"message_type"`
	State auth.State `json:"state"`
	auth.Facts
	Missing []string `json:"missing_scopes"`
}

func printAccounts(term terminal, all []auth.Facts, asJSON bool) error {
	now := time.Now()
	out := newPrinter(term.out)
	for i, f := range all {
		if asJSON {
			m := accountMessage{Type: "account", State: f.State(now), Facts: f, Missing: []string{}}
			for _, l := range auth.Lacks(f.Scopes) {
				m.Missing = append(m.Missing, l.Scope)
			}
			out.line(m)
			continue
		}
		if i > 0 {
			fmt.Fprintln(term.out)
		}
		printAccount(term.out, f, now)
	}
	if len(all) == 0 && !asJSON {
		fmt.Fprintln(term.out, "Nobody is signed in. albumwright auth login does it.")
	}
	if os.Getenv(accessTokenVar) != "" {
		fmt.Fprintln(term.err, "albumwright: note: "+accessTokenVar+" is set: commands use that token and no sign-in")
	}
	return out.err
}

func printAccount(w io.Writer, f auth.Facts, now time.Time) {
	const form = "2006-01-02 15:04 MST"
	row(w, "Account", "%s: %s", f.Account, f.State(now))
	row(w, "Client", "%s", f.ClientID)
	if f.Local() {
		row(w, "Signed in at", "an emulator on this machine (%s)", f.TokenURI)
	}
	row(w, "Scopes", "%s", shortScopes(f.Scopes))
	for _, l := range auth.Lacks(f.Scopes) {
		row(w, "Missing", "%s: %s", shortScopes([]string{l.Scope}), l.Fails)
	}
	row(w, "Signed in", "%s, %s ago", f.SignedIn.Local().Format(form), auth.Span(now.Sub(f.SignedIn)))
	switch f.State(now) {
	case auth.Alive:
		row(w, "Tokens", "in %s; the access token of %s lives until %s, and is renewed by itself", inWords(f.Store), f.Refreshed.Local().Format(form), f.Expires.Local().Format(form))
		if !f.Dies.IsZero() {
			row(w, "Ends", "%s, in %s: the project's consent screen is in testing (docs/google-project.md)", f.Dies.Local().Format(form), auth.Span(f.Dies.Sub(now)))
		}
	case auth.Dead:
		row(w, "Next", "albumwright auth login --account %s", f.Account)
	}
	if word := auth.ClockWord(f.ClockOff); word != "" {
		row(w, "Clock", "%s", word)
	}
}

func shortScopes(scopes []string) string {
	var short []string
	for _, s := range scopes {
		short = append(short, s[strings.LastIndex(s, "/")+1:])
	}
	return strings.Join(short, ", ")
}
