package raw_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/internal/fixture"
)

func TestAnORFIsReadWithAnyOfItsNumbers(t *testing.T) {
	content := fixture.ORF(fullSpec())
	for _, head := range []string{"IIRO", "IIRS"} {
		copy(content, head)
		if a := formats()["ORF"].read(content); a.Complaint != "" || len(a.Times) == 0 {
			t.Errorf("%s: complaint %q, times %v", head, a.Complaint, a.Times)
		}
	}
}

func TestOnlyTheJPEGInsideOfAnRW2HasTheDescription(t *testing.T) {
	spec := fullSpec()
	content := fixture.RW2(spec)
	at := bytes.Index(content, []byte("\xff\xd8\xff"))
	content[at+2] = 0 // no segment any more
	said := formats()["RW2"].read(content)
	words := func(c claim.Text) bool { return c.Source == claim.ImageDescription }
	if slices.ContainsFunc(said.Words, words) || len(said.Times) == 0 {
		t.Errorf("without its JPEG: words %v, times %v", said.Words, said.Times)
	}
}

// rafWith changes a number in the header of a RAF file.
func rafWith(at int, v uint32) []byte {
	content := fixture.RAF(fullSpec())
	binary.BigEndian.PutUint32(content[at:], v)
	return content
}

func TestADamagedRAFTellsWhatIsLeft(t *testing.T) {
	const jpeg, jpegSize, directory, far = 84, 88, 92, 1 << 31
	whole := fixture.RAF(fullSpec())
	read := formats()["RAF"].read
	tests := []struct {
		name    string
		content []byte
		times   bool
		size    bool
	}{
		{"cut in the header", whole[:80], false, false},
		{"JPEG far away", rafWith(jpeg, far), false, true},
		{"JPEG too long", rafWith(jpegSize, far), true, true},
		{"no JPEG", rafWith(jpegSize, 0), false, true},
		{"directory far away", rafWith(directory, far), true, false},
		{"cut behind the JPEG", whole[:binary.BigEndian.Uint32(whole[directory:])], true, false},
	}
	for _, tt := range tests {
		a := read(tt.content)
		size := slices.Contains(a.Sizes, claim.Size{Width: 40, Height: 26, Source: claim.TIFF})
		if a.Complaint == "" || len(a.Times) > 0 != tt.times || size != tt.size {
			t.Errorf("%s: complaint %q, times %v, sizes %v", tt.name, a.Complaint, a.Times, a.Sizes)
		}
	}
}

func TestTheHeaderOfARAFNamesTheCamera(t *testing.T) {
	said := formats()["RAF"].read(rafWith(88, 0))
	want := claim.Text{Value: "Field 40", Source: claim.Header}
	if !slices.Contains(said.Models, want) || !slices.Contains(said.Makes, claim.Text{Value: "FUJIFILM", Source: claim.Header}) {
		t.Errorf("makes %v, models %v", said.Makes, said.Models)
	}
}

func TestARAFDirectoryOfAnyCountEnds(t *testing.T) {
	for _, count := range []uint32{0, 1, 200, 1<<32 - 1} {
		content := fixture.RAF(fullSpec())
		at := binary.BigEndian.Uint32(content[92:])
		binary.BigEndian.PutUint32(content[at:], count)
		if a := formats()["RAF"].read(content); a.Complaint != "" || len(a.Times) == 0 {
			t.Errorf("count %d: complaint %q", count, a.Complaint)
		}
	}
}

func TestACR3TellsItsXMPAndItsMakersZone(t *testing.T) {
	spec := fixture.Spec{
		Make: "Canon", Captured: shot(), Note: fixture.CanonNote(-240, 27, 0, true),
		XMP: &fixture.Spec{Description: "in XMP"},
	}
	said := formats()["CR3"].read(fixture.CR3(spec)).Must(t, "CR3")
	if want := []claim.Zone{{Offset: -4 * time.Hour, Source: claim.MakerNote}}; !slices.Equal(said.Zones, want) {
		t.Errorf("zones %v, want %v", said.Zones, want)
	}
	if want := (claim.Text{Value: "in XMP", Source: claim.XMPDescription}); !slices.Contains(said.Words, want) {
		t.Errorf("words %v, want %v", said.Words, want)
	}
}

// turned is a CR3 in which one box has another name, and is passed over.
func turned(name string) []byte {
	content := fixture.CR3(fullSpec())
	copy(content[bytes.Index(content, []byte(name)):], "free")
	return content
}

func TestADamagedCR3TellsWhatIsLeft(t *testing.T) {
	whole := fixture.CR3(fullSpec())
	moov := bytes.Index(whole, []byte("moov"))
	orders := fixture.CR3(fullSpec())
	copy(orders[bytes.Index(orders, []byte("CMT4")):], "CMT4MM\x00*\x00\x00\x00\x08")
	headless := fixture.CR3(fullSpec())
	copy(headless[bytes.Index(headless, []byte("CMT2")):], "CMT2XX")
	tests := []struct {
		name              string
		content           []byte
		times, makes      bool
		place, complained bool
	}{
		{"cut in moov", whole[:moov+300], true, true, false, true},
		{"no moov", turned("moov"), false, false, false, true},
		{"no box of Canon's", turned("uuid"), false, false, false, true},
		{"no EXIF", turned("CMT2"), true, true, true, false},
		{"no main directory", turned("CMT1"), true, false, true, false},
		{"EXIF without header", headless, true, true, true, true},
		{"two byte orders", orders, true, true, false, true},
		{"no place", turned("CMT4"), true, true, false, false},
	}
	for _, tt := range tests {
		a := formats()["CR3"].read(tt.content)
		if a.Complaint != "" != tt.complained || len(a.Times) > 0 != tt.times || len(a.Makes) > 0 != tt.makes || len(a.Places) > 0 != tt.place {
			t.Errorf("%s: complaint %q, times %v, makes %v, places %v", tt.name, a.Complaint, a.Times, a.Makes, a.Places)
		}
	}
}

func TestALargeRawFileCostsAFewKiB(t *testing.T) {
	spec := fullSpec()
	spec.PadTo = 1 << 20
	for name, f := range formats() {
		if a := f.read(f.encode(spec)); a.Bytes > 8<<10 || a.Calls > 6 || len(a.Times) == 0 {
			t.Errorf("%s: %d bytes in %d reads, times %v; want at most 8 KiB in 6", name, a.Bytes, a.Calls, a.Times)
		}
	}
}

func TestABrokenDiskIsNoDamage(t *testing.T) {
	for name, f := range formats() {
		var said claim.Set
		var bad file.Complaints
		src := file.New(brokenDisk{}, 1<<20)
		if f.reader(src, &said, &bad); bad.First() != "" || src.Err() == nil {
			t.Errorf("%s: complaint %q, error %v", name, bad.First(), src.Err())
		}
	}
}

type brokenDisk struct{}

func (brokenDisk) ReadAt([]byte, int64) (int, error) { return 0, bytes.ErrTooLarge }
