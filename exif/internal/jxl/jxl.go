// Package jxl reads JPEG XL files, ISO/IEC 18181: the container with its boxes,
// and the bare codestream.
package jxl

import (
	"bytes"
	"io"

	"github.com/andybalholm/brotli"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

const (
	// codestream is how every codestream begins, ISO/IEC 18181-1 annex D.1.
	codestream = "\xff\x0a"

	// stepAhead is read at once on the way from box to box: their heads.
	stepAhead = 32

	// maxUnpacked bounds what a box compressed with Brotli may become.
	maxUnpacked = 2 << 20

	// maxBlocks bounds the EXIF and XMP boxes that are read; one of each is right.
	maxBlocks = 8
)

// reader is the reading of one file.
type reader struct {
	src    *file.Source
	to     *claim.Set
	bad    *file.Complaints
	framed bool // the codestream's header was met
	blocks int
}

// Read claims what a JPEG XL file says.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	r := &reader{src: src, to: to, bad: bad}
	if bytes.HasPrefix(src.Head(), []byte(codestream)) {
		r.readCodestream(src.Whole())
		return
	}
	src.Ahead(stepAhead)
	err := bmff.Each(src.Whole(), func(box bmff.Box) bool {
		r.readBox(box)
		return r.blocks < maxBlocks
	})
	switch {
	case err != nil:
		bad.Add("the boxes of the file: %v", err)
	case !r.framed && r.blocks < maxBlocks:
		bad.Add("no codestream")
	}
}

// readBox reads one box of the container, ISO/IEC 18181-2.
func (r *reader) readBox(box bmff.Box) {
	// A codestream in parts has a number in front of each, and they come in
	// order: the first has the header.
	const partNumber = 4
	kind, body := box.Type, box.Body
	if kind == "brob" {
		kind, body = r.unpack(body)
	}
	switch kind {
	case "jxlc":
		r.readCodestream(body)
	case "jxlp":
		r.readCodestream(body.From(partNumber))
	case "Exif":
		r.blocks++
		bmff.ReadEXIF(r.src, body, r.to, r.bad)
		r.src.Ahead(stepAhead)
	case "xml ":
		r.blocks++
		r.readXMP(body)
	default:
		return
	}
	if box.Cut {
		r.bad.Add("the file ends inside of its %s box", box.Type)
	}
}

// unpack returns a box that was compressed with Brotli, as encoders do with all
// metadata unless told otherwise: its type, then the compressed body. Only EXIF
// and XMP are worth it.
func (r *reader) unpack(body file.Block) (kind string, unpacked file.Block) {
	const typeSize = 4
	head, err := body.At(0, typeSize)
	if err != nil {
		r.bad.Add("a brob box without a type")
		return "", body
	}
	if kind = string(head); kind != "Exif" && kind != "xml " {
		return "", body
	}
	packed, err := body.From(typeSize).Long()
	if err != nil {
		r.bad.Add("the compressed %q box: %v", kind, err)
		return "", body
	}
	plain, err := io.ReadAll(io.LimitReader(brotli.NewReader(bytes.NewReader(packed)), maxUnpacked))
	if err != nil {
		r.bad.Add("the compressed %q box: %v", kind, err)
	}
	return kind, file.Memory(plain)
}

func (r *reader) readXMP(body file.Block) {
	packet, err := body.Long()
	if err != nil {
		r.bad.Add("the xml box: %v", err)
		return
	}
	xmp.Read(packet, r.to, r.bad)
}

// readCodestream claims the size that the codestream's header says, and how the
// picture is turned.
func (r *reader) readCodestream(body file.Block) {
	if r.framed {
		return
	}
	r.framed = true
	b, err := body.At(0, int(min(body.Size(), maxHeader)))
	if err != nil || !bytes.HasPrefix(b, []byte(codestream)) {
		r.bad.Add("the codestream has no header")
		return
	}
	h, ok := parseHeader(b[len(codestream):])
	if !ok {
		r.bad.Add("the codestream's header is cut short")
		return
	}
	r.to.AddSize(claim.Header, h.width, h.height)
	r.to.AddOrientation(claim.Header, h.orientation)
}
