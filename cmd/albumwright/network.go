package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// networkOptions say how servers are reached: for all that this program asks of any.
type networkOptions struct {
	proxy *url.URL       // nil = as HTTPS_PROXY and NO_PROXY say
	roots *x509.CertPool // nil = those of the system
}

func networkFlags() []cli.Flag {
	return under(ofService,
		&cli.StringFlag{Name: "proxy", Usage: "reach the service by the proxy at this `URL`, such as http://proxy:3128; without it HTTPS_PROXY and NO_PROXY count", EnvVars: envVar("proxy")},
		&cli.StringFlag{Name: "ca-file", Usage: "trust the certificates in this PEM `FILE` as well, as for a proxy that looks into TLS", EnvVars: envVar("ca-file"), TakesFile: true},
	)
}

func readNetworkOptions(c *cli.Context) (o networkOptions, err error) {
	if text := c.String("proxy"); text != "" {
		if o.proxy, err = readProxy(text); err != nil {
			return o, err
		}
	}
	if file := c.String("ca-file"); file != "" {
		if o.roots, err = readRoots(file); err != nil {
			return o, fmt.Errorf("--ca-file: %w", err)
		}
	}
	return o, nil
}

// readProxy does not repeat what it was given: there may be a password in it.
func readProxy(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return nil, errors.New("--proxy: must be an address such as http://proxy:3128 (also https, socks5, socks5h)")
	}
	return u, nil
}

// readRoots are the system's certificates and those in a file.
func readRoots(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", file)
	}
	return roots, nil
}

// apply makes a transport go that way.
func (o networkOptions) apply(t *http.Transport) *http.Transport {
	if o.proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			if isLoopback(r.URL.Hostname()) { // as with HTTPS_PROXY
				return nil, nil
			}
			return o.proxy, nil
		}
	}
	if o.roots != nil {
		if t.TLSClientConfig == nil {
			t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		t.TLSClientConfig.RootCAs = o.roots
	}
	return t
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
