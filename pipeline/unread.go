package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
)

// unread gathers what could not be looked at on its way into the ledger. The report has it at once: a run that dies before it is written meets it again.
type unread struct {
	mu    sync.Mutex
	files []ledger.Unread // guarded by mu
}

// cannotLook ends a file that could not be looked at, and notes it for the days to come. Other tells that the ledger knows another file at its path.
func (r *run) cannotLook(ctx context.Context, path string, size int64, other bool, err error) error {
	reason := cause(err)
	r.fileEnd(File{Path: report.Text(path), Size: size, End: report.Failed, Reason: reason})
	if r.cfg.Source != nil && errors.Is(err, fs.ErrNotExist) { // who hands files over knows best what is there
		return nil
	}
	r.unread.mu.Lock()
	r.unread.files = append(r.unread.files, ledger.Unread{Dir: filepath.Dir(path), Name: filepath.Base(path), Reason: reason, Other: other})
	full := len(r.unread.files) >= recordGroup
	r.unread.mu.Unlock()
	if full {
		return r.recordUnread(ctx)
	}
	return nil
}

// recordUnread writes what was gathered.
func (r *run) recordUnread(ctx context.Context) error {
	r.unread.mu.Lock()
	files := r.unread.files
	r.unread.files = nil
	r.unread.mu.Unlock()
	if len(files) == 0 {
		return nil
	}
	return r.ledger.SetUnread(context.WithoutCancel(ctx), r.id, files)
}

// clearUnread forgets what could not be looked at in earlier runs, if this one has seen all below its roots.
func (r *run) clearUnread(ctx context.Context) error {
	if r.planned != nil || r.cfg.Source != nil || r.cfg.Intake.Err() != nil || r.someAway.Load() {
		return nil
	}
	return r.ledger.ClearUnread(ctx, r.id, r.cfg.Paths)
}

// warnOfUnread says what a retry cannot do anything about.
func (r *run) warnOfUnread(ctx context.Context) error {
	n, err := r.ledger.Unread(ctx)
	if n == 0 || err != nil {
		return err
	}
	what := "1 file or folder"
	if n > 1 {
		what = fmt.Sprintf("%d files or folders", n)
	}
	r.warn(what + " could not be read, so nobody knows the album: albumwright status --files tells the path, and albumwright import takes what can be read by then")
	return nil
}
