package watcher

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"
)

// lookAtDue looks at all candidates whose time has come.
func (s *session) lookAtDue(ctx context.Context, outer bool) error {
	for {
		path, ok := s.candidates.take(time.Now())
		if !ok {
			return nil
		}
		if err := s.lookAt(ctx, path, outer); err != nil {
			return err
		}
	}
}

// lookAt looks at one path, whatever it is by now.
func (s *session) lookAt(ctx context.Context, path string, outer bool) error {
	rel := relative(s.root.path, path)
	info, err := s.r.w.cfg.disk.Lstat(path)
	switch {
	case s.root.apart[rel]:
		return nil
	case err != nil && isGone(err):
		if !s.same() {
			return errRootChanged // it may be all there, where the root is now
		}
		s.r.table.forget(path)
		return nil
	case err == nil && info.IsDir() && s.r.w.rules.folder(rel, filepath.Base(path)) == "":
		complete, err := s.walk(ctx, path, outer)
		if !complete {
			s.incomplete.Store(true)
		}
		return err
	case err != nil:
		return s.meet(ctx, File{Root: s.root.path, Path: path, Skip: SkipUnreadable, Err: err})
	}
	b := &batch{root: s.root, folder: filepath.Dir(path)}
	return s.meet(ctx, s.walker(s.root).file(b, fs.FileInfoToDirEntry(info)))
}

// isGone reports that nothing is at a path any more. In the next moment something may be.
func isGone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// meet decides about a file that was looked at.
func (s *session) meet(ctx context.Context, f File) error {
	if f.Skip == SkipUnreadable && isGone(f.Err) {
		return nil // a scan that has seen all will know
	}
	seen := s.sight(f)
	due, ripe := s.r.table.meet(seen, time.Now())
	switch {
	case due.IsZero():
		return nil
	case ripe:
		return s.handOn(ctx, f, seen)
	}
	s.await(f.Path, due)
	return nil
}

func (s *session) sight(f File) sight {
	seen := s.r.table.sightOf(f, s.here.LooseIDs)
	seen.patience = s.r.w.cfg.patience(f.Skip)
	return seen
}

// handOn hands on a file that has settled, if that is still true when its turn comes.
func (s *session) handOn(ctx context.Context, f File, seen sight) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case s.r.w.handing <- struct{}{}:
	}
	defer func() { <-s.r.w.handing }()
	now := time.Now()
	switch changed, writing := s.busy(f, seen); {
	case changed:
		s.await(f.Path, now)
		return nil
	case writing, s.cut(f, now):
		s.await(f.Path, now.Add(s.r.w.cfg.Settle))
		return nil
	case !s.same():
		// The root was unmounted since the look, and what was looked at may lie in the folder below.
		return errRootChanged
	}
	if err := s.r.w.ready(ctx, f); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return readyError{err}
	}
	s.r.table.done(seen)
	notify(s.r.w.changed)
	return nil
}

// busy looks again at a file that is to be taken. First who has it open, then whether it is the same: whoever has closed it in between has changed it.
func (s *session) busy(f File, seen sight) (changed, writing bool) {
	if f.Skip != "" {
		return false, false
	}
	disk := s.r.w.cfg.disk
	writing = s.here.Kind == "" && disk.Writing(f.Path)
	info, err := disk.Lstat(f.Path)
	if err != nil || !info.Mode().IsRegular() {
		return true, writing
	}
	f.observe(info)
	return s.sight(f) != seen, writing
}

// cut reports whether the end of a file seems to be missing that was changed not long ago. It goes by the clock on the wall: where that is another one than the
// disk's, the file is taken as it is.
func (s *session) cut(f File, now time.Time) bool {
	cfg := &s.r.w.cfg
	if cfg.Whole == nil || f.Skip != "" {
		return false
	}
	rested := now.Sub(f.Changed)
	return rested >= 0 && rested < emptyPatience*cfg.Settle && !cfg.Whole(f.Path, f.Size)
}

// await asks for another look at a file that has not settled.
func (s *session) await(path string, due time.Time) {
	s.candidates.add(path, due)
	if s.lastScan.IsZero() && due.After(s.first) {
		s.first = due
	}
}

// same reports whether the root is still the folder that it was.
func (s *session) same() bool {
	info, err := s.r.w.cfg.disk.Stat(s.root.path)
	return err == nil && idOf(info) == s.here.id
}
