package mpeg_test

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/internal/fixture"
)

const uuid = "17ee8c60f84d11d98cd6 0800200c9a66"

// message is a message of supplemental information of a kind.
func message(kind byte, body []byte) []byte {
	out := []byte{kind}
	n := len(body)
	for ; n >= 0xff; n -= 0xff {
		out = append(out, 0xff)
	}
	return append(append(out, byte(n)), body...)
}

// camcorder is a transport stream with units between its parameters and its
// picture, and another picture behind it.
func camcorder(t *testing.T, units ...[]byte) []byte {
	t.Helper()
	parameters := unit(unhex(t, parameters()[0].unit)...)
	video := join(unit(0x09, 0x10), parameters, join(units...), unit(0x65, 0x88), bytes.Repeat([]byte{0xaa}, 400), unit(0x41, 0x9a))
	return join(tables(0x1b, 0x1011), stream(0x1011, video))
}

// facts is a unit with a camcorder's tags, of five bytes each, as hex digits.
func facts(t *testing.T, tags string) []byte {
	t.Helper()
	b := unhex(t, tags)
	body := join(unhex(t, uuid), []byte("MDPM"), []byte{byte(len(b) / 5)}, b)
	return unit(join([]byte{0x06}, message(5, body), []byte{0x80})...)
}

