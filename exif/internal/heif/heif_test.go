package heif_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/internal/fixture"
)

func makers() map[string]func(fixture.Spec) []byte {
	return map[string]func(fixture.Spec) []byte{"HEIC": fixture.HEIC, "AVIF": fixture.AVIF}
}

func TestSizeAndTurnAreThoseOfThePrimaryItem(t *testing.T) {
	for format, encode := range makers() {
		for _, turn := range []int{0, 90, 180, 270} {
			said := mustRead(t, format, encode(fixture.Spec{Width: 1300, Height: 700, Rotation: turn}))
			var want []claim.Number
			if turn != 0 {
				want = []claim.Number{{Value: turn, Source: claim.Header}}
			}
			if !slices.Equal(said.Sizes, claimtest.Size(1300, 700)) || !slices.Equal(said.Rotations, want) {
				t.Errorf("%s turned by %d: size %v, rotation %v", format, turn, said.Sizes, said.Rotations)
			}
		}
	}
}

func TestATurnInEXIFAndInTheItemIsNotAddedUp(t *testing.T) {
	said := mustRead(t, "HEIC", fixture.HEIC(fixture.Spec{Orientation: 6, Rotation: 90}))
	if len(said.Orientations) != 1 || said.Orientations[0].Value != 6 || len(said.Rotations) != 1 || said.Rotations[0].Value != 90 {
		t.Errorf("orientation %v, rotation %v, want 6 and 90", said.Orientations, said.Rotations)
	}
}

func TestPropertiesAreFoundInEveryVersionOfTheirList(t *testing.T) {
	size := func(w, h uint32) []byte { return full("ispe", 0, w, h) }
	properties := box("ipco", size(10, 10), box("free", "abc"), size(40, 30), box("irot", "\x00"), size(20, 20))
	wide := func(version uint8, list ...any) []byte {
		return box("ipma", version, "\x00\x00\x01", fields(list...))
	}
	primary := full("pitm", 0, uint16(7))
	tests := map[string][][]byte{
		"8 bits":  {primary, box("iprp", properties, full("ipma", 0, uint32(1), uint16(7), "\x02\x83\x04"))},
		"15 bits": {primary, box("iprp", properties, wide(0, uint32(1), uint16(7), "\x02\x80\x03\x00\x04"))},
		"numbers of 32 bits": {full("pitm", 1, uint32(70_000)),
			box("iprp", properties, full("ipma", 1, uint32(2), uint32(9), "\x01\x01", uint32(70_000), "\x02\x03\x04"))},
		"both":              {full("pitm", 1, uint32(70_000)), box("iprp", properties, wide(1, uint32(1), uint32(70_000), "\x02\x00\x03\x00\x04"))},
		"as long as all":    {primary, box("iprp", properties, full("ipma", 0, uint32(3), "\x00\x05\x02\x01\x05\x00\x06\x02\x01\x05\x00\x07\x02\x03\x04"))},
		"behind others":     {primary, box("iprp", properties, full("ipma", 0, uint32(3), "\x00\x05\x00\x00\x06\x03\x01\x01\x05\x00\x07\x02\x03\x04"))},
		"in a second list":  {primary, box("iprp", properties, wide(0, uint32(1), uint16(5), "\x00"), full("ipma", 0, uint32(1), uint16(7), "\x02\x03\x04"))},
		"list first":        {primary, box("iprp", full("ipma", 0, uint32(1), uint16(7), "\x02\x03\x04"), properties)},
		"with unknown ones": {primary, box("iprp", properties, full("ipma", 0, uint32(1), uint16(7), "\x05\x00\x02\x03\x04\x70"))},
	}
	for name, boxes := range tests {
		said := mustRead(t, name, fileOf(nil, boxes...))
		if !slices.Equal(said.Sizes, claimtest.Size(40, 30)) || !slices.Equal(said.Rotations, []claim.Number{{Value: 0, Source: claim.Header}}) {
			t.Errorf("%s: size %v, rotation %v", name, said.Sizes, said.Rotations)
		}
	}
}

func TestAVideoBehindThePictureMakesAMotionPhoto(t *testing.T) {
	for format, encode := range makers() {
		for _, motion := range [][]byte{nil, []byte("a video")} {
			said := mustRead(t, format, encode(fixture.Spec{Motion: motion, PadTo: 5000}))
			if want := motion != nil; said.MotionPhoto != want {
				t.Errorf("%s: motion photo %v, want %v", format, said.MotionPhoto, want)
			}
		}
	}
}

