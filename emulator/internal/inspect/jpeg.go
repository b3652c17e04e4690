package inspect

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Marker bytes of a JPEG, each after 0xFF.
const (
	markerSOI  = 0xD8
	markerEOI  = 0xD9
	markerSOS  = 0xDA
	markerAPP1 = 0xE1
)

// maxSegments bounds the header of a JPEG: 4096 full segments are more than
// the largest photo that the service takes.
const maxSegments = 4096

// lookJPEG wants a frame header, a scan with data and an end marker after it.
// A file that was cut in the middle of its scan has no end marker: within scan
// data 0xFF never stands before 0xD9.
func lookJPEG(f *Facts, r io.ReaderAt, size int64) error {
	j := jpegReader{
		src: bufio.NewReaderSize(io.NewSectionReader(r, 2, size-2), 32<<10),
		f:   f,
	}
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
	src      *bufio.Reader
	f        *Facts
	seenEXIF bool
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
	case marker == markerAPP1 && !j.seenEXIF:
		return false, j.app1(length)
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
	j.f.Height = int(binary.BigEndian.Uint16(b[1:]))
	j.f.Width = int(binary.BigEndian.Uint16(b[3:]))
	if j.f.Width == 0 || j.f.Height == 0 {
		return ErrDamaged
	}
	_, err := j.src.Discard(length - 5)
	return err
}

// scan wants at least one byte of data before the end marker.
func (j *jpegReader) scan(length int) error {
	if j.f.Width == 0 {
		return ErrDamaged // no frame header: nothing says what the data is
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

// app1 reads the first EXIF block; a segment is at most 64 KiB. XMP has the
// same marker and may stand before it.
func (j *jpegReader) app1(length int) error {
	block := make([]byte, length)
	if _, err := io.ReadFull(j.src, block); err != nil {
		return err
	}
	tiff, ok := bytes.CutPrefix(block, []byte("Exif\x00\x00"))
	if !ok {
		return nil
	}
	j.seenEXIF = true
	// A block that makes no sense costs its facts, not the photo.
	if d, ok := walkTIFF(bytes.NewReader(tiff), int64(len(tiff))); ok {
		j.f.Taken, j.f.Orientation = d.taken, d.orientation
	}
	return nil
}
