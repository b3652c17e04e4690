package riff_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/riff"
)

// riffOf makes a file of a form; the size in its header is right.
func riffOf(form string, chunks ...string) string {
	body := form
	for _, c := range chunks {
		body += c
	}
	return "RIFF" + number(len(body)) + body
}

// chunkOf makes a chunk, padded to an even size.
func chunkOf(id, body string) string {
	out := id + number(len(body)) + body
	if len(body)%2 == 1 {
		out += "\x00"
	}
	return out
}

func listOf(id string, chunks ...string) string {
	body := id
	for _, c := range chunks {
		body += c
	}
	return chunkOf("LIST", body)
}

// number is a little-endian number of four bytes.
func number(n int) string {
	return string(binary.LittleEndian.AppendUint32(nil, uint32(n)))
}

// numbers are several of them.
func numbers(ns ...int) string {
	out := ""
	for _, n := range ns {
		out += number(n)
	}
	return out
}

// meter is a file in memory that counts what is read of it.
type meter struct {
	*bytes.Reader
	bytes, calls int
}

func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	n, err := m.Reader.ReadAt(p, off)
	m.bytes, m.calls = m.bytes+n, m.calls+1
	return n, err
}

// read returns what a file says and what is wrong with it.
func read(t *testing.T, content string) (claim.Set, string) {
	t.Helper()
	said, complaint, _ := measured(t, content)
	return said, complaint
}

func measured(t *testing.T, content string) (claim.Set, string, *meter) {
	t.Helper()
	m := &meter{Reader: bytes.NewReader([]byte(content))}
	src := file.New(m, m.Size())
	if err := src.Begin(1); err != nil {
		t.Fatal(err)
	}
	var said claim.Set
	var bad file.Complaints
	riff.Read(src, &said, &bad)
	return said, bad.First(), m
}

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name, content string) claim.Set {
	t.Helper()
	said, complaint := read(t, content)
	if complaint != "" {
		t.Errorf("%s: %s", name, complaint)
	}
	return said
}
