package exif

import (
	"bytes"
	"encoding/binary"
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

	exifSignature = 6 // bytes of "Exif", NUL, and a NUL that some write as 0xff
)

// jpegHead is what the segments in front of a JPEG's scan hold.
type jpegHead struct {
	width, height int
	exif          []block
}

// walkJPEG goes from segment to segment up to the frame header, and on to the
// scan if no EXIF block was met before it.
func walkJPEG(src *source, bad *complaints) jpegHead {
	var head jpegHead
	framed := false
	w := jpegWalker{src: src, pos: 2, garbage: maxGarbage}
	for {
		s, err := w.next()
		switch {
		case err != nil:
			bad.add("the picture's header ends at byte %d: %v", w.pos, err)
			return head
		case s.marker == markerSOS || s.marker == markerEOI:
			if !framed {
				bad.add("no frame header")
			}
			return head
		case isFrame(s.marker) && !framed:
			framed = true
			head.width, head.height = frameSize(src, s, bad)
			if len(head.exif) > 0 {
				return head
			}
		case s.marker == markerAPP1:
			head.addEXIF(src, s, bad)
		}
	}
}

// segment is one marker with the place of its body, which may be cut short by
// the end of the file.
type segment struct {
	marker byte
	body   span
}

// jpegWalker finds segments. garbage is how many stray bytes it still crosses.
type jpegWalker struct {
	src     *source
	pos     int64
	garbage int64
}

// next returns the segment at or after the current position and steps over it.
// A scan and the end of the picture are returned without a body.
func (w *jpegWalker) next() (segment, error) {
	for {
		b, err := w.src.at(w.pos, 2)
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
func (w *jpegWalker) segmentAt(marker byte) (segment, bool, error) {
	b, err := w.src.at(w.pos+2, 2)
	if err != nil {
		return segment{}, false, err
	}
	length := int64(binary.BigEndian.Uint16(b)) // counts itself
	if length < 2 {
		return segment{}, false, nil
	}
	body := span{off: w.pos + 4, size: length - 2}
	w.pos = body.off + body.size
	body.size = min(body.size, w.src.size-body.off)
	return segment{marker: marker, body: body}, true, nil
}

// resync moves to the next pair of bytes that looks like a marker of a header.
func (w *jpegWalker) resync() error {
	for w.garbage > 0 {
		n := min(readAhead, w.src.size-w.pos)
		if n < 2 {
			return errOutside
		}
		b, err := w.src.at(w.pos, int(n))
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
func frameSize(src *source, s segment, bad *complaints) (width, height int) {
	const lines, samples = 1, 3
	b, err := src.at(s.body.off, samples+2)
	if err != nil || s.body.size < samples+2 {
		bad.add("the frame header is cut short")
		return 0, 0
	}
	return int(binary.BigEndian.Uint16(b[samples:])), int(binary.BigEndian.Uint16(b[lines:]))
}

// addEXIF takes the segment if it is EXIF: as a new block, or, if it does not
// begin like one, as the continuation of the last. Other APP1 segments, XMP
// above all, are passed over.
func (h *jpegHead) addEXIF(src *source, s segment, bad *complaints) {
	b, err := src.at(s.body.off, int(min(exifSignature+4, s.body.size)))
	if err != nil || len(b) < exifSignature || string(b[:5]) != "Exif\x00" {
		return
	}
	piece := span{off: s.body.off + exifSignature, size: s.body.size - exifSignature}
	switch last := len(h.exif) - 1; {
	case isTIFFHeader(b[exifSignature:]):
		if len(h.exif) < maxBlocks {
			h.exif = append(h.exif, block{src: src, spans: []span{piece}, size: piece.size})
		}
	case last >= 0 && len(h.exif[last].spans) < maxSpans:
		h.exif[last].spans = append(h.exif[last].spans, piece)
		h.exif[last].size += piece.size
	default:
		bad.add("an EXIF segment without a TIFF header")
	}
}
