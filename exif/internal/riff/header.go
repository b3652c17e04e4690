package riff

import (
	"encoding/binary"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// The sizes of structures as far as they are read, and the places in them: AVI
// RIFF file reference, AVIMAINHEADER and AVISTREAMHEADER; BITMAPINFOHEADER.
const (
	mainSize, mainFrames, mainWidth, mainHeight       = 40, 16, 32, 36
	streamSize, streamScale, streamRate, streamLength = 36, 20, 24, 32
	formatSize, formatWidth, formatHeight             = 12, 4, 8
)

var littleEndian = binary.LittleEndian

// header is what the header list says about the picture and its length.
type header struct {
	width, height int64   // of the main header
	perFrame      float64 // seconds
	frames        uint32

	videos int  // streams so far
	first  bool // the stream that is read now is the first of them

	// Of the first stream of pictures.
	streamWidth, streamHeight int64
	streamLength              time.Duration
}

// main reads the main header.
func (h *header) main(body file.Block, bad *file.Complaints) {
	b, err := body.At(0, mainSize)
	if err != nil {
		bad.Add("the main header of the video is cut short")
		return
	}
	h.perFrame = float64(littleEndian.Uint32(b)) / 1e6
	h.frames = littleEndian.Uint32(b[mainFrames:])
	h.width, h.height = int64(littleEndian.Uint32(b[mainWidth:])), int64(littleEndian.Uint32(b[mainHeight:]))
}

// extended reads OpenDML's header, whose number of frames is that of the whole
// file; the main header's may be that of the first part.
func (h *header) extended(c chunk) {
	if c.name != "dmlh" {
		return
	}
	if b, err := c.body.At(0, 4); err == nil {
		h.frames = max(h.frames, littleEndian.Uint32(b))
	}
}

// stream reads the header of a stream.
func (h *header) stream(body file.Block, bad *file.Complaints) {
	h.first = false
	b, err := body.At(0, streamSize)
	if err != nil {
		bad.Add("the header of a stream is cut short")
		return
	}
	if kind := string(b[:4]); kind != "vids" && kind != "iavs" {
		return
	}
	h.videos++
	if h.first = h.videos == 1; h.first {
		scale, rate := littleEndian.Uint32(b[streamScale:]), littleEndian.Uint32(b[streamRate:])
		h.streamLength = inSeconds(float64(littleEndian.Uint32(b[streamLength:])) * float64(scale) / float64(rate))
	}
}

// format reads the format of a stream of pictures. A height below zero means that
// the first row comes first.
func (h *header) format(body file.Block) {
	if !h.first {
		return
	}
	if b, err := body.At(0, formatSize); err == nil {
		h.streamWidth = int64(littleEndian.Uint32(b[formatWidth:]))
		height := int64(int32(littleEndian.Uint32(b[formatHeight:])))
		h.streamHeight = max(height, -height)
	}
}

// claim claims size and length. The main header is believed, because the streams
// of some cameras have wrong numbers; but it counts the frames of two streams of
// pictures, which are the two eyes of a camera, together.
func (h *header) claim(to *claim.Set) {
	to.AddSize(claim.Header, h.streamWidth, h.streamHeight)
	to.AddSize(claim.Header, h.width, h.height)
	if h.videos < 2 {
		to.AddDuration(claim.Header, inSeconds(float64(h.frames)*h.perFrame))
	}
	to.AddDuration(claim.Header, h.streamLength)
}

// inSeconds makes a duration, of nothing if it is longer than any video or is not
// a number, because a rate was zero.
func inSeconds(s float64) time.Duration {
	const longest = 1e6
	if s < longest {
		return time.Duration(s * float64(time.Second))
	}
	return 0
}
