package inspect

import (
	"encoding/binary"
	"io"
	"slices"
)

// maxBoxes bounds the walk over the boxes of one file. At its top, a fragmented
// recording has two for each fragment, and its moov comes first.
const maxBoxes = 4096

// box is one of ISO base media's, by the places of its body.
type box struct {
	name     string
	from, to int64
}

// boxWalk goes over the boxes of a file, used by one goroutine.
type boxWalk struct {
	r    io.ReaderAt
	left int   // boxes that may still be met
	err  error // of the reading, not of what was read
}

// box reads the header of the box at a place before end. A box that is longer is
// taken to end there. Not ok: there is no box, or it makes no sense.
func (w *boxWalk) box(at, end int64) (b box, ok bool) {
	if w.left--; w.left < 0 || w.err != nil || at < 0 || at+8 > end {
		return b, false
	}
	var head [16]byte
	n, err := w.r.ReadAt(head[:min(16, end-at)], at)
	if n < 8 {
		w.err = err
		return b, false
	}
	b = box{name: string(head[4:8]), from: at + 8}
	switch length := int64(binary.BigEndian.Uint32(head[:])); {
	case length == 0:
		b.to = end
	case length == 1 && n == 16: // a 64 bit length follows
		b.from, b.to = at+16, at+int64(binary.BigEndian.Uint64(head[8:]))
	default:
		b.to = at + length
	}
	if b.to > end || b.to < at { // the sum of a crafted length is negative
		b.to = end
	}
	return b, b.to >= b.from
}

// each calls f for the boxes between two places until it returns false.
func (w *boxWalk) each(from, end int64, f func(box) bool) {
	for {
		b, ok := w.box(from, end)
		if !ok || !f(b) {
			return
		}
		from = b.to
	}
}

// find is the first box inside of another by the names on the way to it.
func (w *boxWalk) find(in box, names ...string) (b box, ok bool) {
	for _, name := range names {
		ok = false
		w.each(in.from, in.to, func(child box) bool {
			if child.name == name {
				b, ok = child, true
			}
			return !ok
		})
		if !ok {
			return box{}, false
		}
		in = b
	}
	return b, ok
}

// bytes are at most n bytes of a box from a place in it on; nil if there are
// none.
func (w *boxWalk) bytes(b box, at, n int64) []byte {
	if n = min(n, b.to-b.from-at); n <= 0 || w.err != nil {
		return nil
	}
	body := make([]byte, n)
	if got, err := w.r.ReadAt(body, b.from+at); int64(got) < n {
		w.err = err
		return nil
	}
	return body
}

// needBox wants one of the named boxes at the top level. Without its index
// (moov, meta) a recording or picture that broke off cannot be shown. A last
// box that is longer than the file is no reason to refuse.
func needBox(r io.ReaderAt, size int64, names ...string) error {
	w, found := boxWalk{r: r, left: maxBoxes}, false
	w.each(0, size, func(b box) bool {
		found = slices.Contains(names, b.name)
		return !found
	})
	switch {
	case found:
		return nil
	case w.err != nil:
		return w.err
	}
	return ErrDamaged
}
