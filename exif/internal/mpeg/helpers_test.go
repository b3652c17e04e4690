package mpeg_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/mpeg"
)

// answer is what was made of a file, and at what cost.
type answer struct {
	claim.Set
	complaint string
	bytes     int
}

// meter counts what is read.
type meter struct {
	*bytes.Reader
	bytes int
}

func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	n, err := m.Reader.ReadAt(p, off)
	m.bytes += n
	return n, err
}

func read(content []byte) answer {
	m := &meter{Reader: bytes.NewReader(content)}
	var a answer
	var bad file.Complaints
	mpeg.Read(file.New(m, int64(len(content))), &a.Set, &bad)
	a.complaint, a.bytes = bad.First(), m.bytes
	return a
}

// size is the size that was claimed, or zeros.
func (a answer) size() [2]int {
	if len(a.Sizes) != 1 {
		return [2]int{}
	}
	return [2]int{a.Sizes[0].Width, a.Sizes[0].Height}
}

// time is the capture time that was claimed, with its offset, or "".
func (a answer) time(t *testing.T) string {
	t.Helper()
	if len(a.Times) > 1 {
		t.Errorf("%d times", len(a.Times))
	}
	if len(a.Times) == 0 {
		return ""
	}
	c := a.Times[0]
	if c.HasOffset {
		return c.Wall.Format("2006-01-02 15:04:05 ") + c.Offset.String()
	}
	return c.Wall.Format("2006-01-02 15:04:05")
}

// unhex makes bytes of digits with blanks between them.
func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// unit is a unit of a video stream with its start code.
func unit(b ...byte) []byte { return append([]byte{0, 0, 1}, b...) }

// join is the parts one behind the other.
func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// packet is one packet of 188 bytes, whose adaptation field fills it up.
func packet(pid int, start bool, payload []byte) []byte {
	out := []byte{0x47, byte(pid >> 8), byte(pid), 0x30, byte(183 - len(payload))}
	if start {
		out[1] |= 0x40
	}
	if len(payload) < 183 {
		out = append(append(out, 0), bytes.Repeat([]byte{0xff}, 182-len(payload))...)
	}
	return append(out, payload...)
}

// table is a packet with a table, whose checksum is nobody's business here.
func table(pid int, id byte, body []byte) []byte {
	out := []byte{0, id}
	out = binary.BigEndian.AppendUint16(out, uint16(0xb000|len(body)+9))
	out = append(append(out, 0, 1, 0xc1, 0, 0), body...)
	return packet(pid, true, append(out, 0, 0, 0, 0))
}

// tables name one program, and one stream of a kind for it.
func tables(kind byte, pid int) []byte {
	return join(table(0, 0, []byte{0, 1, 0xe1, 0}),
		table(0x100, 2, []byte{0xe1, 1, 0xf0, 0, kind, 0xe0 | byte(pid>>8), byte(pid), 0xf0, 0}))
}

// stream is packets of a video stream.
func stream(pid int, video []byte) []byte {
	video = append([]byte{0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0}, video...)
	var out []byte
	for start := true; len(video) > 0; start = false {
		n := min(len(video), 183)
		out = append(out, packet(pid, start, video[:n])...)
		video = video[n:]
	}
	return out
}
