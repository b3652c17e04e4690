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
	"github.com/albumwright/albumwright/exif/internal/claimtest"
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

func read(content string) claimtest.Answer { return claimtest.Read(png.Read, []byte(content)) }

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name, content string) claim.Set {
	t.Helper()
	return read(content).Must(t, name).Set
}

// isTaken checks that the record of taken was read, once.
func isTaken(t *testing.T, name string, said claim.Set) {
	t.Helper()
	if len(said.Times) != 1 || !said.Times[0].Wall.Equal(taken().Captured) || len(said.Words) != 1 || said.Words[0].Value != "words" {
		t.Errorf("%s: times %v, words %v", name, said.Times, said.Words)
	}
}
