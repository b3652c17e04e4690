package riff_test

import (
	"encoding/binary"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
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

func read(content string) claimtest.Answer { return claimtest.Read(riff.Read, []byte(content)) }

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name, content string) claim.Set {
	t.Helper()
	return read(content).Must(t, name).Set
}
