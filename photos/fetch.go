package photos

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Errors of a [Fetcher] that say what a media item has not.
var (
	ErrVideoFailed = errors.New("the service could not make this video watchable")
	ErrNoVideo     = errors.New("there is no video of this media item: it is no video, and no photo that moves")
)

// Rendition is what a base URL is to give of a media item: [BaseURL.Download], [BaseURL.Video], or a func that calls Fit, Crop or Still with a size.
type Rendition func(BaseURL) (address string, err error)

// Whole is all that the service gives of an item: the video of a video, the full size of a photo. A photo that moves is two things: its still is this, its
// video is BaseURL.Video.
func (m MediaItem) Whole() Rendition {
	if m.IsVideo() {
		return BaseURL.Video
	}
	return BaseURL.Download
}

// IsVideo tells a video from a photo, also where only one of the two fields that say so was asked for.
func (m MediaItem) IsVideo() bool {
	return m.MediaMetadata.Video != nil || m.MediaMetadata.Photo == nil && strings.HasPrefix(m.MIMEType, "video/")
}

// DefaultLoadPatience is how long a load may go without a byte where a Fetcher does not say. The service may take a while to make a video.
const DefaultLoadPatience = 2 * time.Minute

// Fetcher reads bytes from base URLs. Such loads carry no access token and are no requests of the API; renewing an address is one. It is safe for concurrent
// use.
type Fetcher struct {
	Patience time.Duration // how long a load may go without a byte; 0 is [DefaultLoadPatience]

	items  *MediaItemsService
	client *http.Client
}

// NewFetcher makes a Fetcher that renews addresses through items. Transport carries the loads; nil is [NewTransport].
func NewFetcher(items *MediaItemsService, transport http.RoundTripper) *Fetcher {
	if transport == nil {
		transport = NewTransport()
	}
	return &Fetcher{items: items, client: &http.Client{Transport: transport, CheckRedirect: staysLoadable}}
}

