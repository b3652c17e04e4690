package iptc_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/iptc"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

const (
	dateCreated = 55
	timeCreated = 60
	caption     = 120
)

// dataset is one value of the application record.
func dataset(number byte, value string) string {
	return "\x1c\x02" + string([]byte{number, byte(len(value) >> 8), byte(len(value))}) + value
}

// read reads datasets that have nothing wrong with them.
func read(t *testing.T, datasets string) claim.Set {
	t.Helper()
	var said claim.Set
	var bad file.Complaints
	iptc.Read([]byte(datasets), &said, &bad)
	if bad.First() != "" {
		t.Errorf("complaint %q about %.200q", bad.First(), datasets)
	}
	return said
}

// resource is one image resource of Photoshop.
func resource(signature string, id uint16, name, data string) string {
	b := binary.BigEndian.AppendUint16([]byte(signature), id)
	b = append(append(b, byte(len(name))), name...)
	if len(name)%2 == 0 {
		b = append(b, 0)
	}
	b = append(binary.BigEndian.AppendUint32(b, uint32(len(data))), data...)
	return string(b) + strings.Repeat("\x00", len(data)%2)
}

func readResources(t *testing.T, resources string) (claim.Set, string) {
	t.Helper()
	var said claim.Set
	var bad file.Complaints
	iptc.Photoshop([]byte(resources), &said, &bad)
	return said, bad.First()
}

func TestDatasetsTellTheirFacts(t *testing.T) {
	spec := fixture.Spec{
		Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), Offset: "-03:30", Description: "Segel im Hafen, früh",
	}
	want := claim.Set{
		Times: []claim.Time{{
			Wall: spec.Captured, Offset: -210 * time.Minute, HasOffset: true, Source: claim.IPTCDateCreated,
		}},
		Words: []claim.Text{{Value: "Segel im Hafen, früh", Source: claim.IPTCCaption}},
	}
	if diff := cmp.Diff(want, read(t, string(fixture.IPTC(spec)))); diff != "" {
		t.Errorf("datasets (-want +got):\n%s", diff)
	}
	got, complaint := readResources(t, string(fixture.Photoshop(spec)))
	if diff := cmp.Diff(want, got); diff != "" || complaint != "" {
		t.Errorf("resources: complaint %q (-want +got):\n%s", complaint, diff)
	}
}

func TestADateNeedsItsTimeOfDay(t *testing.T) {
	tests := []struct{ date, clock, want string }{
		{"20240518", "143005+0200", "2024-05-18T14:30:05+02:00"},
		{"20240518", "143005-0330", "2024-05-18T14:30:05-03:30"},
		{"20240518", "143005", "2024-05-18T14:30:05"},
		{"20240518", "143005Z", "2024-05-18T14:30:05+00:00"},
		{"2024-05-18", "14:30:05+02:00", "2024-05-18T14:30:05+02:00"},
		{"2024:05:18", "14:30:05", "2024-05-18T14:30:05"},
		{"20240518", "143005+9900", "2024-05-18T14:30:05"},
		{"20240518", "000000+0000", "2024-05-18T00:00:00+00:00"},
		{"20240518", "", ""},
		{"20240518", "1430", ""},
		{"20240518", "253005+0200", ""},
		{"20240518", "######", ""},
		{"", "143005+0200", ""},
		{"00000000", "000000+0000", ""},
		{"20240500", "143005", ""},
		{"202405", "143005", ""},
	}
	for _, tt := range tests {
		got := ""
		for _, c := range read(t, dataset(dateCreated, tt.date)+dataset(timeCreated, tt.clock)).Times {
			got = c.Wall.Format("2006-01-02T15:04:05")
			if c.HasOffset {
				got += time.Unix(0, 0).In(time.FixedZone("", int(c.Offset/time.Second))).Format("-07:00")
			}
		}
		if got != tt.want {
			t.Errorf("%q %q: %q, want %q", tt.date, tt.clock, got, tt.want)
		}
	}
}

