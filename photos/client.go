// Package photos is a client of the Google Photos Library API, version 1.
//
// [New] makes a [Client]; its services carry the API's own names: [Client.Uploads] turns bytes into upload tokens,
// [Client.MediaItems] creates, reads, finds and describes media items, [Client.Albums] creates, reads and arranges albums, and
// [Client.SharedAlbums] is what is left of sharing. Lists are iterators that page by themselves. Each call is one request: nothing
// here retries, waits or paces. Retry belongs to the caller, who knows what a repetition means (see [Classify]); pacing belongs into
// the transport (package ratelimit), so that every attempt pays. What breaks a documented limit is not sent ([ErrNotSent]).
//
// Every error that comes from a call is an [*Error], with the operation, the HTTP status and the service's own code and words,
// and never with a token in it. The service has two error envelopes, answers HTML now and then, omits default values and sends
// 64-bit numbers as strings; callers see none of that.
//
// The client needs an [golang.org/x/oauth2.TokenSource]. It sends access tokens only over HTTPS or to a loopback address.
package photos

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// DefaultEndpoint is where the service lives.
const DefaultEndpoint = "https://photoslibrary.googleapis.com"

// DefaultPatience is how long a call without media bytes may take where a Config does not say. A batchCreate of 50 has been seen to take a minute.
const DefaultPatience = 3 * time.Minute

// maxAnswer bounds what is read of an answer. The largest real one is a page of 100 media items, well under a megabyte.
const maxAnswer = 32 << 20

// Config says how to reach the service. TokenSource is required; all else has a default.
type Config struct {
	// Endpoint is the service's address without a path, [DefaultEndpoint] if empty. Plain HTTP is for loopback only.
	Endpoint string
	// TokenSource gives the access token that every request carries.
	TokenSource oauth2.TokenSource
	// Transport carries the JSON calls; nil is [NewTransport].
	Transport http.RoundTripper
	// UploadTransport carries the bytes; nil is [NewUploadTransport].
	UploadTransport http.RoundTripper
	// UserAgent names the program to the service.
	UserAgent string
	// Patience is how long a call without media bytes may take, what it waits for in Transport included; 0 is [DefaultPatience].
	Patience time.Duration
}

// Client holds one service for each resource of the API. It is safe for concurrent use.
type Client struct {
	Uploads    *UploadsService
	MediaItems *MediaItemsService
	Albums     *AlbumsService

	// SharedAlbums are answered with 403 since 31 March 2025.
	SharedAlbums *SharedAlbumsService

	endpoint  *url.URL
	access    *access
	json      *http.Client
	bytes     *http.Client
	userAgent string
	patience  time.Duration
}

// New makes a client. It makes no request; it fails if the endpoint is not one to which a token may be sent.
func New(cfg Config) (*Client, error) {
	if cfg.TokenSource == nil {
		return nil, errors.New("photos: Config.TokenSource is missing")
	}
	if cfg.Endpoint == "" {
		cfg.Endpoint = DefaultEndpoint
	}
	if cfg.Transport == nil {
		cfg.Transport = NewTransport()
	}
	if cfg.UploadTransport == nil {
		cfg.UploadTransport = NewUploadTransport(0)
	}
	endpoint, err := parseEndpoint(cfg.Endpoint)
	if err != nil {
		return nil, err
	}
	c := &Client{
		endpoint:  endpoint,
		access:    &access{source: cfg.TokenSource},
		json:      &http.Client{Transport: cfg.Transport, CheckRedirect: noRedirect},
		bytes:     &http.Client{Transport: cfg.UploadTransport, CheckRedirect: noRedirect},
		userAgent: cfg.UserAgent,
		patience:  cmp.Or(cfg.Patience, DefaultPatience),
	}
	c.Uploads = &UploadsService{c}
	c.MediaItems = &MediaItemsService{c: c}
	c.Albums = &AlbumsService{c: c}
	c.SharedAlbums = &SharedAlbumsService{c: c}
	return c, nil
}

