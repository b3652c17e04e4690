package riff_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

const shot = "Sat May 18 14:30:05 2024\n\x00"

// mainHeader is that of a video of so many frames, microseconds each.
func mainHeader(us, frames, width, height int) string {
	return chunkOf("avih", numbers(us, 0, 0, 0, frames, 0, 1, 0, width, height, 0, 0, 0, 0))
}

// stream is a list of one stream of pictures.
func stream(kind string, scale, rate, length, width, height int, more ...string) string {
	header := chunkOf("strh", kind+"MJPG"+numbers(0, 0, 0, scale, rate, 0, length, 0, 0, 0, 0, 0))
	format := chunkOf("strf", numbers(40, width, height)+"\x01\x00\x18\x00MJPG"+numbers(0, 0, 0, 0, 0))
	return listOf("strl", header, format, strings.Join(more, ""))
}

// video is a whole file with a date, and other chunks in front of its pictures.
func video(chunks ...string) string {
	header := listOf("hdrl", mainHeader(40_000, 50, 320, 240), stream("vids", 1, 25, 50, 320, 240), chunkOf("IDIT", shot))
	return riffOf("AVI ", header, strings.Join(chunks, ""), listOf("movi", chunkOf("00dc", strings.Repeat("p", 4001))), chunkOf("idx1", numbers(1, 2, 3, 4)))
}

