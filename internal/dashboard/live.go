package dashboard

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// Limits of the streams.
const (
	maxStreams = 20
	heartbeat  = 15 * time.Second       // without news; what a page shows is at most so old
	rest       = 400 * time.Millisecond // between two tellings: pages need not follow faster than eyes
	patience   = 10 * time.Second       // with a client that does not read
)

// parts are the pieces of the page that change, by id.
type parts map[string]string

// latest is what all streams show: made once for all of them.
type latest struct {
	mu      sync.Mutex // guards the following
	changed <-chan struct{}
	made    time.Time
	parts   parts
}

// parts are those of now, and the channel that is closed when there will be others. The channel is the version: as long as it is the same one, nothing
// has changed but the time.
func (p *Page) parts() (parts, <-chan struct{}, error) {
	l := &p.latest
	l.mu.Lock()
	defer l.mu.Unlock()
	changed := p.cfg.Control.Changed() // before the snapshot, so that no change falls between them
	if changed == l.changed && time.Since(l.made) < heartbeat/2 {
		return l.parts, changed, nil
	}
	made, err := p.render(said{})
	if err != nil {
		return nil, nil, err
	}
	l.changed, l.made, l.parts = changed, time.Now(), made
	return made, changed, nil
}

// events is a page's stream: at first all parts, then those that change, and a beat where nothing does.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	select {
	case p.streams <- struct{}{}:
		defer func() { <-p.streams }()
	default:
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	_ = p.follow(r.Context(), stream{w, http.NewResponseController(w)}) // how a stream ends does not matter: its page comes back
}

// follow tells a stream what changes until it ends.
func (p *Page) follow(ctx context.Context, out stream) error {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	told := parts{}
	for {
		now, changed, err := p.parts()
		if err == nil {
			err = out.tell(told, now)
		}
		if err == nil {
			err = pause(ctx, rest)
		}
		if err != nil {
			return err
		}
		told = now
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-changed:
		case <-beat.C:
		}
	}
}

// stream is where events are written.
type stream struct {
	io.Writer
	control *http.ResponseController
}

// tell writes the parts that differ from what was told before. Who does not read what is written is dropped.
func (s stream) tell(before, now parts) error {
	news := parts{}
	for id, html := range now {
		if before[id] != html && id != saidPart {
			news[id] = html
		}
	}
	event := []byte("event: beat\ndata: \n\n")
	if len(news) > 0 {
		var b bytes.Buffer
		plain := json.NewEncoder(&b)
		plain.SetEscapeHTML(false) // it is read as JSON, and half as long
		if err := plain.Encode(news); err != nil {
			return err
		}
		event = fmt.Appendf(nil, "retry: 2000\nevent: parts\ndata: %s\n", b.Bytes())
	}
	if err := s.control.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := s.Write(event); err != nil {
		return err
	}
	return s.control.Flush()
}

// pause lets time pass.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
