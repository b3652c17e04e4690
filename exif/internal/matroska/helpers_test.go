package matroska_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/matroska"
)

func read(content []byte) claimtest.Answer { return claimtest.Read(matroska.Read, content) }

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name string, content []byte) claimtest.Answer {
	t.Helper()
	return read(content).Must(t, name)
}

// el is an element: its ID as it stands in a file, and its size in four bytes.
func el(id string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	out := binary.BigEndian.AppendUint32([]byte(id), 0x1000_0000|uint32(len(body)))
	return append(out, body...)
}

// live is an element whose size is not known, in so many bytes.
func live(id string, width int, parts ...[]byte) []byte {
	size := append([]byte{0xff >> (width - 1)}, bytes.Repeat([]byte{0xff}, width-1)...)
	return append(append([]byte(id), size...), bytes.Join(parts, nil)...)
}

func number(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

func float(v float64) []byte { return number(math.Float64bits(v)) }

const (
	header   = "\x1a\x45\xdf\xa3"
	segment  = "\x18\x53\x80\x67"
	seekHead = "\x11\x4d\x9b\x74"
	seek     = "\x4d\xbb"
	seekID   = "\x53\xab"
	seekAt   = "\x53\xac"
	info     = "\x15\x49\xa9\x66"
	date     = "\x44\x61"
	duration = "\x44\x89"
	scale    = "\x2a\xd7\xb1"
	tracks   = "\x16\x54\xae\x6b"
	track    = "\xae"
	trackUID = "\x73\xc5"
	private  = "\x63\xa2"
	video    = "\xe0"
	width    = "\xb0"
	height   = "\xba"
	cluster  = "\x1f\x43\xb6\x75"
	void     = "\xec"
	tags     = "\x12\x54\xc3\x67"
	tag      = "\x73\x73"
	targets  = "\x63\xc0"
	simple   = "\x67\xc8"
	tagName  = "\x45\xa3"
	tagText  = "\x44\x87"
)

// whole is a file with elements in its segment.
func whole(parts ...[]byte) []byte {
	return append(el(header), el(segment, parts...)...)
}

// words is an element of tags with one of a name.
func words(name, text string) []byte {
	return el(tags, el(tag, el(targets), el(simple, el(tagName, []byte(name)), el(tagText, []byte(text)))))
}

// place is an entry of the list of places.
func place(id string, at int) []byte {
	return el(seek, el(seekID, []byte(id)), el(seekAt, number(uint64(at))))
}
