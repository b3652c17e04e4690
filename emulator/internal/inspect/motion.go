package inspect

import (
	"bytes"
	"io"
)

// MotionVideo finds the video inside of a motion photo: an MP4 that stands behind
// the picture of a JPEG, or in a box of its own in a HEIF file. found is false if
// there is none that begins like one.
func MotionVideo(r io.ReaderAt, size int64, t Type) (from, to int64, found bool) {
	w := boxWalk{r: r, left: maxBoxes}
	switch t {
	case HEIC, HEIF, AVIF:
		b, ok := w.find(box{to: size}, "mpvd")
		return b.from, b.to, ok
	case JPEG:
		return w.videoBehind(size)
	}
	return 0, 0, false
}

// videoBehind searches a file for the first box of an MP4. The search asks no
// record of the phone's: there are several kinds of them, and programs that edit
// photos leave them wrong.
func (w *boxWalk) videoBehind(size int64) (from, to int64, found bool) {
	const step, name = 256 << 10, "ftyp"
	window := make([]byte, step+len(name)-1) // a name may lie across two steps
	for at := int64(0); at < size && w.left > 0; at += step {
		n, _ := w.r.ReadAt(window[:min(int64(len(window)), size-at)], at)
		for seen := 0; ; {
			i := bytes.Index(window[seen:n], []byte(name))
			if i < 0 || w.left <= 0 {
				break
			}
			seen += i + len(name)
			from = at + int64(seen-len(name)) - 4 // behind the length of the box
			if to, found = w.endOfVideo(from, size); found {
				return from, to, true
			}
		}
	}
	return 0, 0, false
}

// endOfVideo is where the boxes of a video end that begins at a place: behind it
// phones may have put what is none. A video has its index.
func (w *boxWalk) endOfVideo(from, size int64) (end int64, found bool) {
	w.each(from, size, func(b box) bool {
		if !isName(b.name) {
			return false
		}
		found = found || b.name == "moov"
		end = b.to
		return true
	})
	return end, found
}

// isName reports whether four bytes can be the name of a box.
func isName(name string) bool {
	for i := range len(name) {
		if name[i] < ' ' || name[i] > '~' && name[i] != 0xA9 { // QuickTime's begin with a copyright sign
			return false
		}
	}
	return true
}
