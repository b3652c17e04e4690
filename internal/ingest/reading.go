package ingest

import (
	"sync/atomic"

	"github.com/albumwright/albumwright/internal/offload"
)

// readers is how many files of the card are read at a time, whatever else goes on: card readers are fastest when they are read from one end to the other; a second
// file lets them go on while the first is still hashed.
const readers = 2

// reader counts the bytes that are read from the card, and lets its files be read by turns.
type reader struct {
	offload.FS
	mount string
	n     *atomic.Int64
	turns chan struct{}
}

// Open implements offload.FS.
func (r *reader) Open(name string) (offload.Reader, error) {
	f, _, err := r.open(name, func() (offload.Reader, bool, error) {
		f, err := r.FS.Open(name)
		return f, false, err
	})
	return f, err
}

// OpenCold implements offload.FS.
func (r *reader) OpenCold(name string) (offload.Reader, bool, error) {
	return r.open(name, func() (offload.Reader, bool, error) { return r.FS.OpenCold(name) })
}

// open waits for the turn of a file of the card; closing it ends the turn.
func (r *reader) open(name string, open func() (offload.Reader, bool, error)) (offload.Reader, bool, error) {
	if !within(r.mount, name) {
		return open()
	}
	r.turns <- struct{}{}
	f, cold, err := open()
	if err != nil {
		<-r.turns
		return nil, false, err
	}
	return cardFile{f, r}, cold, nil
}

// cardFile is a file of the card that is being read.
type cardFile struct {
	offload.Reader
	of *reader
}

// Read implements io.Reader.
func (f cardFile) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	f.of.n.Add(int64(n))
	return n, err
}

// Close implements io.Closer. It is called once.
func (f cardFile) Close() error {
	defer func() { <-f.of.turns }()
	return f.Reader.Close()
}
