package tape

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Create begins a recording in a file that only its owner can read. An earlier recording there is replaced; any other file is left alone, and
// that is an error, which does not name the path.
func Create(path string, cfg Config) (*Recorder, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, withoutPath(err)
	}
	r, err := takeOver(f, cfg)
	if err != nil {
		return nil, errors.Join(withoutPath(err), f.Close())
	}
	return r, nil
}

func takeOver(f *os.File, cfg Config) (*Recorder, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a plain file")
	case info.Size() > 0:
		if _, err := NewReader(f); errors.Is(err, ErrNotARecording) {
			return nil, errors.New("it is there and is no recording, so it is not overwritten: name another file")
		} else if err != nil && !errors.Is(err, ErrNewer) {
			return nil, err
		}
	}
	if err := errors.Join(f.Chmod(0o600), f.Truncate(0)); err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return New(&growing{f}, cfg)
}

// growing is a file that goes on at its end, also after half a line was taken back.
type growing struct{ *os.File }

// Truncate takes back what is behind size.
func (g *growing) Truncate(size int64) error {
	_, err := g.Seek(size, io.SeekStart)
	return errors.Join(g.File.Truncate(size), err)
}

func withoutPath(err error) error {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return fmt.Errorf("%s: %w", e.Op, e.Err)
	}
	return err
}
