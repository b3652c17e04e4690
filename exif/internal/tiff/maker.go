package tiff

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// noteHead is how much of a maker note tells whose it is; none is shorter.
const noteHead = 16

// note is a camera maker's own directory. No standard says what stands in it;
// what is known was found out by comparing photos. Only the few values that no
// standard tag has are read, and nothing of it is ever given to goexif.
type note struct {
	directories
	first int64  // its first directory
	model string // of the camera

	// What is still not known of the photo.
	zone, serial bool
}

// claimMaker finds the kind of a maker note and claims what it adds. What cannot
// be read is no damage: editors move notes without knowing what is in them.
func (d directories) claimMaker(f found, to *claim.Set) {
	d.bad, d.layout = new(file.Complaints), classic // in a BigTIFF too
	head, err := d.block.At(f.note.Off, noteHead)
	if err != nil || f.note.Size < noteHead {
		return
	}
	n, read := d.openNote(slices.Clone(head), f)
	if read == nil {
		return
	}
	model, _ := find(f.clean.main, tagModel)
	n.model, n.zone, n.serial = value.Text(model.value), lacksZone(to), len(to.Serials) == 0
	read(n, to)
}

// openNote tells whose note it is by its first bytes, or by the camera where it
// begins with its directory at once. Places of values count from the note's
// beginning where it has a head with a byte order, else from the block's.
func (d directories) openNote(head []byte, f found) (note, func(note, *claim.Set)) {
	begins := func(mark string) bool { return bytes.HasPrefix(head, []byte(mark)) }
	at := f.note.Off
	switch {
	case begins("Apple iOS\x00"):
		return d.noteOfItsOwn(at, head[12:], 14), note.apple
	case begins("Nikon\x00\x02"): // and a whole TIFF structure behind it
		inside, first, ok := open(d.block.From(at+10), d.bad)
		if !ok {
			return note{}, nil
		}
		return note{directories: inside, first: first}, note.nikon
	case begins("Nikon\x00"): // of the first Coolpix; it has nothing to add
		return note{}, nil
	case begins("OLYMPUS\x00"):
		return d.noteOfItsOwn(at, head[8:], 12), note.olympus
	case begins("OM SYSTEM\x00"):
		return d.noteOfItsOwn(at, head[12:], 16), note.olympus
	case begins("OLYMP\x00"):
		return note{directories: d, first: at + 8}, note.olympus
	case begins("PENTAX \x00"):
		return d.noteOfItsOwn(at, head[8:], 10), note.pentax
	case begins("RICOH\x00II"), begins("RICOH\x00MM"):
		return d.noteOfItsOwn(at, head[6:], 8), note.pentax
	case begins("AOC\x00"):
		d.order = orderNamed(head[4:], d.order)
		return note{directories: d, first: at + 6}, note.pentax
	case bytes.HasPrefix([]byte(f.camera), []byte("Canon")):
		return note{directories: d, first: at}, note.canon
	case bytes.HasPrefix([]byte(f.camera), []byte("NIKON")):
		return note{directories: d, first: at}, note.nikon
	}
	return note{}, nil
}

// noteOfItsOwn is one whose values' places count from its beginning.
func (d directories) noteOfItsOwn(at int64, order []byte, first int64) note {
	d.block, d.order = d.block.From(at), orderNamed(order, d.order)
	return note{directories: d, first: first}
}

// orderNamed is the byte order that a note's head names, or else the block's.
func orderNamed(mark []byte, otherwise binary.ByteOrder) binary.ByteOrder {
	switch string(mark[:2]) {
	case "II":
		return binary.LittleEndian
	case "MM":
		return binary.BigEndian
	}
	return otherwise
}

// read returns those of some tags that the directory has; all are small.
func (n note) read(tags ...uint16) []entry {
	return n.directories.read(n.first, func(tag uint16) int {
		if slices.Contains(tags, tag) {
			return maxSmall
		}
		return 0
	})
}

// text is a string of plain characters; what has others was looked for in the
// wrong place.
func text(entries []entry, tag uint16) string {
	e, _ := find(entries, tag)
	s := value.Text(e.value)
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return ""
		}
	}
	return s
}

// lacksZone reports whether there is a time of the shot without its offset.
func lacksZone(to *claim.Set) bool {
	return len(to.Zones) == 0 && slices.ContainsFunc(to.Times, func(t claim.Time) bool {
		return !t.HasOffset && (t.Source == claim.DateTimeOriginal || t.Source == claim.DateTimeDigitized)
	})
}

// addZone claims an offset in minutes if there is a zone that has it: all are
// quarters of an hour, and none is further from UTC than 14 hours.
func addZone(to *claim.Set, minutes int) {
	const quarter, most = 15, 14 * 60
	if minutes%quarter == 0 && minutes >= -most && minutes <= most {
		to.Zones = append(to.Zones, claim.Zone{Offset: time.Duration(minutes) * time.Minute, Source: claim.MakerNote})
	}
}
