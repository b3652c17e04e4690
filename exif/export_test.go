package exif

import "io"

// MaxRead is the bound that Read promises.
const MaxRead = maxRead

// ReadWithoutNet is Read without its recover, so that tests see every panic.
func ReadWithoutNet(r io.ReaderAt, size int64) (Facts, error) { return read(r, size) }
