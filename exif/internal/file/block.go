package file

// Span is a piece of a file, in bytes.
type Span struct{ Off, Size int64 }

// Block is one structure of a file that may lie in several pieces of it, such as
// an EXIF block in two segments of a JPEG. Offsets count from its first byte.
//
// A Block that is not in the file as it stands, because it was compressed, is
// made with [Memory].
type Block struct {
	src   *Source
	bytes []byte // of a block in memory, which has no src
	spans []Span
	size  int64
}

// Memory is a Block of bytes that were unpacked from the file.
func Memory(b []byte) Block { return Block{bytes: b, size: int64(len(b))} }

// Concat is the blocks of one file, one behind the other. All of them are in the
// file, or all in memory.
func Concat(parts ...Block) Block {
	var b Block
	for _, p := range parts {
		b.src = p.src
		b.bytes = append(b.bytes, p.bytes...)
		b.spans = append(b.spans, p.spans...)
		b.size += p.size
	}
	return b
}

// Append adds a piece at the Block's end. It is not for blocks in memory.
func (b *Block) Append(s Span) {
	b.spans = append(b.spans, s)
	b.size += s.Size
}

// Size is the Block's length in bytes.
func (b Block) Size() int64 { return b.size }

// Sub is the stretch of size bytes at off; what of it lies outside is cut off.
func (b Block) Sub(off, size int64) Block {
	off = min(max(off, 0), b.size)
	size = min(max(size, 0), b.size-off)
	if b.src == nil {
		return Memory(b.bytes[off : off+size])
	}
	out := Block{src: b.src}
	for _, s := range b.spans {
		skip := min(off, s.Size)
		take := min(size, s.Size-skip)
		if off, size = off-skip, size-take; take > 0 {
			out.Append(Span{s.Off + skip, take})
		}
	}
	return out
}

// From is the Block without its first n bytes.
func (b Block) From(n int64) Block { return b.Sub(n, b.size) }

// At returns the n bytes at off, valid until the next call.
func (b Block) At(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || int64(n) > b.size || off > b.size-int64(n) {
		return nil, ErrOutside
	}
	if b.src == nil {
		return b.bytes[off : off+int64(n)], nil
	}
	var out []byte // of a value that crosses the border of two pieces
	for _, s := range b.spans {
		if off >= s.Size {
			off -= s.Size
			continue
		}
		if out == nil && int64(n) <= s.Size-off {
			return b.src.At(s.Off+off, n)
		}
		part := int(min(int64(n-len(out)), s.Size-off))
		piece, err := b.src.At(s.Off+off, part)
		if err != nil {
			return nil, err
		}
		if out = append(out, piece...); len(out) == n {
			return out, nil
		}
		off = 0
	}
	if n == 0 {
		return nil, nil
	}
	return nil, ErrOutside
}

// Long returns all of the Block in memory of its own, within the bound for XMP.
func (b Block) Long() ([]byte, error) {
	if b.src == nil {
		return b.bytes, nil
	}
	if len(b.spans) == 1 {
		return b.src.Long(b.spans[0].Off, int(min(b.size, MaxLong+1)))
	}
	var out []byte
	for _, s := range b.spans {
		piece, err := b.src.Long(s.Off, int(min(s.Size, MaxLong+1)))
		if err != nil {
			return nil, err
		}
		out = append(out, piece...)
	}
	return out, nil
}
