package tiff_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/tiff"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// zoneOf reads a file's zone in minutes; false if it tells none.
func zoneOf(t *testing.T, content []byte) (int, bool) {
	t.Helper()
	zones := read(t, content).Zones
	if len(zones) == 0 {
		return 0, false
	}
	if len(zones) > 1 || zones[0].Source != claim.MakerNote {
		t.Errorf("zones %v", zones)
	}
	return int(zones[0].Offset / time.Minute), true
}

func TestTheZoneOfNikonsNoteGetsItsSummerTimeAdded(t *testing.T) {
	for _, tt := range []struct {
		minutes int
		summer  bool
		want    int
	}{{60, false, 60}, {60, true, 120}, {-300, true, -240}, {345, false, 345}, {720, true, 780}, {0, false, 0}} {
		for _, big := range []bool{false, true} {
			spec := fixture.Spec{Captured: shot(), BigEndian: big, Note: fixture.NikonNote(tt.minutes, tt.summer, "")}
			if got, ok := zoneOf(t, fixture.NEF(spec)); !ok || got != tt.want {
				t.Errorf("%+d, summer %v: %+d (%v), want %+d", tt.minutes, tt.summer, got, ok, tt.want)
			}
		}
	}
}

func TestTheZoneOfCanonsNoteHasItsSummerTimeInIt(t *testing.T) {
	const newYork, notSet = 27, 32766
	for _, tt := range []struct {
		minutes int
		city    uint32
		want    int
		known   bool
	}{
		{-300, newYork, -300, true}, {-240, newYork, -240, true}, {0, 20, 0, true},
		{-180, 0, -180, true}, {0, 0, 0, false}, {0, notSet, 0, false},
	} {
		spec := fixture.Spec{Make: "Canon", Captured: shot(), Note: fixture.CanonNote(tt.minutes, tt.city, 0, true)}
		for name, encode := range map[string]func(fixture.Spec) []byte{"CR2": fixture.CR2, "TIFF": fixture.TIFF} {
			if got, ok := zoneOf(t, encode(spec)); ok != tt.known || got != tt.want {
				t.Errorf("%s, %+d in city %d: %+d (%v), want %+d (%v)", name, tt.minutes, tt.city, got, ok, tt.want, tt.known)
			}
		}
	}
}

func TestAZoneThatNoClockHasIsNotBelieved(t *testing.T) {
	for _, minutes := range []int{70, -7, 14*60 + 15, -15 * 60, 32767} {
		spec := fixture.Spec{Captured: shot(), Note: fixture.NikonNote(minutes, false, "")}
		if got, ok := zoneOf(t, fixture.TIFF(spec)); ok {
			t.Errorf("%+d minutes are believed as %+d", minutes, got)
		}
	}
}

func TestAMakersZoneIsOnlyAskedForWhereNoneIsRecorded(t *testing.T) {
	note := fixture.NikonNote(60, false, "3105364")
	for name, spec := range map[string]fixture.Spec{
		"recorded":   {Captured: shot(), Offset: "+02:00", Note: note},
		"no capture": {Modified: shot(), Note: note},
	} {
		if _, ok := zoneOf(t, fixture.TIFF(spec)); ok {
			t.Errorf("%s: the maker's zone is claimed", name)
		}
	}
}