func TestWhatPhonesAppendIsNoDamage(t *testing.T) {
	for _, trailer := range []string{"\x00", "\x00\x00\x00\x03abcd", "{\"vendor\":true}", "SEFT" + string(make([]byte, 40))} {
		file := append(fixture.HEIC(fixture.Spec{Make: "Aldermere"}), trailer...)
		if said := mustRead(t, trailer, file); !slices.Equal(said.Makes, fromEXIF("Aldermere")) {
			t.Errorf("behind it %q: make %v", trailer, said.Makes)
		}
	}
}

func TestXMPIsReadFromABoxOfItsOwn(t *testing.T) {
	const xmpID, otherID = "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", "0123456789abcdef"
	packet := fixture.XMP(fixture.Spec{Make: "Aldermere"})
	file := slices.Concat(fixture.AVIF(fixture.Spec{}), box("uuid", otherID, "abc"), box("uuid", xmpID, packet), box("uuid", "short"))
	if said := mustRead(t, "AVIF", file); !slices.Equal(said.Makes, claimtest.Texts(claim.XMP, "Aldermere")) {
		t.Errorf("make %v", said.Makes)
	}
}

// movie is a moov box of a header and one track, as of an image sequence.
func movie(created, duration uint32, w, h uint16) []byte {
	const scale = 600
	return box("moov",
		full("mvhd", 0, created, created, uint32(scale), duration, make([]byte, 80)),
		box("trak", full("tkhd", 0, make([]byte, 72), w, uint16(0), h, uint16(0))))
}

func TestAnImageSequenceHasTheTimeAndLengthOfItsMovie(t *testing.T) {
	const unixEpoch = 2_082_844_800
	when := time.Date(2023, 1, 13, 20, 51, 42, 0, time.UTC)
	created := uint32(when.Unix() + unixEpoch)
	still := box("meta", "\x00\x00\x00\x00", full("pitm", 0, uint16(1)),
		box("iprp", box("ipco", full("ispe", 0, uint32(40), uint32(30))), full("ipma", 0, uint32(1), uint16(1), "\x01\x01")))
	tests := []struct {
		name  string
		boxes []byte
		want  claim.Set
	}{
		{"movie alone", movie(created, 900, 64, 48), claim.Set{
			Times: []claim.Time{{Wall: when, Instant: true, Source: claim.QuickTimeCreated}}, Sizes: claimtest.Size(64, 48),
			Durations: []claim.Duration{{Value: 1500 * time.Millisecond, Source: claim.Header}},
		}},
		{"with a still", append(movie(created, 900, 64, 48), still...), claim.Set{
			Times: []claim.Time{{Wall: when, Instant: true, Source: claim.QuickTimeCreated}}, Sizes: claimtest.Size(40, 30),
			Durations: []claim.Duration{{Value: 1500 * time.Millisecond, Source: claim.Header}},
		}},
		{"length of a track", slices.Concat(still, box("moov", full("mvhd", 0, make([]byte, 96)), box("trak", box("mdia",
			full("mdhd", 0, uint32(0), uint32(0), uint32(600), uint32(300)))))), claim.Set{
			Sizes: claimtest.Size(40, 30), Durations: []claim.Duration{{Value: 500 * time.Millisecond, Source: claim.Header}},
		}},
		{"nothing known", movie(0, 0xffff_ffff, 0, 0), claim.Set{}},
		{"the epoch of Unix", movie(unixEpoch, 0, 0, 0), claim.Set{}},
	}
	for _, tt := range tests {
		got := mustRead(t, tt.name, append(box("ftyp", "msf1\x00\x00\x00\x00hevc"), tt.boxes...))
		if !slices.Equal(got.Times, tt.want.Times) || !slices.Equal(got.Sizes, tt.want.Sizes) || !slices.Equal(got.Durations, tt.want.Durations) {
			t.Errorf("%s: times %v, sizes %v, durations %v", tt.name, got.Times, got.Sizes, got.Durations)
		}
	}
}