func TestTheDateOfAScanIsNoCaptureTime(t *testing.T) {
	scanned := fixture.IPTC(fixture.Spec{Digitized: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC)})
	if got := read(t, string(scanned)); len(got.Times) > 0 {
		t.Errorf("times %v", got.Times)
	}
}

func TestACaptionIsReadInItsEncoding(t *testing.T) {
	const utf8Named, latinNamed = "\x1c\x01\x5a\x00\x03\x1b%G", "\x1c\x01\x5a\x00\x03\x1b-A"
	for name, datasets := range map[string]string{
		"UTF-8":                 utf8Named + dataset(caption, "Möwen – früh"),
		"UTF-8 without a name":  dataset(caption, "Möwen – früh"),
		"UTF-8 by a wrong name": latinNamed + dataset(caption, "Möwen – früh"),
		"windows-1252":          dataset(caption, "M\xf6wen \x96 fr\xfch"),
		"by a wrong name":       utf8Named + dataset(caption, "M\xf6wen \x96 fr\xfch"),
		"padded":                dataset(caption, " Möwen – früh \x00\x00"),
		"the first of two":      dataset(caption, "Möwen – früh") + dataset(caption, "second"),
		"behind an empty one":   dataset(caption, "  ") + dataset(caption, "Möwen – früh"),
		"behind other records":  "\x1c\x03\x78\x00\x01x\x1c\x08\x0a\x00\x02yy" + dataset(caption, "Möwen – früh"),
		"zeros behind it":       dataset(caption, "Möwen – früh") + "\x00\x00\x00\x00\x00\x00",
		"a head behind it":      dataset(caption, "Möwen – früh") + "\x1c\x02\x00",
		"an extended length":    "\x1c\x02\x78\x80\x04\x00\x00\x00\x10Möwen – früh",
		"a short extended one":  "\x1c\x02\x78\x80\x01\x10Möwen – früh",
	} {
		got := read(t, datasets)
		if len(got.Words) != 1 || got.Words[0].Value != "Möwen – früh" {
			t.Errorf("%s: words %q", name, got.Words)
		}
	}
}

func TestALengthThatLiesIsDamageAndEndsTheDatasets(t *testing.T) {
	for name, last := range map[string]string{
		"too long":               "\x1c\x02\x78\x00\x09words",
		"extended by too much":   "\x1c\x02\x78\x80\x05\x00\x00\x00\x00\x05words",
		"extended and missing":   "\x1c\x02\x78\x80\x04\x00",
		"extended over four GiB": "\x1c\x02\x78\x80\x04\xff\xff\xff\xffwords",
		"extended to 32 KiB":     "\x1c\x02\x78\xff\xffwords",
	} {
		var said claim.Set
		var bad file.Complaints
		iptc.Read([]byte(dataset(dateCreated, "20240518")+dataset(timeCreated, "143005")+last), &said, &bad)
		if len(said.Times) != 1 || len(said.Words) > 0 || bad.First() == "" {
			t.Errorf("%s: times %v, words %v, complaint %q", name, said.Times, said.Words, bad.First())
		}
	}
}

func TestIPTCIsFoundAmongOtherResources(t *testing.T) {
	datasets := dataset(caption, "words")
	for name, resources := range map[string]string{
		"first":                resource("8BIM", 0x0404, "", datasets) + resource("8BIM", 0x03ed, "", "x"),
		"behind another":       resource("8BIM", 0x03ed, "", "odd") + resource("8BIM", 0x0404, "", datasets),
		"with a name":          resource("8BIM", 0x0404, "IPTC", datasets),
		"with an odd name":     resource("8BIM", 0x0404, "caption", datasets),
		"behind a long name":   resource("8BIM", 0x03f0, strings.Repeat("n", 255), "x") + resource("8BIM", 0x0404, "", datasets),
		"behind other writers": resource("PHUT", 0x0bb7, "", "x") + resource("AgHg", 1, "", "") + resource("DCSR", 2, "", "y") + resource("MeSa", 3, "", "z") + resource("8BIM", 0x0404, "", datasets),
		"without its padding":  resource("8BIM", 0x0404, "", datasets+"\x00")[:7+5+len(datasets)+1],
		"behind a preview":     resource("8BIM", 0x040c, "", strings.Repeat("p", 70_000)) + resource("8BIM", 0x0404, "", datasets),
	} {
		got, complaint := readResources(t, resources)
		if len(got.Words) != 1 || got.Words[0].Value != "words" || complaint != "" {
			t.Errorf("%s: words %v, complaint %q", name, got.Words, complaint)
		}
	}
}

