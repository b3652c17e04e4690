package heif

import (
	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// maxExtents bounds the pieces of one item; one is usual.
const maxExtents = 64

// How the offsets of an item count; ISO/IEC 14496-12 section 8.11.3. The third
// way, inside of another item, is known of no metadata.
const (
	fromFile = 0
	fromIDAT = 1
)

// locations is an iloc box: the width of its numbers in bytes, and where its
// entries are.
type locations struct {
	body                        file.Block
	offset, length, base, index int
	id                          int
	methods                     bool // whether an entry tells how its offsets count
	count                       uint64
	first                       int64
}

func newLocations(body file.Block) (locations, error) {
	f := bmff.Fields{Body: body}
	version, _ := f.Full()
	sizes := int(f.Uint(2))
	l := locations{
		body:   body,
		offset: sizes >> 12, length: sizes >> 8 & 0xf, base: sizes >> 4 & 0xf,
		id: idSize(version > 1), methods: version > 0,
	}
	if l.methods {
		l.index = sizes & 0xf
	}
	l.count = f.Uint(l.id)
	l.first = f.At
	if max(l.offset, l.length, l.base, l.index) > 8 {
		return l, bmff.ErrSize
	}
	return l, f.Err
}

// entry is where one item's bytes are, without its extents.
type entry struct {
	id, method, base uint64
	elsewhere        bool // in another file
	extents          uint64
}

// next reads the entry at f up to its extents.
func (l locations) next(f *bmff.Fields) entry {
	e := entry{id: f.Uint(l.id)}
	if l.methods {
		e.method = f.Uint(2) & 0xf
	}
	e.elsewhere = f.Uint(2) != 0
	e.base = f.Uint(l.base)
	e.extents = f.Uint(2)
	return e
}

// extent is the number of bytes that tell one piece of an item.
func (l locations) extent() int64 { return int64(l.index + l.offset + l.length) }

// guess finds an item's entry, with f behind it, if all items lie in one piece,
// as nearly always.
func (l locations) guess(id uint64, f *bmff.Fields) (entry, bool) {
	f.At = l.first
	first := l.next(f)
	next := f.At + l.extent()
	at, ok := guess(id, first.id, l.first, next)
	if !ok || int64(l.count)*(next-l.first) != l.body.Size()-l.first {
		return entry{}, false
	}
	f.At = at
	e := l.next(f)
	return e, f.Err == nil && e.id == id && e.extents == 1
}

// find goes through the entries up to that of an item, with f behind it.
func (l locations) find(id uint64, f *bmff.Fields) (entry, bool) {
	f.At = l.first
	for range l.count {
		e := l.next(f)
		if f.Err != nil {
			break
		}
		if e.id == id {
			return e, true
		}
		f.Skip(int64(e.extents) * l.extent())
	}
	return entry{}, false
}

// locate returns an item's bytes; false if it has none that can be read. What
// is wrong with it is said.
func (r reader) locate(m meta, id uint64) (file.Block, bool) {
	l, err := newLocations(m.locations)
	if err != nil {
		r.bad.Add("the item locations: %v", err)
		return file.Block{}, false
	}
	f := bmff.Fields{Body: l.body}
	e, ok := l.guess(id, &f)
	if !ok {
		r.src.Ahead(listAhead)
		defer r.src.Ahead(stepAhead)
		f.Err = nil
		e, ok = l.find(id, &f)
	}
	switch {
	case !ok:
		r.bad.Add("item %d has no location", id)
		return file.Block{}, false
	case e.elsewhere, e.method > fromIDAT:
		return file.Block{}, false
	case e.method == fromIDAT:
		return r.gather(m.data, l, e, &f)
	}
	return r.gather(r.src.Whole(), l, e, &f)
}

// gather puts an item's extents together.
func (r reader) gather(home file.Block, l locations, e entry, f *bmff.Fields) (file.Block, bool) {
	// Two of them can be added up.
	const far = 1 << 61
	var parts []file.Block
	for range min(e.extents, maxExtents) {
		f.Uint(l.index) // of the item that another method counts in
		off := min(e.base, far) + min(f.Uint(l.offset), far)
		size := min(f.Uint(l.length), far)
		if l.length == 0 {
			size = far // all there is
		}
		part := home.Sub(int64(off), int64(size))
		if l.length != 0 && part.Size() < int64(size) {
			r.bad.Add("item %d lies outside of the file", e.id)
		}
		parts = append(parts, part)
	}
	if f.Err != nil {
		r.bad.Add("the item locations: %v", f.Err)
	}
	b := file.Concat(parts...)
	return b, b.Size() > 0
}
