package tape

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The ways in which a file is no recording that can be read.
var (
	ErrNotARecording = errors.New("this is no recording: its first line is not that of one")
	ErrNewer         = errors.New("this recording was made by a newer version of the program: update it to read this")
)

// maxLine is more than any line has that is written here: two bodies in full, with every letter escaped.
const maxLine = 16 << 20

// Reader reads a recording line by line, in bounded memory however long it is.
type Reader struct {
	Head Head

	in        *bufio.Reader
	line      int   // the number of the last line that was read
	at        int64 // where the next one begins
	truncated bool
}

// NewReader reads the first line. Its errors are [ErrNotARecording], [ErrNewer] and those of r.
func NewReader(r io.Reader) (*Reader, error) {
	t := &Reader{in: bufio.NewReaderSize(r, 64<<10)}
	line, err := t.next(64 << 10)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, errLongLine):
		return nil, ErrNotARecording
	case err != nil:
		return nil, err
	}
	if json.Unmarshal(line, &t.Head) != nil || t.Head.Recording != format || t.Head.Version < 1 {
		return nil, ErrNotARecording
	}
	if t.Head.Version > Version {
		return nil, fmt.Errorf("%w (its format is %d, the newest known is %d)", ErrNewer, t.Head.Version, Version)
	}
	return t, nil
}

var errLongLine = fmt.Errorf("longer than %d MiB, as no line of a recording is", maxLine>>20)

// next reads one line, without its end. io.EOF: there is none.
func (t *Reader) next(most int) ([]byte, error) {
	var line []byte
	for {
		part, err := t.in.ReadSlice('\n')
		t.at += int64(len(part))
		if len(line)+len(part) > most {
			return nil, errLongLine
		}
		line = append(line, part...)
		switch {
		case err == nil:
			t.line++
			return line[:len(line)-1], nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0:
			t.line++
			t.truncated = true // unless it turns out to be whole
			return line, nil
		default:
			return nil, err
		}
	}
}

// Next reads an exchange; io.EOF is the end. Any other error names the line.
func (t *Reader) Next() (Exchange, error) {
	for {
		line, err := t.next(maxLine)
		if errors.Is(err, io.EOF) {
			return Exchange{}, io.EOF
		}
		if err != nil {
			return Exchange{}, fmt.Errorf("line %d: %w", t.line+1, err)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			t.truncated = false
			continue
		}
		e, err := decode(line)
		switch {
		case err != nil && t.truncated:
			return Exchange{}, io.EOF // whoever recorded was killed in the middle of it
		case err != nil:
			return Exchange{}, fmt.Errorf("line %d: %w", t.line, err)
		}
		t.truncated = false
		return e, nil
	}
}

// Line is the number of the line that was read last, counted from 1.
func (t *Reader) Line() int { return t.line }

// Truncated reports, at the end, that the last line is only half there, and was passed over.
func (t *Reader) Truncated() bool { return t.truncated }

func decode(line []byte) (e Exchange, err error) {
	if err := json.Unmarshal(line, &e); err != nil {
		return e, fmt.Errorf("not an exchange: %w", err)
	}
	switch {
	case e.Request.Method == "" || e.Request.Path == "" || e.Request.Path[0] != '/':
		return e, errors.New("not an exchange: the request has no method or path")
	case e.Answer != nil && (e.Answer.Status < 200 || e.Answer.Status > 599):
		return e, fmt.Errorf("not an exchange: the status is %d", e.Answer.Status)
	case e.Answer == nil && e.Error == "":
		return e, errors.New("not an exchange: neither an answer nor an error")
	}
	return e, nil
}
