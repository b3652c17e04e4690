package bmff

import "github.com/albumwright/albumwright/exif/internal/file"

// Fields reads the numbers of a box in their order. Set At to begin elsewhere
// than at the first byte. After an error everything is zero, and Err stays.
type Fields struct {
	Body file.Block
	At   int64
	Err  error
}

// Uint is the next number of size bytes, 0 to 8, in big-endian order, as all
// boxes have it. A number without bytes is zero: item locations have such.
func (f *Fields) Uint(size int) uint64 {
	if f.Err != nil || size == 0 {
		return 0
	}
	b, err := f.Body.At(f.At, size)
	if err != nil {
		f.Err = err
		return 0
	}
	f.At += int64(size)
	v := uint64(0)
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v
}

// Full reads the version and flags with which a "full box" begins, ISO/IEC
// 14496-12 section 4.2.
func (f *Fields) Full() (version uint8, flags uint32) {
	v := f.Uint(4)
	return uint8(v >> 24), uint32(v & 0xff_ffff)
}

// Skip steps over n bytes without reading them.
func (f *Fields) Skip(n int64) { f.At += n }
