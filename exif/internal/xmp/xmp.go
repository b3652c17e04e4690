// Package xmp is to come.
package xmp

import (
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Read claims what an XMP packet says, in UTF-8 or UTF-16.
func Read(packet []byte, to *claim.Set, bad *file.Complaints) {}
