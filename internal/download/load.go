package download

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

// checkpoint is after how many bytes a file is brought to the disk. A later run goes on from there: what lies behind the last one may not have outlived the machine.
const checkpoint = 8 << 20

// load is the loading of one file.
type load struct {
	*run
	task  *task
	piece *piece
	key   key
	part  *os.File
	have  int64 // bytes that are there
	best  int64 // the most there ever were, to tell tries that got further
	size  int64 // of the whole; -1 = not known
}

// fetch loads a file and gives it its name.
func (r *run) fetch(ctx context.Context, t *task, p *piece) error {
	l := &load{run: r, task: t, piece: p, key: t.key(p), size: -1}
	call := retry.Call{
		Policy: retry.Policy{Tries: r.cfg.Tries}, Gate: &r.gate, Judge: judge, Further: l.further,
		Wait: func(err error, until time.Time) { r.waits(err.Error(), until) },
	}
	err := call.Do(ctx, l.try)
	if err == nil {
		err = l.finish()
	}
	if l.part != nil {
		err = errors.Join(err, folderError(l.part.Close()))
	}
	if err == nil {
		_ = r.journal.root.Remove(partOf(l.key)) // the next run would do it
	}
	return err
}

func (r *run) waits(reason string, until time.Time) {
	if r.cfg.Wait != nil {
		r.cfg.Wait(reason, until)
	}
}

// judge sorts an error for the retry policy.
func judge(err error) (f retry.Failure) {
	if e := (*photos.Error)(nil); errors.As(err, &e) {
		f.After = e.RetryAfter
	}
	switch class := photos.Classify(err); {
	case errors.Is(err, errNotReady), errors.Is(err, ErrFolder):
	case class == photos.ClassTransient, errors.Is(err, errOther):
		f.Kind = retry.Transient
	case class == photos.ClassRateLimited:
		f.Kind = retry.RateLimited
	}
	return f
}

func (l *load) further() bool {
	further := l.have > l.best
	l.best = max(l.best, l.have)
	return further
}

// errOther says that the service gives other bytes than it did before.
var errOther = errors.New("the service gave more or fewer bytes than it had said")

// try makes one load, from where the last one ended.
func (l *load) try(ctx context.Context) error {
	opened, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer opened.Close()
	if err := l.prepare(opened); err != nil {
		return err
	}
	if err := l.copy(opened); err != nil {
		return err
	}
	if l.size >= 0 && l.have != l.size {
		return errors.Join(errOther, l.restart())
	}
	return nil
}

// open asks for the rest, or for all of it if the service has no such rest.
func (l *load) open(ctx context.Context) (*photos.Load, error) {
	if err := l.recall(); err != nil {
		return nil, err
	}
	for {
		opened, err := l.ask(ctx)
		if l.have == 0 {
			return opened, err
		}
		refused := photos.Classify(err) == photos.ClassInvalid
		if err != nil && !refused {
			return nil, err
		}
		if !refused && (opened.From == l.have && opened.Size == l.size || opened.From == 0) {
			if opened.From == 0 {
				err = l.restart()
			}
			return opened, err
		}
		if !refused {
			_ = opened.Close()
		}
		if err := l.restart(); err != nil {
			return nil, err
		}
	}
}

// ask opens the item. A video that is being processed is waited for only so long; the load itself takes its time.
func (l *load) ask(ctx context.Context) (*photos.Load, error) {
	ctx, giveUp := context.WithCancelCause(ctx)
	if t := l.task; t.processing() {
		l.waits("the service is processing "+t.media.Filename, t.until)
		late := time.AfterFunc(time.Until(t.until), func() { giveUp(errNotReady) })
		defer late.Stop()
	}
	opened, err := l.cfg.Fetcher.Open(ctx, l.task.media, l.piece.want, l.have)
	if err != nil {
		if errors.Is(context.Cause(ctx), errNotReady) {
			err = errNotReady
		}
		giveUp(nil)
		return nil, err
	}
	l.task.media.BaseURL, l.task.media.MediaMetadata = opened.Item.BaseURL, opened.Item.MediaMetadata
	opened.ReadCloser = closing{opened.ReadCloser, func() { giveUp(nil) }}
	return opened, nil
}

// closing ends a load's context with the load.
type closing struct {
	io.ReadCloser
	end func()
}

// Close implements io.Closer.
func (c closing) Close() error {
	defer c.end()
	return c.ReadCloser.Close()
}

