package exif

import (
	"io"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// MaxRead is the bound that Read promises.
const MaxRead = file.MaxRead

// ReadWithoutNet is Read without its recover, so that tests see every panic.
func ReadWithoutNet(r io.ReaderAt, size int64) (Facts, error) { return read(r, size) }