func TestSerialNumbersOfMakersStandInForTheStandardOne(t *testing.T) {
	tests := []struct {
		name, model, camera string
		note                fixture.Note
		want                string
	}{
		{"Nikon", "", "NIKON CORPORATION", fixture.NikonNote(0, false, "3105364"), "3105364"},
		{"Canon", "Canon EOS 350D DIGITAL", "Canon", fixture.CanonNote(0, 0, 730407016, false), "0730407016"},
		{"Canon of studios", "Canon EOS-1D", "Canon", fixture.CanonNote(0, 0, 12345, false), "012345"},
		{"Canon of 2000", "Canon EOS D30", "Canon", fixture.CanonNote(0, 0, 0x12340007, false), "123400007"},
		{"Canon without one", "Canon PowerShot S20", "Canon", fixture.CanonNote(0, 0, 0, false), ""},
		{"Olympus", "E-PL8", "OLYMPUS CORPORATION", fixture.OlympusNote("BHSA19729"), "BHSA19729"},
		{"Pentax", "K-5", "PENTAX", fixture.PentaxNote("1234567"), "1234567"},
		{"not plain", "K-5", "PENTAX", fixture.PentaxNote("L\xe3Ko\x01"), ""},
	}
	for _, tt := range tests {
		spec := fixture.Spec{Make: tt.camera, Model: tt.model, Note: tt.note}
		got := ""
		if serials := read(t, fixture.TIFF(spec)).Serials; len(serials) > 0 {
			got = serials[0].Value
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		spec.Serial = "standard"
		want := claimtest.Texts(claim.EXIF, "standard")
		if serials := read(t, fixture.TIFF(spec)).Serials; !cmp.Equal(serials, want) {
			t.Errorf("%s beside the standard one: %v", tt.name, serials)
		}
	}
}

func TestApplesNoteTellsWhatPhotosHaveInCommon(t *testing.T) {
	const content, burst = "2F9A0E2C-51A1-4C28-8B10-A9D5B3CFA3A6", "0F9A0E2C-51A1-4C28-8B10-A9D5B3CFA3A6"
	said := read(t, fixture.TIFF(fixture.Spec{Make: "Apple", ContentID: content, Burst: burst}))
	want := claim.Set{
		ContentIDs: claimtest.Texts(claim.MakerNote, content),
		Bursts:     claimtest.Texts(claim.MakerNote, burst),
	}
	said.Makes, said.Sizes = nil, nil
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// withNote makes a file with a maker note of any bytes; those of at give its own
// place in the file.
func withNote(camera string, note func(at int) []byte) []byte {
	first := []tag{text(maker, camera), number(exifIFD, 0)}
	at := len(tiffOf(first...))
	first[1] = number(exifIFD, uint32(at))
	inside := at + 2 + 12 + 4
	b := note(inside)
	return append(tiffOf(first...), directory(at, tag{id: makerNote, kind: undefined, count: uint64(len(b)), value: b})...)
}

// Older notes and other makers' have heads of other lengths, and places that
// count from the file's beginning.
func TestNotesOfOtherFormsAreRead(t *testing.T) {
	const serial, oldNikonSerial, pentaxSerial, oldOlympusSerial = 0x001d, 0x00a0, 0x0229, 0x101a
	inFile := func(head string, id uint16) func(int) []byte {
		return func(at int) []byte {
			return append([]byte(head), directory(at+len(head), text(id, "7654321"))...)
		}
	}
	byItself := func(head string, id uint16) func(int) []byte {
		return func(int) []byte { return append([]byte(head), directory(len(head), text(id, "7654321"))...) }
	}
	for name, content := range map[string][]byte{
		"Nikon without head":  withNote("NIKON", inFile("", serial)),
		"Nikon, old":          withNote("NIKON", inFile("", oldNikonSerial)),
		"Olympus, old":        withNote("OLYMPUS OPTICAL CO.,LTD", inFile("OLYMP\x00\x01\x00", oldOlympusSerial)),
		"Pentax, old":         withNote("PENTAX Corporation", inFile("AOC\x00II", pentaxSerial)),
		"Pentax, no order":    withNote("PENTAX Corporation", inFile("AOC\x00\x00\x00", pentaxSerial)),
		"Pentax, now Ricoh":   withNote("RICOH IMAGING COMPANY, LTD.", byItself("RICOH\x00II", pentaxSerial)),
		"Olympus, now OM":     withNote("OM Digital Solutions", byItself("OM SYSTEM\x00\x00\x00II\x04\x00", oldOlympusSerial)),
		"Olympus, by itself":  withNote("OLYMPUS CORPORATION", byItself("OLYMPUS\x00II\x03\x00", oldOlympusSerial)),
		"Pentax, little":      withNote("PENTAX", byItself("PENTAX \x00II", pentaxSerial)),
		"Equipment as a blob": withNote("OLYMPUS CORPORATION", olympusBlob),
	} {
		serials := read(t, content).Serials
		if len(serials) != 1 || serials[0] != (claim.Text{Value: "7654321", Source: claim.MakerNote}) {
			t.Errorf("%s: %v", name, serials)
		}
	}
}

// olympusBlob is a note whose equipment is a value, not a place.
func olympusBlob(int) []byte {
	head := "OLYMPUS\x00II\x03\x00"
	inside := len(head) + 2 + 12 + 4
	equipment := directory(inside, text(0x0101, "7654321"))
	blob := tag{id: 0x2010, kind: undefined, count: uint64(len(equipment)), value: equipment}
	return append([]byte(head), directory(len(head), blob)...)
}

func TestANoteThatCannotBeReadIsNoDamage(t *testing.T) {
	le := binary.LittleEndian
	for name, note := range map[string][]byte{
		"unknown":            bytes.Repeat([]byte("note"), 10),
		"short":              []byte("Nikon\x00\x02"),
		"Nikon, no header":   append([]byte("Nikon\x00\x02\x10\x00\x00"), make([]byte, 20)...),
		"Nikon, far":         append([]byte("Nikon\x00\x02\x10\x00\x00"), "II*\x00\xff\xff\xff\x7f      "...),
		"Nikon, of Coolpix":  append([]byte("Nikon\x00\x01\x00"), make([]byte, 20)...),
		"Apple, endless":     append([]byte("Apple iOS\x00\x00\x01MM\xff\xff"), make([]byte, 20)...),
		"Olympus, far":       append([]byte("OLYMPUS\x00II\x03\x00\x01\x00\x10\x20\x04\x00\x01\x00\x00\x00"), le.AppendUint32(nil, 1<<31)...),
		"Olympus, of itself": append([]byte("OLYMPUS\x00II\x03\x00\x01\x00\x10\x20\x04\x00\x01\x00\x00\x00"), le.AppendUint32(nil, 12)...),
	} {
		for _, camera := range []string{"NIKON", "Canon", "Apple"} {
			said := read(t, withNote(camera, func(int) []byte { return note }))
			if len(said.Makes) != 1 || len(said.Zones)+len(said.Serials)+len(said.Bursts) != 0 {
				t.Errorf("%s in a photo by %s: %+v", name, camera, said)
			}
		}
	}
}

func TestOfALargeNoteOnlyTheDirectoryIsRead(t *testing.T) {
	content := withNote("Canon", func(at int) []byte {
		return append(directory(at, number(0x000c, 12345)), make([]byte, 60_000)...)
	})
	a := readDamaged(content)
	if len(a.Serials) != 1 || a.Bytes > tiff.HeadSize {
		t.Errorf("serials %v, %d bytes read, want at most %d", a.Serials, a.Bytes, tiff.HeadSize)
	}
}
