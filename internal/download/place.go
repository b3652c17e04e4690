package download

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

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
