package riff

import (
	"bytes"
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// What camera makers put into their videos is nowhere specified; the places are
// those that metadata tools have found.
const (
	maxDirectory = 64 << 10 // bytes of EXIF tags that are copied

	// Olympus and Pentax, which had its cameras made by the same company, fill
	// JUNK with fields of one width.
	junkMake, junkModel, junkDate = 0x12, 0x2c, 0x83
	junkWidth                     = 24

	// Pentax' older cameras, only the model.
	oldModel, oldModelWidth = 0x0c, 32

	nikonMake, nikonModel, nikonOriginal = 0x03, 0x04, 0x13
)

// streamData reads what a camera adds to a stream. Fujifilm and others have the
// tags of EXIF there, in little-endian order, without the header of TIFF: places
// count from the first directory, eight bytes behind the mark.
func (a *avi) streamData(b file.Block) {
	const mark, head = "AVIF", 8
	if first, err := b.At(0, len(mark)); err != nil || string(first) != mark {
		return
	}
	tags := bytes.Clone(a.start(b.From(head), maxDirectory))
	if len(tags) < head {
		return
	}
	// A TIFF structure needs its header where the directory stands, so the
	// directory moves behind the rest. Its values stay where they are.
	const counter, entry, next = 2, 12, 4
	size := min(counter+entry*int(littleEndian.Uint16(tags))+next, len(tags))
	at := len(tags)
	tags = append(tags, tags[:size]...)
	littleEndian.PutUint32(tags[copy(tags, "II*\x00"):], uint32(at))
	a.exif(file.Memory(tags))
}

// junk reads the chunk that is meant to be padding.
func (a *avi) junk(b file.Block) {
	const marks = 18
	mark := string(a.start(b, marks))
	switch {
	case mark == "OLYMDigital Camera": // the model is a code
		claim.AddText(&a.to.Makes, claim.RIFF, a.field(b, junkMake, junkWidth))
		a.date(&a.makers, a.field(b, junkDate, junkWidth))
	case mark == "PENTDigital Camera":
		claim.AddText(&a.to.Makes, claim.RIFF, a.field(b, junkMake, junkWidth))
		claim.AddText(&a.to.Models, claim.RIFF, a.field(b, junkModel, junkWidth))
		a.date(&a.makers, a.field(b, junkDate, junkWidth))
	case len(mark) >= 6 && mark[:6] == "IIII\x01\x00":
		claim.AddText(&a.to.Models, claim.RIFF, a.field(b, oldModel, oldModelWidth))
	case len(mark) >= 4 && mark[:4] == "QVMI":
		a.casio(b)
	}
}

// casio reads the tags of EXIF out of the JUNK of Casio's cameras: the directory
// is ten bytes behind the mark, from which places count, in big-endian order. So
// the header of a TIFF structure fits in front of it.
func (a *avi) casio(b file.Block) {
	const directory = 10
	tags := bytes.Clone(a.start(b, maxDirectory))
	if len(tags) < directory {
		return
	}
	binary.BigEndian.PutUint32(tags[copy(tags, "MM\x00*"):], directory)
	a.exif(file.Memory(tags))
}

// nikon reads a chunk of Nikon's list; one of them has records of a number, a
// size and a text.
func (a *avi) nikon(c chunk) {
	if c.name != "nctg" {
		return
	}
	const head = 4
	for rest := a.bytes(c.body); len(rest) >= head; {
		number, size := littleEndian.Uint16(rest), int(littleEndian.Uint16(rest[2:]))
		if size > len(rest)-head {
			a.bad.Add("Nikon's tags are cut short")
			return
		}
		text := value.Text(rest[head : head+size])
		switch number {
		case nikonMake:
			claim.AddText(&a.to.Makes, claim.RIFF, text)
		case nikonModel:
			claim.AddText(&a.to.Models, claim.RIFF, text)
		case nikonOriginal:
			a.date(&a.makers, text)
		}
		rest = rest[head+size:]
	}
}

// start returns the first n bytes of a chunk, or as many as there are, valid
// until the next call.
func (a *avi) start(b file.Block, n int64) []byte {
	out, err := b.At(0, int(min(n, b.Size())))
	if err != nil {
		a.bad.Add("a chunk cannot be read: %v", err)
	}
	return out
}

// field returns a text of fixed width; nothing if it is outside.
func (a *avi) field(b file.Block, at int64, width int) string {
	f, err := b.At(at, width)
	if err != nil {
		return ""
	}
	return value.Text(f)
}
