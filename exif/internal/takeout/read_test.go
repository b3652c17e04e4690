package takeout_test

import (
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/takeout"
	"github.com/google/go-cmp/cmp"
)

// taken is the claim of a photoTakenTime of 1716035405.
func taken() []claim.Time {
	return []claim.Time{{
		Wall: time.Date(2024, 5, 18, 12, 30, 5, 0, time.UTC), HasOffset: true, Instant: true, Source: takeout.TakenTime,
	}}
}

func TestAJSONFileIsReadAsFarAsItCanBeTrue(t *testing.T) {
	const head = `{"title": "a.jpg", "photoTakenTime": {"timestamp": "1716035405"}`
	tests := map[string]struct {
		content string
		want    claim.Set
	}{
		"words and both places": {
			head + `, "description": " Segel \u0026 mehr\n", "geoData": {"latitude": 1.5, "longitude": -2.5},
				"geoDataExif": {"latitude": 3.5, "longitude": 4.5}, "people": [{"name": "x"}]}`,
			claim.Set{
				Times: taken(), Words: []claim.Text{{Value: "Segel & mehr", Source: takeout.Description}},
				Places: []claim.Place{{Lat: 1.5, Lon: -2.5, Source: takeout.GeoData}, {Lat: 3.5, Lon: 4.5, Source: takeout.GeoDataEXIF}},
			},
		},
		"a place of zeros is none": {
			head + `, "geoData": {"latitude": 0.0, "longitude": 0.0}, "geoDataExif": {"latitude": 3.5, "longitude": 4.5}}`,
			claim.Set{Times: taken(), Places: []claim.Place{{Lat: 3.5, Lon: 4.5, Source: takeout.GeoDataEXIF}}},
		},
		"a place that is not on Earth":      {head + `, "geoData": {"latitude": 91, "longitude": 0}}`, claim.Set{Times: taken()}},
		"a place that is null":              {head + `, "geoData": null}`, claim.Set{Times: taken()}},
		"only blanks as words":              {head + `, "description": " \n\t"}`, claim.Set{Times: taken()}},
		"control characters in words":       {head + `, "description": "a\u0000\u0007b"}`, claim.Set{Times: taken(), Words: []claim.Text{{Value: "ab", Source: takeout.Description}}}},
		"words that are a number":           {head + `, "description": 5}`, claim.Set{Times: taken()}},
		"a byte order mark":                 {"\ufeff" + head + `}`, claim.Set{Times: taken()}},
		"something behind the object":       {head + `} and so on`, claim.Set{Times: taken()}},
		"an old export":                     {`{"albumData": ` + head + `}}`, claim.Set{Times: taken()}},
		"a number instead of a string":      {`{"title": "a.jpg", "photoTakenTime": {"timestamp": 1716035405}}`, claim.Set{Times: taken()}},
		"a time of zero":                    {`{"title": "a.jpg", "photoTakenTime": {"timestamp": "0"}}`, claim.Set{}},
		"an empty time":                     {`{"title": "a.jpg", "photoTakenTime": {"timestamp": ""}}`, claim.Set{}},
		"no time":                           {`{"title": "a.jpg", "photoTakenTime": {"formatted": "May 18, 2024"}}`, claim.Set{}},
		"a time before Niépce":              {`{"title": "a.jpg", "photoTakenTime": {"timestamp": "-9000000000"}}`, claim.Set{}},
		"a time after the year 9999":        {`{"title": "a.jpg", "photoTakenTime": {"timestamp": "9223372036854775807"}}`, claim.Set{}},
		"the time of creation is not taken": {`{"title": "a.jpg", "creationTime": {"timestamp": "1716035405"}, "photoTakenTime": {}}`, claim.Set{}},
		"a time before 1970": {
			`{"title": "a.jpg", "photoTakenTime": {"timestamp": "-3600"}}`,
			claim.Set{Times: []claim.Time{{Wall: time.Date(1969, 12, 31, 23, 0, 0, 0, time.UTC), HasOffset: true, Instant: true, Source: takeout.TakenTime}}},
		},
	}
	for name, tt := range tests {
		var got claim.Set
		var bad file.Complaints
		title, ok := takeout.Read([]byte(tt.content), &got, &bad)
		if !ok || title != "a.jpg" || bad.First() != "" {
			t.Errorf("%s: title %q, %v, complaint %q", name, title, ok, bad.First())
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestJSONAboutOtherThingsIsNoSidecar(t *testing.T) {
	for name, content := range map[string]string{
		"an album":        `{"title": "Trip", "description": "", "access": "protected", "date": {"timestamp": "1502439626"}, "geoData": {"latitude": 1, "longitude": 2}}`,
		"an old album":    `{"albumData": {"title": "Trip", "date": {"timestamp": "1502439626"}, "geoData": {"latitude": 1, "longitude": 2}}}`,
		"a print order":   `{"externalOrderId": "4177", "type": "PURCHASED", "creationTime": {"formatted": "Dec 12, 2022"}}`,
		"an empty object": `{}`,
		"null":            `null`,
		"a null time":     `{"title": "a.jpg", "photoTakenTime": null, "description": "words"}`,
	} {
		var got claim.Set
		var bad file.Complaints
		if title, ok := takeout.Read([]byte(content), &got, &bad); ok || title != "" || bad.First() != "" {
			t.Errorf("%s: title %q, %v, complaint %q", name, title, ok, bad.First())
		}
		if diff := cmp.Diff(claim.Set{}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestDamageIsToldAndTheRestIsRead(t *testing.T) {
	const words = `"description": "words"`
	for content, want := range map[string]claim.Set{
		``:                       {},
		`[1, 2]`:                 {},
		`"text"`:                 {},
		`{"title": "a.jpg", "ph`: {},
		`{"photoTakenTime": {"timestamp": "yesterday"}, ` + words + `}`:                       {Words: []claim.Text{{Value: "words", Source: takeout.Description}}},
		`{"photoTakenTime": "yesterday", ` + words + `}`:                                      {Words: []claim.Text{{Value: "words", Source: takeout.Description}}},
		`{"photoTakenTime": {"timestamp": "1716035405"}, "geoData": [1, 2]}`:                  {Times: taken()},
		`{"photoTakenTime": {"timestamp": "1716035405"}, "geoData": {"latitude": "north"}}`:   {Times: taken()},
		`{"photoTakenTime": {"timestamp": "99999999999999999999"}, "title": "a", "people":1}`: {},
	} {
		var got claim.Set
		var bad file.Complaints
		_, ok := takeout.Read([]byte(content), &got, &bad)
		if isPhotos := strings.Contains(content, "photoTakenTime"); bad.First() == "" || ok != isPhotos {
			t.Errorf("%s: a photo's: %v, complaint %q", content, ok, bad.First())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", content, diff)
		}
	}
}