func TestTheDateOfACamcorderIsRead(t *testing.T) {
	tests := map[string]struct{ tags, want string }{
		"east":                  {"18 04 20 12 08  19 05 14 30 05", "2012-08-05T14:30:05+02:00"},
		"with summer time":      {"18 44 20 12 08  19 05 14 30 05", "2012-08-05T14:30:05+02:00"},
		"west":                  {"18 2a 20 12 08  19 05 14 30 05", "2012-08-05T14:30:05-05:00"},
		"half an hour":          {"18 0b 20 12 08  19 05 14 30 05", "2012-08-05T14:30:05+05:30"},
		"at Greenwich":          {"18 00 20 12 08  19 05 14 30 05", "2012-08-05T14:30:05+00:00"},
		"the furthest":          {"18 1c 20 12 08  19 05 14 30 05", "2012-08-05T14:30:05+14:00"},
		"further":               {"18 1d 20 12 08  19 05 14 30 05", "2012-08-05T14:30:05"},
		"no zone":               {"18 ff 20 12 08  19 05 14 30 05", "2012-08-05T14:30:05"},
		"among other tags":      {"13 00 00 00 00  18 04 20 12 08  19 05 14 30 05  70 01 02 03 04", "2012-08-05T14:30:05+02:00"},
		"clock never set":       {"18 ff ff ff ff  19 ff ff ff ff", ""},
		"no day":                {"18 04 20 12 08  19 00 14 30 05", ""},
		"the 31st of June":      {"18 04 20 12 06  19 31 14 30 05", ""},
		"a day of hexadecimals": {"18 04 20 12 08  19 0a 14 30 05", ""},
		"zeros":                 {"18 00 00 00 00  19 00 00 00 00", ""},
		"no time":               {"18 04 20 12 08", ""},
		"no date":               {"19 05 14 30 05", ""},
	}
	for name, tt := range tests {
		if got := when(t, read(camcorder(t, facts(t, tt.tags)))); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestTheCamerasMakerIsKnownByNumber(t *testing.T) {
	for tags, want := range map[string]string{
		"e0 01 08 00 00": "Sony", "e0 01 03 00 00": "Panasonic", "e0 10 11 30 00": "Canon", "e0 11 04 00 00": "JVC",
		"e0 99 99 00 00": "", "e0 ff ff ff ff": "",
	} {
		a := read(camcorder(t, facts(t, tags)))
		if want == "" && len(a.Makes) > 0 || want != "" && (len(a.Makes) != 1 || a.Makes[0] != claim.Text{Value: want, Source: claim.H264}) {
			t.Errorf("%s: %v, want %q", tags, a.Makes, want)
		}
	}
}

func TestTheModelIsReadOfSonyAlone(t *testing.T) {
	const model = "e4 48 44 52 2d  e5 43 58 34 30  e6 35 00 00 00"
	a := read(camcorder(t, facts(t, "e0 01 08 00 00"+model)))
	if len(a.Models) != 1 || a.Models[0] != (claim.Text{Value: "HDR-CX405", Source: claim.H264}) {
		t.Errorf("model %v, want HDR-CX405", a.Models)
	}
	for name, tags := range map[string]string{
		"of another maker": "e0 01 03 00 00" + model,
		"of no maker":      model,
		"what is no text":  "e0 01 08 00 00  e4 ff ff ff ff  e5 01 02 03 04  e6 00 00 00 00",
	} {
		if a := read(camcorder(t, facts(t, tags))); len(a.Models) != 0 {
			t.Errorf("model %v %s", a.Models, name)
		}
	}
}

func TestTheCamcordersPlaceIsRead(t *testing.T) {
	const (
		north = "b1 4e 00 00 00  b2 00 3c 00 01  b3 00 17 00 01  b4 71 2f 03 e8"
		east  = "b5 45 00 00 00  b6 00 05 00 01  b7 00 13 00 01  b8 00 00 03 e8"
	)
	a := read(camcorder(t, facts(t, north+east)))
	if len(a.Places) != 1 || math.Abs(a.Places[0].Lat-60.391382) > 2e-6 || math.Abs(a.Places[0].Lon-5.316667) > 2e-6 {
		t.Errorf("place %v", a.Places)
	}
	for name, tags := range map[string]string{
		"no longitude":       north,
		"no hemisphere":      north + east[len("b5 45 00 00 00  "):],
		"another hemisphere": north + "b5 51" + east[len("b5 45"):],
		"x/0":                north + "b5 45 00 00 00  b6 00 05 00 00  b7 00 13 00 01  b8 00 00 03 e8",
		"0/0":                "b1 ff ff ff ff  b2 ff ff ff ff  b3 ff ff ff ff  b4 ff ff ff ff" + east,
		"zero and zero": "b1 4e 00 00 00  b2 00 00 00 01  b3 00 00 00 01  b4 00 00 00 01" +
			"b5 45 00 00 00  b6 00 00 00 01  b7 00 00 00 01  b8 00 00 00 01",
	} {
		if a := read(camcorder(t, facts(t, tags))); len(a.Places) != 0 {
			t.Errorf("%s: place %v", name, a.Places)
		}
	}
}

func TestACamcordersDataIsFoundAmongOther(t *testing.T) {
	const date = "18 04 20 12 08  19 05 14 30 05"
	tags := append([]byte{2}, unhex(t, date)...)
	body := join(unhex(t, uuid), []byte("MDPM"), tags)
	other := join(unhex(t, "dc45e9bde6d948b7962cd820d923eeef"), bytes.Repeat([]byte("x264 "), 140))
	sei := func(messages ...[]byte) []byte { return unit(join([]byte{6}, join(messages...), []byte{0x80})...) }
	escaped := unhex(t, "18 04 20 12 08  19 05 00 00 01")
	escapedBody := join(unhex(t, uuid), []byte("MDPM"), []byte{2}, escaped[:7], []byte{0, 0, 3, 1})
	tests := map[string]struct {
		units []byte
		want  string
	}{
		"alone":                 {sei(message(5, body)), "2012-08-05T14:30:05+02:00"},
		"behind a message":      {sei(message(1, []byte{1, 2}), message(5, body)), "2012-08-05T14:30:05+02:00"},
		"behind a long one":     {sei(message(5, other), message(5, body)), "2012-08-05T14:30:05+02:00"},
		"behind an unknown one": {sei(message(5, body)[:0], []byte{0xff, 0xff, 7, 0}, message(5, body)), "2012-08-05T14:30:05+02:00"},
		"behind another unit":   {join(sei(message(5, other)), sei(message(5, body))), "2012-08-05T14:30:05+02:00"},
		"of the next picture":   {join(unit(0x65, 0x88), unit(0x09, 0x30), sei(message(5, body))), "2012-08-05T14:30:05+02:00"},
		"of the one after that": {join(unit(0x65, 0x88), unit(0x09, 0x30), unit(0x41, 0x88), unit(0x09, 0x30), sei(message(5, body))), ""},
		"twice":                 {join(sei(message(5, body)), sei(message(5, body))), "2012-08-05T14:30:05+02:00"},
		"zeros kept apart":      {unit(join([]byte{6, 5, byte(len(escapedBody) - 1)}, escapedBody, []byte{0x80})...), "2012-08-05T00:00:01+02:00"},
		"another kind":          {sei(message(4, body)), ""},
		"another mark":          {sei(message(5, join(unhex(t, uuid), []byte("GA94"), tags))), ""},
		"no tags":               {sei(message(5, join(unhex(t, uuid), []byte("MDPM")))), ""},
		"fewer than counted":    {sei(message(5, join(unhex(t, uuid), []byte("MDPM"), []byte{200}, tags[1:]))), "2012-08-05T14:30:05+02:00"},
		"more than counted":     {sei(message(5, join(unhex(t, uuid), []byte("MDPM"), []byte{1}, tags[1:]))), ""},
		"size past the end":     {unit(join([]byte{6, 5, 0xff, 0x00}, body)...), "2012-08-05T14:30:05+02:00"},
	}
	for name, tt := range tests {
		a := read(camcorder(t, tt.units))
		if got := when(t, a); got != tt.want || a.Complaint != "" {
			t.Errorf("%s: %q, complaint %q, want %q", name, got, a.Complaint, tt.want)
		}
	}
}

func TestARecordingThatBeginsBetweenPicturesIsRead(t *testing.T) {
	whole := camcorder(t, facts(t, "18 04 20 12 08  19 05 14 30 05"))
	middle := bytes.Repeat(packet(0x1011, false, bytes.Repeat([]byte{0xaa}, 183)), 5000)
	a := read(join(whole[:2*188], middle, whole))
	if size(a) != [2]int{1920, 1080} || when(t, a) == "" {
		t.Errorf("size %v, time %q", size(a), when(t, a))
	}
}

func TestACamcordersFactsCostTwoKilobytes(t *testing.T) {
	spec := fixture.Spec{
		Width: 640, Height: 480, Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), Offset: "+02:00",
		Make: "Sony", Model: "HDR-CX405", Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054), PadTo: 9 << 20,
	}
	for name, file := range map[string][]byte{"192": fixture.MTS(spec), "188": fixture.M2T(spec)} {
		a := read(file)
		if when(t, a) != "2024-05-18T14:30:05+02:00" || size(a) != [2]int{640, 480} || len(a.Makes)+len(a.Models)+len(a.Places) != 3 {
			t.Errorf("%s: %+v", name, a)
		}
		if a.Bytes > 2<<10 {
			t.Errorf("%s: %d bytes read", name, a.Bytes)
		}
	}
}
