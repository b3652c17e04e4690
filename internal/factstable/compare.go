package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/albumwright/albumwright/exif"
)

// maxDegrees is how far a position may be off: two metres on the ground.
const maxDegrees = 2e-5

// facts are the columns of the table, in order.
var facts = []string{"capture time", "offset", "sub-second", "make", "model", "orientation", "position", "description", "size"}

// score is how many files agree, of how many that have the fact.
type score struct{ agree, of, excused int }

// tally counts agreement by format and fact.
type tally struct {
	files  map[string]int
	scores map[string]map[string]score
}

// report is told of every disagreement.
type report func(fact string, got, want any)

// compare counts one file.
func (t *tally) compare(want answer, got exif.Facts, differ report) {
	format := want.format()
	if t.files == nil {
		t.files, t.scores = map[string]int{}, map[string]map[string]score{}
	}
	if t.scores[format] == nil {
		t.scores[format] = map[string]score{}
	}
	t.files[format]++
	count := func(fact string, has, equal bool, got, told any) {
		if !has {
			return
		}
		s := t.scores[format][fact]
		s.of++
		_, excused := exceptions()[filepath.Base(want.path)+" "+fact]
		switch {
		case equal:
			s.agree++
		case excused:
			s.excused++
		default:
			differ(fact, got, told)
		}
		t.scores[format][fact] = s
	}
	compareCapture(want.capture(), got.Capture, count)
	name := func(fact, got string, tags ...string) {
		want := want.text(tags...)
		count(fact, want != "" || got != "", got == want, got, want)
	}
	name("make", got.Make, makeTags...)
	name("model", got.Model, modelTags...)
	orientation, _ := want.number("IFD0:Orientation", "XMP-tiff:Orientation")
	if orientation < 1 || orientation > 8 {
		orientation = 0
	}
	count("orientation", orientation != 0 || got.Orientation != 0, float64(got.Orientation) == orientation, got.Orientation, orientation)
	comparePlace(want, got.Place, count)
	compareWords(want, got, count)
	width, okW := want.number(widthTags...)
	height, okH := want.number(heightTags...)
	count("size", okW && okH && width > 0 && height > 0, float64(got.Width) == width && float64(got.Height) == height,
		[2]int{got.Width, got.Height}, [2]float64{width, height})
}

var (
	makeTags = []string{
		"IFD0:Make", "Keys:Make", "Keys:AndroidManufacturer", "Keys:AndroidMake", "ItemList:Make", "UserData:Make", "XMP-tiff:Make", "RIFF:Make", "H264:Make", "Matroska:Make", "Nikon:Make", "XML:DeviceManufacturer",
	}
	modelTags = []string{
		"IFD0:Model", "Keys:Model", "Keys:AndroidModel", "ItemList:Model", "UserData:Model", "XMP-tiff:Model", "RIFF:Model", "H264:Model", "Matroska:Model", "Nikon:Model", "XML:DeviceModelName",
	}
	widthTags = []string{
		"File:ImageWidth", "PNG:ImageWidth", "GIF:ImageWidth", "RIFF:ImageWidth", "Meta:ImageWidth", "SubIFD:ImageWidth", "IFD0:ImageWidth", "Track1:ImageWidth", "ASF:ImageWidth", "H264:ImageWidth", "MPEG:ImageWidth",
	}
	heightTags = []string{
		"File:ImageHeight", "PNG:ImageHeight", "GIF:ImageHeight", "RIFF:ImageHeight", "Meta:ImageHeight", "SubIFD:ImageHeight", "IFD0:ImageHeight", "Track1:ImageHeight", "ASF:ImageHeight", "H264:ImageHeight", "MPEG:ImageHeight",
	}
	wordsTags = []string{
		"IFD0:ImageDescription", "XMP-dc:Description", "IPTC:Caption-Abstract", "ExifIFD:UserComment", "XMP-exif:UserComment", "IFD0:XPComment",
		"Keys:Description", "ItemList:Description", "UserData:Description", "UserData:Comment", "Keys:Comment", "ItemList:Comment", "RIFF:Comment", "Matroska:Comment", "ASF:Description", "PNG:Description",
	}
)

// compareCapture counts the time to the second, the offset and the fraction
// apart. A time where exiftool has none is a disagreement: it would be invented.
func compareCapture(want moment, got exif.Capture, count func(fact string, has, equal bool, got, want any)) {
	// exiftool tells what is recorded: what we infer is our own.
	switch got.OffsetSource {
	case exif.OffsetFromGPS, exif.OffsetFromMaker:
		got.Offset, got.OffsetSource = 0, exif.OffsetUnknown
	}
	text := got.String()
	wall, fraction, offset := split(text)
	wantWall, wantFraction, wantOffset := split(want.text)
	count("capture time", want.text != "" || text != "", wall == wantWall,
		fmt.Sprintf("%s from %s", text, got.Source), fmt.Sprintf("%s from %s", want.text, want.source))
	both := wall != "" && wall == wantWall
	count("offset", both, offset == wantOffset, text, want.text)
	count("sub-second", both && (fraction != "" || wantFraction != ""), fraction == wantFraction, text, want.text)
}

// split takes RFC 3339 apart.
func split(s string) (wall, fraction, offset string) {
	const seconds = len("2006-01-02T15:04:05")
	if len(s) < seconds {
		return "", "", ""
	}
	wall, rest := s[:seconds], s[seconds:]
	if i := strings.IndexAny(rest, "Z+-"); i >= 0 {
		rest, offset = rest[:i], rest[i:]
	}
	return wall, rest, offset
}

func comparePlace(want answer, got exif.Place, count func(fact string, has, equal bool, got, want any)) {
	lat, okLat := want.number("Composite:GPSLatitude", "XMP-exif:GPSLatitude")
	lon, okLon := want.number("Composite:GPSLongitude", "XMP-exif:GPSLongitude")
	if !okLat || !okLon || lat == 0 && lon == 0 {
		lat, lon = 0, 0
	}
	place := exif.Place{Lat: lat, Lon: lon}
	near := math.Abs(got.Lat-lat) <= maxDegrees && math.Abs(got.Lon-lon) <= maxDegrees
	count("position", !place.IsZero() || !got.IsZero(), near, got, place)
}

// compareWords takes our description as right if one of exiftool's texts is the
// same. Where we have none, those must all be fillers, which is not for exiftool
// to say: they are listed for a person to judge.
func compareWords(want answer, got exif.Facts, count func(fact string, has, equal bool, got, want any)) {
	var texts []string
	for _, tag := range wordsTags {
		if s := want.text(tag); s != "" {
			texts = append(texts, s)
		}
	}
	same := slices.ContainsFunc(texts, func(s string) bool { return sameWords(s, got.Description) })
	count("description", len(texts) > 0 || got.Description != "", same || got.Description == "" && allFillers(texts), got.Description, texts)
}

// sameWords ignores how lines end.
func sameWords(a, b string) bool {
	return strings.ReplaceAll(strings.TrimSpace(a), "\r\n", "\n") == strings.ReplaceAll(b, "\r\n", "\n")
}
