package photos

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
)

// maxSessionURL bounds what is taken for an address of a session, in bytes. Real ones have a few hundred.
const maxSessionURL = 8 << 10

// SessionURL is the address of a resumable upload, opaque and used as it was given. Whoever has it may send bytes into the upload: it is a secret,
// and shows nothing of itself when it is printed or logged. To keep it, convert it to a string.
type SessionURL string

// redactedURL is what a SessionURL looks like.
const redactedURL = "(a session's address)"

// String hides the address.
func (u SessionURL) String() string {
	if u == "" {
		return ""
	}
	return redactedURL
}

// GoString hides the address.
func (u SessionURL) GoString() string { return fmt.Sprintf("%q", u.String()) }

// Format hides the address from every verb.
func (u SessionURL) Format(to fmt.State, _ rune) { _, _ = io.WriteString(to, u.String()) }

// LogValue hides the address.
func (u SessionURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// parse refuses an address to which no bytes may be sent. Its errors do not repeat it.
func (u SessionURL) parse() (*url.URL, error) {
	if u == "" {
		return nil, errors.New("is missing")
	}
	at, err := url.Parse(string(u))
	switch {
	case len(u) > maxSessionURL:
		return nil, fmt.Errorf("has %d bytes", len(u))
	case err != nil, at.Hostname() == "", at.User != nil, at.Fragment != "", strings.ContainsFunc(string(u), notASCII):
		return nil, errors.New("is not one")
	case at.Scheme != "https" && (at.Scheme != "http" || !isLoopback(at.Hostname())):
		return nil, errors.New("is neither https nor on this machine")
	}
	return at, nil
}

// notASCII are the characters that no address on the wire has.
func notASCII(r rune) bool { return r <= ' ' || r > '~' }

// hostAndPort is an address's host as it is connected to.
func hostAndPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = u.Scheme
	}
	port = strings.NewReplacer("https", "443", "http", "80").Replace(port)
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// hide takes a session's address out of an answer: a page may repeat what was asked for.
func hide(at *url.URL, answer []byte) []byte {
	parts := []string{at.String(), at.RequestURI(), at.RawQuery, at.EscapedPath()}
	for _, values := range at.Query() {
		parts = append(parts, values...)
	}
	text := string(answer)
	for _, secret := range parts {
		if len(secret) >= 16 { // shorter ones are words
			text = strings.ReplaceAll(text, secret, redactedURL)
			text = strings.ReplaceAll(text, url.QueryEscape(secret), redactedURL)
		}
	}
	return []byte(text)
}
