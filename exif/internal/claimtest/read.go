// Package claimtest is what the tests of the readers have in common. It gives a
// reader a file, and says what was made of it and at what cost; it damages files,
// in the same way in every run; and it writes claims as tests expect them.
//
// Only tests import it.
package claimtest

import (
	"bytes"
	"io"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Reader is a reader of files, such as Read of a container's package.
type Reader func(*file.Source, *claim.Set, *file.Complaints)

// Parser is a reader of records that are in memory, such as XMP packets.
type Parser func([]byte, *claim.Set, *file.Complaints)

// Answer is what was made of a file or a record, and at what cost.
type Answer struct {
	claim.Set        // what it says
	Complaint string // the first, or "" if nothing is wrong
	Bytes     int64  // read of the file
	Calls     int    // of the file's ReadAt
}

// Read gives a file to a reader.
func Read(r Reader, content []byte) Answer {
	return ReadFrom(r, bytes.NewReader(content), int64(len(content)))
}

// ReadFrom is Read for a file of so many bytes that is not in memory.
func ReadFrom(r Reader, from io.ReaderAt, size int64) Answer {
	m := &meter{from: from}
	var a Answer
	var bad file.Complaints
	r(file.New(m, size), &a.Set, &bad)
	a.Complaint, a.Bytes, a.Calls = bad.First(), m.bytes, m.calls
	return a
}

// Parse gives a record to a parser. It costs no reading.
func Parse(p Parser, record []byte) Answer {
	var a Answer
	var bad file.Complaints
	p(record, &a.Set, &bad)
	a.Complaint = bad.First()
	return a
}

// Must returns the answer about a file that has nothing wrong with it; a
// complaint is an error of the test. The name says which file it is, and may be
// the file itself.
func (a Answer) Must(t testing.TB, name string) Answer {
	t.Helper()
	if a.Complaint != "" {
		t.Errorf("%.200q: complaint %q", name, a.Complaint)
	}
	return a
}

// meter counts what is read.
type meter struct {
	from  io.ReaderAt
	bytes int64
	calls int
}

func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	n, err := m.from.ReadAt(p, off)
	m.bytes += int64(n)
	m.calls++
	return n, err
}
