package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/auth"
)

func authCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "auth",
		Usage: "sign in at Google, and stay signed in",
		Description: "Signing in needs an OAuth client of your own Google project; docs/google-project.md leads through making one.\n\n" +
			"   albumwright auth client import client_secret.json\n" +
			"   albumwright auth login\n" +
			"   albumwright auth status",
		Subcommands: []*cli.Command{authLoginCommand(term), authStatusCommand(term), authLogoutCommand(term), authClientCommand(term)},
	})
}

// authOptions say whose sign-in, and how Google is reached.
type authOptions struct {
	account  string
	accounts *auth.Accounts
}

func authFlags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "account", Usage: "`NAME` of the account; one for each Google account", Value: "default", EnvVars: envVar("account")},
		stateDirFlag(),
	}, more...)
}

func readAuthOptions(c *cli.Context) (o authOptions, err error) {
	o.account = c.String("account")
	switch {
	case c.Args().Present():
		return o, fmt.Errorf("unexpected argument %q", c.Args().First())
	case o.account == "":
		return o, errors.New("--account must not be empty")
	case c.String("state-dir") == "":
		return o, errors.New("--state-dir is needed: there is no home folder where the sign-in could be kept")
	}
	network, err := readNetworkOptions(c)
	if err != nil {
		return o, err
	}
	o.accounts = newAccounts(c, network)
	return o, nil
}

// explainAuth finds the exit code for what is wrong with a sign-in, and what the user can do; no code if it is something else.
func explainAuth(err error) (code int, hint string) {
	wrong := (*auth.Error)(nil)
	switch {
	case errors.As(err, &wrong):
		return exitSignIn, wrong.Do
	case errors.Is(err, auth.ErrAbandoned):
		return exitSignIn, "run it again; --timeout gives you longer"
	case errors.Is(err, auth.ErrPortTaken):
		return exitUsage, "name another one with --port, or leave --port out: then a free one is taken"
	case errors.Is(err, auth.ErrUnreachable):
		return exitTryLater, "check the network, and --proxy or HTTPS_PROXY if there is a proxy; then run it again"
	case errors.Is(err, auth.ErrNotRevoked):
		return exitTryLater, "take away the app's access at https://myaccount.google.com/connections when you are online"
	}
	return exitOK, ""
}

func authClientCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "client",
		Usage: "the OAuth client of your own Google project",
		Description: "Signing in needs one; docs/google-project.md leads through making it.\n\n" +
			"   albumwright auth client import client_secret.json\n" +
			"   albumwright auth client show",
		Subcommands: []*cli.Command{
			command(cli.Command{
				Name: "import", Usage: "take it from the file that Google's console gives out", ArgsUsage: "client_secret.json",
				Description: "The client is copied to the state folder, for its owner only, and is good for all accounts; with --account for that one alone.\n" +
					"Keep to one client for ever: what it uploads, no other client can see. docs/google-project.md says how to make one.\n\n" +
					"   albumwright auth client import ~/Downloads/client_secret_1234.json",
				Flags: authFlags(), Action: func(c *cli.Context) error { return importClient(c, term.out) },
			}),
			command(cli.Command{
				Name: "show", Usage: "which one an account signs in with", Flags: authFlags(),
				Description: "   albumwright auth client show",
				Action:      func(c *cli.Context) error { return showClient(c, term.out) },
			}),
		},
	})
}

func importClient(c *cli.Context, out io.Writer) error {
	account := ""
	if c.IsSet("account") {
		account = c.String("account")
	}
	switch {
	case c.NArg() != 1:
		return usageError{errors.New("name one file: the client_secret.json that Google's console gave you")}
	case c.IsSet("account") && account == "":
		return usageError{errors.New("--account must not be empty")}
	case c.String("state-dir") == "":
		return usageError{errors.New("--state-dir is needed: there is no home folder where the client could be kept")}
	}
	text, err := os.ReadFile(c.Args().First())
	if err != nil {
		return err
	}
	client, err := auth.ParseClient(text)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", c.Args().First(), err)}
	}
	if err := newAccounts(c, networkOptions{}).SaveClient(account, client); err != nil {
		return err
	}
	row(out, "Client", "%s", client.ID)
	fmt.Fprintln(out, "\nKept. The file itself is not needed any more. Next: albumwright auth login")
	return nil
}

func showClient(c *cli.Context, out io.Writer) error {
	o, err := readAuthOptions(c)
	if err != nil {
		return usageError{err}
	}
	client, err := o.accounts.Client(o.account)
	if err != nil {
		return err
	}
	row(out, "Client", "%s", client.ID)
	if client.Project != "" {
		row(out, "Project", "%s", client.Project)
	}
	row(out, "Sign-in page", "%s", client.Auth)
	return nil
}

func authLogoutCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "logout",
		Usage: "end a sign-in, at Google and here",
		Description: "What was uploaded stays, and so does the ledger: after signing in again with the same client everything goes on. Google ends\n" +
			"all sign-ins of this person with this client, on other machines as well.\n\n" +
			"   albumwright auth logout --account family",
		Flags: authFlags(networkFlags()...),
		Action: func(c *cli.Context) error {
			o, err := readAuthOptions(c)
			if err != nil {
				return usageError{err}
			}
			if err := o.accounts.Logout(c.Context, o.account); err != nil {
				return err
			}
			fmt.Fprintf(term.out, "Account %s is signed out.\n", o.account)
			return nil
		},
	})
}
