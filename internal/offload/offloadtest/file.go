package offloadtest

import (
	"io"
	"io/fs"
	"slices"
	"syscall"
	"time"
)

// info implements [fs.FileInfo].
type info struct {
	name    string
	size    int64
	modTime time.Time
	dir     bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return i.modTime }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }

func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o777
	}
	return 0o666
}

// reader is a file that is read. What is written meanwhile it does not see.
type reader struct {
	d       *Disk
	name    string
	n       *node
	life    int
	content []byte
	at      int64
}

// open is do for what has the file open already.
func (d *Disk) open(op Op, name string, life int, act func(v *mounted) error) error {
	if err := d.begin(op, name); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	v := d.volumeOf(name)
	err := d.refused(v, op)
	switch {
	case life != d.lives:
		err = ErrKilled
	case err == nil && v != nil && v.gone == Unmounted:
		err = syscall.EIO
	case err == nil:
		err = act(v)
	}
	if err == nil || err == io.EOF {
		return err
	}
	return &fs.PathError{Op: string(op), Path: name, Err: err}
}

func (r *reader) Read(p []byte) (n int, err error) {
	n, err = r.readAt(p, r.at)
	r.at += int64(n)
	return n, err
}

// ReadAt is there for who looks into headers, as files of the system have it.
func (r *reader) ReadAt(p []byte, at int64) (int, error) {
	n, err := r.readAt(p, at)
	for err == nil && n < len(p) {
		var more int
		more, err = r.readAt(p[n:], at+int64(n))
		n += more
	}
	return n, err
}

func (r *reader) readAt(p []byte, at int64) (n int, err error) {
	err = r.d.open(Read, r.name, r.life, func(*mounted) error {
		end := int64(len(r.content))
		if bad := r.n.bad; bad != nil && bad.at < end {
			if at >= bad.at {
				return bad.err
			}
			end = bad.at
		}
		if at >= end && len(p) > 0 {
			return io.EOF
		}
		n = copy(p, r.content[at:end])
		return nil
	})
	return n, err
}

func (r *reader) Stat() (found fs.FileInfo, err error) {
	err = r.d.open(Lstat, r.name, r.life, func(*mounted) error {
		found = r.n.info(r.name)
		return nil
	})
	return found, err
}

func (r *reader) Close() error { return nil }

// writer is a new file.
type writer struct {
	d    *Disk
	v    *mounted
	name string
	n    *node
	life int
}

func (w *writer) Write(p []byte) (n int, err error) {
	err = w.d.open(Write, w.name, w.life, func(v *mounted) error {
		n = len(p)
		var short error
		if v != nil && v.MaxFile > 0 && int64(len(w.n.memory)+n) > v.MaxFile {
			n, short = int(v.MaxFile)-len(w.n.memory), syscall.EFBIG
		}
		if v != nil && int64(n) > v.Free {
			n, short = int(v.Free), syscall.ENOSPC
		}
		w.n.memory = append(slices.Grow(w.n.memory, n), p[:n]...)
		if v != nil {
			v.Free -= int64(n)
		}
		return short
	})
	return n, err
}

func (w *writer) Commit(modTime time.Time) error {
	return w.d.open(Commit, w.name, w.life, func(*mounted) error {
		w.n.modTime, w.n.kept = modTime, true
		return nil
	})
}

func (w *writer) Close() error { return nil }
