package exif_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

func TestPlacesOnAllHemispheresAreRead(t *testing.T) {
	for _, want := range []exif.Place{
		{Lat: 60.391262, Lon: 5.322054}, {Lat: -33.856784, Lon: 151.215297}, {Lat: 37.751499, Lon: -122.429459},
		{Lat: -90, Lon: -180}, {Lat: 90, Lon: 180}, {Lat: 0, Lon: 12.5}, {Lat: 0.000278, Lon: 0},
	} {
		got := mustRead(t, fixture.JPEG(fixture.Spec{Lat: &want.Lat, Lon: &want.Lon})).Place
		if math.Abs(got.Lat-want.Lat) > 1e-6 || math.Abs(got.Lon-want.Lon) > 1e-6 {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

func TestPlacesThatCannotBeAreAbsent(t *testing.T) {
	const latRef, lat, lonRef, lon = 1, 2, 3, 4
	north, east := text(latRef, "N"), text(lonRef, "E")
	fine := fractions(lon, 5, 1, 19, 1, 0, 1)
	tests := map[string][]tag{
		"zero and zero":    {north, fractions(lat, 0, 1, 0, 1, 0, 1), east, fractions(lon, 0, 1, 0, 1, 0, 1)},
		"latitude 91":      {north, fractions(lat, 91, 1, 0, 1, 0, 1), east, fine},
		"longitude 181":    {north, fractions(lat, 60, 1, 0, 1, 0, 1), east, fractions(lon, 181, 1, 0, 1, 0, 1)},
		"degrees x/0":      {north, fractions(lat, 60, 0, 0, 1, 0, 1), east, fine},
		"no hemisphere":    {fractions(lat, 60, 1, 0, 1, 0, 1), east, fine},
		"other hemisphere": {text(latRef, "Q"), fractions(lat, 60, 1, 0, 1, 0, 1), east, fine},
		"empty hemisphere": {text(latRef, ""), fractions(lat, 60, 1, 0, 1, 0, 1), east, fine},
		"latitude alone":   {north, fractions(lat, 60, 1, 0, 1, 0, 1)},
		"text":             {north, text(lat, "60,23,28"), east, fine},
	}
	for name, tags := range tests {
		if got := mustRead(t, withSubdirectory(gpsIFD, tags...)).Place; !got.IsZero() {
			t.Errorf("%s: %v", name, got)
		}
	}
	odd := withSubdirectory(gpsIFD, text(latRef, "s"), fractions(lat, 60, 1, 30, 1, 0, 0), text(lonRef, "West"), fractions(lon, 55, 10))
	if got, want := mustRead(t, odd).Place, (exif.Place{Lat: -60.5, Lon: -5.5}); got != want {
		t.Errorf("odd but clear: %v, want %v", got, want)
	}
}

func TestOrientationIsOneToEightOrAbsent(t *testing.T) {
	for v := range 12 {
		want := v
		if v > 8 {
			want = 0
		}
		file := tiffOf(tag{id: orientation, kind: short, count: 1, value: []byte{byte(v), 0}})
		if got := mustRead(t, file).Orientation; got != want {
			t.Errorf("%d is read as %d, want %d", v, got, want)
		}
	}
	if got := mustRead(t, tiffOf(text(orientation, "6"))).Orientation; got != 0 {
		t.Errorf("orientation as text is read as %d", got)
	}
}

func TestStringsAreTrimmedAndBecomeUTF8(t *testing.T) {
	for raw, want := range map[string]string{
		"the old pier":               "the old pier",
		"  padded  ":                 "padded",
		"ends here\x00not here":      "ends here",
		"\x00\x00":                   "",
		"früh am Hafen":              "früh am Hafen",
		"fr\xfch am Hafen":           "früh am Hafen",
		"früh am H\xc3":              "früh am H",
		"日本の\xe6\xb8":                "日本の",
		"im Caf\xe9":                 "im Café",
		"\x93quoted\x94 \x80 5":      "“quoted” € 5",
		"two\nlines":                 "two\nlines",
		"bell\x07 rings":             "bell rings",
		strings.Repeat("long ", 300): strings.TrimSpace(strings.Repeat("long ", 300)),
		"日本の港":                       "日本の港",
	} {
		if got := mustRead(t, tiffOf(text(imageDescription, raw))).Description; got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
	if got := mustRead(t, tiffOf(text(cameraMake, "Aldermere   \x00xx"))).Make; got != "Aldermere" {
		t.Errorf("make %q, want Aldermere", got)
	}
}

func TestAUserCommentIsReadInItsEncoding(t *testing.T) {
	tests := []struct{ name, raw, want string }{
		{"ASCII", "ASCII\x00\x00\x00from the ferry", "from the ferry"},
		{"ASCII, padded", "ASCII\x00\x00\x00from the ferry  \x00\x00", "from the ferry"},
		{"ASCII, blank", "ASCII\x00\x00\x00          ", ""},
		{"ASCII head, UTF-8 text", "ASCII\x00\x00\x00früh", "früh"},
		{"undefined", "\x00\x00\x00\x00\x00\x00\x00\x00fr\xfch", "früh"},
		{"blank head", "        from the ferry", "from the ferry"},
		{"JIS, as far as it is ASCII", "JIS\x00\x00\x00\x00\x00ferry", "ferry"},
		{"JIS with escapes", "JIS\x00\x00\x00\x00\x00\x1b$BF|K\\", ""},
		{"UTF-16 little", "UNICODE\x00f\x00r\x00\xfc\x00h\x00", "früh"},
		{"UTF-16 big in a little-endian block", "UNICODE\x00\x00f\x00r\x00\xfc\x00h", "früh"},
		{"UTF-16 big with mark", "UNICODE\x00\xfe\xff\x65\xe5\x67\x2c", "日本"},
		{"UTF-16 little with mark", "UNICODE\x00\xff\xfe\xe5\x65\x2c\x67", "日本"},
		{"UTF-16, ended", "UNICODE\x00f\x00\x00\x00x\x00", "f"},
		{"UTF-16, odd length", "UNICODE\x00f\x00r\x00x", "fr"},
		{"no head", "seen from the ferry", "seen from the ferry"},
		{"short", "ferry", "ferry"},
		{"binary", "ASCII\x00\x00\x00\x01\x02\x03", ""},
		{"data", "ASCII\x00\x00\x00{\"mirror\":false}", ""},
	}
	for _, tt := range tests {
		file := tiffOf(tag{id: userComment, kind: undefined, count: uint32(len(tt.raw)), value: []byte(tt.raw)})
		if got := mustRead(t, file).Description; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	for _, big := range []bool{false, true} {
		spec := fixture.Spec{UserComment: "von der Fähre aus 🛥", BigEndian: big}
		if got := mustRead(t, fixture.JPEG(spec)).Description; got != spec.UserComment {
			t.Errorf("big-endian %v: %q, want %q", big, got, spec.UserComment)
		}
	}
}

func TestWhatCamerasAndEditorsWriteIsNobodysDescription(t *testing.T) {
	for _, filler := range []string{
		"OLYMPUS DIGITAL CAMERA", "KONICA MINOLTA DIGITAL CAMERA", "SANYO DIGITAL CAMERA", "DIGITAL CAMERA",
		"Kodak Digital Still Camera", "Minolta DSC", "SONY DSC", "DCF 1.0", "Exif JPEG", "Exif_JPEG_PICTURE",
		"<KENOX S730  / Samsung S730>", "Created with GIMP", "Created with The GIMP", "Adobe Photoshop 7.0",
		"File written by Adobe Photoshop® 5.0", `DCIM\100GOPRO\G0010124.JPG`, "Screenshot", "Untitled", "---",
		"Aldermere", "Field 40", "ALDERMERE FIELD 40", "Aldermere Digital Camera", "<?xml version='1.0'?>",
		"filter: 0; fileterIntensity: 0.0; filterMask: 0; module: photo;", "oplus_32", "oplus_8388608", `{"mirror":false}`,
	} {
		spec := fixture.Spec{Make: "Aldermere", Model: "Field 40", Description: filler}
		if got := mustRead(t, fixture.JPEG(spec)).Description; got != "" {
			t.Errorf("%q is taken for somebody's words", got)
		}
		spec.UserComment = "my own words"
		if got := mustRead(t, fixture.JPEG(spec)).Description; got != "my own words" {
			t.Errorf("beside %q: %q, want the user comment", filler, got)
		}
	}
	for _, words := range []string{
		"My first digital camera", "Screenshot of the tide table", "Untitled, oil on canvas", "DCIM, explained",
		"mit blauem Kleid", "Samsung <3", "7", "{family} at the sea", "oplus_ the phone", "hdr",
	} {
		if got := mustRead(t, fixture.JPEG(fixture.Spec{Description: words})).Description; got != words {
			t.Errorf("%q: %q, want it kept", words, got)
		}
	}
	for words, want := range map[string]string{"hdrpl": "", "cof_vivid": "", "oznor": "", "dave": "dave", "my hdr": "my hdr"} {
		if got := mustRead(t, fixture.JPEG(fixture.Spec{Make: "HUAWEI", Description: words})).Description; got != want {
			t.Errorf("%q on a Huawei: %q, want %q", words, got, want)
		}
	}
}

func TestADescriptionTooLongForASegmentIsLeftOutAndOthersStay(t *testing.T) {
	file := tiffOf(text(imageDescription, string(bytes.Repeat([]byte("w"), 70_000))), text(dateTime, day))
	f := mustRead(t, file)
	if f.Description != "" || f.Capture.IsZero() {
		t.Errorf("%d characters of description, capture time %q", len(f.Description), f.Capture)
	}
}
