package asf_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/asf"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// The objects, as they stand in a file.
const (
	header     = "3026b2758e66cf11a6d900aa0062ce6c"
	data       = "3626b2758e66cf11a6d900aa0062ce6c"
	properties = "a1dcab8c47a9cf118ee400c00c205365"
	stream     = "9107dcb7b7a9cf118ee600c00c205365"
	described  = "3326b2758e66cf11a6d900aa0062ce6c"
	extended   = "40a4d0d207e3d21197f000a0c95ea850"
	padding    = "74d40618dfca0945a4ba9aabcb96aae8"
	video      = "c0ef19bc4d5bcf11a8fd00805f5c442b"
	audio      = "409e69f84d5bcf11a8fd00805f5c442b"
)

func read(content []byte) claimtest.Answer { return claimtest.Read(asf.Read, content) }

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name string, content []byte) claimtest.Answer {
	t.Helper()
	return read(content).Must(t, name)
}

// object is one object with its head.
func object(id string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	out, err := hex.DecodeString(id)
	if err != nil {
		panic(err)
	}
	return append(binary.LittleEndian.AppendUint64(out, uint64(24+len(body))), body...)
}

// whole is a file with objects in its header and data behind.
func whole(parts ...[]byte) []byte {
	return append(object(header, make([]byte, 6), bytes.Join(parts, nil)), object(data, make([]byte, 9000))...)
}

func numbers(vs ...uint64) []byte {
	var out []byte
	for _, v := range vs {
		out = binary.LittleEndian.AppendUint64(out, v)
	}
	return out
}

// about is an object of file properties.
func about(created, length, preroll, flags uint64) []byte {
	return object(properties, make([]byte, 16), numbers(9000, created, 1, length, length, preroll, flags), make([]byte, 8))
}

// wide is text as ASF has it.
func wide(s string) []byte {
	var out []byte
	for _, r := range s {
		out = binary.LittleEndian.AppendUint16(out, uint16(r))
	}
	return append(out, 0, 0)
}

// attributes is an object with one attribute.
func attributes(name string, kind uint16, value []byte) []byte {
	out := binary.LittleEndian.AppendUint16([]byte{1, 0}, uint16(len(wide(name))))
	out = binary.LittleEndian.AppendUint16(append(out, wide(name)...), kind)
	return object(extended, binary.LittleEndian.AppendUint16(out, uint16(len(value))), value)
}

func TestAllThatASFSaysIsClaimed(t *testing.T) {
	a := mustRead(t, "WMV", fixture.WMV(fixture.Spec{
		Width: 640, Height: 360, Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), SubSec: "75", Offset: "+02:00",
		Duration: 83_250 * time.Millisecond, Description: "Segel im Hafen, früh", Rating: 4, PadTo: 5 << 20,
	}))
	want := claim.Set{
		Times:     []claim.Time{{Wall: time.Date(2024, 5, 18, 12, 30, 5, 0, time.UTC), Instant: true, Source: claim.ASFCreated}},
		Sizes:     claimtest.Size(640, 360),
		Durations: []claim.Duration{{Value: 83_250 * time.Millisecond, Source: claim.Header}},
		Ratings:   []claim.Number{{Value: 4, Source: claim.ASF}},
		Words:     claimtest.Texts(claim.ASFDescription, "Segel im Hafen, früh"),
	}
	if diff := cmp.Diff(want, a.Set); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if a.Bytes > 1<<10 {
		t.Errorf("%d bytes read", a.Bytes)
	}
}

func TestXMPBehindTheVideoIsRead(t *testing.T) {
	a := mustRead(t, "XMP", fixture.WMV(fixture.Spec{XMP: &fixture.Spec{Rating: 3}, PadTo: 1 << 20}))
	if len(a.Ratings) != 1 || a.Ratings[0] != (claim.Number{Value: 3, Source: claim.XMP}) {
		t.Errorf("ratings %v", a.Ratings)
	}
}

