package inspect

import (
	"encoding/binary"
	"io"
)

// wholeICO wants the first picture of the directory to lie within the file:
// four bytes of signature alone are too common in other files.
func wholeICO(head []byte, size int64) error {
	if len(head) < 22 || binary.LittleEndian.Uint16(head[4:]) == 0 {
		return ErrDamaged
	}
	length := int64(binary.LittleEndian.Uint32(head[14:]))
	at := int64(binary.LittleEndian.Uint32(head[18:]))
	if length == 0 || at < 22 || at+length > size {
		return ErrDamaged
	}
	return nil
}

// wholeTIFF wants a directory with at least one entry: that, raw formats whose
// makers keep everything in tags of their own have too.
func wholeTIFF(r io.ReaderAt, size int64, head []byte) error {
	if len(head) < 8 {
		return ErrDamaged
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if head[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(head[4:]))
	if at < 8 || at+2+12 > size {
		return ErrDamaged
	}
	var count [2]byte
	if _, err := r.ReadAt(count[:], at); err != nil {
		return err
	}
	if order.Uint16(count[:]) == 0 {
		return ErrDamaged
	}
	return nil
}

// maxChunks bounds the walk to a PNG's first image data. Text and profiles
// before it are a handful.
const maxChunks = 4096

// wholePNG wants at least the start of image data. That there is a header, its
// size tells.
func wholePNG(r io.ReaderAt, size int64) error {
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