// noRedirect keeps a redirect as the answer: the API never redirects, and a token must not follow one to another host.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// parseEndpoint refuses an address that would carry the access token in the clear (best-practices: the API takes HTTPS only).
func parseEndpoint(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("photos: endpoint %q is not an address such as %s", s, DefaultEndpoint)
	}
	switch {
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("photos: endpoint %s must be just scheme and host", u.Redacted())
	case u.Scheme == "https":
	case u.Scheme == "http" && isLoopback(u.Hostname()):
	case u.Scheme == "http":
		return nil, fmt.Errorf("photos: plain HTTP to %s would show the access token to everyone on the way: use https, or a loopback address", u.Host)
	default:
		return nil, fmt.Errorf("photos: endpoint %q needs the scheme https", s)
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// get makes a GET call whose parameters travel in the query, and decodes the answer into out.
func (c *Client) get(ctx context.Context, op, path string, query url.Values, out any) error {
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	req, err := c.request(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return &Error{Op: op, Err: err}
	}
	return c.call(op, req, out)
}

// post makes a POST call with a JSON body, and decodes the answer into out.
func (c *Client) post(ctx context.Context, op, path string, in, out any) error {
	return c.sendJSON(ctx, op, http.MethodPost, path, nil, in, out)
}

// sendJSON makes a call with a JSON body, and decodes the answer into out.
func (c *Client) sendJSON(ctx context.Context, op, method, path string, query url.Values, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return &Error{Op: op, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	req, err := c.request(ctx, method, path, query, bytes.NewReader(body))
	if err != nil {
		return &Error{Op: op, Err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	return c.call(op, req, out)
}

// request makes a request without its access token. The path is as it stands on the wire, ids escaped.
func (c *Client) request(ctx context.Context, method, path string, query url.Values, body io.Reader) (*http.Request, error) {
	address := c.endpoint.String() + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	if c.userAgent != "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	return req, nil
}

// call sends a JSON request and decodes a successful answer into out. Any 2xx is success: the guide documents 207 for a partly
// failed batchCreate, production answers 200.
func (c *Client) call(op string, req *http.Request, out any) error {
	resp, err := c.send(c.json, op, req)
	if err != nil {
		return err
	}
	defer drain(resp.Body)
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return cutShort(req.Context(), op, resp.StatusCode, err)
	}
	if resp.StatusCode/100 != 2 {
		return answerError(op, resp, body)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return &Error{Op: op, Status: resp.StatusCode, Err: fmt.Errorf("%w (%s)", ErrNotJSON, describeBody(body))}
	}
	return nil
}

// send adds the access token and carries the request out. The caller closes the answer's body.
func (c *Client) send(client *http.Client, op string, req *http.Request) (*http.Response, error) {
	token, err := c.access.token(req.Context())
	if err != nil {
		return nil, &Error{Op: op, Err: noToken(err)}
	}
	token.SetAuthHeader(req)
	resp, err := client.Do(req)
	if err != nil {
		return nil, &Error{Op: op, Err: broken(req.Context(), err)}
	}
	if resp.StatusCode == http.StatusUnauthorized {
		c.access.refused(token)
	}
	return resp, nil
}

// noToken is why there is no access token. A sign-in service that cannot be reached says nothing about the sign-in.
func noToken(err error) error {
	if e := (*url.Error)(nil); errors.As(err, &e) {
		return fmt.Errorf("%w: %w: %w", ErrNoToken, errNoAnswer, withoutURL(err))
	}
	return fmt.Errorf("%w: %w", ErrNoToken, err)
}

// cutShort is an answer whose body broke off.
func cutShort(ctx context.Context, op string, status int, err error) *Error {
	return &Error{Op: op, Status: status, Err: fmt.Errorf("%w: %w", errCutShort, broken(ctx, err))}
}

// broken is why no whole answer came. If the caller's own context ended the call that is said too, since net/http gives the context's cause
// in place of its error.
func broken(ctx context.Context, err error) error {
	err = withoutURL(err)
	if errors.Is(ctx.Err(), context.Canceled) && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w: %w", context.Canceled, err)
	}
	return err
}

// withoutURL takes addresses out of a transport error, one inside the other too: an upload session's address is a secret.
func withoutURL(err error) error {
	for e := (*url.Error)(nil); errors.As(err, &e); {
		err = e.Err
	}
	return err
}

// drain reads what little is left of an answer, so that its connection can be used again, and closes it.
func drain(body io.ReadCloser) {
	_, _ = io.Copy(io.Discard, io.LimitReader(body, 64<<10))
	_ = body.Close()
}