func TestDatesThatCannotBeAreAbsent(t *testing.T) {
	const noon, second = 133_605_090_050_000_000, 10_000_000
	for name, tt := range map[string]struct {
		created uint64
		want    string
	}{
		"a date":              {noon, "2024-05-18T12:30:05Z"},
		"with a fraction":     {noon + second - 1, "2024-05-18T12:30:05Z"},
		"before 1970":         {110_000_000_000_000_000, "1949-07-30T19:33:20Z"},
		"zero":                {0, ""},
		"before photography":  {second, ""},
		"beyond all calendar": {1<<64 - 1, ""},
		"the year 10000":      {2_650_467_744_000_000_000, ""},
	} {
		a := mustRead(t, name, whole(about(tt.created, 0, 0, 2)))
		got := ""
		if len(a.Times) > 0 {
			got = claimtest.When(a.Times[0])
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestTheDurationIsWithoutThePreroll(t *testing.T) {
	for name, tt := range map[string]struct {
		length, preroll, flags uint64
		want                   time.Duration
	}{
		"without":     {25_000_000, 0, 2, 2500 * time.Millisecond},
		"with":        {56_000_000, 3100, 2, 2500 * time.Millisecond},
		"only":        {31_000_000, 3100, 2, 0},
		"less":        {1, 3100, 2, 0},
		"a broadcast": {25_000_000, 0, 1, 0},
		"huge":        {1<<64 - 1, 1<<64 - 1, 2, 0},
	} {
		a := mustRead(t, name, whole(about(0, tt.length, tt.preroll, tt.flags)))
		if tt.want == 0 && len(a.Durations) > 0 || tt.want > 0 && (len(a.Durations) != 1 || a.Durations[0].Value != tt.want) {
			t.Errorf("%s: %v, want %v", name, a.Durations, tt.want)
		}
	}
}

func TestTheStreamOfVideoHasTheSize(t *testing.T) {
	of := func(kind string, rest ...byte) []byte {
		id, _ := hex.DecodeString(kind)
		return object(stream, id, make([]byte, 38), rest)
	}
	sound := of(audio, 0x61, 1, 2, 0, 0x44, 0xac, 0, 0)
	picture := of(video, 0x80, 2, 0, 0, 0x68, 1, 0, 0, 2)
	a := mustRead(t, "streams", whole(about(0, 0, 0, 2), sound, object(padding, make([]byte, 5000)), picture))
	if len(a.Sizes) != 1 || a.Sizes[0] != (claim.Size{Width: 640, Height: 360, Source: claim.Header}) {
		t.Errorf("sizes %v", a.Sizes)
	}
	if a.Bytes > 2<<10 {
		t.Errorf("%d bytes read", a.Bytes)
	}
}

func TestAttributesAreReadByTheirNames(t *testing.T) {
	for _, tt := range []struct {
		name  string
		kind  uint16
		value []byte
		want  claim.Set
	}{
		{"Description", 0, wide("früh\x01"), claim.Set{Words: claimtest.Texts(claim.ASFDescription, "früh")}},
		{"make", 0, wide("Aldermere"), claim.Set{Makes: claimtest.Texts(claim.ASF, "Aldermere")}},
		{"model", 0, wide("Field 40"), claim.Set{Models: claimtest.Texts(claim.ASF, "Field 40")}},
		{"Title", 0, wide("words"), claim.Set{}},
		{"Description", 1, wide("words"), claim.Set{}},
		{"WM/SharedUserRating", 3, []byte{1, 0, 0, 0}, claim.Set{Ratings: []claim.Number{{Value: 1, Source: claim.ASF}}}},
		{"WM/SharedUserRating", 3, []byte{25, 0, 0, 0}, claim.Set{Ratings: []claim.Number{{Value: 2, Source: claim.ASF}}}},
		{"WM/SharedUserRating", 3, []byte{50, 0, 0, 0}, claim.Set{Ratings: []claim.Number{{Value: 3, Source: claim.ASF}}}},
		{"WM/SharedUserRating", 3, []byte{86, 0, 0, 0}, claim.Set{Ratings: []claim.Number{{Value: 4, Source: claim.ASF}}}},
		{"WM/SharedUserRating", 3, []byte{99, 0, 0, 0}, claim.Set{Ratings: []claim.Number{{Value: 5, Source: claim.ASF}}}},
		{"WM/SharedUserRating", 3, []byte{0, 0, 0, 0}, claim.Set{}},
		{"WM/SharedUserRating", 3, []byte{100, 0, 0, 0}, claim.Set{}},
		{"WM/SharedUserRating", 3, []byte{50, 0}, claim.Set{}},
		{"WM/SharedUserRating", 0, wide("50"), claim.Set{}},
	} {
		a := mustRead(t, tt.name, whole(attributes(tt.name, tt.kind, tt.value)))
		if diff := cmp.Diff(tt.want, a.Set); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", tt.name, tt.value, diff)
		}
	}
}

func TestALargePictureAmongTheAttributesIsLeaptOver(t *testing.T) {
	a := mustRead(t, "a picture", whole(attributes("WM/Picture", 1, make([]byte, 60_000)), attributes("make", 0, wide("Aldermere"))))
	if len(a.Makes) != 1 || a.Bytes > 2<<10 {
		t.Errorf("make %v after %d bytes", a.Makes, a.Bytes)
	}
}

func TestADamagedFileTellsWhatIsLeft(t *testing.T) {
	dated := about(133_605_090_050_000_000, 0, 0, 2)
	id, _ := hex.DecodeString(video)
	five := make([]byte, 10)
	five[6] = 200
	for name, file := range map[string][]byte{
		"the data is cut short":           whole(dated)[:5000],
		"a size of nothing":               whole(dated, make([]byte, 24)),
		"an object past the header":       whole(dated, object(padding, make([]byte, 50))[:40]),
		"short file properties":           whole(dated, object(properties, make([]byte, 50))),
		"a stream without a kind":         whole(dated, object(stream, make([]byte, 5))),
		"video without a size":            whole(dated, object(stream, id)),
		"no content":                      whole(dated, object(described, make([]byte, 5))),
		"content shorter than it says":    whole(dated, object(described, five)),
		"no attributes":                   whole(dated, object(extended)),
		"fewer attributes than counted":   whole(dated, object(extended, []byte{9, 0})),
		"a name that is cut short":        whole(dated, object(extended, []byte{1, 0, 20, 0, 'm', 0})),
		"an attribute without a value":    whole(dated, object(extended, []byte{1, 0, 2, 0, 'm', 0})),
		"a number that is cut short":      whole(dated, attributes("WM/SharedUserRating", 3, make([]byte, 4))[:24+2+2+40+4+2]),
		"a text whose value is cut short": whole(dated, object(extended, []byte{1, 0, 10, 0}, wide("make"), []byte{0, 0, 90, 0})),
	} {
		a := read(file)
		if len(a.Times) != 1 || a.Complaint == "" {
			t.Errorf("%s: times %v, complaint %q", name, a.Times, a.Complaint)
		}
	}
}

func TestABroadcastWithoutSizeIsNoDamage(t *testing.T) {
	file := whole(about(133_605_090_050_000_000, 0, 0, 1))
	at := len(file) - 9000 - 8
	copy(file[at:], make([]byte, 8))
	if a := mustRead(t, "a broadcast", file); len(a.Times) != 1 {
		t.Errorf("times %v", a.Times)
	}
}

func TestHostileObjectsCostLittle(t *testing.T) {
	many := bytes.Repeat(object(padding), 1<<18)
	attribute := attributes("make", 0, wide("A"))[26:]
	for name, file := range map[string][]byte{
		"many objects":           whole(many),
		"many objects behind":    append(whole(), many...),
		"many attributes":        whole(object(extended, []byte{0xff, 0xff}, bytes.Repeat(attribute, 1<<16))),
		"large objects":          bytes.Repeat(object(data, make([]byte, 1<<16)), 500),
		"many XMP packets":       bytes.Repeat(object("cbcf7abea997e8429c71999491e3afac", make([]byte, 1<<16)), 500),
		"a size beyond the file": append(object(header)[:16], bytes.Repeat([]byte{0x7f}, 8)...),
	} {
		if a := read(file); a.Bytes > 13<<20 || len(a.Makes) > 1000 {
			t.Errorf("%s: %d bytes read, %d makes", name, a.Bytes, len(a.Makes))
		}
	}
}
