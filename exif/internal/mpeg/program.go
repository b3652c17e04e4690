package mpeg

import (
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// Program streams, ISO/IEC 13818-1 section 2.5.3 and table 2-22; those of MPEG-1,
// ISO/IEC 11172-1 section 2.4.3, differ in the heads of their packs and packets.
const (
	codeProgramEnd = 0xb9
	codePack       = 0xba
	codeSystem     = 0xbb // the first that has a length behind it
	codeVideo      = 0xe0 // of the first of sixteen streams
	videoMask      = 0xf0

	startSize   = 4
	lengthSize  = 2
	packSize    = 14 // without stuffing
	packSizeOld = 12

	// maxPackets bounds the packets before the first of video. A disc's first pack
	// is navigation, and sound may come first.
	maxPackets = 1000

	// maxStray bounds the bytes between two packets, which should be none.
	maxStray = 4 << 10
)

// readProgram takes packets until the video has what it wants.
func readProgram(src *file.Source, v *video, bad *file.Complaints) {
	pos := int64(0)
	for range maxPackets {
		b, err := src.At(pos, startSize)
		if err != nil || pos >= maxStream {
			return
		}
		code := b[3]
		switch {
		case b[0] != 0 || b[1] != 0 || b[2] != 1:
			bad.Add("no packet at byte %d", pos)
			if pos = nextStart(src, pos); pos < 0 {
				return
			}
			continue
		case code == codeProgramEnd:
			return
		case code == codePack:
			pos += packLength(src, pos)
			continue
		case code < codeSystem: // of the video itself: this is no packet
			pos += startSize
			continue
		}
		if b, err = src.At(pos+startSize, lengthSize); err != nil {
			return
		}
		body, size := pos+startSize+lengthSize, int64(binary.BigEndian.Uint16(b))
		if code&videoMask == codeVideo {
			head := packetHeadSize(src, body, size)
			if !feed(src, v, body+head, size-head) {
				return
			}
		}
		pos = body + size
	}
}

// nextStart finds the next start code behind stray bytes; -1 if there is none.
func nextStart(src *file.Source, pos int64) int64 {
	for at := pos + 1; at < pos+maxStray; at++ {
		b, err := src.At(at, startSize)
		if err != nil {
			return -1
		}
		if b[0] == 0 && b[1] == 0 && b[2] == 1 && b[3] >= codeProgramEnd {
			return at
		}
	}
	return -1
}

// packLength is the length of a pack's head, whose first bits tell the standard.
func packLength(src *file.Source, pos int64) int64 {
	b, err := src.At(pos, packSize)
	if err != nil || b[startSize]>>6 != 1 {
		return packSizeOld
	}
	return packSize + int64(b[packSize-1]&7)
}

// packetHeadSize is the length of what stands before the video in the packet
// whose content of size bytes is at pos.
func packetHeadSize(src *file.Source, pos, size int64) int64 {
	const most = 24 // of MPEG-1: 16 of stuffing, 2 of buffer size, 5 or 10 of time
	b, err := src.At(pos, int(min(size, most)))
	if err != nil || len(b) < 3 {
		return size
	}
	if b[0]>>6 == 2 {
		return min(size, 3+int64(b[2]))
	}
	at := 0
	for at < len(b)-1 && b[at] == 0xff {
		at++
	}
	if b[at]>>6 == 1 {
		at += 2
	}
	if at >= len(b) {
		return size
	}
	switch b[at] >> 4 {
	case 2:
		at += 5
	case 3:
		at += 10
	default:
		at++
	}
	return min(size, int64(at))
}
