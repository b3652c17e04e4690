package xmp

import (
	"bytes"

	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
)

const (
	// maxMarks bounds the tags and texts that are looked at. A packet of 8 MiB with
	// nothing but masks has half as many.
	maxMarks = 1 << 20

	// maxTexts and maxTotal bound the values that are taken out of one packet, and
	// their bytes. There are two dozen properties, and only a description is long.
	maxTexts = 200
	maxTotal = 512 << 10

	// maxItems bounds what may be appended to a still; two or three are.
	maxItems = 32
)

// How well a value answers for its property.
const (
	asMeant  = iota // the only value, or the one for every language
	inTongue        // the first for some language, or of a list
)

// candidate is a property's best value so far.
type candidate struct {
	text string
	rank int
}

// walker goes through a packet and keeps the values of the wanted properties: the
// children of the nodes in rdf:RDF, as elements or as the nodes' attributes. What
// lies deeper is another thing's property, such as an edit's own date.
type walker struct {
	scope  scope
	depth  int // of elements
	rdf    int // depth of rdf:RDF; 0 outside of it
	values map[property]candidate
	items  []appended

	inside property // the property whose element is open

	// The value that is being read: its characters stand directly in the element
	// at the depth reading, which is 0 if there is none.
	wanted  property
	rank    int
	reading int
	buf     []byte

	texts, total int // that were taken
}

// walk reads a packet in UTF-8; false if it, or what may be looked at of it,
// ends inside of its RDF.
func (w *walker) walk(packet []byte) bool {
	s := scanner{rest: packet}
	for n := 0; n < maxMarks && s.next(); n++ {
		switch m := &s.mark; m.kind {
		case opening:
			w.open(m)
			if m.empty {
				w.close()
			}
		case closing:
			w.closeTag(m)
		case chars:
			w.add(m)
		}
	}
	return w.rdf == 0
}

func (w *walker) open(m *mark) {
	w.depth++
	eachAttribute(m.attrs, func(name, uri []byte) { w.scope.declare(name, uri, w.depth) })
	space, name := w.scope.resolve(m.name)
	const node, child = 1, 2 // depths below rdf:RDF
	switch {
	case w.rdf == 0:
		if space == rdf && string(name) == "RDF" {
			w.rdf = w.depth
		}
	case w.depth == w.rdf+node:
		w.takeAttributes(m, false)
	case w.depth == w.rdf+child:
		w.inside = properties[space][string(name)]
		w.read(w.inside, asMeant)
	case w.inside == directory:
		w.openItem(m, space, name)
	case w.inside != unwanted && space == rdf && (string(name) == "li" || string(name) == "value"):
		w.read(w.inside, w.rankOf(m))
	}
}

// openItem takes what is appended to the still: each rdf:li is one, and has its
// properties as attributes of an element in it or as elements.
func (w *walker) openItem(m *mark, s space, name []byte) {
	if s == rdf && string(name) == "li" && len(w.items) < maxItems {
		w.items = append(w.items, appended{})
	}
	w.takeAttributes(m, true)
	if s == item {
		w.read(properties[item][string(name)], asMeant)
	}
}

// takeAttributes takes wanted properties that are written as attributes; of an
// item only those of items.
func (w *walker) takeAttributes(m *mark, ofItem bool) {
	eachAttribute(m.attrs, func(name, text []byte) {
		space, local := w.scope.resolve(name)
		if p := properties[space][string(local)]; (space == item) == ofItem && w.better(p, asMeant) {
			w.take(p, asMeant, appendText(nil, text[:min(len(text), file.MaxValue)], false))
		}
	})
}

// rankOf tells how good a choice the entry of a list is: XMP specification part
// 1, 8.2.2.4, has the default of a text in several languages marked.
func (w *walker) rankOf(m *mark) int {
	rank := inTongue
	eachAttribute(m.attrs, func(name, value []byte) {
		if space, local := w.scope.resolve(name); space == xml && string(local) == "lang" &&
			bytes.EqualFold(value, []byte("x-default")) {
			rank = asMeant
		}
	})
	return rank
}

// read begins to read the characters of the element that was just opened, if
// they can be a better value than the one that is known.
func (w *walker) read(p property, rank int) {
	w.reading = 0
	if w.better(p, rank) {
		w.wanted, w.rank, w.reading, w.buf = p, rank, w.depth, w.buf[:0]
	}
}

// add keeps characters that belong to the value that is being read.
func (w *walker) add(m *mark) {
	if w.reading == 0 || w.reading != w.depth {
		return
	}
	room := file.MaxValue - len(w.buf)
	w.buf = appendText(w.buf, m.chars[:min(len(m.chars), room)], m.plain)
}

// closeTag ends the innermost open element, whatever the tag calls it, but for
// the end of the RDF, which no other tag that is lost or damaged may hide.
func (w *walker) closeTag(m *mark) {
	if space, name := w.scope.resolve(m.name); w.rdf > 0 && space == rdf && string(name) == "RDF" {
		w.depth = w.rdf
	}
	w.close()
}

// close ends the innermost open element.
func (w *walker) close() {
	if w.depth == 0 {
		return
	}
	if w.reading == w.depth {
		w.take(w.wanted, w.rank, w.buf)
		w.reading = 0
	}
	w.scope.leave(w.depth)
	w.depth--
	if w.depth < w.rdf+2 {
		w.inside = unwanted
	}
	if w.depth < w.rdf {
		w.rdf = 0
	}
}

// better reports whether a value of that rank would be taken.
func (w *walker) better(p property, rank int) bool {
	switch {
	case p == unwanted || p == directory || w.texts >= maxTexts || w.total >= maxTotal:
		return false
	case isItems(p):
		return len(w.items) > 0
	}
	known, ok := w.values[p]
	return !ok || rank < known.rank
}

// take keeps a better value, if it is one at all.
func (w *walker) take(p property, rank int, raw []byte) {
	w.texts++
	w.total += len(raw)
	text := value.Text(raw)
	switch {
	case isItems(p):
		w.items[len(w.items)-1].set(p, text)
	case text != "":
		w.values[p] = candidate{text, rank}
	}
}
