package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/replace"
)

// tlsOptions is how programs get in whose addresses cannot be changed.
type tlsOptions struct {
	listen bool   // TLS on --listen
	proxy  string // where the CONNECT proxy listens; "" = there is none
	caFile string // absolute; "" = the certificate is written nowhere
}

func tlsFlags() []cli.Flag {
	return under(ofTLS,
		&cli.BoolFlag{Name: "tls", Usage: "serve TLS on --listen, with certificates of an authority of the emulator's own", EnvVars: envVar("tls")},
		&cli.StringFlag{Name: "connect-proxy", Usage: "loopback `ADDRESS` of a proxy that leads every host to the emulator, for programs with HTTPS_PROXY set to it", EnvVars: envVar("connect-proxy")},
		&cli.StringFlag{Name: "ca-file", Usage: "write the authority's certificate to this `FILE` (PEM), for programs with SSL_CERT_FILE set to it", EnvVars: envVar("emulator-ca-file"), TakesFile: true},
	)
}

func readTLSOptions(c *cli.Context) (o tlsOptions, err error) {
	o = tlsOptions{listen: c.Bool("tls"), proxy: c.String("connect-proxy")}
	file := c.String("ca-file")
	switch {
	case c.IsSet("connect-proxy") && o.proxy == "":
		return o, errors.New("--connect-proxy is empty: must be an address with a port, such as 127.0.0.1:8086")
	case c.IsSet("ca-file") && file == "":
		return o, errors.New("--ca-file is empty")
	case file == "":
		return o, nil
	case !o.listen && o.proxy == "":
		return o, errors.New("--ca-file: there is no certificate without --tls or --connect-proxy")
	}
	o.caFile, err = filepath.Abs(file)
	return o, err
}

// writeCA writes the certificate whole or not at all: clients may be reading an earlier one.
func (o tlsOptions) writeCA(s *emulator.Server) error {
	if !o.listen && o.proxy == "" {
		return nil
	}
	cert, err := s.CACertificate()
	if err != nil {
		return usageError{err}
	}
	if o.caFile == "" {
		return nil
	}
	if err := replace.File(o.caFile, 0o644, cert); err != nil {
		return usageError{fmt.Errorf("--ca-file: %w", err)}
	}
	return nil
}

// exports are the lines that a shell needs to run a program against the emulator.
func (o tlsOptions) exports(d doors) string {
	var lines strings.Builder
	if d.proxy != nil {
		fmt.Fprintf(&lines, "export HTTPS_PROXY=http://%s\n", reachable(d.proxy.Addr()))
	}
	if o.caFile != "" {
		fmt.Fprintf(&lines, "export SSL_CERT_FILE=%s\n", quoted(o.caFile))
	}
	return lines.String()
}

// curl is how to ask the emulator itself.
func (o tlsOptions) curl() string {
	switch {
	case !o.listen:
		return "curl"
	case o.caFile == "":
		return "curl --insecure"
	}
	return "curl --cacert " + quoted(o.caFile)
}

// quoted is one word for a shell.
func quoted(path string) string {
	if !strings.ContainsFunc(path, func(c rune) bool {
		return !strings.ContainsRune("/._-+", c) && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}) {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// doors are where the emulator listens.
type doors struct {
	main  net.Listener
	proxy net.Listener // nil = none
}

func openDoors(o emulatorOptions) (d doors, err error) {
	listen := listenLoopback
	if o.remote {
		listen = listenAnywhere
	}
	if d.main, err = listen("listen", o.listen); err != nil || o.tls.proxy == "" {
		return d, err
	}
	if d.proxy, err = listen("connect-proxy", o.tls.proxy); err != nil {
		return doors{}, errors.Join(err, d.main.Close())
	}
	return d, nil
}

func (d doors) close() error {
	if d.proxy == nil {
		return d.main.Close()
	}
	return errors.Join(d.main.Close(), d.proxy.Close())
}

// serve ends when ctx does, or when one of the listeners breaks.
func (d doors) serve(ctx context.Context, s *emulator.Server, o tlsOptions) error {
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error {
		if o.listen {
			return s.ServeTLS(ctx, d.main)
		}
		return s.Serve(ctx, d.main)
	})
	if d.proxy != nil {
		all.Go(func() error { return s.ServeProxy(ctx, d.proxy) })
	}
	return all.Wait()
}
