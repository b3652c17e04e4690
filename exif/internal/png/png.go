// Package png is to come.
package png

import (
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Read claims what the file says.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {}
