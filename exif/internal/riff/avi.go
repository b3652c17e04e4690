package riff

import (
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// aheadOfChunk is little, because a video's chunks are far from each other, and
// those that are wanted are small.
const aheadOfChunk = 128

// maxText bounds a text or a date.
const maxText = file.MaxValue

// avi goes through a video: AVI RIFF file reference of Microsoft, OpenDML AVI
// file format extensions for large ones, and what cameras add.
type avi struct {
	*reader
	header header

	// Dates, each kind in the order found: the chunk that is made for it, what
	// camera makers have, and what cataloguing programs write.
	shot, makers, filed []value.Stamp
}

// chunk reads a chunk of the file.
func (a *avi) chunk(c chunk) {
	a.src.Ahead(aheadOfChunk)
	switch c.name {
	case "LIST hdrl":
		a.inside(c, a.headers)
	case "LIST INFO":
		a.inside(c, a.info)
	case "LIST exif":
		a.inside(c, a.exifTag)
	case "LIST ncdt":
		a.inside(c, a.nikon)
	case "IDIT":
		a.date(&a.shot, a.text(c.body))
	case "JUNK":
		a.junk(c.body)
	case "_PMX": // XMP specification part 3, 2.2: its name in the other byte order
		a.xmp(c.body)
	}
}

// headers reads a chunk of the header list.
func (a *avi) headers(c chunk) {
	switch c.name {
	case "avih":
		a.header.main(c.body, a.bad)
	case "LIST strl":
		a.inside(c, a.stream)
	case "LIST odml":
		a.inside(c, a.header.extended)
	case "IDIT":
		a.date(&a.shot, a.text(c.body))
	}
}

// stream reads a chunk of the list of one stream.
func (a *avi) stream(c chunk) {
	switch c.name {
	case "strh":
		a.header.stream(c.body, a.bad)
	case "strf":
		a.header.format(c.body)
	case "strd":
		a.streamData(c.body)
	}
}

// info reads a chunk of the list of texts: RIFF MCI, "INFO list chunk".
func (a *avi) info(c chunk) {
	switch c.name {
	case "IDIT":
		a.date(&a.shot, a.text(c.body))
	case "DTIM": // of Kodak; other programs have a number there whose zone is not known
		a.date(&a.makers, a.text(c.body))
	case "ICRD": // mostly a day, which is no capture time
		a.date(&a.filed, a.text(c.body))
	case "ICMT":
		a.words(a.text(c.body))
	}
}

// exifTag reads a chunk of the list of EXIF tags: EXIF 2.32, section 5.6, which is
// about sound, and used in videos, too.
func (a *avi) exifTag(c chunk) {
	switch c.name {
	case "ecor":
		claim.AddText(&a.to.Makes, claim.RIFF, a.text(c.body))
	case "emdl":
		claim.AddText(&a.to.Models, claim.RIFF, a.text(c.body))
	case "eucm":
		a.words(value.UserComment(a.bytes(c.body), littleEndian))
	}
}

func (a *avi) words(s string) {
	claim.AddText(&a.to.Words, claim.RIFFComment, value.WithoutControls(s))
}

// text returns a chunk as a string.
func (a *avi) text(b file.Block) string { return value.Text(a.bytes(b)) }

// bytes returns a whole chunk, valid until the next call; nothing if it is too
// long.
func (a *avi) bytes(b file.Block) []byte {
	if b.Size() > maxText {
		return nil
	}
	out, err := b.At(0, int(b.Size()))
	if err != nil {
		a.bad.Add("a chunk cannot be read: %v", err)
	}
	return out
}

// date adds a date to one of the lists.
func (a *avi) date(list *[]value.Stamp, s string) {
	if stamp, ok := parseDate(strings.TrimSpace(s)); ok {
		*list = append(*list, stamp)
	}
}

// claim claims what is known when the whole file was seen.
func (a *avi) claim() {
	a.header.claim(a.to)
	for _, list := range [][]value.Stamp{a.shot, a.makers, a.filed} {
		for _, s := range list {
			a.to.Times = append(a.to.Times, claim.Time{
				Wall: s.Wall, Offset: s.Offset, HasOffset: s.HasOffset, Source: claim.RIFFOriginal,
			})
		}
	}
}
