package upload

import "io"

// stretch is a part of the content as it is read, hashed and counted. It is read by one goroutine at a time; its fields are looked at when the
// transport has given the body back.
type stretch struct {
	*attempt
	from  io.Reader
	moved func(n int) error // is told about bytes before they leave; its error keeps them here
	size  int64
	n     int64 // bytes read
	ended bool  // the file had no more bytes
	err   error // what the file system said, or moved
}

// stretch is the next so many bytes of the content.
func (a *attempt) stretch(size int64, moved func(n int) error) *stretch {
	return &stretch{attempt: a, from: io.LimitReader(a.file, size), moved: moved, size: size}
}

// Read passes bytes on, hashed.
func (s *stretch) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	s.sum.Write(p[:n])
	s.n += int64(n)
	s.at += int64(n)
	if err == io.EOF {
		s.ended = true
	} else if err != nil {
		s.err = err
	}
	if n == 0 {
		return n, err
	}
	s.alive()
	if failed := s.moved(n); failed != nil {
		s.err = failed
		return 0, failed
	}
	return n, err
}

// cause finds the reason for a failed request where it lies with the file: the transport only saw that the body ended. A request that did well
// without the whole stretch did not do well.
func (s *stretch) cause(err error) error {
	switch {
	case s.err != nil:
		return s.err
	case s.n < s.size && (err == nil || s.ended):
		return ErrChanged
	}
	return err
}
