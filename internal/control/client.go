package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

// Client calls a running watch. Its errors are of three kinds: [ErrNone], [ErrSilent], and what the watch itself says.
type Client struct {
	PID    int       // of the watch
	Since  time.Time // when it was started
	ledger string
	socket string
}

// Find finds the watch of a ledger, whose path is absolute, or returns [ErrNone]. It makes no call.
func Find(ledger string) (*Client, error) {
	r, err := readRecord(ledger)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, ErrNone
	case err != nil:
		return nil, fmt.Errorf("watch record: %w", err)
	case !held(ledger):
		return nil, ErrNone // it died
	}
	return &Client{PID: r.PID, Since: r.Since, ledger: ledger, socket: r.Socket}, nil
}

// Snapshot is what the watch is doing.
func (c *Client) Snapshot(ctx context.Context) (watch.Snapshot, error) {
	ans, err := c.call(ctx, request{Command: status})
	if err == nil && ans.Snapshot == nil {
		err = errors.New("the watch sent no snapshot")
	}
	if err != nil {
		return watch.Snapshot{}, err
	}
	return *ans.Snapshot, nil
}

// Pause lets what is being sent end, and nothing more begin.
func (c *Client) Pause(ctx context.Context) error { return c.tell(ctx, pause) }

// Resume lets a watch that was paused go on.
func (c *Client) Resume(ctx context.Context) error { return c.tell(ctx, resume) }

// Rescan lets the watch look at all its folders.
func (c *Client) Rescan(ctx context.Context) error { return c.tell(ctx, rescan) }

// Retry lets the watch try failed files again, the one at path or all for "", and returns how many.
func (c *Client) Retry(ctx context.Context, path string) (int, error) {
	ans, err := c.call(ctx, request{Command: retry, Path: []byte(path)})
	return ans.Files, err
}

func (c *Client) tell(ctx context.Context, command string) error {
	_, err := c.call(ctx, request{Command: command})
	return err
}

func (c *Client) call(ctx context.Context, req request) (ans answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	dialed, err := (&net.Dialer{}).DialContext(ctx, "unix", c.socket)
	if err != nil {
		if !held(c.ledger) {
			return ans, ErrNone
		}
		return ans, fmt.Errorf("%w: process %d: %w", ErrSilent, c.PID, err)
	}
	conn := dialed.(*net.UnixConn)
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	if err := knowPeer(conn); err != nil {
		return ans, err
	}
	req.Version = version
	if err := json.NewEncoder(conn).Encode(req); err != nil {
		return ans, fmt.Errorf("%w: process %d: %w", ErrSilent, c.PID, err)
	}
	line, err := bufio.NewReader(io.LimitReader(conn, maxAnswer)).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &ans)
	}
	switch {
	case err != nil:
		return ans, fmt.Errorf("%w: process %d: %w", ErrSilent, c.PID, err)
	case ans.Error != "":
		return ans, errors.New(ans.Error)
	}
	return ans, nil
}
