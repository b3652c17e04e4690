package heif

import (
	"slices"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// readProperties claims size and rotation of the primary item; ISO/IEC 23008-12
// sections 6.5.3 and 6.5.10. A picture made of tiles has its own size, that of
// the whole.
func (r reader) readProperties(m meta) {
	var properties file.Block
	var wanted []uint64
	err := bmff.Each(m.properties, func(box bmff.Box) bool {
		switch box.Type {
		case "ipco":
			properties = box.Body
		case "ipma":
			wanted = append(wanted, r.propertiesOf(m.primary, box.Body)...)
		}
		return true
	})
	if err != nil {
		r.bad.Add("the item properties: %v", err)
	}
	if len(wanted) == 0 {
		return
	}
	number, last := uint64(0), slices.Max(wanted)
	err = bmff.Each(properties, func(box bmff.Box) bool {
		// Properties are named by their place in the list, from 1 on.
		if number++; slices.Contains(wanted, number) {
			r.readProperty(box)
		}
		return number < last
	})
	if err != nil {
		r.bad.Add("the item properties: %v", err)
	}
}

// propertiesOf reads from an ipma box which properties an item has.
func (r reader) propertiesOf(item uint64, body file.Block) []uint64 {
	a, err := newAssociations(body)
	if err != nil {
		r.bad.Add("the item properties: %v", err)
		return nil
	}
	if found, ok := a.guess(item); ok {
		return found
	}
	r.src.Ahead(listAhead)
	defer r.src.Ahead(stepAhead)
	found, err := a.find(item)
	if err != nil {
		r.bad.Add("the item properties: %v", err)
	}
	return found
}

// associations is an ipma box; ISO/IEC 23008-12 section 9.3.
type associations struct {
	f          bmff.Fields // at its first entry
	id, number int         // width in bytes of the numbers of items and of properties
	count      uint64
}

func newAssociations(body file.Block) (associations, error) {
	const wideNumbers = 1 // of the flags
	a := associations{f: bmff.Fields{Body: body}, number: 1}
	version, flags := a.f.Full()
	if a.id = idSize(version > 0); flags&wideNumbers != 0 {
		a.number = 2
	}
	a.count = a.f.Uint(4)
	return a, a.f.Err
}

// next reads an entry up to its list of properties.
func (a associations) next(f *bmff.Fields) (item uint64, properties int) {
	return f.Uint(a.id), int(f.Uint(1))
}

// list reads an entry's list. The top bit of each number is a flag.
func (a associations) list(f *bmff.Fields, n int) []uint64 {
	var out []uint64
	for range n {
		if v := f.Uint(a.number) & (1<<(8*a.number-1) - 1); f.Err == nil {
			out = append(out, v)
		}
	}
	return out
}

// guess finds an item's entry without reading those in front of it.
func (a associations) guess(item uint64) ([]uint64, bool) {
	f := a.f
	first, n := a.next(&f)
	at, ok := guess(item, first, a.f.At, f.At+int64(n*a.number))
	f.At = at
	if id, n := a.next(&f); ok && f.Err == nil && id == item {
		return a.list(&f, n), true
	}
	return nil, false
}

// find goes through the entries up to that of an item.
func (a associations) find(item uint64) ([]uint64, error) {
	f := a.f
	for range a.count {
		id, n := a.next(&f)
		if f.Err != nil {
			break
		}
		if id == item {
			return a.list(&f, n), f.Err
		}
		f.Skip(int64(n * a.number))
	}
	return nil, f.Err
}

func (r reader) readProperty(box bmff.Box) {
	f := bmff.Fields{Body: box.Body}
	switch box.Type {
	case "ispe":
		f.Full()
		width, height := f.Uint(4), f.Uint(4)
		r.to.AddSize(claim.Header, int64(width), int64(height))
	case "irot":
		// Quarters of a turn, the other way round. Cameras write the same turn
		// into EXIF; it is one turn, and not two.
		const quarter, quarters = 90, 4
		left := int(f.Uint(1) % quarters)
		if f.Err == nil {
			r.to.Rotations = append(r.to.Rotations, claim.Number{Value: (quarters - left) % quarters * quarter, Source: claim.Header})
		}
	}
	if f.Err != nil {
		r.bad.Add("the picture's %s property: %v", box.Type, f.Err)
	}
}
