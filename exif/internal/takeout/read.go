package takeout

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// MaxSize bounds a JSON file, in bytes. Real ones have about one KiB.
const MaxSize = 1 << 20

// The records that claims come from.
const (
	TakenTime   = "Takeout:photoTakenTime"
	Description = "Takeout:description"
	GeoData     = "Takeout:geoData"     // where the owner says that it was
	GeoDataEXIF = "Takeout:geoDataExif" // what Google read in the file
)

// document is the part of a JSON file that is looked at. What is of another type
// than it should be must not cost the rest, so each part is decoded by itself.
type document struct {
	Title          json.RawMessage `json:"title"`
	Description    json.RawMessage `json:"description"`
	PhotoTakenTime json.RawMessage `json:"photoTakenTime"`
	GeoData        json.RawMessage `json:"geoData"`
	GeoDataEXIF    json.RawMessage `json:"geoDataExif"`
	AlbumData      json.RawMessage `json:"albumData"`
}

// Read claims what a JSON file says and returns its title. It returns false for
// a file about anything else, an album for example: only those of photos and
// videos have a photoTakenTime.
func Read(content []byte, to *claim.Set, bad *file.Complaints) (title string, ok bool) {
	var d document
	if err := decode(content, &d); err != nil {
		bad.Add("the JSON cannot be decoded: %v", err)
		return "", false
	}
	if present(d.AlbumData) { // how exports of 2018 wrap it
		var inner document
		if decode(d.AlbumData, &inner) == nil {
			d = inner
		}
	}
	if !present(d.PhotoTakenTime) {
		return "", false
	}
	d.claim(to, bad)
	return words(d.Title), true
}

// decode reads the first value; what follows it does not matter.
func decode(content []byte, into any) error {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	return json.NewDecoder(bytes.NewReader(content)).Decode(into)
}

func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func (d document) claim(to *claim.Set, bad *file.Complaints) {
	if taken, ok := instant(d.PhotoTakenTime, bad); ok {
		to.Times = append(to.Times, claim.Time{Wall: taken, HasOffset: true, Instant: true, Source: TakenTime})
	}
	claim.AddText(&to.Words, Description, value.WithoutControls(words(d.Description)))
	for _, place := range []struct {
		raw    json.RawMessage
		source string
	}{{d.GeoData, GeoData}, {d.GeoDataEXIF, GeoDataEXIF}} {
		var at struct{ Latitude, Longitude float64 }
		if !present(place.raw) {
			continue
		}
		if err := decode(place.raw, &at); err != nil {
			bad.Add("%s cannot be decoded: %v", place.source, err)
			continue
		}
		to.AddPlace(place.source, at.Latitude, at.Longitude)
	}
}

// words returns a string; what is none counts as absent.
func words(raw json.RawMessage) string {
	var s string
	if decode(raw, &s) != nil {
		return ""
	}
	return s
}

// instant reads the seconds of Unix, which are written as a string. Zero is what
// Google writes for a time that it does not know.
func instant(raw json.RawMessage, bad *file.Complaints) (time.Time, bool) {
	var t struct {
		Timestamp json.RawMessage `json:"timestamp"`
	}
	if err := decode(raw, &t); err != nil {
		bad.Add("%s cannot be decoded: %v", TakenTime, err)
		return time.Time{}, false
	}
	digits := string(bytes.Trim(t.Timestamp, `" `))
	if digits == "" || digits == "0" || digits == "null" {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		bad.Add("%s is no number of seconds", TakenTime)
		return time.Time{}, false
	}
	u := time.Unix(seconds, 0).UTC()
	return value.Wall(u.Year(), int(u.Month()), u.Day(), u.Hour(), u.Minute(), u.Second())
}
