// Package raw is to come.
package raw

import (
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Fuji claims what a RAF file says.
func Fuji(src *file.Source, to *claim.Set, bad *file.Complaints) {}

// Olympus claims what an ORF file says.
func Olympus(src *file.Source, to *claim.Set, bad *file.Complaints) {}

// Canon claims what a CR3 file says.
func Canon(src *file.Source, to *claim.Set, bad *file.Complaints) {}

// Panasonic claims what an RW2 file says.
func Panasonic(src *file.Source, to *claim.Set, bad *file.Complaints) {}
