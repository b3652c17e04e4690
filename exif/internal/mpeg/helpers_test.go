package mpeg_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/mpeg"
)

func read(content []byte) claimtest.Answer { return claimtest.Read(mpeg.Read, content) }

// size is the size that was claimed, or zeros.
func size(a claimtest.Answer) [2]int {
	if len(a.Sizes) != 1 {
		return [2]int{}
	}
	return [2]int{a.Sizes[0].Width, a.Sizes[0].Height}
}

// when is the capture time that was claimed, or "".
func when(t *testing.T, a claimtest.Answer) string {
	t.Helper()
	if len(a.Times) > 1 {
		t.Errorf("%d times", len(a.Times))
	}
	if len(a.Times) == 0 {
		return ""
	}
	return claimtest.When(a.Times[0])
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
