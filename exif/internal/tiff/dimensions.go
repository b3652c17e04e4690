package tiff

// maxSubIFDs bounds the sub-directories looked at for the picture's size; raw
// files have up to four.
const maxSubIFDs = 8

// pictureSize finds the size of a TIFF's picture. The first directory of a raw
// file often holds a thumbnail and says so in NewSubfileType; the full picture
// is then the largest of the sub-directories that call themselves full.
func (d directories) pictureSize(main []entry) (width, height int64) {
	width, height = d.size(main)
	if d.isFull(main) {
		return width, height
	}
	best := int64(0)
	for i, at := range d.numbers(main, tagSubIFDs) {
		if i == maxSubIFDs {
			break
		}
		sub := d.read(at, wantedForSize)
		w, h := d.size(sub)
		if area := w * h; d.isFull(sub) && area > best {
			best, width, height = area, w, h
		}
	}
	return width, height
}

// isFull reports whether a directory's picture is the real one: bit 0 of
// NewSubfileType marks a reduced copy, bit 2 a mask. Without the tag it is full.
func (d directories) isFull(entries []entry) bool {
	const reduced, mask = 1 << 0, 1 << 2
	v := d.numbers(entries, tagNewSubfileType)
	return len(v) == 0 || v[0]&(reduced|mask) == 0
}

func (d directories) size(entries []entry) (width, height int64) {
	w, h := d.numbers(entries, tagImageWidth), d.numbers(entries, tagImageLength)
	if len(w) == 0 || len(h) == 0 {
		return 0, 0
	}
	const maxSide = 1 << 24 // 16 million pixels in a row; more would overflow an area
	if w[0] < 1 || h[0] < 1 || w[0] > maxSide || h[0] > maxSide {
		return 0, 0
	}
	return w[0], h[0]
}

func wantedForSize(tag uint16) int {
	switch tag {
	case tagNewSubfileType, tagImageWidth, tagImageLength:
		return maxSmall
	}
	return 0
}
