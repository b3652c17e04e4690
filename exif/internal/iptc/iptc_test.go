package iptc_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
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
	return claimtest.Parse(iptc.Read, []byte(datasets)).Must(t, datasets).Set
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

func readResources(resources string) claimtest.Answer {
	return claimtest.Parse(iptc.Photoshop, []byte(resources))
}

func TestDatasetsTellTheirFacts(t *testing.T) {
	spec := fixture.Spec{
		Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), Offset: "-03:30", Description: "Segel im Hafen, früh",
	}
	want := claim.Set{
		Times: []claim.Time{{
			Wall: spec.Captured, Offset: -210 * time.Minute, HasOffset: true, Source: claim.IPTCDateCreated,
		}},
		Words: claimtest.Texts(claim.IPTCCaption, "Segel im Hafen, früh"),
	}
	if diff := cmp.Diff(want, read(t, string(fixture.IPTC(spec)))); diff != "" {
		t.Errorf("datasets (-want +got):\n%s", diff)
	}
	a := readResources(string(fixture.Photoshop(spec)))
	if diff := cmp.Diff(want, a.Set); diff != "" || a.Complaint != "" {
		t.Errorf("resources: complaint %q (-want +got):\n%s", a.Complaint, diff)
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
			got = claimtest.When(c)
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
		a := claimtest.Parse(iptc.Read, []byte(dataset(dateCreated, "20240518")+dataset(timeCreated, "143005")+last))
		if len(a.Times) != 1 || len(a.Words) > 0 || a.Complaint == "" {
			t.Errorf("%s: times %v, words %v, complaint %q", name, a.Times, a.Words, a.Complaint)
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
		a := readResources(resources)
		if len(a.Words) != 1 || a.Words[0].Value != "words" || a.Complaint != "" {
			t.Errorf("%s: words %v, complaint %q", name, a.Words, a.Complaint)
		}
	}
}

func TestResourcesWithoutIPTCSayNothing(t *testing.T) {
	for _, resources := range []string{
		"", "8BIM", "8BIM\x04\x04", "8BIM\x04\x04\x00\x00", "8BIM\x04\x04\xff", "garbage behind no signature",
		resource("8BIM", 0x03ed, "", dataset(caption, "words")), resource("8BIM", 0x0404, "", ""),
	} {
		a := readResources(resources)
		if diff := cmp.Diff(claim.Set{}, a.Set); diff != "" || a.Complaint != "" {
			t.Errorf("%q: complaint %q (-want +got):\n%s", resources, a.Complaint, diff)
		}
	}
}

func TestAResourceThatIsCutShortGivesWhatItHas(t *testing.T) {
	whole := resource("8BIM", 0x0404, "", dataset(dateCreated, "20240518")+dataset(timeCreated, "143005")+dataset(caption, "words"))
	a := readResources(whole[:len(whole)-3])
	if len(a.Times) != 1 || len(a.Words) > 0 || a.Complaint == "" {
		t.Errorf("times %v, words %v, complaint %q", a.Times, a.Words, a.Complaint)
	}
}

func TestOnlyHeadsAndDatasetsAreReadOfResourcesInAFile(t *testing.T) {
	resources := resource("8BIM", 0x040c, "", strings.Repeat("p", 50_000)) +
		resource("8BIM", 0x0404, "", dataset(caption, "words")) + strings.Repeat("\x00", 50_000)
	photoshop := func(src *file.Source, said *claim.Set, bad *file.Complaints) {
		iptc.PhotoshopIn(src.Whole(), said, bad)
	}
	a := claimtest.Read(photoshop, []byte(resources))
	if len(a.Words) != 1 || a.Bytes > 4<<10 {
		t.Errorf("words %v after %d bytes", a.Words, a.Bytes)
	}
}

// readSoundly reads anything and checks what holds for any input.
func readSoundly(t *testing.T, resources []byte) {
	t.Helper()
	claimtest.CheckClaims(t, string(resources), claimtest.Parse(iptc.Photoshop, resources).Set)
	claimtest.CheckClaims(t, string(resources), claimtest.Parse(iptc.Read, resources).Set)
}

func full() []byte {
	return fixture.Photoshop(fixture.Spec{
		Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), Offset: "+02:00", Description: "Möwen",
	})
}

func TestDamagedResourcesAreReadWithoutHarm(t *testing.T) {
	for _, resources := range claimtest.Damaged(full(), 5000) {
		readSoundly(t, resources)
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
