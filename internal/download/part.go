package download

import (
	"errors"
	"io"
	"os"

	"github.com/albumwright/albumwright/photos"
)

// checkpoint is after how many bytes a file is brought to the disk. A later run goes on from there: what lies behind the last one may not have outlived the machine.
const checkpoint = 8 << 20

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