// staysLoadable follows redirects to other hosts, which is where the service has its videos, but not away from TLS.
func staysLoadable(req *http.Request, via []*http.Request) error {
	if len(via) > 5 || !loadable(req.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// Load is the bytes of one load. Close it.
type Load struct {
	io.ReadCloser
	From int64 // of the first byte; 0 if the service begins anew whatever was asked
	Size int64 // of the whole; -1 if the service does not say
	Type string
	Item MediaItem // with the address that was good
}

// Open begins to read a rendition from a byte on. An address that is missing or too old is renewed, once; a video that is PROCESSING is waited for until ctx ends.
// The error is [ErrVideoFailed], [ErrNoVideo], or an [Error] of the operation "baseUrl"; addresses never stand in it.
func (f *Fetcher) Open(ctx context.Context, item MediaItem, want Rendition, from int64) (*Load, error) {
	renewed := false
	for {
		if err := f.ready(ctx, &item, &renewed); err != nil {
			return nil, err
		}
		load, err := f.load(ctx, item, want, from)
		e := (*Error)(nil)
		switch {
		case !errors.As(err, &e) || e.Op != opLoad:
		case e.Status == http.StatusNotFound && asksPhotoToMove(item, want):
			err = fmt.Errorf("%w: %w", ErrNoVideo, err)
		case !renewed && (e.Status == http.StatusForbidden || e.Status == http.StatusNotFound):
			item.BaseURL = "" // too old, most likely; some end before their hour
			continue
		}
		return load, err
	}
}

// asksPhotoToMove tells a load that finds nothing if the photo does not move; then a new address would find nothing either.
func asksPhotoToMove(item MediaItem, want Rendition) bool {
	address, err := want(item.BaseURL)
	return err == nil && !item.IsVideo() && strings.HasSuffix(address, "=dv")
}

const opLoad = "baseUrl"

// ready sees to it that an item has an address.
func (f *Fetcher) ready(ctx context.Context, item *MediaItem, renewed *bool) error {
	for pause := 5 * time.Second; ; pause = min(2*pause, time.Minute) {
		switch v := item.MediaMetadata.Video; {
		case v != nil && v.Status == VideoFailed:
			return ErrVideoFailed
		case item.BaseURL != "" && (v == nil || v.Status != VideoProcessing):
			return nil
		case *renewed && (v == nil || v.Status != VideoProcessing):
			return &Error{Op: opLoad, Err: fmt.Errorf("%w: the media item has no base URL", ErrNotJSON)}
		}
		if *renewed { // it is still being processed
			if err := sleep(ctx, pause); err != nil {
				return &Error{Op: opLoad, Err: err}
			}
		}
		fresh, err := f.items.Get(ctx, item.ID)
		if err != nil {
			return err
		}
		*item, *renewed = fresh, true
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// load makes one load.
func (f *Fetcher) load(ctx context.Context, item MediaItem, want Rendition, from int64) (*Load, error) {
	address, err := want(item.BaseURL)
	if err != nil {
		return nil, err
	}
	ctx, giveUp := context.WithCancelCause(ctx)
	patience := cmp.Or(f.Patience, DefaultLoadPatience)
	watchdog := time.AfterFunc(patience, func() { giveUp(ErrStalled) })
	resp, err := f.get(ctx, address, from)
	if err != nil {
		watchdog.Stop()
		giveUp(nil)
		return nil, err
	}
	body := &watchedBody{ReadCloser: resp.Body, ctx: ctx, alive: func() { watchdog.Reset(patience) }, end: func() { watchdog.Stop(); giveUp(nil) }}
	load := &Load{ReadCloser: body, Size: resp.ContentLength, Type: resp.Header.Get("Content-Type"), Item: item}
	if resp.StatusCode == http.StatusPartialContent {
		if load.From, load.Size, err = contentRange(resp.Header.Get("Content-Range"), from); err != nil {
			return nil, errors.Join(err, load.Close())
		}
	}
	return load, nil
}

// ErrStalled says that no byte came for longer than is waited.
var ErrStalled = errors.New("no byte came for minutes")

// get asks for a rendition from a byte on.
func (f *Fetcher) get(ctx context.Context, address string, from int64) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil || !loadable(req.URL) {
		return nil, &Error{Op: opLoad, Err: errors.New("the base URL is no address that bytes are loaded from")}
	}
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, lost(ctx, err)
	}
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusPartialContent {
		defer drain(resp.Body)
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10)) // what is missing is missing in a text only
		return nil, answerError(opLoad, resp, body)
	}
	return resp, nil
}

// loadable: plain HTTP is for loopback only.
func loadable(u *url.URL) bool {
	return u.Scheme == "https" && u.Host != "" || u.Scheme == "http" && isLoopback(u.Hostname())
}

// contentRange reads "bytes 5-9/10", which must begin where it was asked to.
func contentRange(text string, from int64) (begin, size int64, err error) {
	span, whole, ok := strings.Cut(strings.TrimPrefix(text, "bytes "), "/")
	first, _, _ := strings.Cut(span, "-")
	begin, err = strconv.ParseInt(first, 10, 64)
	if !ok || err != nil || begin != from {
		return 0, 0, &Error{Op: opLoad, Status: http.StatusPartialContent, Err: fmt.Errorf("%w: it is not the range that was asked for", ErrNotJSON)}
	}
	if size, err = strconv.ParseInt(whole, 10, 64); err != nil { // "*": not known
		size = -1
	}
	return begin, size, nil
}

// watchedBody is an answer that may stand still only for so long.
type watchedBody struct {
	io.ReadCloser
	ctx   context.Context
	alive func()
	end   func()
}

// Read implements io.Reader. An answer that breaks off is an [Error] of class transient.
func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.alive()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = lost(b.ctx, err)
	}
	return n, err
}

// lost is a load that broke off.
func lost(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), ErrStalled) {
		return &Error{Op: opLoad, Err: ErrStalled}
	}
	return &Error{Op: opLoad, Err: broken(ctx, err)}
}

// Close implements io.Closer.
func (b *watchedBody) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}
