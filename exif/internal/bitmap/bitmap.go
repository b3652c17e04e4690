// Package bitmap reads the size of pictures in Windows' own formats, BMP and ICO,
// which tell nothing else.
package bitmap

import (
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// BITMAPFILEHEADER, BITMAPCOREHEADER and BITMAPINFOHEADER; ICONDIR and
// ICONDIRENTRY.
const (
	fileHeader = 14
	coreHeader = 12 // of OS/2, with sizes of 16 bits
	infoWidth  = 4
	infoHeight = 8

	iconHeader = 6
	iconEntry  = 16
	maxIcons   = 64 // sizes of one icon; a dozen is much
)

// Read claims the size of a BMP, or of the largest picture of an ICO.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	mark, err := src.At(0, 2)
	if err != nil {
		return // the source keeps its error
	}
	if string(mark) == "BM" {
		readBMP(src, to, bad)
		return
	}
	readICO(src, to, bad)
}

func readBMP(src *file.Source, to *claim.Set, bad *file.Complaints) {
	b, err := src.At(fileHeader, infoHeight+4)
	if err != nil {
		bad.Add("the header is cut short")
		return
	}
	le := binary.LittleEndian
	if le.Uint32(b) == coreHeader {
		to.AddSize(claim.Header, int64(le.Uint16(b[4:])), int64(le.Uint16(b[6:])))
		return
	}
	// A height below zero means that the first row comes first.
	height := int64(int32(le.Uint32(b[infoHeight:])))
	to.AddSize(claim.Header, int64(le.Uint32(b[infoWidth:])), max(height, -height))
}

func readICO(src *file.Source, to *claim.Set, bad *file.Complaints) {
	b, err := src.At(0, iconHeader)
	if err != nil {
		bad.Add("the header is cut short")
		return
	}
	var width, height int64
	for i := range min(int64(binary.LittleEndian.Uint16(b[4:])), maxIcons) {
		e, err := src.At(iconHeader+i*iconEntry, iconEntry)
		if err != nil {
			bad.Add("the list of pictures is cut short")
			break
		}
		if w, h := iconSide(e[0]), iconSide(e[1]); w*h > width*height {
			width, height = w, h
		}
	}
	to.AddSize(claim.Header, width, height)
}

// iconSide is a side in pixels; 256 does not fit into its byte and is zero.
func iconSide(b byte) int64 {
	if b == 0 {
		return 256
	}
	return int64(b)
}
