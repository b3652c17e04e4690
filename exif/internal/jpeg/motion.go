package jpeg

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

// Samsung's trailer, as phones since 2012 write it: data blocks, then a directory
// of them from "SEFH" on, its length, "SEFT".
const (
	trailerTail = 256 // bytes at the end that hold the directory of most files
	lengthSize  = 4
	mark        = "SEFT"

	directoryMark = "SEFH"
	directoryHead = 12 // mark, version, count
	entrySize     = 12 // type in the last two of four bytes, distance, size
	maxEntries    = 100

	typeMotionPhoto = 0x0a30
	blockHead       = 8 // type in the last two of four bytes, length of the name
	maxBlockName    = 64
)

// hasVideo reports whether a motion photo still has its video: messengers and
// editors cut it off and leave the XMP, or Samsung's directory, as it was.
func hasVideo(src *file.Source, said xmp.Video, to *claim.Set) bool {
	if !said.Said && !slices.ContainsFunc(to.Makes, isSamsung) {
		return false
	}
	src.Ahead(trailerTail) // what is asked for now lies far apart
	for _, distance := range said.FromEnd {
		if isVideo(src, src.Size()-distance) {
			return true
		}
	}
	return samsungVideo(src)
}

func isSamsung(m claim.Text) bool { return strings.HasPrefix(strings.ToLower(m.Value), "samsung") }

// isVideo reports whether an MP4 begins at off: ISO/IEC 14496-12, 4.3, puts the
// file type box first.
func isVideo(src *file.Source, off int64) bool {
	const head = 8 // size and type of the box
	b, err := src.At(off, head)
	return err == nil && string(b[4:]) == "ftyp"
}

// samsungVideo reports whether Samsung's trailer holds a video.
func samsungVideo(src *file.Source) bool {
	const tailSize = lengthSize + len(mark)
	whole := src.Whole()
	tail, err := src.At(max(0, src.Size()-trailerTail), int(min(src.Size(), trailerTail)))
	if err != nil || len(tail) < tailSize || string(tail[len(tail)-len(mark):]) != mark {
		return false
	}
	length := int64(binary.LittleEndian.Uint32(tail[len(tail)-tailSize:]))
	begin := src.Size() - int64(tailSize) - length
	b, err := whole.At(begin, int(min(length, directoryHead+maxEntries*entrySize)))
	if err != nil || len(b) < directoryHead || string(b[:4]) != directoryMark {
		return false
	}
	b = slices.Clone(b[directoryHead:]) // the video is looked for in between
	for ; len(b) >= entrySize; b = b[entrySize:] {
		block := begin - int64(binary.LittleEndian.Uint32(b[4:]))
		if binary.LittleEndian.Uint16(b[2:]) == typeMotionPhoto && isVideoBlock(src, block) {
			return true
		}
	}
	return false
}

// isVideoBlock reports whether the data of the trailer's block at off, behind its
// name, is a video.
func isVideoBlock(src *file.Source, off int64) bool {
	b, err := src.At(off, blockHead)
	if err != nil {
		return false
	}
	name := int64(binary.LittleEndian.Uint32(b[4:]))
	return name <= maxBlockName && isVideo(src, off+blockHead+name)
}
