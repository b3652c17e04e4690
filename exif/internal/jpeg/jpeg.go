// Package jpeg goes through the segments of a JPEG file.
package jpeg

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
)

// JPEG markers, ITU-T T.81 table B.1.
const (
	markerSOF0 = 0xc0 // the first of sixteen; three of them are other things:
	markerDHT  = 0xc4
	markerJPG  = 0xc8
	markerDAC  = 0xcc
	markerRST0 = 0xd0
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerDQT  = 0xdb
	markerDRI  = 0xdd
	markerAPP0 = 0xe0
	markerAPP1 = 0xe1
	markerCOM  = 0xfe
)

const (
	// maxGarbage bounds the search for the next marker over bytes that belong to
	// no segment. Cameras that miscount leave a few bytes, rarely a few hundred.
	maxGarbage = 64 << 10

	// maxBlocks bounds the EXIF blocks of one file; one is right, two occur.
	maxBlocks = 4

	// maxSpans bounds the segments of one EXIF block: 16 are a full MiB.
	maxSpans = 16

	// searchStep is how many bytes are searched for a marker at once.
	searchStep = 512

	exifSignature = 6 // bytes of "Exif", NUL, and a NUL that some write as 0xff
)

// headSize is read first. The EXIF directories of most cameras lie in the first
// two KiB, before their maker note, so one read answers most questions.
const headSize = 4 << 10

var errGarbage = errors.New("no marker in 64 KiB of stray bytes")

// Read claims what the segments in front of a JPEG's scan hold.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	if src.Begin(headSize) != nil {
		return // the source keeps its error
	}
	head := walk(src, to, bad)
	for _, b := range head.exif {
		tiff.Read(b, to, bad)
	}
}

// head collects the EXIF blocks, which may lie in several segments each.
type head struct{ exif []file.Block }

// walk goes from segment to segment up to the frame header, and on to the scan
// if no EXIF block was met before it.
func walk(src *file.Source, to *claim.Set, bad *file.Complaints) head {
	var found head
	framed := false
	w := walker{src: src, pos: 2, garbage: maxGarbage}
	for {
		s, err := w.next()
		switch {
		case err != nil:
			bad.Add("the picture's header ends at byte %d: %v", w.pos, err)
			return found
		case s.marker == markerSOS || s.marker == markerEOI:
			if !framed {
				bad.Add("no frame header")
			}
			return found
		case isFrame(s.marker) && !framed:
			framed = true
			width, height := frameSize(src, s, bad)
			to.AddSize(claim.Header, width, height)
			if len(found.exif) > 0 {
				return found
			}
		case s.marker == markerAPP1:
			found.addEXIF(src, s, bad)
		}
	}
}

// segment is one marker with the place of its body, which may be cut short by
// the end of the file.
type segment struct {
	marker byte
	body   file.Span
}

// walker finds segments. garbage is how many stray bytes it still crosses.
type walker struct {
	src     *file.Source
	pos     int64
	garbage int64
}

// next returns the segment at or after the current position and steps over it.
// A scan and the end of the picture are returned without a body.
func (w *walker) next() (segment, error) {
	for {
		b, err := w.src.At(w.pos, 2)
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
	b, err := w.src.At(w.pos+2, 2)
	if err != nil {
		return segment{}, false, err
	}
	length := int64(binary.BigEndian.Uint16(b)) // counts itself
	if length < 2 {
		return segment{}, false, nil
	}
	body := file.Span{Off: w.pos + 4, Size: length - 2}
	w.pos = body.Off + body.Size
	body.Size = min(body.Size, w.src.Size()-body.Off)
	return segment{marker: marker, body: body}, true, nil
}

// resync moves to the next pair of bytes that looks like a marker of a header.
func (w *walker) resync() error {
	for w.garbage > 0 {
		n := min(searchStep, w.src.Size()-w.pos)
		if n < 2 {
			return file.ErrOutside
		}
		b, err := w.src.At(w.pos, int(n))
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

// frameSize reads the picture's size; ITU-T T.81 B.2.2: length, precision,
// lines, samples per line. Zero lines are lawful and mean unknown.
func frameSize(src *file.Source, s segment, bad *file.Complaints) (width, height int64) {
	const lines, samples = 1, 3
	b, err := src.At(s.body.Off, samples+2)
	if err != nil || s.body.Size < samples+2 {
		bad.Add("the frame header is cut short")
		return 0, 0
	}
	return int64(binary.BigEndian.Uint16(b[samples:])), int64(binary.BigEndian.Uint16(b[lines:]))
}

// addEXIF takes the segment if it is EXIF: as a new block, or, if it does not
// begin like one, as the continuation of the last. Other APP1 segments, XMP
// above all, are passed over.
func (h *head) addEXIF(src *file.Source, s segment, bad *file.Complaints) {
	b, err := src.At(s.body.Off, int(min(exifSignature+4, s.body.Size)))
	if err != nil || len(b) < exifSignature || string(b[:5]) != "Exif\x00" {
		return
	}
	piece := file.Span{Off: s.body.Off + exifSignature, Size: s.body.Size - exifSignature}
	switch last := len(h.exif) - 1; {
	case tiff.IsHeader(b[exifSignature:]):
		if len(h.exif) < maxBlocks {
			h.exif = append(h.exif, file.Join(src, piece))
		}
	case last >= 0 && h.exif[last].Pieces() < maxSpans:
		h.exif[last].Append(piece)
	default:
		bad.Add("an EXIF segment without a TIFF header")
	}
}
