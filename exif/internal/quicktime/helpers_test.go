package quicktime_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/quicktime"
)

// The builders make boxes of strings, so that a test shows what is in them.

func be16(v int) string { return string(binary.BigEndian.AppendUint16(nil, uint16(v))) }
func be32(v int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(v))) }
func be64(v int) string { return string(binary.BigEndian.AppendUint64(nil, uint64(v))) }

func zeros(n int) string { return strings.Repeat("\x00", n) }

func box(kind string, body ...string) string { return claimtest.Box(kind, body...) }

// longBox has a size of 64 bits.
func longBox(kind string, body ...string) string {
	b := strings.Join(body, "")
	return be32(1) + kind + be64(16+len(b)) + b
}

// at2024 is 2024-05-18 12:30:05 UTC, counted from 1904.
const at2024 = 3_798_880_205

func mvhd(created, scale, duration int) string {
	return box("mvhd", be32(0), be32(created), be32(created), be32(scale), be32(duration), zeros(80))
}

const (
	one   = 0x1_0000
	unity = 0x4000_0000
)

func upright() [9]int { return [9]int{one, 0, 0, 0, one, 0, 0, 0, unity} }

// tkhd takes the size as it stands in the file.
func tkhd(width, height, duration int, matrix [9]int) string {
	numbers := ""
	for _, v := range matrix {
		numbers += be32(v)
	}
	return box("tkhd", be32(3), zeros(8), be32(1), zeros(4), be32(duration), zeros(16), numbers, be32(width), be32(height))
}

func hdlr(kind string) string { return box("hdlr", zeros(8), kind, zeros(13)) }

func mdia(kind string, more ...string) string {
	return box("mdia", box("mdhd", zeros(24)), hdlr(kind), strings.Join(more, ""))
}

func trak(header, media string, more ...string) string {
	return box("trak", header, strings.Join(more, ""), media)
}

func picture() string { return trak(tkhd(64*one, 48*one, 1000, upright()), mdia("vide")) }

func ftyp() string { return box("ftyp", "isom", zeros(4), "isom") }

// movie is a whole one with more boxes at the end of its header.
func movie(more ...string) string {
	return ftyp() + box("moov", mvhd(at2024, 1000, 2500), picture(), strings.Join(more, "")) + box("mdat", "pictures")
}

// userText is a text of QuickTime in a language.
func userText(kind, text string, language int) string {
	return box(kind, be16(len(text)), be16(language), text)
}

const english = 0x15c7

// keyed is a list of items with keys, given as key, value, key, value.
func keyed(pairs ...string) string {
	names, items := "", ""
	for i := 0; i < len(pairs); i += 2 {
		names += be32(8+len(pairs[i])) + "mdta" + pairs[i]
		items += box(be32(1+i/2), box("data", be32(1), be32(0), pairs[i+1]))
	}
	return hdlr("mdta") + box("keys", be32(0), be32(len(pairs)/2), names) + box("ilst", items)
}

func read(movie string) claimtest.Answer { return claimtest.Read(quicktime.Read, []byte(movie)) }

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name, movie string) claim.Set {
	t.Helper()
	return read(movie).Must(t, name).Set
}

// firstTime is the first claim of a source, as text; "" if there is none.
func firstTime(said claim.Set, source string) string {
	for _, c := range said.Times {
		if c.Source == source {
			return claimtest.When(c)
		}
	}
	return ""
}

// texts joins the values of claims from a source.
func texts(claims []claim.Text, source string) string {
	var out []string
	for _, c := range claims {
		if c.Source == source {
			out = append(out, c.Value)
		}
	}
	return strings.Join(out, "|")
}
