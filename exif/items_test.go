package exif_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

// boxOf makes a box of ISO base media. A version, if there is one, is part of
// its content.
func boxOf(kind string, pieces ...[]byte) []byte {
	body := bytes.Join(pieces, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...), body...)
}

// itemsOf makes a HEIC of the boxes of its meta box.
func itemsOf(boxes ...[]byte) []byte {
	return append(boxOf("ftyp", []byte("heic\x00\x00\x00\x00mif1")), boxOf("meta", make([]byte, 4), bytes.Join(boxes, nil))...)
}

// boxed are files with items and boxes of every kind that is read.
func boxed() map[string][]byte {
	spec := fixture.Spec{
		Captured: wall(14, 30, 5), Make: "Aldermere", Rotation: 90, Motion: []byte("a video"), ContentID: "6F1B0B4A",
		XMP: &fixture.Spec{Rating: 4, Description: "words"},
	}
	large := spec
	large.Width, large.Height = 2000, 1500 // of twelve tiles
	times := bytes.Repeat([]byte{0xdf, 0xe7, 0x74, 0xde}, 2)
	movie := boxOf("moov",
		boxOf("mvhd", make([]byte, 4), times, []byte{0, 0, 2, 88, 0, 0, 3, 132}, make([]byte, 80)),
		boxOf("trak", boxOf("tkhd", make([]byte, 76), []byte{0, 64, 0, 0, 0, 48, 0, 0}),
			boxOf("mdia", boxOf("mdhd", make([]byte, 4), times, []byte{0, 0, 2, 88, 0, 0, 3, 132}))))
	sequence := append(boxOf("ftyp", []byte("avis\x00\x00\x00\x00msf1")), movie...)
	spec.Motion, spec.Rotation = nil, 0
	return map[string][]byte{
		"HEIC of tiles": fixture.HEIC(large), "AVIF with a turn": fixture.AVIF(large), "image sequence": sequence,
		"JPEG XL with XMP": fixture.JXL(spec), "codestream": fixture.JXLCodestream(fixture.Spec{Width: 513, Height: 512}),
	}
}

// hostileBoxes are files made to cost: each aims at one bound of the readers of
// HEIF and JPEG XL.
func hostileBoxes() map[string][]byte {
	const items = 200_000
	version := make([]byte, 4)
	primary := boxOf("pitm", version, []byte{0, 1})
	tile, link := boxOf("infe", []byte("\x02\x00\x00\x00\x00\x01\x00\x00hvc1\x00")), boxOf("cdsc", []byte("\x00\x02\x00\x01\x00\x01"))
	exifItem := boxOf("infe", []byte("\x02\x00\x00\x00\x00\x02\x00\x00Exif\x00"))
	links := boxOf("iref", version, bytes.Repeat(link, 900))
	noPlaces := boxOf("iloc", []byte("\x00\x00\x00\x00\x44\x00\xff\xff"), bytes.Repeat([]byte("\x00\x01\x00\x00\x00\x00"), 65_535))
	pieces := boxOf("iloc", []byte("\x00\x00\x00\x00\x44\x00\x00\x01\x00\x02\x00\x00\xff\xff"), bytes.Repeat([]byte("\x00\x00\x00\x20\x00\x00\x00\x01"), 65_535))
	packet := append(fixture.XMP(fixture.Spec{Make: "Aldermere"}), bytes.Repeat([]byte{' '}, 400<<10)...)
	signature := boxOf("JXL ", []byte("\r\n\x87\n"))
	return map[string][]byte{
		"a list of 200,000 items":     itemsOf(primary, boxOf("iinf", version, []byte("\xff\xff"), bytes.Repeat(tile, items))),
		"a list of metadata items":    itemsOf(primary, boxOf("iinf", version, []byte("\xff\xff"), bytes.Repeat(exifItem, items)), noPlaces),
		"900 links of one item":       itemsOf(primary, links, boxOf("iinf", version, []byte("\x00\x02"), tile, exifItem), noPlaces),
		"900 links of 65,535 each":    itemsOf(primary, boxOf("iref", version, bytes.Repeat(boxOf("cdsc", []byte("\x00\x02\xff\xff"), make([]byte, 1<<13)), 900))),
		"an item in 65,535 pieces":    itemsOf(primary, boxOf("iinf", version, []byte("\x00\x01"), exifItem), pieces),
		"a million associations":      itemsOf(primary, boxOf("iprp", boxOf("ipma", version, []byte("\xff\xff\xff\xff"), bytes.Repeat([]byte{0, 2, 0}, 1<<20)))),
		"900 lists of associations":   itemsOf(primary, boxOf("iprp", bytes.Repeat(boxOf("ipma", version, []byte("\xff\xff\xff\xff"), make([]byte, 3000)), 900))),
		"a million properties":        itemsOf(primary, boxOf("iprp", boxOf("ipco", make([]byte, 8<<20)), boxOf("ipma", version, []byte("\x00\x00\x00\x01\x00\x01\x01\x7f")))),
		"boxes in 8 MiB":              append(itemsOf(primary), bytes.Repeat(boxOf("free"), 1<<20)...),
		"JPEG XL with 3 MiB of XMP":   append(signature, bytes.Repeat(boxOf("xml ", packet), 9)...),
		"JPEG XL of a million boxes":  append(signature, bytes.Repeat(boxOf("jxlp", []byte("\x00\x00\x00\x00")), 1<<20)...),
		"JPEG XL with many EXIF ones": append(signature, bytes.Repeat(boxOf("Exif", version, fixture.EXIF(fixture.Spec{Make: "A"})), 900)...),
	}
}

