// Package iptc is to come.
package iptc

import (
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Read claims what a run of IPTC-IIM datasets says.
func Read(datasets []byte, to *claim.Set, bad *file.Complaints) {}

// Photoshop claims what Photoshop's image resources say: IPTC is number 0x0404
// among them.
func Photoshop(resources []byte, to *claim.Set, bad *file.Complaints) {}
