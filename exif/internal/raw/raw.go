// Package raw reads the raw formats whose signature is not TIFF's: Fujifilm's
// RAF, Olympus' ORF, Panasonic's RW2, Canon's CR3. The others are files of TIFF
// and read as such; CRW and MRW, of cameras from before 2006, are not read.
package raw

import (
	"slices"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/jpeg"
	"github.com/albumwright/albumwright/exif/internal/tiff"
)

// Olympus claims what an ORF file says: a TIFF structure but for its number.
func Olympus(src *file.Source, to *claim.Set, bad *file.Complaints) {
	if src.Begin(tiff.HeadSize) == nil {
		tiff.Read(src.Whole(), to, bad)
	}
}

// preview claims what the JPEG inside a raw file says, apart from the size of
// its own picture, which is a smaller copy in most.
func preview(b file.Block, to *claim.Set, bad *file.Complaints) {
	own := len(to.Sizes)
	jpeg.ReadBlock(b, to, bad)
	sizes := slices.DeleteFunc(to.Sizes[own:], func(s claim.Size) bool { return s.Source != claim.EXIF })
	to.Sizes = to.Sizes[:own+len(sizes)]
}
