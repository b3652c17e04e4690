package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/media"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/watcher"
)

// look finds out what the ledger knows about one file.
func (v *verifier) look(ctx context.Context, f watcher.File) (File, error) {
	out := File{Path: report.Text(f.Path), Size: f.Size, State: Skipped, Reason: string(f.Skip)}
	switch {
	case f.Skip == watcher.SkipUnreadable:
		out.State, out.Reason = Unreadable, cause(f.Err)
		return out, nil
	case f.Skip != "":
		return out, nil
	}
	sum, state, reason, err := v.hash(ctx, f)
	switch {
	case ctx.Err() != nil:
		return out, context.Cause(ctx)
	case err != nil:
		out.State, out.Reason = Unreadable, cause(err)
		return out, nil
	case state != "":
		out.State, out.Reason = state, reason
		return out, nil
	}
	out.SHA256 = hex.EncodeToString(sum[:])
	found, err := v.Ledger.Find(ctx, sum, f.Path, f.Size, f.ModTime)
	if err != nil {
		return out, err
	}
	out.ID = found.MediaItem
	out.State, out.Reason = judge(found)
	return out, nil
}

// judge says what the ledger's knowledge means for a file.
func judge(found ledger.Found) (State, string) {
	state, reason := Unknown, ""
	switch {
	case found.Matched:
		return Matched, "found by name and time only: the service was never sent these bytes by this ledger"
	case found.MediaItem != "":
		return Accepted, ""
	case found.Refused != "":
		return Failed, found.Refused
	}
	for _, it := range found.Items {
		switch {
		case !it.State.Ended():
			return Waiting, ""
		case it.State == ledger.Failed:
			state, reason = Failed, it.Reason
		}
	}
	return state, reason
}

// headSize is how much of a file an import looks at to tell what it is.
const headSize = 8 << 10

// hash reads a file as if it were still being written. A file that cannot be in the service is not read, and has its state at once.
func (v *verifier) hash(ctx context.Context, f watcher.File) (sum [sha256.Size]byte, state State, reason string, err error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return sum, "", "", err
	}
	defer func() { _ = file.Close() }()
	if err := unchanged(file, f); err != nil {
		return sum, "", "", err
	}
	head := make([]byte, min(headSize, f.Size))
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return sum, "", "", err
	}
	if state, reason := notForTheService(f, head[:n]); state != "" {
		return sum, state, reason, nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, &counted{ctx, file, v.Progress}); err != nil {
		return sum, "", "", err
	}
	h.Sum(sum[:0])
	return sum, "", "", unchanged(file, f)
}

// notForTheService says why an import would skip a file whose name is good. One that is too large is a photo or video all the same, and missing there.
func notForTheService(f watcher.File, head []byte) (State, string) {
	kind, _, known := media.Detect(f.Path, head)
	switch {
	case !known:
		return Skipped, string(watcher.SkipUnsupported)
	case !kind.Accepted():
		return Skipped, fmt.Sprintf("%s: its content is %s", watcher.SkipUnsupported, kind.Name)
	case f.Size > kind.MaxSize:
		return Failed, fmt.Sprintf("larger than the %d MB that the service takes of a %s", kind.MaxSize>>20, kind.Kind)
	}
	return "", ""
}

var errChanged = errors.New("it changed while it was read")

func unchanged(file *os.File, f watcher.File) error {
	info, err := file.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Size() != f.Size || !info.ModTime().Equal(f.ModTime)) {
		err = errChanged
	}
	return err
}

// counted reads a file until ctx ends, and counts.
type counted struct {
	ctx      context.Context
	file     *os.File
	progress *Progress
}

func (c *counted) Read(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	n, err := c.file.Read(p)
	c.progress.Bytes.Add(int64(n))
	return n, err
}

// cause says what the system said about a file, without repeating its path.
func cause(err error) string {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err.Error()
	}
	if err == nil {
		return string(watcher.SkipUnreadable)
	}
	return err.Error()
}
