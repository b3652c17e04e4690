package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/oauth2"
)

// Google's own addresses. A client of Google's is used with these, whatever its file says.
const (
	googleAuth  = "https://accounts.google.com/o/oauth2/v2/auth"
	googleToken = "https://oauth2.googleapis.com/token"
)

// Client is an OAuth client: how the user's project in Google's console calls this program. What it creates, only it can see.
type Client struct {
	ID      string `json:"client_id"`
	Secret  string `json:"client_secret"` // a desktop client's secret is none, but it is nobody else's business
	Project string `json:"project_id,omitempty"`
	Auth    string `json:"auth_uri"`  // where the person is asked
	Token   string `json:"token_uri"` // where tokens come from
}

// ParseClient reads client_secret.json as Google's console gives it out. Other addresses than Google's are for loopback only: a file that
// somebody made up could have the sign-in sent to them.
func ParseClient(text []byte) (Client, error) {
	var file struct{ Installed, Web *Client }
	if err := json.Unmarshal(text, &file); err != nil {
		return Client{}, errors.New("it is not the JSON that Google's console gives out for a client: download it there once more")
	}
	switch c := file.Installed; {
	case c == nil && file.Web != nil:
		return Client{}, errors.New(`it is a client of the type "web application", which cannot sign in a program on this machine: make one of the type "Desktop app"`)
	case c == nil:
		return Client{}, errors.New(`it has no "installed" part: make a client of the type "Desktop app", and download its JSON`)
	case c.ID == "" || c.Secret == "":
		return Client{}, errors.New("client_id or client_secret is missing in it: download it once more, or make a new secret in Google's console")
	case strings.ContainsFunc(c.ID+c.Secret, func(r rune) bool { return r <= ' ' || r > '~' }):
		return Client{}, errors.New("client_id or client_secret holds a character that none has: download it once more")
	default:
		return c.withAddresses()
	}
}

func (c Client) withAddresses() (Client, error) {
	switch {
	case isLoopbackURI(c.Auth) && isLoopbackURI(c.Token):
		return c, nil
	case isGoogleURI(c.Auth) && isGoogleURI(c.Token):
		c.Auth, c.Token = googleAuth, googleToken
		return c, nil
	}
	return Client{}, fmt.Errorf("its auth_uri or token_uri leads neither to Google nor to this machine (%s, %s): with it your sign-in would be sent elsewhere, so it is not used",
		hostOf(c.Auth), hostOf(c.Token))
}

func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" {
		return "no address"
	}
	return u.Host
}

func isGoogleURI(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && u.Scheme == "https" && u.User == nil &&
		slices.Contains([]string{"accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com"}, u.Host)
}

func isLoopbackURI(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil && isLoopbackHost(u.Hostname())
}

func isLoopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Local reports whether the client is one of an emulator on this machine.
func (c Client) Local() bool { return isLoopbackURI(c.Token) }

func (c Client) oauth(redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: c.ID, ClientSecret: c.Secret, RedirectURL: redirect, Scopes: Scopes(),
		Endpoint: oauth2.Endpoint{AuthURL: c.Auth, TokenURL: c.Token, AuthStyle: oauth2.AuthStyleInParams},
	}
}

// revokeURI is where a token is ended: beside the address where tokens come from.
func (c Client) revokeURI() string {
	u, err := url.Parse(c.Token)
	if err != nil {
		return c.Token
	}
	u.Path, u.RawQuery = "/revoke", ""
	return u.String()
}

// SaveClient keeps a client for all accounts, or for one of them alone if account is not empty.
func (a *Accounts) SaveClient(account string, c Client) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(a.clientFile(account), append(text, '\n'))
}

// Client is the one that an account signs in with: its own, or that of all.
func (a *Accounts) Client(account string) (Client, error) {
	text, err := a.readPrivate(a.clientFile(account))
	if errors.Is(err, fs.ErrNotExist) {
		text, err = a.readPrivate(a.clientFile(""))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return Client{}, &Error{
			What: "there is no OAuth client to sign in with",
			Do:   "make one in your own Google project, a matter of minutes (docs/google-project.md), then run: albumwright auth client import client_secret.json",
		}
	}
	if err != nil {
		return Client{}, err
	}
	var c Client
	if err := json.Unmarshal(text, &c); err != nil || c.ID == "" {
		return Client{}, &Error{What: "the file of the OAuth client is damaged", Do: "run again: albumwright auth client import client_secret.json"}
	}
	return c.withAddresses()
}

func (a *Accounts) clientFile(account string) string {
	if account == "" {
		return filepath.Join(a.cfg.Dir, "client.json")
	}
	return filepath.Join(a.folder(account), "client.json")
}
