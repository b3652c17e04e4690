package tiff

import (
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// File claims what a TIFF file says, a raw file of that shape among them. Most
// raw formats have the signature of TIFF; what their pixels are tells them apart.
func File(src *file.Source, to *claim.Set, bad *file.Complaints) {
	if src.Begin(HeadSize) != nil {
		return // the source keeps its error
	}
	if p := read(src.Whole(), to, bad); p.raw {
		to.Raw = true
	}
}

// Read claims what an EXIF block says: the structure of a TIFF file, inside of
// another file or one by itself.
func Read(b file.Block, to *claim.Set, bad *file.Complaints) { read(b, to, bad) }

func read(b file.Block, to *claim.Set, bad *file.Complaints) picture {
	d, first, ok := open(b, bad)
	if !ok {
		bad.Add("the EXIF block has no header")
		return picture{}
	}
	f := d.sanitise(first)
	decode(f.clean, to, bad)
	d.claimSize(f, to)
	d.claimPackets(f.packets, to)
	d.claimMaker(f, to)
	return f.picture
}

// claimSize claims the size of the picture. Where the first directory is about a
// smaller copy, the size in EXIF is the better one if it is larger: so it is in
// Canon's CR2, which does not mark the copy.
func (d directories) claimSize(f found, to *claim.Set) {
	p := f.picture
	if p.reduced || d.isCR2() {
		w, h := d.first(f.clean.exif, tagPixelXDimension), d.first(f.clean.exif, tagPixelYDimension)
		if w <= maxSide && h <= maxSide && w*h > p.area() {
			return // it is claimed already
		}
	}
	to.AddSize(claim.TIFF, p.width, p.height)
}

// isCR2 knows Canon's raw files by the mark behind the header.
func (d directories) isCR2() bool {
	mark, err := d.block.At(headerSize, 2)
	return err == nil && string(mark) == "CR"
}