func TestDamageIsSaidAndTheRestIsRead(t *testing.T) {
	block := exifItem("Aldermere")
	n := len(block)
	whole := fixture.HEIC(fixture.Spec{Make: "Aldermere"})
	list := itemList(entry(1, "Exif", ""))
	badSize := []byte("\x00\x00\x00\x03abcd")
	tests := []struct {
		name, says string
		file       []byte
		read       bool // whether the EXIF block is
	}{
		{"no meta box", "neither a meta nor a moov box", box("ftyp", "heic\x00\x00\x00\x00"), false},
		{"cut in the pixels", "ends inside of its mdat box", whole[:len(whole)-1], true},
		{"cut before the EXIF block", "lies outside", fileOf(nil, list, placeList(place(1, 5000, n))), false},
		{"box smaller than its head", "boxes of the file", append(box("ftyp", "heic\x00\x00\x00\x00"), badSize...), false},
		{"box too small in meta", "boxes of the meta box", fileOf(block, list, placeList(place(1, dataAt, n)), badSize), true},
		{"box too large in meta", "cut short", fileOf(block, list, placeList(place(1, dataAt, n)), []byte("\x00\x00\x99\x99idat")), true},
		{"no place", "no location", fileOf(block, list, placeList(place(2, dataAt, n))), false},
		{"no places", "item locations", fileOf(block, list), false},
		{"numbers of nine bytes", "item locations", fileOf(block, list, full("iloc", 0, uint16(0x9400), uint16(1))), false},
		{"place cut", "item locations", fileOf(block, list, full("iloc", 0, uint16(0x4400), uint16(1), uint16(1), uint16(0), uint16(1))), false},
		{"place beyond all", "lies outside", fileOf(block, list,
			full("iloc", 0, uint16(0x8880), uint16(1), uint16(1), uint16(0), ^uint64(0), uint16(1), ^uint64(0), ^uint64(0))), false},
		{"no TIFF header", "without a TIFF header", fileOf([]byte("nothing of the kind"), list, placeList(place(1, dataAt, 10))), false},
		{"a bad list of items", "list of items", fileOf(block, full("iinf", 0, uint16(2), entry(1, "Exif", ""), badSize), placeList(place(1, dataAt, n))), true},
		{"bad references", "item references", fileOf(block, list, full("iref", 0, badSize), placeList(place(1, dataAt, n))), true},
		{"bad properties", "item properties", fileOf(block, list, box("iprp", badSize), placeList(place(1, dataAt, n))), true},
		{"property cut", "ispe property", fileOf(block, list, full("pitm", 0, uint16(1)), placeList(place(1, dataAt, n)),
			box("iprp", box("ipco", full("ispe", 0, uint32(1))), full("ipma", 0, uint32(1), uint16(1), "\x01\x01"))), true},
		{"movie header cut", "movie header", append(fileOf(block, list, placeList(place(1, dataAt, n))), box("moov", full("mvhd", 0, uint32(1)))...), true},
	}
	for _, tt := range tests {
		a := read(tt.file)
		if !strings.Contains(a.Complaint, tt.says) {
			t.Errorf("%s: complaint %q, want %q in it", tt.name, a.Complaint, tt.says)
		}
		if read := slices.Equal(a.Makes, fromEXIF("Aldermere")); read != tt.read {
			t.Errorf("%s: make %v, want it read: %v", tt.name, a.Makes, tt.read)
		}
	}
}

func TestAPhonesPhotoCostsTwoKiBOfReading(t *testing.T) {
	// 48 tiles, their grid, EXIF and XMP.
	phone := fixture.Spec{
		Width: 4032, Height: 3024, Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), SubSec: "25", Offset: "+02:00",
		Make: "Aldermere", Model: "Field 40", Orientation: 6, Rotation: 90, Lat: fixture.Degrees(60.4), Lon: fixture.Degrees(5.3), PadTo: 2 << 20,
	}
	for format, encode := range makers() {
		a := read(encode(phone))
		if a.Complaint != "" || len(a.Makes) != 1 || len(a.Sizes) != 2 {
			t.Errorf("%s: complaint %q, makes %v, sizes %v", format, a.Complaint, a.Makes, a.Sizes)
		}
		if a.Bytes > 2<<10 || a.Calls > 20 {
			t.Errorf("%s: %d bytes in %d reads, want at most 2 KiB in 20", format, a.Bytes, a.Calls)
		}
	}
}

func TestAListOfThousandsOfTilesHidesNothing(t *testing.T) {
	spec := fixture.Spec{Width: 24_000, Height: 24_000, Make: "Aldermere", XMP: &fixture.Spec{Model: "Field 40"}}
	file := fixture.HEIC(spec)
	said := mustRead(t, "linked", file)
	if !slices.Equal(said.Makes, fromEXIF("Aldermere")) || len(said.Models) != 1 {
		t.Errorf("linked: make %v, model %v", said.Makes, said.Models)
	}
	unlinked := bytes.ReplaceAll(file, []byte("cdsc"), []byte("free"))
	said = mustRead(t, "unlinked", unlinked)
	if !slices.Equal(said.Makes, fromEXIF("Aldermere")) || len(said.Models) != 1 {
		t.Errorf("unlinked: make %v, model %v", said.Makes, said.Models)
	}
}
