package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/replace"
)

// accountOptions are who can sign in, and with what.
type accountOptions struct {
	secretFile string // absolute; "" = the client is written nowhere
}

func accountFlags() []cli.Flag {
	return under(ofUsers,
		repeatable("user", "", "`NAME` of a user, who has a library of their own; NAME:full has no storage left, NAME:disabled no Google Photos; may be repeated"),
		&cli.BoolFlag{Name: "testing", Usage: "sign in as with an app in testing: refresh tokens die after 7 days", EnvVars: envVar("testing")},
		&cli.StringFlag{Name: "client-secret-file", Usage: "write an OAuth client for desktop apps to this `FILE`, in the service's form (client_secret.json), with which they sign in at the emulator", EnvVars: envVar("client-secret-file"), TakesFile: true},
	)
}

// readAccountOptions also tells the emulator who there is.
func readAccountOptions(c *cli.Context, config *emulator.Config) (o accountOptions, err error) {
	for _, text := range textsOf(c, "user") {
		u, err := readUser(text)
		if err != nil {
			return o, err
		}
		config.Users = append(config.Users, u)
	}
	config.Clients = []emulator.Client{{Testing: c.Bool("testing")}}
	file := c.String("client-secret-file")
	if file == "" {
		if c.IsSet("client-secret-file") {
			err = errors.New("--client-secret-file is empty")
		}
		return o, err
	}
	if o.secretFile, err = filepath.Abs(file); err == nil {
		err = o.mayReplace()
	}
	return o, err
}

// readUser reads NAME, NAME:full or NAME:disabled; a name with an @ is an e-mail address.
func readUser(text string) (u emulator.User, err error) {
	name, how, found := strings.Cut(text, ":")
	if name = strings.TrimSpace(name); strings.Contains(name, "@") {
		u.Email = name
	} else {
		u.Name = name
	}
	switch {
	case name == "":
		err = fmt.Errorf("--user %q: the name is missing", text)
	case how == "full":
		u.StorageFull = true
	case how == "disabled":
		u.Disabled = true
	case found:
		err = fmt.Errorf("--user %q: must be NAME, NAME:full or NAME:disabled", text)
	}
	return u, err
}

// ourProject marks the files that an emulator has written.
const ourProject = "albumwright-emulator"

// clientSecretFile is client_secret.json, as the service's console hands it out.
type clientSecretFile struct {
	Installed struct {
		ClientID     string   `json:"client_id"`
		ProjectID    string   `json:"project_id"`
		AuthURI      string   `json:"auth_uri"`
		TokenURI     string   `json:"token_uri"`
		ClientSecret string   `json:"client_secret"`
		RedirectURIs []string `json:"redirect_uris"`
	} `json:"installed"`
}

// mayReplace refuses to write over a client of the service's own, or anything else that no emulator wrote.
func (o accountOptions) mayReplace() error {
	text, err := os.ReadFile(o.secretFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var was clientSecretFile
	if err == nil && (json.Unmarshal(text, &was) != nil || was.Installed.ProjectID != ourProject) {
		err = fmt.Errorf("%s was not written by an emulator: name another file", o.secretFile)
	}
	if err != nil {
		return fmt.Errorf("--client-secret-file: %w", err)
	}
	return nil
}

// writeSecret writes the first client, for its owner's eyes only, whole or not at all.
func (o accountOptions) writeSecret(client emulator.Client, at string) error {
	if o.secretFile == "" {
		return nil
	}
	var file clientSecretFile
	f := &file.Installed
	f.ClientID, f.ClientSecret, f.ProjectID = client.ID, client.Secret, ourProject
	f.AuthURI, f.TokenURI, f.RedirectURIs = at+"/o/oauth2/v2/auth", at+"/token", []string{"http://localhost"}
	text, err := json.MarshalIndent(file, "", "  ")
	if err == nil {
		err = replace.File(o.secretFile, 0o600, append(text, '\n'))
	}
	if err != nil {
		return usageError{fmt.Errorf("--client-secret-file: %w", err)}
	}
	return nil
}
