package png_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/png"
	"github.com/albumwright/albumwright/internal/fixture"
)

const (
	signature = "\x89PNG\r\n\x1a\n"
	hexXMP    = "Raw profile type xmp"
)

// pngOf makes a file of 320 x 240 pixels with the given chunks behind its header.
func pngOf(chunks ...string) string {
	out := signature + chunkOf("IHDR", "\x00\x00\x01\x40\x00\x00\x00\xf0\x08\x02\x00\x00\x00")
	for _, c := range chunks {
		out += c
	}
	return out + chunkOf("IEND", "")
}

func chunkOf(kind, body string) string {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), kind+body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

func packed(s string) string {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write([]byte(s)) // to memory
	_ = z.Close()
	return out.String()
}

// The three kinds of text; an international one is packed or not.
func latin(key, value string) string  { return chunkOf("tEXt", key+"\x00"+value) }
func zipped(key, value string) string { return chunkOf("zTXt", key+"\x00\x00"+packed(value)) }
func unicode(key, value string) string {
	return chunkOf("iTXt", key+"\x00\x00\x00\x00\x00"+value)
}

func zippedUnicode(key, value string) string {
	return chunkOf("iTXt", key+"\x00\x01\x00de-CH\x00Schlüssel\x00"+packed(value))
}

// profile is a record in hexadecimal digits, as ImageMagick writes it.
func profile(name, record string) string {
	out := fmt.Sprintf("\n%s\n%8d", name, len(record))
	for i, b := range []byte(record) {
		if i%36 == 0 {
			out += "\n"
		}
		out += fmt.Sprintf("%02x", b)
	}
	return out + "\n"
}

// data is a chunk of a picture.
func data(size int) string { return chunkOf("IDAT", string(make([]byte, size))) }

func taken() fixture.Spec {
	return fixture.Spec{Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), Description: "words"}
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

// read returns what a file says, what is wrong with it, and what that cost.
func read(t *testing.T, content string) (claim.Set, string, *meter) {
	t.Helper()
	m := &meter{Reader: bytes.NewReader([]byte(content))}
	src := file.New(m, m.Size())
	if err := src.Begin(1); err != nil {
		t.Fatal(err)
	}
	var said claim.Set
	var bad file.Complaints
	png.Read(src, &said, &bad)
	return said, bad.First(), m
}

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name, content string) claim.Set {
	t.Helper()
	said, complaint, _ := read(t, content)
	if complaint != "" {
		t.Errorf("%s: %s", name, complaint)
	}
	return said
}

// isTaken checks that the record of taken was read, once.
func isTaken(t *testing.T, name string, said claim.Set) {
	t.Helper()
	if len(said.Times) != 1 || !said.Times[0].Wall.Equal(taken().Captured) || len(said.Words) != 1 || said.Words[0].Value != "words" {
		t.Errorf("%s: times %v, words %v", name, said.Times, said.Words)
	}
}
