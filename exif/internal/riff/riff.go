// Package riff goes through the chunks of RIFF files: WebP pictures and AVI
// videos.
package riff

import (
	"encoding/binary"
	"errors"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

const (
	chunkHead = 8 // name and size
	formSize  = 4 // of a list or of the file: the name of what is inside
	riffHead  = chunkHead + formSize

	// maxChunks bounds the chunks that are looked at in one file, those inside of
	// lists among them. An animation has one for each frame.
	maxChunks = 4096

	// maxBlocks bounds the EXIF blocks of one file; one is right.
	maxBlocks = 4
)

var errNoChunk = errors.New("no chunk where one should be")

// reader goes through one file.
type reader struct {
	src *file.Source
	to  *claim.Set
	bad *file.Complaints

	chunks int  // looked at so far
	blocks int  // of EXIF
	behind bool // the end that the header states
}

// chunk is one chunk. A list is named by what it lists, "LIST hdrl", and its body
// begins behind that name. The body may be cut short by the end of what holds it.
type chunk struct {
	name string
	body file.Block
	cut  bool
}

// Read claims what the chunks of a WebP or an AVI say, up to the file's end.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	head, err := src.At(0, riffHead)
	if err != nil {
		bad.Add("the file ends in its header")
		return
	}
	r := &reader{src: src, to: to, bad: bad}
	size := int64(binary.LittleEndian.Uint32(head[4:]))
	if string(head[chunkHead:]) == "AVI " {
		a := avi{reader: r}
		r.file(size, a.chunk)
		a.claim()
		return
	}
	r.file(size, r.webp)
}

// file gives f the chunks of the file, whose header states its size. Recorders
// that were switched off leave that at zero. Large videos go on in further RIFF
// chunks, and programs that add chunks may forget to raise it; what is no chunk
// behind it is no damage.
func (r *reader) file(size int64, f func(chunk)) {
	end := chunkHead + size
	if size < riffHead || end > r.src.Size() {
		end = r.src.Size()
	}
	at, err := r.each(r.src.Piece(riffHead, end-riffHead), f)
	if err != nil {
		r.bad.Add("byte %d: %v", riffHead+at, err)
		return
	}
	r.behind = true
	end += end & 1
	_, _ = r.each(r.src.Piece(end, r.src.Size()-end), f) // see above
}

// each gives f the chunks inside b; it returns where it stopped and why.
func (r *reader) each(b file.Block, f func(chunk)) (at int64, err error) {
	for ; at+chunkHead <= b.Size() && r.chunks < maxChunks; r.chunks++ {
		head, err := b.At(at, chunkHead)
		if err != nil {
			return at, err
		}
		name, size := string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))
		switch {
		case name == "\x00\x00\x00\x00":
			return at, nil // room that was never filled
		case !isName(name):
			return at, errNoChunk
		case name == "RIFF": // a further part: its chunks are walked like the first one's
			if size > b.Size()-at-chunkHead {
				r.bad.Add("a part of the file is cut short")
			}
			at += riffHead
			continue
		}
		c := chunk{name: name, body: b.Sub(at+chunkHead, size)}
		c.cut = c.body.Size() < size
		if list, err := c.body.At(0, formSize); name == "LIST" && err == nil {
			c.name, c.body = "LIST "+string(list), c.body.From(formSize)
		}
		f(c)
		if c.cut && !r.behind {
			r.bad.Add("the chunk %q is cut short", c.name)
		}
		at += chunkHead + size + size&1
	}
	return at, nil
}

// inside gives f the chunks of a list.
func (r *reader) inside(list chunk, f func(chunk)) {
	if _, err := r.each(list.body, f); err != nil {
		r.bad.Add("in %q: %v", list.name, err)
	}
}

// isName tells four printable characters, the last of which may be a NUL, where
// a program forgot that a short name is padded with a blank.
func isName(s string) bool {
	for i := range len(s) {
		if (s[i] < ' ' || s[i] > '~') && (i < 3 || s[i] != 0) {
			return false
		}
	}
	return true
}

// exif reads a TIFF structure, unless there were too many.
func (r *reader) exif(b file.Block) {
	if r.blocks++; r.blocks <= maxBlocks {
		tiff.Read(b, r.to, r.bad)
	}
}

func (r *reader) xmp(b file.Block) {
	packet, err := b.Long()
	if err != nil {
		r.bad.Add("the XMP packet cannot be read: %v", err)
		return
	}
	xmp.Read(packet, r.to, r.bad)
}