// recall opens what an earlier run has left of the file, once.
func (l *load) recall() (err error) {
	if l.part != nil {
		return nil
	}
	f, _, _ := l.journal.sight(l.key)
	if info := l.journal.stat(partOf(l.key)); info != nil && f.size > info.Size() {
		l.size, l.have = f.size, max(info.Size()-1, 0)/checkpoint*checkpoint
	}
	if l.have == 0 { // never truncated: one that was whole may have a name besides, under which a person keeps it
		_ = l.journal.root.Remove(partOf(l.key))
	}
	if l.part, err = l.journal.root.OpenFile(partOf(l.key), os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return folderError(err)
	}
	l.best = l.have
	l.mu.Lock()
	l.report.Resumed += l.have
	l.mu.Unlock()
	return folderError(l.part.Truncate(l.have))
}

// restart throws away what is there.
func (l *load) restart() error {
	l.have = 0
	return folderError(l.part.Truncate(0))
}

// prepare notes what is coming: the file's name, by its type, and its size.
func (l *load) prepare(opened *photos.Load) (err error) {
	l.size = opened.Size
	if l.piece.path, err = l.journal.claim(l.key, l.task.names, opened.Type); err != nil {
		return err
	}
	return l.journal.expects(l.key, l.size, l.task.media.MediaMetadata.CreationTime)
}

// copy appends what comes to what is there.
func (l *load) copy(from io.Reader) error {
	buffer := make([]byte, 128<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if err := l.write(buffer[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// write brings to the disk what goes over a checkpoint, before anything behind it is written.
func (l *load) write(p []byte) error {
	for len(p) > 0 {
		n := min(int64(len(p)), checkpoint-l.have%checkpoint)
		if _, err := l.part.WriteAt(p[:n], l.have); err != nil {
			return folderError(err)
		}
		l.have, p = l.have+n, p[n:]
		l.cfg.Progress.Bytes.Add(n)
		l.mu.Lock()
		l.report.Bytes += n
		l.mu.Unlock()
		if l.have%checkpoint == 0 {
			if err := l.part.Sync(); err != nil {
				return folderError(err)
			}
		}
	}
	return nil
}

// finish gives the file its name, when all of it is on the disk.
func (l *load) finish() error {
	taken := l.task.media.MediaMetadata.CreationTime
	if !taken.IsZero() {
		if err := l.journal.root.Chtimes(partOf(l.key), taken, taken); err != nil {
			return folderError(err)
		}
	}
	if err := errors.Join(folderError(l.part.Sync()), l.journal.durable()); err != nil {
		return err
	}
	if err := l.place(); err != nil {
		return err
	}
	l.task.item.Files = append(l.task.item.Files, l.piece.path)
	l.task.item.Bytes += l.have
	l.mu.Lock()
	l.report.Files++
	l.mu.Unlock()
	return nil
}

// place moves the file to its path, or to another one if somebody has put something there meanwhile.
func (l *load) place() error {
	for {
		if err := l.journal.root.MkdirAll(path.Dir(l.piece.path), 0o777); err != nil {
			return folderError(err)
		}
		if err := l.describe(); err != nil {
			return err
		}
		err := l.journal.name(partOf(l.key), l.piece.path)
		if err == nil {
			syncFolder(l.journal.root, path.Dir(l.piece.path))
			return l.journal.isDone(l.key)
		}
		if !errors.Is(err, fs.ErrExist) {
			return folderError(err)
		}
		if l.piece.path, err = l.journal.claim(l.key, l.task.names, ""); err != nil {
			return err
		}
	}
}

// describe writes the user's own words beside the file. What stands there already is left.
func (l *load) describe() error {
	if !l.piece.main || l.task.media.Description == "" {
		return nil
	}
	draft := partOf(l.key) + sidecarEnding
	err := writeFile(l.journal.root, draft, sidecar(l.task.media.Description))
	if err == nil {
		err = l.journal.name(draft, l.piece.path+sidecarEnding)
	}
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	_ = l.journal.root.Remove(draft)
	return folderError(err)
}

func writeFile(root *os.Root, name string, text []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// name gives a file a second name, which nothing has: a link, as a rename would overwrite what somebody puts there meanwhile. On disks without links it is a rename.
func (j *journal) name(from, to string) error {
	err := j.root.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, there := j.root.Lstat(to); there == nil {
		return fs.ErrExist
	}
	return j.root.Rename(from, to)
}

// syncFolder brings a folder's names to the disk, where the system can do that. What is lost all the same is loaded again.
func syncFolder(root *os.Root, name string) {
	if d, err := root.Open(name); err == nil {
		_ = errors.Join(d.Sync(), d.Close())
	}
}

// folderError says of an error that it is about the folder.
func folderError(err error) error {
	if err == nil || errors.Is(err, ErrFolder) || errors.Is(err, ErrLocked) || errors.Is(err, ErrNewer) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrFolder, err)
}
