package heif

import (
	"bytes"
	"slices"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/file"
)

const (
	// maxReferences bounds the list of what one metadata item describes.
	maxReferences = 1024

	// maxMetadata bounds the metadata items that are read; two are usual.
	maxMetadata = 16

	// maxNames bounds the name and type of an item, which stand in text.
	maxNames = 512
)

// item is one entry of the list of items.
type item struct {
	id          uint64
	kind        string // four letters; none in the oldest version of the list
	contentType string // of a mime item, and of all in the oldest version
	plain       bool   // neither encrypted nor compressed
}

// isMetadata tells the items whose content is read. IPTC has no item type in
// the standard, but programs that copy all metadata of a JPEG call it that.
func (i item) isMetadata() bool {
	return i.plain && (i.kind == "Exif" || i.kind == "iptc" || i.isXMP())
}

// isXMP: ISO/IEC 23008-12 annex A.3.
func (i item) isXMP() bool {
	return i.contentType == "application/rdf+xml" && (i.kind == "mime" || i.kind == "")
}

// metadataItems lists the metadata items of the primary item. By the standard
// each must be linked to what it describes, ISO/IEC 23008-12 annex A.2.1, and
// following the links is less to read than the whole list. If they do not lead to
// any, all metadata items count, except those that describe some other item only.
func (r reader) metadataItems(m meta) []item {
	linked, elsewhere := r.links(m)
	list := newItemList(m.items)
	var out []item
	for _, id := range linked {
		it, ok := list.guess(id)
		if !ok {
			out = nil
			break
		}
		if it.isMetadata() {
			out = append(out, it)
		}
	}
	if len(out) > 0 {
		return out
	}
	r.src.Ahead(listAhead)
	defer r.src.Ahead(stepAhead)
	err := list.each(func(it item) bool {
		if it.isMetadata() && !slices.Contains(elsewhere, it.id) {
			out = append(out, it)
		}
		return len(out) < maxMetadata
	})
	if err != nil {
		r.bad.Add("the list of items: %v", err)
	}
	return out
}

// links reads which items describe the primary item, and which describe others
// only.
func (r reader) links(m meta) (primary, elsewhere []uint64) {
	f := bmff.Fields{Body: m.references}
	version, _ := f.Full()
	width := idSize(version > 0)
	err := bmff.Each(m.references.From(f.At), func(box bmff.Box) bool {
		if box.Type != "cdsc" { // "content describes"
			return true
		}
		f := bmff.Fields{Body: box.Body}
		from, n := f.Uint(width), f.Uint(2)
		elsewhere = append(elsewhere, from)
		for range min(n, maxReferences) {
			if f.Uint(width) == m.primary && f.Err == nil {
				primary = append(primary, from)
				break
			}
		}
		return len(primary) < maxMetadata
	})
	if err != nil {
		r.bad.Add("the item references: %v", err)
	}
	elsewhere = slices.DeleteFunc(elsewhere, func(id uint64) bool { return slices.Contains(primary, id) })
	return primary, elsewhere
}

// itemList is an iinf box.
type itemList struct {
	body  file.Block
	first int64 // where the first entry begins
}

func newItemList(body file.Block) itemList {
	f := bmff.Fields{Body: body}
	version, _ := f.Full()
	f.Uint(idSize(version > 0)) // the number of entries, which each tells better
	return itemList{body, f.At}
}

// each calls f for every item until it returns false.
func (l itemList) each(f func(item) bool) error {
	for at := l.first; ; {
		box, next, err := bmff.At(l.body, at)
		if err != nil || next == 0 {
			return err
		}
		if it, ok := readItem(box); ok && !f(it) {
			return nil
		}
		at = next
	}
}

// guess finds an item's entry without reading those in front of it.
func (l itemList) guess(id uint64) (item, bool) {
	box, next, err := bmff.At(l.body, l.first)
	if err != nil || next == 0 {
		return item{}, false
	}
	first, ok := readItem(box)
	if !ok {
		return item{}, false
	}
	at, ok := guess(id, first.id, l.first, next)
	if !ok {
		return item{}, false
	}
	box, next, err = bmff.At(l.body, at)
	if err != nil || next == 0 {
		return item{}, false
	}
	it, ok := readItem(box)
	return it, ok && it.id == id
}

// readItem reads an entry; ISO/IEC 14496-12 section 8.11.6.
func readItem(box bmff.Box) (item, bool) {
	if box.Type != "infe" {
		return item{}, false
	}
	f := bmff.Fields{Body: box.Body}
	version, _ := f.Full()
	it := item{id: f.Uint(idSize(version > 2)), plain: true}
	if encrypted := f.Uint(2); encrypted != 0 {
		it.plain = false
	}
	if version >= 2 {
		kind, err := box.Body.At(f.At, 4)
		if err != nil {
			return item{}, false
		}
		it.kind = string(kind)
		f.Skip(4)
	}
	if f.Err != nil {
		return item{}, false
	}
	if it.kind == "mime" || it.kind == "" {
		it.readNames(box.Body.From(f.At))
	}
	return it, true
}

// readNames reads an item's name, content type and encoding, which end at a NUL
// each.
func (i *item) readNames(body file.Block) {
	b, err := body.At(0, int(min(body.Size(), maxNames)))
	if err != nil {
		return
	}
	_, b, _ = bytes.Cut(b, []byte{0})
	kind, b, _ := bytes.Cut(b, []byte{0})
	encoding, _, _ := bytes.Cut(b, []byte{0})
	i.contentType = string(kind)
	i.plain = i.plain && len(encoding) == 0
}
