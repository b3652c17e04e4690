package inspect

import "bytes"

// sniff names the type by its first bytes. Raw files of TIFF's shape come out as
// TIFF; what they say about themselves tells them apart.
func sniff(head []byte) Type {
	for _, s := range signatures {
		if len(head) >= s.at+len(s.magic) && string(head[s.at:s.at+len(s.magic)]) == s.magic {
			return s.typ
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("\x1A\x45\xDF\xA3")):
		return sniffEBML(head)
	case len(head) >= 12 && isBoxStart(head[4:8]):
		return sniffBox(head)
	case isTransportStream(head, 188, 0), isTransportStream(head, 192, 4):
		return MPEGTS
	default:
		return Unknown
	}
}

// sniffEBML tells Matroska from its subset WebM by the document type that the
// header must state.
func sniffEBML(head []byte) Type {
	start := head[:min(len(head), 64)]
	switch {
	case bytes.Contains(start, []byte("webm")):
		return WebM
	case bytes.Contains(start, []byte("matroska")):
		return MKV
	default:
		return Unknown
	}
}

// isTransportStream wants the sync byte at the start of each of the first ten
// packets, or of all packets when the file has only a few: one byte alone
// would let any text that begins with a G pass.
func isTransportStream(head []byte, packet, at int) bool {
	n := min(len(head)/packet, 10)
	if n == 0 || n < 3 && len(head)%packet != 0 {
		return false
	}
	for i := range n {
		if head[i*packet+at] != 0x47 {
			return false
		}
	}
	return true
}
