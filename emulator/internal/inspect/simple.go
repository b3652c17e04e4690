package inspect

import (
	"encoding/binary"
	"io"
)

// lookSimple reads the formats whose size stands at a fixed place near the
// start.
func lookSimple(f *Facts, size int64, head []byte) error {
	var ok bool
	switch f.Type {
	case GIF:
		ok = gifSize(f, head)
	case BMP:
		ok = bmpSize(f, head)
	case WebP:
		ok = webpSize(f, head)
	case ICO:
		ok = icoHolds(head, size)
	}
	if !ok {
		return ErrDamaged
	}
	return nil
}

func gifSize(f *Facts, b []byte) bool {
	if len(b) < 14 {
		return false
	}
	f.Width = int(binary.LittleEndian.Uint16(b[6:]))
	f.Height = int(binary.LittleEndian.Uint16(b[8:]))
	return f.Width > 0 && f.Height > 0
}

// bmpSize knows the 12 byte core header and the longer ones, whose height is
// negative when the rows stand top down.
func bmpSize(f *Facts, b []byte) bool {
	if len(b) < 26 {
		return false
	}
	switch dib := binary.LittleEndian.Uint32(b[14:]); {
	case dib == 12:
		f.Width = int(binary.LittleEndian.Uint16(b[18:]))
		f.Height = int(binary.LittleEndian.Uint16(b[20:]))
	case dib >= 40 && dib <= 124:
		f.Width = int(int32(binary.LittleEndian.Uint32(b[18:])))
		f.Height = abs(int(int32(binary.LittleEndian.Uint32(b[22:]))))
	default:
		return false
	}
	return f.Width > 0 && f.Height > 0
}

func abs(n int) int {
	return max(n, -n)
}

// webpSize reads the first chunk: lossy, lossless or extended.
func webpSize(f *Facts, b []byte) bool {
	if len(b) < 30 {
		return false
	}
	switch string(b[12:16]) {
	case "VP8 ":
		if string(b[23:26]) != "\x9D\x01\x2A" {
			return false
		}
		f.Width = int(binary.LittleEndian.Uint16(b[26:]) & 0x3FFF)
		f.Height = int(binary.LittleEndian.Uint16(b[28:]) & 0x3FFF)
	case "VP8L":
		if b[20] != 0x2F {
			return false
		}
		bits := binary.LittleEndian.Uint32(b[21:])
		f.Width = int(bits&0x3FFF) + 1
		f.Height = int(bits>>14&0x3FFF) + 1
	case "VP8X":
		f.Width = int(uint24(b[24:])) + 1
		f.Height = int(uint24(b[27:])) + 1
	default:
		return false
	}
	return f.Width > 0 && f.Height > 0
}

func uint24(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
}

// icoHolds wants the first picture of the directory to lie within the file:
// four bytes of signature alone are too common in other files.
func icoHolds(b []byte, size int64) bool {
	if len(b) < 22 || binary.LittleEndian.Uint16(b[4:]) == 0 {
		return false
	}
	length := int64(binary.LittleEndian.Uint32(b[14:]))
	at := int64(binary.LittleEndian.Uint32(b[18:]))
	return length > 0 && at >= 22 && at+length <= size
}

// maxChunks bounds the walk to a PNG's first image data. Text and profiles
// before it are a handful.
const maxChunks = 4096

// lookPNG wants a header with a size and at least the start of image data.
func lookPNG(f *Facts, r io.ReaderAt, size int64, head []byte) error {
	if len(head) < 33 || string(head[12:16]) != "IHDR" {
		return ErrDamaged
	}
	f.Width = int(int32(binary.BigEndian.Uint32(head[16:])))
	f.Height = int(int32(binary.BigEndian.Uint32(head[20:])))
	if f.Width <= 0 || f.Height <= 0 {
		return ErrDamaged
	}
	at := int64(8)
	var chunk [8]byte
	for range maxChunks {
		if at+12 > size {
			return ErrDamaged
		}
		if _, err := r.ReadAt(chunk[:], at); err != nil {
			return err
		}
		if string(chunk[4:]) == "IDAT" {
			return nil
		}
		at += 12 + int64(binary.BigEndian.Uint32(chunk[:]))
	}
	return ErrDamaged
}
