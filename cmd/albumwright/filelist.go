package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// fileList is the file of --report. Files are written as they end, so that memory does not grow with their number; it appears under its name
// when it is complete.
type fileList struct {
	path string
	file *os.File
	buf  *bufio.Writer
	n    int
	err  error // the first one; later writes do nothing
}

// newFileList begins the file. Without a path there is none, and all else does nothing. It fails before anything was sent, if it must.
func newFileList(path string) (*fileList, error) {
	if path == "" {
		return nil, nil
	}
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return nil, usageError{fmt.Errorf("--report %s is a folder", path)}
	case err == nil && !info.Mode().IsRegular(): // a device or a pipe: the finished report would take its place
		return nil, usageError{fmt.Errorf("--report %s is no regular file; --json prints to stdout", path)}
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return nil, usageError{fmt.Errorf("--report: %w", err)}
	}
	l := &fileList{path: path, file: f, buf: bufio.NewWriter(f)}
	l.write([]byte(`{"files": [`))
	return l, nil
}

func (l *fileList) write(b []byte) {
	if l.err == nil {
		_, l.err = l.buf.Write(b)
	}
}

func (l *fileList) add(f any) {
	if l == nil {
		return
	}
	line, err := json.Marshal(f)
	if err != nil {
		l.err = errors.Join(l.err, err)
		return
	}
	if l.n++; l.n > 1 {
		l.write([]byte(","))
	}
	l.write([]byte("\n"))
	l.write(line)
}

// finish writes the counts and puts the file in its place.
func (l *fileList) finish(rep any) error {
	if l == nil {
		return nil
	}
	summary, err := json.MarshalIndent(rep, "", "  ")
	if err != nil {
		return errors.Join(err, l.discard())
	}
	l.write([]byte("\n], \"summary\": "))
	l.write(summary)
	l.write([]byte("}\n"))
	err = errors.Join(l.err, l.buf.Flush(), l.file.Chmod(0o644), l.file.Sync(), l.file.Close())
	if err == nil {
		err = os.Rename(l.file.Name(), l.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("--report: %w", err), os.Remove(l.file.Name()))
	}
	return nil
}

// discard takes the beginning away.
func (l *fileList) discard() error {
	if l == nil {
		return nil
	}
	return errors.Join(l.file.Close(), os.Remove(l.file.Name()))
}
