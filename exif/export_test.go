package exif

import (
	"io"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// MaxRead is the bound that Read promises.
const MaxRead = file.MaxRead

// ReadWithoutNet is Read without its recover, so that tests see every panic.
func ReadWithoutNet(r io.ReaderAt, size int64) (Facts, error) { return read(r, size) }

// Cost is how many bytes Read reads of a file, apart from XMP and of XMP.
func Cost(r io.ReaderAt, size int64) (plain, xmp int64) {
	src := file.New(r, size)
	format, _ := sniff(src)
	if reader := readerOf(format); reader != nil {
		reader(src, &claim.Set{}, &file.Complaints{})
	}
	return src.Spent()
}
