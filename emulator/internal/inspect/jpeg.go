package inspect

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// Marker bytes of a JPEG, each after 0xFF.
const (
	markerSOI = 0xD8
	markerEOI = 0xD9
	markerSOS = 0xDA
)

// maxSegments bounds the header of a JPEG: 4096 full segments are more than
// the largest photo that the service takes.
const maxSegments = 4096

// wholeJPEG wants a frame header, a scan with data and an end marker after it.
// A file that was cut in the middle of its scan has no end marker: within scan
// data 0xFF never stands before 0xD9.
func wholeJPEG(r io.ReaderAt, size int64) error {
	j := jpegReader{src: bufio.NewReaderSize(io.NewSectionReader(r, 2, size-2), 32<<10)}
	for range maxSegments {
		done, err := j.segment()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return ErrDamaged
		}
		if done || err != nil {
			return err
		}
	}
	return ErrDamaged
}

// jpegReader walks the segments of one file, used by one goroutine.
type jpegReader struct {
	src    *bufio.Reader
	framed bool // a frame header was met
}

// segment reads one marker and its segment; done after the scan.
func (j *jpegReader) segment() (done bool, err error) {
	marker, err := j.marker()
	if err != nil {
		return false, err
	}
	if marker == markerEOI {
		return false, ErrDamaged
	}
	if marker == 0x01 || marker >= 0xD0 && marker <= markerSOI {
		return false, nil // stands alone
	}
	var two [2]byte
	if _, err := io.ReadFull(j.src, two[:]); err != nil {
		return false, err
	}
	length := int(binary.BigEndian.Uint16(two[:])) - 2
	if length < 0 {
		return false, ErrDamaged
	}
	switch {
	case isFrameHeader(marker):
		return false, j.frame(length)
	case marker == markerSOS:
		return true, j.scan(length)
	}
	_, err = j.src.Discard(length)
	return false, err
}

// marker skips to the next marker. Fill bytes, and what a sloppy writer left
// between segments, are passed over as decoders do.
func (j *jpegReader) marker() (byte, error) {
	for {
		b, err := j.src.ReadByte()
		if err != nil {
			return 0, err
		}
		for b == 0xFF {
			if b, err = j.src.ReadByte(); err != nil {
				return 0, err
			}
			if b != 0xFF && b != 0 {
				return b, nil
			}
		}
	}
}

// isFrameHeader knows the SOF markers: C0..CF without the three that are
// tables.
func isFrameHeader(m byte) bool {
	return m >= 0xC0 && m <= 0xCF && m != 0xC4 && m != 0xC8 && m != 0xCC
}

func (j *jpegReader) frame(length int) error {
	if length < 6 {
		return ErrDamaged
	}
	var b [5]byte
	if _, err := io.ReadFull(j.src, b[:]); err != nil {
		return err
	}
	lines, samples := binary.BigEndian.Uint16(b[1:]), binary.BigEndian.Uint16(b[3:])
	if lines == 0 || samples == 0 {
		return ErrDamaged
	}
	j.framed = true
	_, err := j.src.Discard(length - 5)
	return err
}

// scan wants at least one byte of data before the end marker.
func (j *jpegReader) scan(length int) error {
	if !j.framed {
		return ErrDamaged // nothing says what the data is
	}
	if _, err := j.src.Discard(length); err != nil {
		return err
	}
	if start, err := j.src.Peek(2); err != nil || start[0] == 0xFF && start[1] == markerEOI {
		return ErrDamaged
	}
	for {
		// A buffer that fills up without 0xFF is one more step, not an error.
		if _, err := j.src.ReadSlice(0xFF); err != nil {
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			return err
		}
		if next, err := j.src.Peek(1); err != nil || next[0] == markerEOI {
			return err
		}
	}
}
