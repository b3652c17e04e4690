package mpeg

// sequenceHeader reads the size out of a sequence header of MPEG-1 or MPEG-2,
// ISO/IEC 13818-2 section 6.2.2.1: twelve bits each.
func sequenceHeader(b []byte) (width, height int64) {
	if len(b) < 3 {
		return 0, 0
	}
	return int64(b[0])<<4 | int64(b[1]>>4), int64(b[1]&0xf)<<8 | int64(b[2])
}

const (
	macroblock = 16 // pixels a side

	chromaNone = 0
	chroma420  = 1
	chroma422  = 2
	chroma444  = 3

	maxReferences = 255 // num_ref_frames_in_pic_order_cnt_cycle, 7.4.2.1.1
)

// sequenceParameters reads the size out of a sequence parameter set, ITU-T H.264
// 7.3.2.1.1: so many macroblocks, less what is cropped. Sizes of zero mean that
// it cannot be read.
func sequenceParameters(unit []byte) (width, height int64) {
	b := &bits{bytes: unit}
	profile := b.take(8)
	b.take(16) // constraints, level
	b.golomb() // seq_parameter_set_id
	chroma, planes := int64(chroma420), int64(0)
	if hasChroma(profile) {
		chroma, planes = b.chromaFormat()
	}
	b.golomb() // log2_max_frame_num_minus4
	b.pictureOrder()
	b.golomb() // max_num_ref_frames
	b.take(1)  // gaps_in_frame_num_value_allowed_flag
	width, height = b.golomb()+1, b.golomb()+1
	fields := 2 - b.take(1) // frame_mbs_only_flag: a field has half of the lines
	if fields == 2 {
		b.take(1) // mb_adaptive_frame_field_flag
	}
	b.take(1) // direct_8x8_inference_flag
	width, height = width*macroblock, height*fields*macroblock
	if b.take(1) == 1 {
		unitX, unitY := cropUnits(chroma, planes)
		width -= (b.golomb() + b.golomb()) * unitX
		height -= (b.golomb() + b.golomb()) * unitY * fields
	}
	if b.over {
		return 0, 0
	}
	return width, height
}

// hasChroma tells the profiles whose parameter sets say more about colours.
func hasChroma(profile int64) bool {
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		return true
	}
	return false
}

// cropUnits are the pixels that one step of cropping takes away, 7.4.2.1.1.
func cropUnits(chroma, planes int64) (x, y int64) {
	if planes == 1 {
		chroma = chromaNone
	}
	switch chroma {
	case chroma420:
		return 2, 2
	case chroma422:
		return 2, 1
	}
	return 1, 1
}

// chromaFormat passes what the higher profiles have more.
func (b *bits) chromaFormat() (chroma, planes int64) {
	chroma = b.golomb()
	lists := 8
	if chroma == chroma444 {
		planes, lists = b.take(1), 12
	}
	b.golomb() // bit depths
	b.golomb()
	b.take(1) // qpprime_y_zero_transform_bypass_flag
	if b.take(1) == 0 {
		return chroma, planes
	}
	for i := range lists {
		if b.take(1) == 1 {
			size := 16
			if i >= 6 {
				size = 64
			}
			b.scalingList(size)
		}
	}
	return chroma, planes
}

// scalingList passes a list of differences, 7.3.2.1.1.1: from one that leads to
// zero on, the rest repeats and is not written.
func (b *bits) scalingList(size int) {
	last, next := int64(8), int64(8)
	for range size {
		if next != 0 {
			next = (last + b.signed()) & 0xff
		}
		if next != 0 {
			last = next
		}
	}
}

// pictureOrder passes how pictures are counted.
func (b *bits) pictureOrder() {
	switch b.golomb() {
	case 0:
		b.golomb()
	case 1:
		b.take(1)
		b.golomb()
		b.golomb()
		for range min(b.golomb(), maxReferences) {
			b.golomb()
		}
	}
}

// bits reads numbers of any number of bits, the highest first. Behind the end
// everything is zero, and over is set.
type bits struct {
	bytes []byte
	pos   int // in bits
	over  bool
}

func (b *bits) take(n int) int64 {
	v := int64(0)
	for range n {
		v <<= 1
		if i := b.pos / 8; i < len(b.bytes) {
			v |= int64(b.bytes[i] >> (7 - b.pos%8) & 1)
		} else {
			b.over = true
		}
		b.pos++
	}
	return v
}

// golomb reads a number as 9.1 has it: as many zeros as it has bits behind its
// highest, then the number plus one. None has more than 32.
func (b *bits) golomb() int64 {
	zeros := 0
	for b.take(1) == 0 {
		if zeros++; zeros > 32 || b.over {
			b.over = true
			return 0
		}
	}
	return 1<<zeros + b.take(zeros) - 1
}

// signed reads a number as 9.1.1 has it: 1, -1, 2, -2 and so on.
func (b *bits) signed() int64 {
	v := b.golomb()
	if v&1 == 1 {
		return (v + 1) / 2
	}
	return -v / 2
}
