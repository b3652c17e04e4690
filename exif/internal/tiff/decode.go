// Package tiff reads EXIF blocks: TIFF structures, in a TIFF or raw file or inside
// of any other.
//
// A sanitiser copies the few wanted tags into a fresh block, and only that one is
// decoded, by goexif, which a crafted original can make loop for ever.
package tiff

import (
	"bytes"
	"encoding/binary"
	"math"

	goexif "github.com/rwcarlsen/goexif/exif"
	"github.com/rwcarlsen/goexif/tiff"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// Names for tags that goexif does not know.
const (
	offsetTime         goexif.FieldName = "OffsetTime"
	offsetOriginal     goexif.FieldName = "OffsetTimeOriginal"
	offsetDigitized    goexif.FieldName = "OffsetTimeDigitized"
	bodySerialNumber   goexif.FieldName = "BodySerialNumber"
	cameraSerialNumber goexif.FieldName = "CameraSerialNumber"
	rating             goexif.FieldName = "Rating"
)

// screenshot is what iOS writes as the UserComment of a screenshot.
const screenshot = "Screenshot"

// decode has goexif read a clean block and claims its values.
//
// goexif must never be given anything else: on a crafted file it loops for ever
// or allocates gigabytes. Nor are its conveniences called: DateTime takes the
// edit date in the machine's own zone, LatLong and JpegThumbnail can panic. The
// clean block has no maker note, so parsers that another part of the program
// may have registered with goexif find nothing to break on.
func decode(c cleanBlock, to *claim.Set, bad *file.Complaints) {
	if c.empty() {
		return
	}
	x, err := goexif.Decode(bytes.NewReader(c.tiff()))
	if x == nil {
		bad.Add("the EXIF block cannot be decoded: %v", err)
		return
	}
	loadUnknown(x)
	tags{x}.claim(to)
}

// loadUnknown gives names to the tags of the EXIF directory, or of the first if
// they stand there, that are newer than goexif.
func loadUnknown(x *goexif.Exif) {
	names := map[uint16]goexif.FieldName{
		tagOffsetTime:         offsetTime,
		tagOffsetOriginal:     offsetOriginal,
		tagOffsetDigitized:    offsetDigitized,
		tagBodySerialNumber:   bodySerialNumber,
		tagCameraSerialNumber: cameraSerialNumber,
		tagRating:             rating,
	}
	x.LoadTags(x.Tiff.Dirs[0], names, false)
	at, ok := tags{x}.integer(goexif.ExifIFDPointer)
	if !ok {
		return
	}
	r := bytes.NewReader(x.Raw)
	if _, err := r.Seek(int64(at), 0); err != nil {
		return
	}
	if dir, _, err := tiff.DecodeDir(r, x.Tiff.Order); err == nil {
		x.LoadTags(dir, names, false)
	}
}

// claim adds what the tags say.
func (t tags) claim(to *claim.Set) {
	t.times(to)
	claim.AddText(&to.Makes, claim.EXIF, t.text(goexif.Make))
	claim.AddText(&to.Models, claim.EXIF, t.text(goexif.Model))
	claim.AddText(&to.Serials, claim.EXIF, t.text(bodySerialNumber))
	claim.AddText(&to.Serials, claim.EXIF, t.text(cameraSerialNumber))
	if o, ok := t.integer(goexif.Orientation); ok {
		to.AddOrientation(claim.EXIF, o)
	}
	if stars, ok := t.integer(rating); ok {
		to.AddRating(claim.EXIF, stars)
	}
	w, _ := t.integer(goexif.PixelXDimension)
	h, _ := t.integer(goexif.PixelYDimension)
	to.AddSize(claim.EXIF, int64(w), int64(h))
	iso, _ := t.integer(goexif.ISOSpeedRatings)
	to.AddExposure(claim.EXIF, t.rational(goexif.ExposureTime), t.rational(goexif.FNumber), t.rational(goexif.FocalLength), iso)
	t.place(to)
	t.words(to)
}

// words claims what a person may have written.
func (t tags) words(to *claim.Set) {
	claim.AddText(&to.Words, claim.ImageDescription, value.WithoutControls(t.text(goexif.ImageDescription)))
	if comment := t.comment(); comment == screenshot {
		to.Screenshot = true
	} else {
		claim.AddText(&to.Words, claim.UserComment, comment)
	}
	// Windows' own tags are UTF-16 in little-endian order in any block.
	claim.AddText(&to.Words, claim.XPComment, value.Printable(value.UTF16(t.bytes(goexif.XPComment), binary.LittleEndian)))
}

// tags reads values out of a decoded block by their type, whatever type the
// standard asks for: cameras write what they like.
type tags struct{ x *goexif.Exif }

// bytes returns the value of a tag of bytes: text, numbers or undefined.
func (t tags) bytes(name goexif.FieldName) []byte {
	tag, err := t.x.Get(name)
	if err != nil {
		return nil
	}
	switch tag.Type {
	case tiff.DTAscii, tiff.DTByte, tiff.DTUndefined:
		return tag.Val
	}
	return nil
}

// text returns a string without its padding.
func (t tags) text(name goexif.FieldName) string { return value.Text(t.bytes(name)) }

// comment returns the UserComment in its encoding.
func (t tags) comment() string {
	return value.UserComment(t.bytes(goexif.UserComment), t.x.Tiff.Order)
}

// integer returns the first value of a tag of whole numbers.
func (t tags) integer(name goexif.FieldName) (int, bool) {
	tag, err := t.x.Get(name)
	if err != nil || tag.Format() != tiff.IntVal || tag.Count < 1 {
		return 0, false
	}
	v, err := tag.Int(0)
	return v, err == nil
}

// rationals returns the values of a tag of fractions; x/0 is not a number.
func (t tags) rationals(name goexif.FieldName) []float64 {
	tag, err := t.x.Get(name)
	if err != nil || tag.Format() != tiff.RatVal {
		return nil
	}
	out := make([]float64, tag.Count)
	for i := range out {
		num, den, err := tag.Rat2(i)
		out[i] = float64(num) / float64(den)
		if err != nil || den == 0 {
			out[i] = math.NaN()
		}
	}
	return out
}

// rational returns the first value of a tag of fractions; not a number if there
// is none.
func (t tags) rational(name goexif.FieldName) float64 {
	if v := t.rationals(name); len(v) > 0 {
		return v[0]
	}
	return math.NaN()
}
