package jpeg

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// JPEG markers, ITU-T T.81 table B.1.
const (
	markerSOF0  = 0xc0 // the first of sixteen; three of them are other things:
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerRST0  = 0xd0
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP13 = 0xed
	markerCOM   = 0xfe
)

const (
	// maxGarbage bounds the search for the next marker over bytes that belong to
	// no segment. Cameras that miscount leave a few bytes, rarely a few hundred.
	maxGarbage = 64 << 10

	// searchStep is how many bytes are searched for a marker at once.
	searchStep = 512
)

var errGarbage = errors.New("no marker in 64 KiB of stray bytes")

// segment is one marker with its body, which may be cut short by the end of the
// file.
type segment struct {
	marker byte
	body   file.Block
}

// walker finds segments. garbage is how many stray bytes it still crosses.
type walker struct {
	block   file.Block
	pos     int64
	garbage int64
}

// next returns the segment at or after the current position and steps over it.
// A scan and the end of the picture are returned without a body.
func (w *walker) next() (segment, error) {
	for {
		b, err := w.block.At(w.pos, 2)
		if err != nil {
			return segment{}, err
		}
		marker := b[1]
		if b[0] != 0xff || !isHeaderMarker(marker) {
			if err := w.resync(); err != nil {
				return segment{}, err
			}
			continue
		}
		if marker == markerEOI || marker == markerSOS {
			return segment{marker: marker}, nil
		}
		s, ok, err := w.segmentAt(marker)
		if err != nil || ok {
			return s, err
		}
		w.pos += 2 // a chance pair of bytes
	}
}

// segmentAt reads the length behind the marker at the current position; false
// if it is none.
func (w *walker) segmentAt(marker byte) (segment, bool, error) {
	b, err := w.block.At(w.pos+2, 2)
	if err != nil {
		return segment{}, false, err
	}
	length := int64(binary.BigEndian.Uint16(b)) // counts itself
	if length < 2 {
		return segment{}, false, nil
	}
	s := segment{marker: marker, body: w.block.Sub(w.pos+4, length-2)}
	w.pos += 2 + length
	return s, true, nil
}

// resync moves to the next pair of bytes that looks like a marker of a header.
func (w *walker) resync() error {
	for w.garbage > 0 {
		n := min(searchStep, w.block.Size()-w.pos)
		if n < 2 {
			return file.ErrOutside
		}
		b, err := w.block.At(w.pos, int(n))
		if err != nil {
			return err
		}
		for i := 0; i < len(b)-1; i++ {
			skip := bytes.IndexByte(b[i:len(b)-1], 0xff)
			if skip < 0 {
				break
			}
			if i += skip; isHeaderMarker(b[i+1]) {
				w.garbage -= int64(i)
				w.pos += int64(i)
				return nil
			}
		}
		w.garbage -= n - 1
		w.pos += n - 1 // the last byte may be the first of a marker
	}
	return errGarbage
}

// isHeaderMarker tells the markers that may stand in front of a scan, and those
// that end the search. Fill bytes and stuffed zeros are none.
func isHeaderMarker(m byte) bool {
	return m >= markerSOF0 && m < markerRST0 ||
		m >= markerEOI && m <= markerDQT || m == markerDRI ||
		m >= markerAPP0 && m < markerAPP0+16 || m == markerCOM
}

func isFrame(m byte) bool {
	return m >= markerSOF0 && m < markerRST0 && m != markerDHT && m != markerJPG && m != markerDAC
}
