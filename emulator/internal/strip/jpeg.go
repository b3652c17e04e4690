// Package strip takes the place out of photos that are downloaded: all Exif stays
// in them, but for where they were taken.
//
// Call [JPEG]. Other formats are not for this package.
package strip

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Marker bytes of a JPEG, each after 0xFF; ITU-T T.81 table B.1.
const (
	markerRST0  = 0xD0
	markerRST7  = 0xD7
	markerSOI   = 0xD8
	markerEOI   = 0xD9
	markerSOS   = 0xDA
	markerTEM   = 0x01
	markerAPP0  = 0xE0
	markerAPP1  = 0xE1
	markerAPP2  = 0xE2
	markerAPP14 = 0xEE
	markerAPP15 = 0xEF
	markerCOM   = 0xFE
)

// errNoJPEG is an error of what is no JPEG from its first byte to its end marker.
var errNoJPEG = errors.New("strip: not a whole JPEG")

// JPEG copies a JPEG from r to w without the place at which it was taken.
//
// What the picture and its colours need stays as it is, and so do Exif's
// directories but for that of GPS. Everything else goes, because a place may stand
// in it or it is no longer true: XMP, IPTC, comments, what makers put into
// segments of their own, and what stands behind the picture, such as the video
// of a motion photo. A maker's note inside of Exif stays.
//
// It keeps a segment of 64 KiB in memory at most. An error of the file leaves the
// part of it that came before in w.
func JPEG(w io.Writer, r io.Reader) error {
	c := copier{src: bufio.NewReader(r), dst: bufio.NewWriter(w)}
	if start, err := c.src.Peek(2); err != nil || start[0] != 0xFF || start[1] != markerSOI {
		return errors.Join(errNoJPEG, err)
	}
	for {
		marker, err := c.marker()
		if err == nil {
			err = c.segment(marker)
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return errNoJPEG
		case err != nil:
			return err
		case marker == markerEOI:
			return c.dst.Flush()
		}
	}
}

// copier copies one file, used by one goroutine. Errors of dst stay in it until
// it is flushed.
type copier struct {
	src   *bufio.Reader
	dst   *bufio.Writer
	begun bool // the 0xFF of the next marker has been read
}

// marker reads up to the next marker. Fill bytes, and what a sloppy writer left
// between segments, are not copied.
func (c *copier) marker() (byte, error) {
	for {
		b, err := c.src.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case c.begun && b != 0xFF && b != 0:
			c.begun = false
			return b, nil
		}
		c.begun = b == 0xFF
	}
}

// segment copies a marker with what belongs to it, if it stays.
func (c *copier) segment(marker byte) error {
	if marker == markerTEM || marker >= markerRST0 && marker <= markerEOI {
		_, err := c.dst.Write([]byte{0xFF, marker})
		return err
	}
	var head [2]byte
	if _, err := io.ReadFull(c.src, head[:]); err != nil {
		return err
	}
	length := int(binary.BigEndian.Uint16(head[:]))
	if length < len(head) {
		return errNoJPEG
	}
	body := make([]byte, length-len(head))
	if _, err := io.ReadFull(c.src, body); err != nil {
		return err
	}
	if stays(marker, body) {
		if _, err := c.dst.Write(append([]byte{0xFF, marker, head[0], head[1]}, body...)); err != nil {
			return err
		}
	}
	if marker == markerSOS {
		return c.scan()
	}
	return nil
}

// stays reports whether a segment is copied, and takes the place out of its body.
func stays(marker byte, body []byte) bool {
	switch {
	case marker == markerAPP1:
		block, isExif := bytes.CutPrefix(body, []byte("Exif\x00"))
		// The sixth byte is zero, but for some writers. A block that goes on from
		// another segment has no header, so its places cannot be told: it goes.
		return isExif && len(block) > 0 && Exif(block[1:])
	case marker == markerAPP2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
	case marker == markerAPP0, marker == markerAPP14: // JFIF; Adobe's, on which the colours depend
		return true
	}
	return marker != markerCOM && (marker < markerAPP0 || marker > markerAPP15)
}

// scan copies the data of a scan up to the next marker.
func (c *copier) scan() error {
	for {
		data, err := c.src.ReadSlice(0xFF)
		if errors.Is(err, bufio.ErrBufferFull) {
			err = nil
		}
		if err != nil {
			return err
		}
		if data[len(data)-1] != 0xFF {
			if _, err := c.dst.Write(data); err != nil {
				return err
			}
			continue
		}
		next, err := c.src.Peek(1)
		if err != nil {
			return err
		}
		if m := next[0]; m != 0 && (m < markerRST0 || m > markerRST7) {
			c.begun = true
			_, err = c.dst.Write(data[:len(data)-1])
			return err
		}
		if _, err := c.dst.Write(data); err != nil {
			return err
		}
	}
}
