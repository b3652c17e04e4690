package rebuild

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/ledger"
)

var errChanged = errors.New("it changed while it was looked at")

// open opens a file that must be the one that the ledger knows.
func open(p ledger.Pending) (*os.File, error) {
	file, err := os.Open(filepath.Join(p.Dir, p.Name))
	if err != nil {
		return nil, err
	}
	if err := unchanged(file, p); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func unchanged(file *os.File, p ledger.Pending) error {
	info, err := file.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Size() != p.Size || !info.ModTime().Equal(p.ModTime)) {
		err = errChanged
	}
	return err
}

// nameOf is a file's name as the service has it.
func nameOf(p ledger.Pending) string { return batch.FitFileName(p.Name) }

// factsOf reads from a file what the service, which has nothing but the file, can have read from it too: neither sidecars, nor its name, nor when it was
// written.
func factsOf(p ledger.Pending) (Facts, error) {
	f := Facts{Name: nameOf(p), Video: strings.HasPrefix(p.MediaType, "video/")}
	file, err := open(p)
	if err != nil {
		return f, err
	}
	defer func() { _ = file.Close() }()
	says, err := exif.Read(file, p.Size)
	if errors.Is(err, exif.ErrDamaged) {
		err = nil // what could be read counts
	}
	f.Taken, f.Width, f.Height = shown(says.Capture), says.Width, says.Height
	return f, err
}

// shown is a capture time as the service shows it: the moment, or of a file without a zone the wall clock as if it stood on UTC (contract 12 #40). Its
// seconds are whole.
func shown(c exif.Capture) time.Time {
	if moment, known := c.Instant(); known {
		return moment.UTC().Truncate(time.Second)
	}
	return c.Wall.Truncate(time.Second)
}

// hash reads the files of a candidate. A dry run reads only those that have to be told apart.
func (r *rebuilder) hash(ctx context.Context, c candidate) (candidate, error) {
	if r.DryRun && len(c.files) == 1 {
		return c, nil
	}
	for _, w := range c.files {
		sum, err := r.sum(ctx, w.Pending)
		if ctx.Err() != nil {
			return c, context.Cause(ctx)
		}
		if c.sums = append(c.sums, sum); err != nil {
			c.err = err
		}
	}
	return c, nil
}

// sum is the hash of a file's content.
func (r *rebuilder) sum(ctx context.Context, p ledger.Pending) (sum hash, err error) {
	if p.Content != nil { // read before, and unchanged since
		return p.Content.SHA256, nil
	}
	file, err := open(p)
	if err != nil {
		return sum, err
	}
	defer func() { _ = file.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, counted{ctx, file, &r.Progress.Bytes}); err != nil {
		return sum, err
	}
	h.Sum(sum[:0])
	return sum, unchanged(file, p)
}

// counted reads a file until ctx ends, and counts.
type counted struct {
	ctx   context.Context
	file  *os.File
	bytes *atomic.Int64
}

// Read implements io.Reader.
func (c counted) Read(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	n, err := c.file.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

// cause says what the system said about a file, without repeating its path.
func cause(err error) string {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
