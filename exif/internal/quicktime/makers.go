package quicktime

import (
	"encoding/binary"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/jpeg"
	"github.com/albumwright/albumwright/exif/internal/tiff"
)

// makersBox reads what makers of cameras put into user data under names of their
// own. None of it is published; it is read as the cameras write it.
func (r *reader) makersBox(b bmff.Box) {
	switch b.Type {
	case "CNTH":
		r.canon(b.Body)
	case "PANA", "LEIC":
		r.panasonic(b.Body)
	case "RMKN": // Ricoh
		r.exif(b.Body, tiff.Main)
	case "NCDT": // Nikon
		if tags, ok := bmff.Find(b.Body, "NCTG"); ok {
			r.nikon(tags)
		}
	case "MVTG":
		r.fuji(b.Body)
	case "GPMF":
		r.goPro(b.Body)
	case "TAGS":
		r.oldTags(b.Body)
	case "@sec":
		r.samsung(b.Body)
	}
}

// canon reads Canon's boxes: a still of the movie in a CNDA box, which may be in
// one for thumbnails, or the directories of EXIF apart, as in raw files.
func (r *reader) canon(body file.Block) {
	parts := map[string]tiff.Part{"CMT1": tiff.Main, "CMT2": tiff.Exif, "CMT3": tiff.Note, "CMT4": tiff.GPS}
	err := r.each(body, func(b bmff.Box) bool {
		if part, ok := parts[b.Type]; ok {
			r.exif(b.Body, part)
		}
		switch b.Type {
		case "CNTH":
			if still, ok := bmff.Find(b.Body, "CNDA"); ok {
				r.jpeg(still)
			}
		case "CNDA":
			r.jpeg(b.Body)
		}
		return true
	})
	if err != nil {
		r.bad.Add("the camera's boxes end: %v", err)
	}
}

// panasonic reads the still in Panasonic's and Leica's boxes, which stands at one
// of four places.
func (r *reader) panasonic(body file.Block) {
	for _, at := range [...]int64{0x10, 0x4068, 0x4080, 0x20_0080} {
		if r.jpeg(body.From(at)) {
			return
		}
	}
}

// jpeg reads a picture; false if there is none.
func (r *reader) jpeg(body file.Block) bool {
	mark, err := body.At(0, 3)
	if err != nil || string(mark) != "\xff\xd8\xff" {
		return false
	}
	r.still(func(to *claim.Set, bad *file.Complaints) { jpeg.ReadBlock(body, to, bad) })
	return true
}

func (r *reader) exif(body file.Block, part tiff.Part) {
	r.still(func(to *claim.Set, bad *file.Complaints) { tiff.ReadPart(body, part, to, bad) })
}

// oldTags reads the notes of compact cameras of the years around 2005, which have
// the maker's name first and the model's at a place that depends on the maker.
func (r *reader) oldTags(body file.Block) {
	layouts := []struct {
		maker         string
		model, length int
	}{
		{"EASTMAN KODAK", 22, 42},
		{"FUJIFILM", 24, 22},
		{"KONICA MINOLTA", 32, 0}, // its model is a code
		{"MINOLTA", 24, 0},
		{"NIKON", 24, 14},
		{"OLYMPUS", 24, 14},
		{"PENTAX", 24, 0},
		{"SAMSUNG", 24, 22},
		{"SANYO", 24, 14},
	}
	for _, l := range layouts {
		b, err := body.At(0, l.model+l.length)
		if err == nil && strings.HasPrefix(string(b), l.maker) {
			r.camera(b[:l.model], b[l.model:])
			return
		}
	}
}

// samsung reads the notes of Samsung's cameras: two names of 32 bytes.
func (r *reader) samsung(body file.Block) {
	const length = 32
	if b, err := body.At(0, 2*length); err == nil {
		r.camera(b[:length], b[length:])
	}
}

func (r *reader) camera(made, named []byte) {
	r.claim(maker, fromNote, text(made, firstISO))
	r.claim(model, fromNote, text(named, firstISO))
}

// goPro reads the general part of GoPro's metadata, gpmf-parser's README: keys of
// four letters, a type, the size of a value, how many there are; all of it in
// multiples of four bytes. The type zero is a list of more of them.
func (r *reader) goPro(body file.Block) {
	const maxItems = 256
	r.src.Ahead(nearAhead)
	defer r.pace()
	f := bmff.Fields{Body: body}
	for range maxItems {
		key, kind := f.Uint(4), f.Uint(1)
		length := int64(f.Uint(1) * f.Uint(2))
		if f.Err != nil {
			return
		}
		if kind == 0 {
			continue // into the list
		}
		switch key {
		case fourCC("MINF"):
			r.claim(model, fromNote, plain(body.Sub(f.At, length)))
		case fourCC("CASN"):
			r.claim(serial, fromNote, plain(body.Sub(f.At, length)))
		}
		f.Skip((length + 3) &^ 3)
	}
}

func fourCC(s string) uint64 { return uint64(binary.BigEndian.Uint32([]byte(s))) }
