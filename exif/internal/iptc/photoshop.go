package iptc

import (
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Adobe Photoshop file format specification, "Image Resource Blocks".
const (
	resourceIPTC = 0x0404

	signatureSize = 4
	idSize        = 2
	lengthSize    = 4
	maxHead       = signatureSize + idSize + 256 + lengthSize // the name has 255 bytes at most

	// maxResources bounds those of one file; Photoshop writes some thirty.
	maxResources = 200

	// maxDatasetBytes bounds the IPTC of one file. It fits into one segment of a
	// JPEG nearly always.
	maxDatasetBytes = 256 << 10
)

// Photoshop claims what Photoshop's image resources say: IPTC is number 0x0404
// among them.
func Photoshop(resources []byte, to *claim.Set, bad *file.Complaints) {
	PhotoshopIn(file.Memory(resources), to, bad)
}

// PhotoshopIn is [Photoshop] for resources that are still in their file. It steps
// over the others, among which are previews.
func PhotoshopIn(b file.Block, to *claim.Set, bad *file.Complaints) {
	for n := 0; n < maxResources && b.Size() > 0; n++ {
		id, data, rest, ok := resource(b)
		if !ok {
			break
		}
		if id == resourceIPTC {
			datasets, err := data.At(0, int(min(data.Size(), maxDatasetBytes)))
			if err != nil {
				bad.Add("the IPTC datasets lie %v", err)
				return
			}
			Read(datasets, to, bad)
			return
		}
		b = rest
	}
}

// resource cuts the first resource off; false if there is none. The name and the
// data are each padded to an even number of bytes.
func resource(b file.Block) (id uint16, data, rest file.Block, ok bool) {
	head, err := b.At(0, int(min(b.Size(), maxHead)))
	if err != nil || len(head) < signatureSize+idSize+1 || !isSignature(head[:signatureSize]) {
		return 0, data, rest, false
	}
	id = binary.BigEndian.Uint16(head[signatureSize:])
	at := int64(signatureSize + idSize)
	at += even(1 + int64(head[at]))
	if int64(len(head)) < at+lengthSize {
		return 0, data, rest, false
	}
	size := int64(binary.BigEndian.Uint32(head[at:]))
	at += lengthSize
	return id, b.Sub(at, size), b.From(at + even(size)), true
}

// isSignature tells the signatures of resources: Photoshop's own, and those of
// ImageReady, PhotoDeluxe and two others that share its form.
func isSignature(b []byte) bool {
	switch string(b) {
	case "8BIM", "PHUT", "DCSR", "AgHg", "MeSa":
		return true
	}
	return false
}

func even(n int64) int64 { return n + n&1 }
