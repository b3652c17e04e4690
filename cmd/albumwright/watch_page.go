package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/dashboard"
	"github.com/albumwright/albumwright/internal/replace"
	"github.com/albumwright/albumwright/internal/watch"
)

// pageSecret is the file with what all addresses of the page begin with where others than this machine can reach it.
const pageSecret = "watch-page-secret"

// pageFlags are those of the page.
func pageFlags() []cli.Flag {
	return []cli.Flag{&cli.StringFlag{
		Name: "listen", Usage: "serve a page of what it does at this `HOST:PORT`, as 127.0.0.1:8090, with /healthz and /metrics; beyond this machine its address has a secret in it", EnvVars: envVar("listen"),
	}}
}

// servePage serves the page of a watch, if there is to be one, until end is called.
func servePage(c *cli.Context, w watch.Control, stateDir string, term terminal, say func(line string)) (end func(), err error) {
	wanted := c.String("listen")
	if wanted == "" {
		return func() {}, nil
	}
	ln, err := listenAt(wanted)
	if err != nil {
		return nil, usageError{err}
	}
	cfg, file := dashboard.Config{Control: w}, filepath.Join(stateDir, pageSecret)
	if !ln.Addr().(*net.TCPAddr).IP.IsLoopback() {
		if cfg.Secret, err = readSecret(file); err != nil {
			return nil, errors.Join(fmt.Errorf("the secret of the page: %w", err), ln.Close())
		}
	}
	host, _ := os.Hostname() // without a name, only its addresses are known
	cfg.Names = names(wanted, host)
	ctx, stop := context.WithCancel(context.WithoutCancel(c.Context)) // it shows how the watch ends, too
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := dashboard.New(cfg).Serve(ctx, ln); err != nil {
			say("the page has ended: " + err.Error())
		}
	}()
	if cfg.Secret == "" || isTerminal(term.err) {
		file = ""
	}
	say(pageLine(ln.Addr().(*net.TCPAddr), host, cfg.Secret, file))
	return func() { stop(); <-ended }, nil
}

// listenAt takes a port for the page.
func listenAt(at string) (net.Listener, error) {
	if _, port, err := net.SplitHostPort(at); err != nil || port == "" {
		return nil, fmt.Errorf("--listen %q: must be HOST:PORT, as 127.0.0.1:8090", at)
	}
	ln, err := net.Listen("tcp", at)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: %w; name another address or port, or leave it out", at, err)
	}
	return ln, nil
}

// names are what this machine is called: in the flag, and by itself.
func names(at, host string) []string {
	own, _, _ := strings.Cut(host, ".")
	all := []string{own}
	if name, _, err := net.SplitHostPort(at); err == nil {
		all = append(all, name)
	}
	return all
}

// pageLine says where the page is. What goes into a log names the file of the secret in its place.
func pageLine(at *net.TCPAddr, host, secret, file string) string {
	if file == "" {
		return "the page is at " + pageAddress(at, host, secret)
	}
	return "the page is at " + pageAddress(at, host, "SECRET") + ", where SECRET is what stands in " + file
}

// pageAddress is where a browser finds the page.
func pageAddress(at *net.TCPAddr, host, secret string) string {
	if !at.IP.IsUnspecified() || host == "" {
		host = at.IP.String()
	}
	url := "http://" + net.JoinHostPort(host, fmt.Sprint(at.Port)) + "/"
	if secret != "" {
		url += secret + "/"
	}
	return url
}

// readSecret reads a secret, or makes it: it is kept, so that a bookmark outlives a restart.
func readSecret(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err == nil && len(text) >= len(rand.Text()) {
		return string(text), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	secret := rand.Text()
	return secret, replace.File(path, 0o600, []byte(secret))
}
