package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// LongestCall is how long a web address may take to answer.
const LongestCall = 10 * time.Second

// Webhook posts news as JSON to an address. Its path, query and user are taken for secrets: nothing but its host is ever said. Plain lets news go to other machines
// without encryption. Redirects are not followed: they would carry the news, and what is secret in the address, elsewhere.
func Webhook(address string, plain bool, transport http.RoundTripper) (Hook, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return Hook{}, errors.New("must be an address such as https://example.com/hook")
	case u.Scheme == "http" && !plain && !loopback(u.Hostname()):
		return Hook{}, fmt.Errorf("http to %s would show the news, and the address, to the network: use https, or allow it with --webhook-plain", u.Hostname())
	}
	client := &http.Client{Transport: transport, Timeout: LongestCall, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return Hook{Name: "webhook to " + u.Scheme + "://" + u.Host, Send: func(ctx context.Context, n News) error {
		body, err := json.Marshal(n)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			return errors.New("the address is none") // and the error would repeat it
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("User-Agent", "albumwright")
		resp, err := client.Do(req)
		if err != nil {
			return withoutAddress(err)
		}
		defer func() { _ = resp.Body.Close() }()
		_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection can be used again
		if resp.StatusCode/100 != 2 {
			return fmt.Errorf("the answer was %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
		}
		return nil
	}}, nil
}

// withoutAddress takes the address out of an error of net/http.
func withoutAddress(err error) error {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		if wrapped.Timeout() {
			return fmt.Errorf("no answer in %s", LongestCall)
		}
		return wrapped.Err
	}
	return err
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
