package ledger

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	sqlite3 "modernc.org/sqlite/lib"
)

// ErrForm says that what was to be imported is not what Export writes, or not all of it; the error's text says where.
var ErrForm = errors.New("not a complete export of a ledger")

// importGroup is how many lines go into the new ledger in one transaction.
const importGroup = 2000

// Import makes a new ledger at path of what [Reader.Export] wrote. Where there is a ledger already, none is made, and the error is fs.ErrExist. The new
// one appears when it is complete.
func Import(ctx context.Context, path string, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("ledger folder: %w", err)
	}
	lock, err := takeHold(path) // no run shall begin a ledger of its own meanwhile
	if err != nil {
		return err
	}
	err = newFile(path, func(part *os.File) error {
		l, err := open(ctx, dsn(part.Name(), "_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"), dsn(part.Name(), "mode=ro"))
		if err != nil {
			return fmt.Errorf("new ledger: %w", err)
		}
		return errors.Join(l.fill(ctx, from), l.Close())
	})
	return errors.Join(err, lock.end())
}

// fill puts an export into an empty ledger.
func (l *SQLite) fill(ctx context.Context, from io.Reader) error {
	in := importer{lines: bufio.NewReaderSize(from, 1<<20)}
	for !in.ended {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := l.writer.do(ctx, in.group); err != nil {
			return err
		}
	}
	return nil
}

// importer reads an export.
type importer struct {
	lines *bufio.Reader
	n     int // lines so far
	ended bool
}

// group takes the next lines into one transaction.
func (in *importer) group(t *tx) error {
	for range importGroup {
		line, err := in.lines.ReadBytes('\n')
		switch {
		case errors.Is(err, io.EOF) && !in.ended:
			return fmt.Errorf("%w: it breaks off after line %d", ErrForm, in.n)
		case err != nil && !errors.Is(err, io.EOF):
			return fmt.Errorf("after line %d: %w", in.n, err)
		}
		if err := in.take(t, line); isCode(err, sqlite3.SQLITE_CONSTRAINT) {
			return fmt.Errorf("%w: line %d does not go with those before it: %w", ErrForm, in.n+1, err)
		} else if err != nil {
			return fmt.Errorf("line %d: %w", in.n+1, err)
		}
		if in.n++; in.ended {
			return in.nothingMore()
		}
	}
	return nil
}

func (in *importer) nothingMore() error {
	if _, err := in.lines.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: there is something behind its end, line %d", ErrForm, in.n)
	}
	return nil
}

// take puts one line into the ledger.
func (in *importer) take(t *tx, line []byte) error {
	var kind struct {
		Type string `json:"message_type"`
	}
	if err := json.Unmarshal(line, &kind); err != nil {
		return fmt.Errorf("%w: %w", ErrForm, err)
	}
	if (in.n == 0) != (kind.Type == "ledger") {
		return fmt.Errorf("%w: it must begin with one line of message_type \"ledger\"", ErrForm)
	}
	switch kind.Type {
	case "ledger":
		return decode(line, func(l headerLine) error { return l.check() })
	case "run":
		return decode(line, t.takeRun)
	case "album":
		return decode(line, t.takeAlbum)
	case "content":
		return decode(line, t.takeContent)
	case "file":
		return decode(line, t.takeFile)
	case "placement":
		return decode(line, t.takePlacement)
	case "event":
		return decode(line, t.takeEvent)
	case "heading":
		return decode(line, t.takeHeading)
	case "watched":
		return decode(line, t.takeWatched)
	case "left out":
		return decode(line, t.takeLeftOut)
	case "end":
		in.ended = true
		return decode(line, func(l endLine) error { return l.check(in.n) })
	}
	return fmt.Errorf("%w: a line of the unknown message_type %q", ErrForm, kind.Type)
}

// decode reads a line of one kind. A field that is not known is refused: what it says would be lost.
func decode[T any](line []byte, put func(T) error) error {
	var v T
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return fmt.Errorf("%w: %w", ErrForm, err)
	}
	return put(v)
}

func (l headerLine) check() error {
	if l.Format > formVersion {
		return fmt.Errorf("%w: the export is of format %d, and this program knows up to %d", ErrNewer, l.Format, formVersion)
	}
	return nil
}

func (l endLine) check(lines int) error {
	if l.Lines != lines {
		return fmt.Errorf("%w: it had %d lines, and %d are here", ErrForm, l.Lines, lines)
	}
	return nil
}

// isState tells whether there is such a state, of those that an export can have.
func isState(s State) bool {
	return slices.Contains([]State{Described, Created, Confirmed, Already, Duplicate, Skipped, Failed, Gone}, s)
}