func TestHostileBoxesCostLittle(t *testing.T) {
	for name, file := range hostileBoxes() {
		checkCost(t, name, file)
	}
}

func TestAnImageSequenceIsAPhotoWithATimeInUTC(t *testing.T) {
	f := mustRead(t, boxed()["image sequence"])
	if f.Format != "AVIF" || f.Kind != exif.KindPhoto || f.Width != 64 || f.Height != 48 || f.Duration != 1500*time.Millisecond {
		t.Errorf("%s, a %s, %d x %d, %v", f.Format, f.Kind, f.Width, f.Height, f.Duration)
	}
	if c := f.Capture; c.String() != "2023-01-13T20:51:42Z" || c.Source != exif.SourceQuickTime || c.OffsetSource != exif.OffsetUTC {
		t.Errorf("capture %q from %q, offset from %q", c, c.Source, c.OffsetSource)
	}
}

func TestWhatItemsSayIsChosenAsAnywhere(t *testing.T) {
	spec := fixture.Spec{
		Make: "Aldermere", Captured: wall(14, 30, 5), Offset: "+02:00", Rotation: 270, Motion: []byte("a video"),
		XMP: &fixture.Spec{Captured: wall(1, 2, 3), Make: "Inside", Description: "words", Rating: 4},
	}
	for format, encode := range map[exif.Format]func(fixture.Spec) []byte{"HEIC": fixture.HEIC, "AVIF": fixture.AVIF} {
		f := mustRead(t, encode(spec))
		if f.Format != format || f.Kind != exif.KindMotionPhoto || f.Rotation != 270 || f.From.Rotation != "Header" {
			t.Errorf("%s: %s, a %s, rotation %d from %q", format, f.Format, f.Kind, f.Rotation, f.From.Rotation)
		}
		if f.Capture.String() != "2024-05-18T14:30:05+02:00" || f.Make != "Aldermere" || f.Description != "words" || f.Rating != 4 {
			t.Errorf("%s: capture %q, make %q, description %q, rating %d", format, f.Capture, f.Make, f.Description, f.Rating)
		}
	}
}

func TestTheHeaderOfJPEGXLTurnsThePictureAndItsEXIFDoesNot(t *testing.T) {
	file := fixture.JXL(fixture.Spec{Width: 8, Height: 8, Orientation: 1})
	// 8 x 8 pixels in 9 bits, then: not all as usual, with more, a quarter turn.
	const small, square, quarter = 1, 1 << 6, 0b101_1_0 << 9
	header := []byte("\xff\x0a")
	at := bytes.LastIndex(file, header) + len(header)
	binary.LittleEndian.PutUint16(file[at:], small|square|quarter&0xffff)
	if f := mustRead(t, file); f.Orientation != 6 || f.From.Orientation != "Header" {
		t.Errorf("orientation %d from %q, want 6 from the header", f.Orientation, f.From.Orientation)
	}
}