func TestResourcesWithoutIPTCSayNothing(t *testing.T) {
	for _, resources := range []string{
		"", "8BIM", "8BIM\x04\x04", "8BIM\x04\x04\x00\x00", "8BIM\x04\x04\xff", "garbage behind no signature",
		resource("8BIM", 0x03ed, "", dataset(caption, "words")), resource("8BIM", 0x0404, "", ""),
	} {
		got, complaint := readResources(t, resources)
		if diff := cmp.Diff(claim.Set{}, got); diff != "" || complaint != "" {
			t.Errorf("%q: complaint %q (-want +got):\n%s", resources, complaint, diff)
		}
	}
}

func TestAResourceThatIsCutShortGivesWhatItHas(t *testing.T) {
	whole := resource("8BIM", 0x0404, "", dataset(dateCreated, "20240518")+dataset(timeCreated, "143005")+dataset(caption, "words"))
	got, complaint := readResources(t, whole[:len(whole)-3])
	if len(got.Times) != 1 || len(got.Words) > 0 || complaint == "" {
		t.Errorf("times %v, words %v, complaint %q", got.Times, got.Words, complaint)
	}
}

func TestOnlyHeadsAndDatasetsAreReadOfResourcesInAFile(t *testing.T) {
	resources := resource("8BIM", 0x040c, "", strings.Repeat("p", 50_000)) +
		resource("8BIM", 0x0404, "", dataset(caption, "words")) + strings.Repeat("\x00", 50_000)
	m := &meter{r: bytes.NewReader([]byte(resources))}
	src := file.New(m, int64(len(resources)))
	var said claim.Set
	var bad file.Complaints
	iptc.PhotoshopIn(src.Whole(), &said, &bad)
	if len(said.Words) != 1 || m.bytes > 4<<10 {
		t.Errorf("words %v after %d bytes", said.Words, m.bytes)
	}
}

// meter counts what is read of a file.
type meter struct {
	r     *bytes.Reader
	bytes int
}

func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	n, err := m.r.ReadAt(p, off)
	m.bytes += n
	return n, err
}

// readSoundly reads anything and checks what holds for any input.
func readSoundly(t *testing.T, resources []byte) {
	t.Helper()
	var said claim.Set
	var bad file.Complaints
	iptc.Photoshop(resources, &said, &bad)
	iptc.Read(resources, &said, &bad)
	for _, c := range said.Words {
		if !utf8.ValidString(c.Value) || strings.ContainsRune(c.Value, 0) || c.Value == "" {
			t.Errorf("%q: text %q is not clean", resources, c.Value)
		}
	}
}

func full() []byte {
	return fixture.Photoshop(fixture.Spec{
		Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), Offset: "+02:00", Description: "Möwen",
	})
}

func TestDamagedResourcesAreReadWithoutHarm(t *testing.T) {
	resources := full()
	for n := range resources {
		readSoundly(t, resources[:n])
		readSoundly(t, resources[n:])
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 5000 {
		at, by := rng.IntN(len(resources)), byte(1+rng.IntN(255))
		resources[at] ^= by
		readSoundly(t, resources)
		resources[at] ^= by
	}
}

// FuzzRead looks for resources that make the readers panic or tell texts that are
// not clean.
func FuzzRead(f *testing.F) {
	f.Add(full())
	f.Add([]byte(dataset(caption, "words")))
	f.Add([]byte("\x1c\x02\x78\x80\x04\x00\x00\x00\x05words"))
	f.Fuzz(func(t *testing.T, resources []byte) { readSoundly(t, resources) })
}
