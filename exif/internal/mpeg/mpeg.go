// Package mpeg reads MPEG transport and program streams and bare video streams:
// MTS, M2TS and M2T of camcorders, MPG, MOD and TOD.
//
// A transport stream of a camcorder (AVCHD) has each picture's date, camera and
// place inside the video stream, in front of the picture. The others know no
// facts but the size: the date of a MOD file stands in its MOI sidecar, that of
// HDV tapes in a private stream which is not read.
package mpeg

import (
	"bytes"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// maxStream bounds the bytes that are searched for a video's header: a recording
// may have been split in the middle of a group of pictures, which lasts half a
// second and less than 2 MiB, and broadcasts are joined anywhere.
const maxStream = 3 << 20

// Read claims what the headers of the first pictures say.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	head := src.Head()
	v := &video{to: to}
	switch {
	case bytes.HasPrefix(head, []byte{0, 0, 1, codePack}):
		v.plain = true
		readProgram(src, v, bad)
	case bytes.HasPrefix(head, []byte{0, 0, 1}):
		v.plain = true
		feed(src, v, 0, min(src.Size(), maxStream))
	case len(head) > 0 && head[0] == syncByte:
		readTransport(src, 0, v, bad)
	default:
		readTransport(src, arrivalSize, v, bad)
	}
	v.close()
}

// feedStep is how many bytes of a video stream are read at once.
const feedStep = 512

// feed gives the video a piece of the file, as far as it wants it. It returns
// false if nothing more is to be read.
func feed(src *file.Source, v *video, off, size int64) bool {
	size = min(size, src.Size()-off)
	for size > 0 {
		n := min(size, feedStep)
		b, err := src.At(off, int(n))
		if err != nil || !v.feed(b) {
			return false
		}
		off, size = off+n, size-n
	}
	return true
}
