package download

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

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

// judge asks again where the service gave other bytes than it said, and not where it is the folder that fails.
func judge(err error) retry.Failure {
	switch {
	case errors.Is(err, errNotReady), errors.Is(err, ErrFolder):
		return retry.Failure{}
	case errors.Is(err, errOther):
		return retry.Failure{Kind: retry.Transient}
	}
	return retry.Judge(err)
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
