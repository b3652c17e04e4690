package raw_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/raw"
	"github.com/albumwright/albumwright/internal/fixture"
)

func TestAnORFIsReadWithAnyOfItsNumbers(t *testing.T) {
	content := fixture.ORF(fullSpec())
	for _, head := range []string{"IIRO", "IIRS"} {
		copy(content, head)
		if said, complaint := formats()["ORF"].claims(content); complaint != "" || len(said.Times) == 0 {
			t.Errorf("%s: complaint %q, times %v", head, complaint, said.Times)
		}
	}
}

func TestOnlyTheJPEGInsideOfAnRW2HasTheDescription(t *testing.T) {
	spec := fullSpec()
	content := fixture.RW2(spec)
	at := bytes.Index(content, []byte("\xff\xd8\xff"))
	content[at+2] = 0 // no segment any more
	said, _ := formats()["RW2"].claims(content)
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
	read := formats()["RAF"].claims
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
		said, complaint := read(tt.content)
		size := slices.Contains(said.Sizes, claim.Size{Width: 40, Height: 26, Source: claim.TIFF})
		if complaint == "" || len(said.Times) > 0 != tt.times || size != tt.size {
			t.Errorf("%s: complaint %q, times %v, sizes %v", tt.name, complaint, said.Times, said.Sizes)
		}
	}
}

func TestTheHeaderOfARAFNamesTheCamera(t *testing.T) {
	said, _ := formats()["RAF"].claims(rafWith(88, 0))
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
		if said, complaint := formats()["RAF"].claims(content); complaint != "" || len(said.Times) == 0 {
			t.Errorf("count %d: complaint %q", count, complaint)
		}
	}
}

func TestACR3TellsItsXMPAndItsMakersZone(t *testing.T) {
	spec := fixture.Spec{
		Make: "Canon", Captured: shot(), Note: fixture.CanonNote(-240, 27, 0, true),
		XMP: &fixture.Spec{Description: "in XMP"},
	}
	said, complaint := formats()["CR3"].claims(fixture.CR3(spec))
	if complaint != "" {
		t.Errorf("complaint %q", complaint)
	}
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
		said, complaint := formats()["CR3"].claims(tt.content)
		if complaint != "" != tt.complained || len(said.Times) > 0 != tt.times || len(said.Makes) > 0 != tt.makes || len(said.Places) > 0 != tt.place {
			t.Errorf("%s: complaint %q, times %v, makes %v, places %v", tt.name, complaint, said.Times, said.Makes, said.Places)
		}
	}
}

// meter counts what is read.
type meter struct {
	*bytes.Reader
	read, calls int
}

func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	n, err := m.Reader.ReadAt(p, off)
	m.read += n
	m.calls++
	return n, err
}

func TestALargeRawFileCostsAFewKiB(t *testing.T) {
	spec := fullSpec()
	spec.PadTo = 1 << 20
	for name, f := range formats() {
		m := &meter{Reader: bytes.NewReader(f.encode(spec))}
		var said claim.Set
		f.read(file.New(m, m.Size()), &said, new(file.Complaints))
		if m.read > 8<<10 || m.calls > 6 || len(said.Times) == 0 {
			t.Errorf("%s: %d bytes in %d reads, times %v; want at most 8 KiB in 6", name, m.read, m.calls, said.Times)
		}
	}
}

func TestABrokenDiskIsNoDamage(t *testing.T) {
	for _, read := range []func(*file.Source, *claim.Set, *file.Complaints){raw.Fuji, raw.Olympus, raw.Panasonic, raw.Canon} {
		var said claim.Set
		var bad file.Complaints
		src := file.New(brokenDisk{}, 1<<20)
		if read(src, &said, &bad); bad.First() != "" || src.Err() == nil {
			t.Errorf("complaint %q, error %v", bad.First(), src.Err())
		}
	}
}

type brokenDisk struct{}

func (brokenDisk) ReadAt([]byte, int64) (int, error) { return 0, bytes.ErrTooLarge }
