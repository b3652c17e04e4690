package claimtest

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
)

// Texts are claims of one source.
func Texts(source string, values ...string) []claim.Text {
	var out []claim.Text
	for _, v := range values {
		out = append(out, claim.Text{Value: v, Source: source})
	}
	return out
}

// Size is the size in a format's header as the only claim.
func Size(width, height int) []claim.Size {
	return []claim.Size{{Width: width, Height: height, Source: claim.Header}}
}

// When is a capture time as text, 2024-05-18T14:30:05.25+02:00: with its offset,
// with Z if it is an instant, or bare.
func When(c claim.Time) string {
	s := c.Wall.Format("2006-01-02T15:04:05.999999999")
	switch {
	case c.Instant:
		s += "Z"
	case c.HasOffset:
		s += time.Time{}.In(time.FixedZone("", int(c.Offset/time.Second))).Format("-07:00")
	}
	return s
}

// Box is a box of the ISO base media format, with its size in 32 bits.
func Box(kind string, body ...string) string {
	b := strings.Join(body, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(b)))) + kind + b
}