func TestSizeLengthAndDateOfAVideoAreRead(t *testing.T) {
	said := mustRead(t, "video", video())
	want := claim.Set{
		Sizes:     []claim.Size{{Width: 320, Height: 240, Source: claim.Header}, {Width: 320, Height: 240, Source: claim.Header}},
		Durations: []claim.Duration{{Value: 2 * time.Second, Source: claim.Header}, {Value: 2 * time.Second, Source: claim.Header}},
		Times:     []claim.Time{{Wall: taken().Captured, Source: claim.RIFFOriginal}},
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheLengthOfAVideoIsThatOfItsWholeFile(t *testing.T) {
	sound := listOf("strl", chunkOf("strh", "auds"+numbers(0, 0, 0, 0, 1, 8000, 0, 80_000, 0, 0, 0, 0, 0)))
	open := listOf("odml", chunkOf("dmlh", numbers(100)))
	tests := map[string]struct {
		header []string
		want   time.Duration
	}{
		"main header":                  {[]string{mainHeader(40_000, 50, 8, 8), stream("vids", 1, 25, 49, 8, 8)}, 2 * time.Second},
		"OpenDML":                      {[]string{mainHeader(40_000, 50, 8, 8), stream("vids", 1, 25, 100, 8, 8), open}, 4 * time.Second},
		"two pictures":                 {[]string{mainHeader(40_000, 100, 8, 8), stream("vids", 1, 25, 50, 8, 8), stream("vids", 1, 25, 50, 8, 8)}, 2 * time.Second},
		"main header without numbers":  {[]string{mainHeader(0, 50, 8, 8), stream("vids", 1001, 30000, 300, 8, 8)}, 10010 * time.Millisecond},
		"sound first":                  {[]string{mainHeader(0, 0, 8, 8), sound, stream("vids", 1, 25, 50, 8, 8)}, 2 * time.Second},
		"no numbers at all":            {[]string{mainHeader(0, 0, 8, 8), stream("vids", 0, 0, 0, 8, 8)}, 0},
		"no rate":                      {[]string{mainHeader(0, 0, 8, 8), stream("vids", 1, 0, 50, 8, 8)}, 0},
		"longer than any video":        {[]string{mainHeader(1<<32-1, 1<<32-1, 8, 8), stream("vids", 1<<32-1, 1, 1<<32-1, 8, 8)}, 0},
		"stream shorter than a header": {[]string{mainHeader(40_000, 50, 8, 8)}, 2 * time.Second},
	}
	for name, tt := range tests {
		var got time.Duration
		if d := mustRead(t, name, riffOf("AVI ", listOf("hdrl", tt.header...))).Durations; len(d) > 0 {
			got = d[0].Value
		}
		if got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestTheSizeOfAVideoIsThatOfItsPictures(t *testing.T) {
	sound := listOf("strl", chunkOf("strh", "auds"+numbers(0, 0, 0, 0, 1, 8000, 0, 80_000, 0, 0, 0, 0, 0)), chunkOf("strf", numbers(1, 2, 3, 4)))
	tests := map[string][]string{
		"main header alone":     {mainHeader(1, 1, 320, 240)},
		"stream alone":          {stream("vids", 1, 1, 1, 320, 240)},
		"first row first":       {mainHeader(1, 1, 0, 0), stream("vids", 1, 1, 1, 320, -240)},
		"they disagree":         {mainHeader(1, 1, 640, 480), stream("vids", 1, 1, 1, 320, 240)},
		"sound first":           {mainHeader(1, 1, 320, 240), sound},
		"second stream smaller": {mainHeader(1, 1, 8, 8), stream("vids", 1, 1, 1, 320, 240), stream("vids", 1, 1, 1, 160, 120)},
		"no size of the stream": {mainHeader(1, 1, 320, 240), stream("iavs", 1, 1, 1, 0, 0)},
	}
	for name, header := range tests {
		sizes := mustRead(t, name, riffOf("AVI ", listOf("hdrl", header...))).Sizes
		if len(sizes) == 0 || sizes[0].Width != 320 || sizes[0].Height != 240 {
			t.Errorf("%s: %v, want 320 x 240 first", name, sizes)
		}
	}
}

func TestTextsOfAVideoAreRead(t *testing.T) {
	info := listOf("INFO", chunkOf("ISFT", "a program\x00"), chunkOf("ICMT", "früh am Hafen\x00\x00"), chunkOf("INAM", "title"))
	exif := listOf("exif", chunkOf("ever", "0220"), chunkOf("ecor", "Aldermere\x00"), chunkOf("emdl", "Field 40 \x00"), chunkOf("eucm", "ASCII\x00\x00\x00words"))
	for name, file := range map[string]string{
		"in front": video(info, exif), "behind": video() + info + exif,
	} {
		said := mustRead(t, name, file)
		want := []claim.Text{{Value: "früh am Hafen", Source: claim.RIFFComment}, {Value: "words", Source: claim.RIFFComment}}
		if diff := cmp.Diff(want, said.Words); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(said.Makes) != 1 || len(said.Models) != 1 || said.Makes[0].Value+" "+said.Models[0].Value != "Aldermere Field 40" {
			t.Errorf("%s: makes %v, models %v", name, said.Makes, said.Models)
		}
	}
}

func TestTheChunkForTheDateComesBeforeOtherDates(t *testing.T) {
	made := listOf("INFO", chunkOf("ICRD", "2001-02-03 04:05:06"), chunkOf("DTIM", "2002:02:03 04:05:06"))
	day := listOf("INFO", chunkOf("ICRD", "2001-02-03"), chunkOf("DTIM", "29784123 12345678"))
	tests := map[string]struct {
		file, want string
	}{
		"before":       {riffOf("AVI ", made, chunkOf("IDIT", shot)), "2024-05-18"},
		"after":        {riffOf("AVI ", chunkOf("IDIT", shot), made), "2024-05-18"},
		"in the texts": {riffOf("AVI ", made, listOf("INFO", chunkOf("IDIT", shot))), "2024-05-18"},
		"without":      {riffOf("AVI ", made), "2002-02-03"},
		"a day alone":  {riffOf("AVI ", day), ""},
	}
	for name, tt := range tests {
		got := ""
		if times := mustRead(t, name, tt.file).Times; len(times) > 0 {
			got = times[0].Wall.Format(time.DateOnly)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestXMPOfAVideoIsFoundWhereverItStands(t *testing.T) {
	packet := chunkOf("_PMX", string(fixture.XMP(taken())))
	part := "RIFF" + number(4+len(listOf("movi", "...."))+len(packet)) + "AVIX" + listOf("movi", "....") + packet
	for name, file := range map[string]string{
		"in front": video(packet), "behind": video() + packet, "in the second part": video() + part,
	} {
		if makes := mustRead(t, name, file).Makes; len(makes) != 1 || makes[0].Value != "Aldermere" {
			t.Errorf("%s: makes %v", name, makes)
		}
	}
}

// field puts a text at a place, among zeros.
func field(b string, at int, text string) string {
	if len(b) < at {
		b += strings.Repeat("\x00", at-len(b))
	}
	return b + text
}

func TestTagsOfCamerasAreRead(t *testing.T) {
	record := func(id uint16, text string) string {
		head := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, id), uint16(len(text)))
		return string(head) + text
	}
	nctg := record(3, "Aldermere\x00") + record(4, "Field 40\x00") + record(7, "\x01\x00") + record(0x13, "2024:05:18 14:30:05\x00")
	pentax := field("PENTDigital Camera", 0x12, "Aldermere")
	pentax = field(field(field(pentax, 0x2c, "Field 40"), 0x83, "Sat May 18 14:30:05 2024"), 200, "")
	olympus := "OLYM" + pentax[4:]
	spec := taken()
	spec.Model = "Field 40"
	block := string(fixture.EXIF(spec)) // its first directory stands at 8, as places count from the header
	spec.BigEndian = true
	big := string(fixture.EXIF(spec))
	tests := map[string]struct {
		file  string
		model string
	}{
		"Nikon":               {riffOf("AVI ", listOf("ncdt", chunkOf("ncvr", "0100"), chunkOf("nctg", nctg))), "Field 40"},
		"Pentax":              {riffOf("AVI ", chunkOf("JUNK", pentax)), "Field 40"},
		"Olympus":             {riffOf("AVI ", chunkOf("JUNK", olympus)), ""},
		"Casio":               {riffOf("AVI ", chunkOf("JUNK", casio(big))), "Field 40"},
		"Fujifilm and others": {riffOf("AVI ", listOf("hdrl", stream("vids", 1, 1, 1, 8, 8, chunkOf("strd", streamData(block))))), "Field 40"},
	}
	for name, tt := range tests {
		said := mustRead(t, name, tt.file)
		if len(said.Makes) != 1 || said.Makes[0].Value != "Aldermere" {
			t.Errorf("%s: makes %v", name, said.Makes)
		}
		if len(said.Models) == 0 != (tt.model == "") || len(said.Models) > 0 && said.Models[0].Value != tt.model {
			t.Errorf("%s: models %v, want %q", name, said.Models, tt.model)
		}
		if len(said.Times) != 1 || !said.Times[0].Wall.Equal(taken().Captured) {
			t.Errorf("%s: times %v", name, said.Times)
		}
	}
	old := mustRead(t, "old Pentax", riffOf("AVI ", chunkOf("JUNK", field("IIII\x01\x00", 0x0c, "Field 40")+strings.Repeat("\x00", 100))))
	if len(old.Models) != 1 || old.Models[0].Value != "Field 40" {
		t.Errorf("old Pentax: models %v", old.Models)
	}
}

// moved takes an EXIF block without its header, and moves all its places by so
// many bytes.
func moved(block string, order binary.ByteOrder, by int) string {
	b := []byte(block)
	shift := func(at int) { order.PutUint32(b[at:], uint32(int(order.Uint32(b[at:]))+by)) }
	for dirs := []int{8}; len(dirs) > 0; dirs = dirs[1:] {
		for i := range int(order.Uint16(b[dirs[0]:])) {
			at := dirs[0] + 2 + 12*i
			width := map[uint16]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}[order.Uint16(b[at+2:])]
			switch tag := order.Uint16(b[at:]); {
			case tag == 0x8769:
				dirs = append(dirs, int(order.Uint32(b[at+8:])))
				shift(at + 8)
			case width*int(order.Uint32(b[at+4:])) > 4:
				shift(at + 8)
			}
		}
	}
	return string(b[8:])
}

// streamData is what some cameras have in strd: a mark, four bytes, and a
// directory from which places count.
func streamData(block string) string {
	return "AVIF\x00\x00\x00\x00" + moved(block, binary.LittleEndian, -8)
}

// casio is JUNK with a directory ten bytes behind the mark from which places count.
func casio(block string) string {
	return "QVMI\x00\x00\x00\x00\x00\x00" + moved(block, binary.BigEndian, 2)
}

func TestADamagedVideoSaysWhatIsWrongAndTellsTheRest(t *testing.T) {
	whole := video()
	tests := map[string]struct{ file, says string }{
		"cut in its pictures":        {whole[:len(whole)-1000], `"LIST movi" is cut short`},
		"cut in its second part":     {whole + "RIFF" + number(1000) + "AVIX" + chunkOf("JUNK", ""), "cut short"},
		"main header too short":      {riffOf("AVI ", chunkOf("IDIT", shot), listOf("hdrl", chunkOf("avih", "short"))), "main header"},
		"stream header too short":    {riffOf("AVI ", chunkOf("IDIT", shot), listOf("hdrl", listOf("strl", chunkOf("strh", "vids")))), "header of a stream"},
		"chunk larger than its list": {riffOf("AVI ", chunkOf("IDIT", shot), listOf("INFO", "ICMT\xff\x00\x00\x00words")), `"ICMT" is cut short`},
		"list of no chunks":          {riffOf("AVI ", chunkOf("IDIT", shot), listOf("INFO", "\x01\x02\x03\x04\x05\x06\x07\x08\x09")), `in "LIST INFO"`},
		"Nikon's tags cut":           {riffOf("AVI ", chunkOf("IDIT", shot), listOf("ncdt", chunkOf("nctg", "\x03\x00\xff\x00Nik"))), "Nikon"},
		"stream data without values": {riffOf("AVI ", chunkOf("IDIT", shot), listOf("hdrl", listOf("strl", chunkOf("strd", "AVIF\x00\x00\x00\x00\xff\xff"+strings.Repeat("\x01", 20))))), "cut short"},
	}
	for name, tt := range tests {
		a := read(tt.file)
		if !strings.Contains(a.Complaint, tt.says) || a.Complaint == "" {
			t.Errorf("%s: complaint %q, want %q", name, a.Complaint, tt.says)
		}
		if len(a.Times) != 1 {
			t.Errorf("%s: times %v", name, a.Times)
		}
	}
}

func TestWhatIsOddInVideosIsNoDamage(t *testing.T) {
	for name, file := range map[string]string{
		"size of the file is zero": "RIFF\x00\x00\x00\x00" + video()[8:],
		"room that was not filled": riffOf("AVI ", chunkOf("IDIT", shot), strings.Repeat("\x00", 100)),
		"empty junk":               video(chunkOf("JUNK", ""), chunkOf("JUNK", strings.Repeat("\x00", 5000))),
		"short junk":               video(chunkOf("JUNK", "QVMI"), chunkOf("JUNK", "PENTDigital Camera")),
		"other stream data":        riffOf("AVI ", chunkOf("IDIT", shot), listOf("hdrl", listOf("strl", chunkOf("strd", "Zora"), chunkOf("strd", "AVIF"), chunkOf("strd", "")))),
		"stray bytes at the end":   video() + "stray bytes that look like a large chunk",
		"a list of no kind":        riffOf("AVI ", chunkOf("LIST", "ab"), chunkOf("IDIT", shot)),
	} {
		if times := mustRead(t, name, file).Times; len(times) != 1 {
			t.Errorf("%s: times %v", name, times)
		}
	}
}

func TestOfAVideoOnlyItsHeadersAreRead(t *testing.T) {
	index := chunkOf("JUNK", strings.Repeat("\x00", 4096))
	header := listOf("hdrl", mainHeader(40_000, 50, 320, 240), stream("vids", 1, 25, 50, 320, 240, chunkOf("indx", strings.Repeat("i", 8000))),
		listOf("strl", chunkOf("strh", "auds"+numbers(0, 0, 0, 0, 1, 8000, 0, 80_000, 0, 0, 0, 0, 0)), chunkOf("indx", strings.Repeat("i", 8000))), chunkOf("IDIT", shot))
	file := riffOf("AVI ", header, listOf("INFO", chunkOf("ISFT", "a program")), index,
		listOf("movi", chunkOf("00dc", strings.Repeat("p", 5<<20))), chunkOf("idx1", strings.Repeat("i", 1<<20)))
	a := read(file)
	if len(a.Times) != 1 || a.Bytes > 2<<10 || a.Calls > 12 {
		t.Errorf("times %v, %d bytes in %d reads, want at most 2 KiB in 12", a.Times, a.Bytes, a.Calls)
	}
}
