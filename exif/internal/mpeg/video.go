package mpeg

import "github.com/albumwright/albumwright/exif/internal/claim"

// coding is how the pictures of a video stream are stored.
type coding int

const (
	unknownCoding coding = iota
	mpegVideo            // MPEG-1 and MPEG-2
	h264
)

// Start codes of MPEG video, ISO/IEC 13818-2 table 6-1.
const (
	codePicture   = 0x00
	codeSequence  = 0xb3
	codeExtension = 0xb5
	codeGroup     = 0xb8
)

// Types of NAL units, ITU-T H.264 table 7-1, in the lower five bits of the first
// byte. The highest is zero.
const (
	unitType      = 0x1f
	unitForbidden = 0x80
	unitSlice     = 1
	unitIntra     = 5
	unitSEI       = 6
	unitSequence  = 7
	unitDelimiter = 9
)

const (
	// maxUnit bounds a header unit. A camcorder's has a few hundred bytes.
	maxUnit = 4 << 10

	// maxPictures bounds the search for a camcorder's data: it belongs to every
	// picture, and to the first field alone of one that has two.
	maxPictures = 2
)

// video takes a video stream piece by piece, as its container has it, and claims
// what its headers say. Headers are units that begin behind a start code 00 00 01.
type video struct {
	to     *claim.Set
	coding coding
	plain  bool // of a container that camcorders with data in the video do not use

	zeros int    // in a row, before the next byte
	open  bool   // the bytes now belong to unit
	fresh bool   // the next byte is a unit's first
	unit  []byte // a header that is being collected

	sized    bool // a size was claimed
	told     bool // a camcorder's data was claimed
	headed   bool // the last unit was a header
	pictures int  // that began since there is a size
}

// feed takes the next bytes. It returns false if no more are wanted.
func (v *video) feed(b []byte) bool {
	for _, c := range b {
		if c == 1 && v.zeros >= 2 {
			v.close()
			v.fresh = true
		} else if v.fresh {
			v.begin(c)
		} else if v.open && len(v.unit) < maxUnit {
			v.unit = append(v.unit, c)
		}
		if v.zeros++; c != 0 {
			v.zeros = 0
		}
		if v.done() {
			return false
		}
	}
	return true
}

func (v *video) done() bool {
	return v.sized && (v.plain || v.coding == mpegVideo || v.told || v.pictures >= maxPictures)
}

// begin looks at a unit's first byte: a header is collected.
func (v *video) begin(c byte) {
	v.fresh = false
	if v.coding == unknownCoding {
		v.coding = guess(c)
	}
	switch v.coding {
	case mpegVideo:
		v.open = c == codeSequence
	case h264:
		kind := int(c & unitType)
		v.open = c&unitForbidden == 0 && (kind == unitSEI || kind == unitSequence)
		if isSlice := kind == unitSlice || kind == unitIntra; isSlice && v.headed && v.sized {
			v.pictures++
		}
		v.headed = kind >= unitSEI
	}
	if v.open {
		v.unit = append(v.unit[:0], c)
	}
}

// guess tells by a stream's first unit how it is coded, where the container does
// not say it. The delimiters of H.264 would be slices of MPEG, which do not come
// first.
func guess(c byte) coding {
	switch c {
	case codeSequence, codePicture, codeExtension, codeGroup:
		return mpegVideo
	}
	if kind := c & unitType; kind == unitDelimiter || kind == unitSequence {
		return h264
	}
	return unknownCoding
}

// close ends the unit that is being collected, and claims what it says.
func (v *video) close() {
	if !v.open {
		return
	}
	v.open = false
	switch {
	case v.coding == mpegVideo:
		v.size(sequenceHeader(v.unit[1:]))
	case v.unit[0]&unitType == unitSequence:
		v.size(sequenceParameters(unescape(v.unit[1:])))
	case !v.told:
		v.told = claimUserData(unescape(v.unit[1:]), v.to)
	}
}

func (v *video) size(width, height int64) {
	if !v.sized {
		v.to.AddSize(claim.Header, width, height)
		v.sized = len(v.to.Sizes) > 0
	}
}

// unescape drops the 3 that H.264 puts behind two zeros, so that no content looks
// like a start code; 7.4.1.
func unescape(unit []byte) []byte {
	out, zeros := unit[:0], 0
	for _, c := range unit {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if zeros++; c != 0 {
			zeros = 0
		}
		out = append(out, c)
	}
	return out
}
