// Package png goes through the chunks of a PNG file: PNG specification, third
// edition, and what programs put into its text chunks beside it.
package png

import (
	"encoding/binary"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
)

const (
	signatureSize = 8
	chunkHead     = 8  // length and type
	chunkFrame    = 12 // with the check sum at the end
	maxLength     = 1<<31 - 1

	// maxChunks bounds the chunks that are looked at, runs of equal ones apart. An
	// animation has two for each frame.
	maxChunks = 4096

	// maxBlocks bounds the EXIF blocks and profiles of one file; one is right.
	maxBlocks = 4

	// maxTexts bounds the chunks of text that are unpacked.
	maxTexts = 32

	aheadOfData  = 512            // metadata in front of the picture lies together
	withinData   = 2 * chunkHead  // of the picture only the places of its chunks matter
	exifPrefix   = "Exif\x00\x00" // belongs to JPEG; some writers leave it on
	packedPrefix = 5              // of EXIF that is packed: a zero and its length
)

// reader goes through one file.
type reader struct {
	src *file.Source
	to  *claim.Set
	bad *file.Complaints

	blocks, texts int
	unpacked      int // bytes so far
}

// chunk is one chunk; its body may be cut short by the end of the file.
type chunk struct {
	kind string
	body file.Block
	cut  bool
}

// Read claims what the chunks of a PNG say, also those behind its picture: some
// programs know a date only when they are done.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	r := reader{src: src, to: to, bad: bad}
	for at, n := int64(signatureSize), 0; n < maxChunks; n++ {
		c, length, err := r.chunkAt(at)
		if err != nil {
			bad.Add("the file ends in front of the chunk at byte %d", at)
			return
		}
		if length > maxLength {
			bad.Add("a chunk at byte %d with an impossible size", at)
			return
		}
		if c.kind == "IEND" {
			return
		}
		r.claim(c)
		if c.cut {
			bad.Add("the chunk %q is cut short", c.kind)
			return
		}
		if c.kind == "IDAT" {
			at = r.leap(at, length)
		}
		at += chunkFrame + length
	}
}

// chunkAt reads the head of a chunk. Behind the first data of the picture, only
// what else stands there is worth reading ahead.
func (r *reader) chunkAt(at int64) (chunk, int64, error) {
	b, err := r.src.At(at, chunkHead)
	if err != nil {
		return chunk{}, 0, err
	}
	length, kind := int64(binary.BigEndian.Uint32(b)), string(b[4:])
	r.src.Ahead(aheadOfData)
	if kind == "IDAT" || kind == "fdAT" || kind == "fcTL" {
		r.src.Ahead(withinData)
	}
	body := r.src.Piece(at+chunkHead, length)
	return chunk{kind: kind, body: body, cut: body.Size() < length}, length, nil
}

// leap returns the place of the last of the equal chunks from at on. Encoders
// cut the picture into pieces of one size, thousands of them in a large one, so
// the run is not walked but measured, in steps that double and then halve.
func (r *reader) leap(at, length int64) int64 {
	b, err := r.src.At(at, chunkHead)
	if err != nil {
		return at
	}
	head := string(b)
	for step, growing := int64(1), true; step > 0; {
		next := at + step*(chunkFrame+length)
		if b, err := r.src.At(next, chunkHead); err == nil && string(b) == head {
			at = next
		} else {
			growing = false
		}
		if growing {
			step *= 2
		} else {
			step /= 2
		}
	}
	return at
}

// claim hands a chunk to those who can read it.
func (r *reader) claim(c chunk) {
	switch c.kind {
	case "IHDR":
		r.header(c.body)
	case "tEXt", "zTXt", "iTXt":
		r.text(c)
	default:
		// The name was exIf and zxIf before it was registered.
		if name := strings.ToLower(c.kind); name == "exif" || name == "zxif" {
			r.exif(c.body)
		}
	}
}

// header reads IHDR: width and height come first.
func (r *reader) header(body file.Block) {
	b, err := body.At(0, 8)
	if err != nil {
		r.bad.Add("the IHDR chunk is cut short")
		return
	}
	r.to.AddSize(claim.Header, int64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint32(b[4:])))
}

// exif reads an EXIF block, with JPEG's prefix or without. A zero in front marks
// the packed form that was proposed for a while.
func (r *reader) exif(body file.Block) {
	b, err := body.At(0, int(min(body.Size(), int64(len(exifPrefix)+4))))
	if err != nil {
		r.bad.Add("an EXIF block cannot be read: %v", err)
		return
	}
	if strings.HasPrefix(string(b), exifPrefix) {
		body, b = body.From(int64(len(exifPrefix))), b[len(exifPrefix):]
	}
	switch {
	case tiff.IsHeader(b):
		r.block(body)
	case len(b) > packedPrefix && b[0] == 0:
		v := packable{body: body.From(packedPrefix), packed: true}
		if plain := r.bytes(v, maxProfile); tiff.IsHeader(plain) {
			r.block(file.Memory(plain))
		}
	default:
		r.bad.Add("an EXIF block without a TIFF header")
	}
}

// block reads a TIFF structure, unless there were too many.
func (r *reader) block(b file.Block) {
	if r.blocks++; r.blocks <= maxBlocks {
		tiff.Read(b, r.to, r.bad)
	}
}
