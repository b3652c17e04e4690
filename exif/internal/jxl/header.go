package jxl

// maxHeader is the most that the fields of a codestream's header may take that
// are read here: 16 bits of signature and 73 of fields.
const maxHeader = 12

// header is the beginning of a codestream, ISO/IEC 18181-1 annex D.2 and D.3.
type header struct {
	width, height int64 // as stored, before the picture is turned
	orientation   int   // EXIF's number; 0 if the header leaves it out
}

// parseHeader reads the fields behind the signature; false if b ends before
// them.
func parseHeader(b []byte) (header, bool) {
	r := bitReader{b: b}
	h := header{}
	small := r.flag() // both sides are multiples of eight up to 256
	h.height = r.side(small)
	if ratio := r.bits(3); ratio == 0 {
		h.width = r.side(small)
	} else {
		h.width = byRatio(h.height, ratio)
	}
	whole := !r.short
	// The image metadata follow: a bit for "all as usual", one for "with more",
	// and then the orientation is the first. A cut there leaves the size.
	if usual := r.flag(); !usual && r.flag() {
		if orientation := int(r.bits(3)) + 1; !r.short {
			h.orientation = orientation
		}
	}
	return h, whole
}

// byRatio is the width of a picture whose sides stand in one of the common
// ratios, rounded down.
func byRatio(height int64, ratio uint64) int64 {
	fractions := [...][2]int64{{1, 1}, {12, 10}, {4, 3}, {3, 2}, {16, 9}, {5, 4}, {2, 1}}
	f := fractions[ratio-1]
	return height * f[0] / f[1]
}

// bitReader takes bits from the lowest of each byte upwards; behind the end they
// are zero, and short is set.
type bitReader struct {
	b     []byte
	at    int
	short bool
}

func (r *bitReader) bits(n int) uint64 {
	v := uint64(0)
	for i := range n {
		if r.at/8 >= len(r.b) {
			r.short = true
			return 0
		}
		v |= uint64(r.b[r.at/8]>>(r.at%8)&1) << i
		r.at++
	}
	return v
}

func (r *bitReader) flag() bool { return r.bits(1) == 1 }

// side reads the length of one side.
func (r *bitReader) side(small bool) int64 {
	if small {
		const unit = 8
		return int64(r.bits(5)+1) * unit
	}
	widths := [...]int{9, 13, 18, 30}
	return int64(r.bits(widths[r.bits(2)]) + 1)
}
