package tape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"
	"time"
)

// Config says how a recording is made. The zero value blanks the user's own words.
type Config struct {
	Program string // who records, with its version
	Words   bool   // keep the user's own words: file names, titles, descriptions, places
}

// Recorder writes a recording while requests pass. It is safe for concurrent use. A nil Recorder records nothing.
type Recorder struct {
	began time.Time
	scrub *scrub

	mu   sync.Mutex // guards everything below
	out  io.Writer  // nil once it is closed
	size int64      // bytes of whole lines
	lost int        // exchanges that could not be written
	err  error      // why
}

// New begins a recording. Each exchange is one Write of one line, so that a recorder that is killed leaves a recording. If w is an [io.Closer],
// [Recorder.Close] closes it.
func New(w io.Writer, cfg Config) (*Recorder, error) {
	r := &Recorder{began: time.Now(), scrub: newScrub(cfg.Words), out: w}
	if err := r.write(Head{Recording: format, Version: Version, Program: cfg.Program, Began: r.began.UTC(), Words: cfg.Words}); err != nil {
		return nil, err
	}
	return r, nil
}

// Close ends the recording. What is still under way is not in it. An error says how much is missing, and why: the exchanges themselves have
// not been disturbed.
func (r *Recorder) Close() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.out == nil {
		return nil
	}
	var errs []error
	if r.err != nil {
		errs = append(errs, fmt.Errorf("the recording is not complete, %d exchanges are missing: %w", r.lost, r.err))
	}
	if c, ok := r.out.(io.Closer); ok {
		errs = append(errs, c.Close())
	}
	r.out = nil
	return errors.Join(errs...)
}

// write adds a line. After one that failed no other is tried: with a hole in its middle a recording would tell a story that did not happen.
func (r *Recorder) write(line any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	err := enc.Encode(line)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.out == nil {
		return nil
	}
	if r.err != nil {
		r.lost++
		return r.err
	}
	if err == nil {
		_, err = r.out.Write(text.Bytes())
	}
	if err != nil {
		r.err = err
		r.lost++
		if f, ok := r.out.(interface{ Truncate(int64) error }); ok {
			_ = f.Truncate(r.size) // half a line is not worth keeping
		}
		return err
	}
	r.size += int64(text.Len())
	return nil
}

// exchange is one that is under way.
type exchange struct {
	rec   *Recorder
	began time.Time
	mu    sync.Mutex // guards everything below
	asked *seen      // nil: no body
	open  int        // bodies that are not closed yet
	line  func(*scrub) Exchange
}

func (r *Recorder) begin() *exchange { return &exchange{rec: r, began: time.Now()} }

// done says that one of the bodies is closed. The last one to close writes the line.
func (x *exchange) done() {
	x.mu.Lock()
	x.open--
	line := x.line
	if x.open > 0 || line == nil {
		x.mu.Unlock()
		return
	}
	x.line = nil
	x.mu.Unlock()
	e := line(x.rec.scrub)
	e.At, e.Took = Seconds(x.began.Sub(x.rec.began)), Seconds(time.Since(x.began))
	_ = x.rec.write(e) // Close tells
}

// trouble is what broke a connection, in words without addresses.
func (s *scrub) trouble(errs ...error) string {
	for _, err := range errs {
		for e := (*url.Error)(nil); errors.As(err, &e); {
			err = e.Err
		}
		if err != nil {
			return s.text(err.Error())
		}
	}
	return ""
}
