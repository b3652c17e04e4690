package exif_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

const day = "2024:05:18 14:30:05"

func TestTheEXIFBlockIsFoundWhereverItStands(t *testing.T) {
	block := tiffOf(text(dateTime, day), tag{id: orientation, kind: short, count: 1, value: []byte{6, 0}})
	xmp := segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta/>"))
	comment := segment(0xfe, bytes.Repeat([]byte("c"), 9000))
	long := appendDirectory([]byte("II*\x00\x08\x00\x00\x00"),
		text(imageDescription, strings.Repeat("w", 50_000)), text(dateTime, day))
	tests := map[string][]byte{
		"first":              jpegOf(exifSegment(block)),
		"behind XMP":         jpegOf(xmp, exifSegment(block)),
		"behind a comment":   jpegOf(comment, comment, exifSegment(block)),
		"behind the frame":   append(jpegOf()[:15], jpegOf(exifSegment(block))[2:]...),
		"0xff for the NUL":   jpegOf(segment(0xe1, append([]byte("Exif\x00\xff"), block...))),
		"fill bytes":         jpegOf([]byte("\xff\xff\xff"), exifSegment(block)),
		"stray bytes":        jpegOf(xmp, []byte("stray \xff\x00 \xff\xd0 bytes"), exifSegment(block)),
		"many stray bytes":   jpegOf(xmp, make([]byte, 3000), exifSegment(block)),
		"zero length before": jpegOf([]byte("\xff\xe2\x00\x00"), exifSegment(block)),
		"in two segments":    jpegOf(exifSegment(long[:40_000]), exifSegment(long[40_000:])),
		"in three segments":  jpegOf(exifSegment(long[:30]), exifSegment(long[30:40]), exifSegment(long[40:])),
	}
	for name, file := range tests {
		f := mustRead(t, file)
		if got := f.Capture.String(); got != "2024-05-18T14:30:05" {
			t.Errorf("%s: capture time %q", name, got)
		}
		if f.Width != 8 || f.Height != 8 {
			t.Errorf("%s: size %d x %d, want 8 x 8", name, f.Width, f.Height)
		}
	}
}

func TestASecondEXIFBlockOnlyAdds(t *testing.T) {
	file := jpegOf(
		exifSegment(tiffOf(text(cameraMake, "First"))),
		exifSegment(tiffOf(text(imageDescription, "words"), text(cameraMake, "Second"), text(dateTime, day))),
	)
	f := mustRead(t, file)
	if f.Make != "First" || f.Description != "words" || f.Capture.IsZero() {
		t.Errorf("make %q, description %q, capture %q", f.Make, f.Description, f.Capture)
	}
}

func TestStrayBytesWithoutEndAreDamage(t *testing.T) {
	file := jpegOf(segment(0xfe, nil), make([]byte, 200_000), exifSegment(tiffOf(text(dateTime, day))))
	m := newMeter(file)
	_, err := exif.ReadWithoutNet(m, m.Size())
	if err == nil || m.bytes > 100_000 {
		t.Errorf("error %v after %d bytes read, want damage before 100,000", err, m.bytes)
	}
}

func TestTheFrameBeatsTheSizeInEXIF(t *testing.T) {
	const pixelX, pixelY = 0xa002, 0xa003
	sized := withSubdirectory(exifIFD,
		tag{id: pixelX, kind: short, count: 1, value: []byte{0, 16}},
		tag{id: pixelY, kind: short, count: 1, value: []byte{0, 12}})
	if f := mustRead(t, jpegOf(exifSegment(sized))); f.Width != 8 || f.Height != 8 {
		t.Errorf("JPEG: %d x %d, want the frame's 8 x 8", f.Width, f.Height)
	}
	if f := mustRead(t, sized); f.Width != 4096 || f.Height != 3072 {
		t.Errorf("TIFF without other size: %d x %d, want 4096 x 3072", f.Width, f.Height)
	}
}

func TestARawFileHasTheSizeOfItsFullPicture(t *testing.T) {
	const subfile, width, length = 0x00fe, 0x0100, 0x0101
	number := func(id uint16, v byte) tag { return tag{id: id, kind: long, count: 1, value: []byte{v, 0, 0, 0}} }
	thumbnail := []tag{number(subfile, 1), number(width, 16), number(length, 12),
		{id: subIFDs, kind: long, count: 3, value: make([]byte, 12)}}
	file := tiffOf(thumbnail...)
	var places []byte
	for _, sub := range [][]tag{
		{number(subfile, 0), number(width, 40), number(length, 30)},
		{number(subfile, 0), number(width, 200), number(length, 150)},
		{number(subfile, 4), number(width, 250), number(length, 250)}, // a mask
	} {
		places = append(places, byte(len(file)), byte(len(file)>>8), 0, 0)
		file = appendDirectory(file, sub...)
	}
	copy(file[8+2+4*12+4:], places)
	if f := mustRead(t, file); f.Width != 200 || f.Height != 150 {
		t.Errorf("size %d x %d, want 200 x 150", f.Width, f.Height)
	}
}

func TestOddTagsDoNotHideTheOthers(t *testing.T) {
	capture := text(dateTime, day)
	many := []tag{capture}
	for i := range 700 {
		many = append(many, tag{id: uint16(0xc000 + i), kind: short, count: 1, value: []byte{1, 0}})
	}
	tests := map[string][]byte{
		"no value":         tiffOf(tag{id: imageDescription, kind: ascii}, capture),
		"unknown type":     tiffOf(tag{id: imageDescription, kind: 99, count: 1}, capture),
		"type zero":        tiffOf(tag{id: imageDescription, count: 5}, capture),
		"type 13":          tiffOf(tag{id: subIFDs, kind: 13, count: 1}, capture),
		"huge count":       tiffOf(tag{id: orientation, kind: short, count: 0x8001_0000}, capture),
		"largest count":    tiffOf(tag{id: orientation, kind: rational, count: 0xffff_ffff}, capture),
		"given twice":      tiffOf(capture, text(dateTime, "2030:01:01 00:00:00")),
		"seven hundred":    tiffOf(many...),
		"a cycle":          tiffOf(capture, pointer(exifIFD, 8), pointer(gpsIFD, 8), pointer(subIFDs, 8)),
		"a directory at 0": append(tiffOf(capture, pointer(exifIFD, 0)), 0),
	}
	for name, file := range tests {
		if got := mustRead(t, file).Capture.String(); got != "2024-05-18T14:30:05" {
			t.Errorf("%s: capture time %q", name, got)
		}
	}
}

func TestAChainOfDirectoriesIsNotFollowed(t *testing.T) {
	file := tiffOf(text(dateTime, day))
	next := len(file)
	file[8+2+12] = byte(next) // the first names the second,
	file = appendDirectory(file, text(imageDescription, "of the second picture"))
	copy(file[next+2+12:], []byte{8, 0, 0, 0}) // and the second the first
	f := mustRead(t, file)
	if f.Capture.IsZero() || f.Description != "" {
		t.Errorf("capture %q, description %q", f.Capture, f.Description)
	}
}

func TestPaddingBehindTheEXIFIsNotRead(t *testing.T) {
	file := fixture.JPEG(fixture.Spec{Captured: wall(14, 30, 5), PadTo: 20 << 20})
	m := newMeter(file)
	f, err := exif.ReadWithoutNet(m, m.Size())
	if err != nil || f.Width != 32 {
		t.Fatalf("width %d, error %v", f.Width, err)
	}
	if m.bytes > 8<<10 || m.calls > 3 {
		t.Errorf("%d bytes in %d reads, want at most 8 KiB in 3", m.bytes, m.calls)
	}
}
