package auth

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// callTimeout bounds one request to the sign-in service.
const callTimeout = time.Minute

// clockSlack is how far this machine's clock may be off before anyone hears of it.
const clockSlack = 5 * time.Minute

// clockWatch compares the service's clock with ours: the Date of each answer.
type clockWatch struct {
	next http.RoundTripper
	mu   sync.Mutex
	off  int64 // guarded by mu; seconds that the service's is ahead
}

// RoundTrip implements http.RoundTripper.
func (w *clockWatch) RoundTrip(req *http.Request) (*http.Response, error) {
	next := w.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.off = int64(time.Until(at) / time.Second)
	}
	return resp, nil
}

func (w *clockWatch) offBy() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.off
}

// ClockWord says that a clock is off, by the seconds that the service's is ahead of ours; "" if it is not.
func ClockWord(seconds int64) string {
	switch off := time.Duration(seconds) * time.Second; {
	case off > clockSlack:
		return fmt.Sprintf("this machine's clock is %s behind that of the sign-in service: set it, or tokens and certificates seem not to be valid yet", Span(off))
	case off < -clockSlack:
		return fmt.Sprintf("this machine's clock is %s ahead of that of the sign-in service: set it, or tokens and certificates seem to have expired", Span(-off))
	}
	return ""
}

// refusal is a refusal of the token endpoint, in its own words; what else it sent is not repeated.
type refusal struct{ *oauth2.RetrieveError }

// Error says it in one line.
func (e refusal) Error() string {
	text := e.ErrorCode
	if e.ErrorDescription != "" {
		text += ": " + e.ErrorDescription
	}
	if text == "" && e.Response != nil {
		text = e.Response.Status
	}
	return "the sign-in service answers " + text
}

// Unwrap gives the cause, for those who ask for its status.
func (e refusal) Unwrap() error { return e.RetrieveError }

// called puts an error of a call to the sign-in service into words.
func (a *Accounts) called(err error) error {
	if err == nil {
		return nil
	}
	refused := (*oauth2.RetrieveError)(nil)
	if errors.As(err, &refused) {
		err = refusal{refused}
	}
	if bad := (x509.CertificateInvalidError{}); errors.As(err, &bad) && bad.Reason == x509.Expired {
		return &Error{What: "the sign-in service's certificate is not valid by this machine's clock, which says " + time.Now().Format(time.RFC3339), Do: "set the clock, if that is not the time", Err: err}
	}
	return err
}

func (a *Accounts) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, a.http)
}

// exchange gives tokens for a code.
func (a *Accounts) exchange(ctx context.Context, c *oauth2.Config, code, verifier string) (*oauth2.Token, error) {
	t, err := c.Exchange(a.context(ctx), code, oauth2.VerifierOption(verifier))
	return t, a.called(err)
}

// refresh gives an access token for a sign-in.
func (a *Accounts) refresh(ctx context.Context, in signIn) (*oauth2.Token, error) {
	t, err := in.Client.oauth("").TokenSource(a.context(ctx), &oauth2.Token{RefreshToken: in.Refresh}).Token()
	return t, a.called(err)
}

// revoke ends a sign-in at the service. One that is dead there is ended.
func (a *Accounts) revoke(ctx context.Context, in signIn) error {
	form := url.Values{"token": {in.Refresh}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, in.Client.revokeURI(), strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := a.http.Do(req)
	if err != nil {
		return a.called(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode/100 != 2 && resp.StatusCode != http.StatusBadRequest {
		return fmt.Errorf("the sign-in service answers %s", resp.Status)
	}
	return nil
}

// granted are the scopes in an answer. One that names none granted all that was asked for (RFC 6749, 5.1).
func granted(t *oauth2.Token) []string {
	text, _ := t.Extra("scope").(string)
	if text == "" {
		return Scopes()
	}
	return strings.Fields(text)
}

// dies is when a refresh token ends by itself; zero if the service does not say.
func dies(t *oauth2.Token, now time.Time) time.Time {
	seconds, _ := t.Extra("refresh_token_expires_in").(float64)
	if seconds <= 0 {
		return time.Time{}
	}
	return now.Add(time.Duration(seconds) * time.Second).UTC().Truncate(time.Second)
}

// isDead reports whether a refusal means that the refresh token is no longer good.
func isDead(err error) bool {
	refused := (*oauth2.RetrieveError)(nil)
	return errors.As(err, &refused) && refused.ErrorCode == "invalid_grant"
}
