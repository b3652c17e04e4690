package media

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
)

const (
	// tailSize is how much of a file's end is searched for what ends it. Motion photos and makers' notes stand behind the end of a JPEG.
	tailSize = 256 << 10
	// mostBoxes is how many boxes are gone through; a film in many pieces has more, and is believed.
	mostBoxes = 4096
)

// Whole tells whether a file of some size seems to have its end, as far as its type says what that is; what nothing is known of does. It reads 256 KB at the most.
//
// It is a hint: programs that write from the front leave a file without an end for as long as they write. A file that will never have one may still be shown by
// all programs.
func Whole(r io.ReaderAt, size int64) bool {
	head := make([]byte, min(16, max(size, 0)))
	if n, _ := r.ReadAt(head, 0); n < 12 {
		return true // too short to tell
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}):
		return endsIn(r, size, "\xff\xd9") // which can stand nowhere in the picture itself
	case bytes.HasPrefix(head, []byte("\x89PNG")):
		return endsIn(r, size, "IEND\xae\x42\x60\x82")
	case bytes.HasPrefix(head, []byte("RIFF")):
		return int64(binary.LittleEndian.Uint32(head[4:]))+8 <= size
	case slices.Contains([]string{"ftyp", "moov", "mdat", "wide", "skip", "free", "pnot"}, string(head[4:8])):
		return boxesFit(r, size)
	}
	return true
}

// endsIn tells whether something stands near the end of a file.
func endsIn(r io.ReaderAt, size int64, end string) bool {
	tail := make([]byte, min(size, tailSize))
	n, err := r.ReadAt(tail, size-int64(len(tail)))
	if err != nil && n < len(tail) {
		return true // it is not for us to say why
	}
	return bytes.Contains(tail, []byte(end))
}

// boxesFit tells whether the outermost boxes of an ISO file fill it, and one of them says what is in the others.
func boxesFit(r io.ReaderAt, size int64) bool {
	described := false
	at := int64(0)
	for range mostBoxes {
		if at == size {
			return described
		}
		long, kind, ok := box(r, at)
		switch {
		case !ok:
			return described && onlyZeros(r, at, size) // as some cameras leave behind
		case long > size-at:
			return false
		}
		described = described || kind == "moov" || kind == "meta" || kind == "moof"
		if long == 0 { // it goes to the end, wherever that will be
			return described
		}
		at += long
	}
	return true
}

// box reads the head of a box: its length, 0 for one that goes to the end of the file.
func box(r io.ReaderAt, at int64) (long int64, kind string, ok bool) {
	head := make([]byte, 16)
	n, _ := r.ReadAt(head, at)
	if n < 8 {
		return 0, "", false
	}
	kind = string(head[4:8])
	switch long = int64(binary.BigEndian.Uint32(head)); {
	case long == 1 && n == 16:
		long = int64(binary.BigEndian.Uint64(head[8:]))
		return long, kind, long >= 16
	case long == 0:
		return 0, kind, kind != "\x00\x00\x00\x00"
	}
	return long, kind, long >= 8
}

// onlyZeros tells whether what is left of a file is little, and nothing.
func onlyZeros(r io.ReaderAt, at, size int64) bool {
	if size-at > 4096 {
		return false
	}
	rest := make([]byte, size-at)
	n, _ := r.ReadAt(rest, at)
	return n == len(rest) && len(bytes.Trim(rest, "\x00")) == 0
}
