package xmp

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// inUTF8 returns the packet in UTF-8, from its first mark on. XMP specification
// part 1, 7.1: the encodings are UTF-8 and, by the pattern of their zeros, UTF-16
// in both orders. UTF-32 is allowed too, but nobody is known to write it.
func inUTF8(packet []byte) []byte {
	if order := zeroPattern(packet); order != nil {
		packet = fromUTF16(packet, order)
	}
	begin := len(packet)
	for _, mark := range []string{"<?xpacket", "<x:xmpmeta", "<rdf:RDF"} {
		if at := bytes.Index(packet[:begin], []byte(mark)); at >= 0 {
			begin = at
		}
	}
	if begin == len(packet) {
		return packet // other prefixes
	}
	return packet[begin:]
}

// zeroPattern tells UTF-16 by the zeros of its ASCII; nil if it is none.
func zeroPattern(packet []byte) binary.ByteOrder {
	const sample = 512
	head := packet[:min(len(packet), sample)]
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	// Half of the bytes of ASCII are zeros, and all on the same side.
	enough := len(head) / 4
	switch {
	case zeros[0] > enough && zeros[0] > 2*zeros[1]:
		return binary.BigEndian
	case zeros[1] > enough && zeros[1] > 2*zeros[0]:
		return binary.LittleEndian
	}
	return nil
}

func fromUTF16(b []byte, order binary.ByteOrder) []byte {
	// Two bytes become three at most, so that nothing is moved.
	out := make([]byte, 0, len(b)/2*3)
	for ; len(b) >= 2; b = b[2:] {
		r := rune(order.Uint16(b))
		if utf16.IsSurrogate(r) && len(b) >= 4 {
			if r = utf16.DecodeRune(r, rune(order.Uint16(b[2:]))); r != utf8.RuneError {
				b = b[2:]
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}
