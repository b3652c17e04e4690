package raw

import (
	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

// Ids of the boxes of type uuid in a CR3 file.
const (
	uuidCanon = "\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48" // in moov: the parts of EXIF
	uuidSize  = 16
)

// Canon claims what a CR3 file says: boxes of ISO base media, of which some hold
// one directory of EXIF each. The size of the picture stands in the first.
func Canon(src *file.Source, to *claim.Set, bad *file.Complaints) {
	if src.Begin(tiff.HeadSize) != nil {
		return // the source keeps its error
	}
	found := false
	err := bmff.Each(src.Whole(), func(b bmff.Box) bool {
		switch {
		case b.Type == "moov":
			found = true
			movie(b, to, bad)
		case b.Type == "uuid" && hasID(b.Body, bmff.XMPID):
			if packet, err := b.Body.From(uuidSize).Long(); err == nil {
				xmp.Read(packet, to, bad)
			}
		}
		return b.Type != "mdat" // the pictures; nothing is behind them
	})
	switch {
	case err != nil:
		bad.Add("the boxes end: %v", err)
	case !found:
		bad.Add("no box moov")
	}
}

// movie reads Canon's box inside of moov.
func movie(moov bmff.Box, to *claim.Set, bad *file.Complaints) {
	found := false
	err := bmff.Each(moov.Body, func(b bmff.Box) bool {
		if found = b.Type == "uuid" && hasID(b.Body, uuidCanon); found {
			parts(b.Body.From(uuidSize), to, bad)
		}
		return !found
	})
	switch {
	case err != nil:
		bad.Add("the boxes of moov end: %v", err)
	case moov.Cut:
		bad.Add("moov is cut short")
	case !found:
		bad.Add("no box with the camera's facts")
	}
}

// parts finds the directories of EXIF.
func parts(b file.Block, to *claim.Set, bad *file.Complaints) {
	names := map[string]tiff.Part{"CMT1": tiff.Main, "CMT2": tiff.Exif, "CMT3": tiff.Note, "CMT4": tiff.GPS}
	found := tiff.Parts{}
	err := bmff.Each(b, func(box bmff.Box) bool {
		if part, ok := names[box.Type]; ok {
			found[part] = box.Body
		}
		return true
	})
	if err != nil {
		bad.Add("the camera's boxes end: %v", err)
	}
	tiff.ReadParts(found, to, bad)
}

func hasID(body file.Block, id string) bool {
	b, err := body.At(0, uuidSize)
	return err == nil && string(b) == id
}
