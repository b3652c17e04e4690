package exif_test

import (
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/google/go-cmp/cmp"
)

// from is a capture time on the wall, without an offset.
func from(source exif.Source, at time.Time) exif.Capture {
	return exif.Capture{Wall: at, Source: source}
}

// fromZone is a capture time whose record has an offset of so many hours.
func fromZone(source exif.Source, at time.Time, hours int) exif.Capture {
	return exif.Capture{Wall: at, Source: source, Offset: time.Duration(hours) * time.Hour, OffsetSource: exif.OffsetRecorded}
}

// xmpWith and takeoutWith are sidecars that say a time.
func xmpWith(c exif.Capture) exif.Sidecar {
	return exif.Sidecar{Kind: exif.SidecarXMP, Facts: exif.Facts{Capture: c}}
}

func takeoutWith(title string, at time.Time) exif.Sidecar {
	return exif.Sidecar{Kind: exif.SidecarTakeout, Title: title, Facts: exif.Facts{
		Capture: exif.Capture{Wall: at, OffsetSource: exif.OffsetUTC, Source: exif.SourceTakeout},
	}}
}

// named is the machine of [context] with sidecars beside the file.
func named(name string, sidecars ...exif.Sidecar) exif.Context {
	c := context(name)
	c.Sidecars = sidecars
	return c
}

func TestCaptureTimesOfSidecarsHaveTheirPlaceInTheOrder(t *testing.T) {
	own := from(exif.SourceDateTimeOriginal, wall(14, 30, 5).Add(250*time.Millisecond))
	edited := from(exif.SourceDateTime, wall(15, 0, 0))
	created := xmpWith(from(exif.SourceSidecarCreateDate, wall(10, 0, 0)))
	takeout := takeoutWith("a.jpg", wall(9, 0, 0))
	tests := map[string]struct {
		kind     exif.Kind
		own      exif.Capture
		sidecars []exif.Sidecar
		want     exif.Source
		text     string
	}{
		"a correction": {
			"", own, []exif.Sidecar{xmpWith(from(exif.SourceSidecarOriginal, wall(13, 30, 5))), takeout},
			exif.SourceSidecarOriginal, "2024-05-18T13:30:05+04:30",
		},
		"a correction of the created date": {
			"", own, []exif.Sidecar{xmpWith(from(exif.SourceSidecarCreated, wall(13, 30, 5)))},
			exif.SourceSidecarCreated, "2024-05-18T13:30:05",
		},
		"a repetition": {
			"", own, []exif.Sidecar{xmpWith(from(exif.SourceSidecarOriginal, wall(14, 30, 5)))},
			exif.SourceDateTimeOriginal, "2024-05-18T14:30:05.25",
		},
		"a repetition with an offset": {
			"", own, []exif.Sidecar{xmpWith(fromZone(exif.SourceSidecarOriginal, wall(14, 30, 5), 2))},
			exif.SourceDateTimeOriginal, "2024-05-18T14:30:05.25+02:00",
		},
		"a repetition without the offset": {
			"", fromZone(exif.SourceDateTimeOriginal, wall(14, 30, 5), 2), []exif.Sidecar{xmpWith(from(exif.SourceSidecarOriginal, wall(14, 30, 5)))},
			exif.SourceDateTimeOriginal, "2024-05-18T14:30:05+02:00",
		},
		"a correction of the offset alone": {
			"", fromZone(exif.SourceDateTimeOriginal, wall(14, 30, 5), 2), []exif.Sidecar{xmpWith(fromZone(exif.SourceSidecarOriginal, wall(14, 30, 5), 3))},
			exif.SourceSidecarOriginal, "2024-05-18T14:30:05+03:00",
		},
		"an edit date that a sidecar confirms": {
			"", edited, []exif.Sidecar{xmpWith(from(exif.SourceSidecarOriginal, wall(15, 0, 0)))},
			exif.SourceSidecarOriginal, "2024-05-18T15:00:00",
		},
		"the wall clock for a movie header": {
			exif.KindVideo, exif.Capture{Wall: wall(12, 30, 5), OffsetSource: exif.OffsetUTC, Source: exif.SourceQuickTime},
			[]exif.Sidecar{xmpWith(fromZone(exif.SourceSidecarOriginal, wall(14, 30, 5), 2))},
			exif.SourceSidecarOriginal, "2024-05-18T14:30:05+02:00",
		},
		"a repetition of a movie header": {
			exif.KindVideo, exif.Capture{Wall: wall(12, 30, 5), OffsetSource: exif.OffsetUTC, Source: exif.SourceQuickTime},
			[]exif.Sidecar{xmpWith(fromZone(exif.SourceSidecarOriginal, wall(12, 30, 5), 0))},
			exif.SourceQuickTime, "2024-05-18T15:30:05+03:00",
		},
		"the better of two XMP sidecars": {
			"", own, []exif.Sidecar{
				xmpWith(from(exif.SourceSidecarCreated, wall(13, 0, 0))), xmpWith(from(exif.SourceSidecarOriginal, wall(12, 0, 0))),
			}, exif.SourceSidecarCreated, "2024-05-18T13:00:00",
		},
		"the second of two XMP sidecars": {
			"", own, []exif.Sidecar{created, xmpWith(from(exif.SourceSidecarOriginal, wall(12, 0, 0)))},
			exif.SourceSidecarOriginal, "2024-05-18T12:00:00",
		},
		"a created date does not correct":  {"", own, []exif.Sidecar{created}, exif.SourceDateTimeOriginal, "2024-05-18T14:30:05.25"},
		"a created date fills":             {"", exif.Capture{}, []exif.Sidecar{created, takeout}, exif.SourceSidecarCreateDate, "2024-05-18T10:00:00+01:00"},
		"a created date beats an edit":     {"", edited, []exif.Sidecar{created}, exif.SourceSidecarCreateDate, "2024-05-18T10:00:00"},
		"a created date not for videos":    {exif.KindVideo, edited, []exif.Sidecar{created}, exif.SourceDateTime, "2024-05-18T15:00:00"},
		"Takeout is behind the file":       {"", own, []exif.Sidecar{takeout}, exif.SourceDateTimeOriginal, "2024-05-18T14:30:05.25+05:30"},
		"Takeout is in front of an edit":   {"", edited, []exif.Sidecar{takeout}, exif.SourceTakeout, "2024-05-18T12:00:00+03:00"},
		"Takeout is in front of the name":  {"", exif.Capture{}, []exif.Sidecar{takeout}, exif.SourceTakeout, "2024-05-18T12:00:00+03:00"},
		"an edit is in front of the name":  {"", edited, nil, exif.SourceDateTime, "2024-05-18T15:00:00"},
		"another photo's Takeout":          {"", edited, []exif.Sidecar{takeoutWith("b.jpg", wall(9, 0, 0))}, exif.SourceDateTime, "2024-05-18T15:00:00"},
		"the first Takeout that fits":      {"", edited, []exif.Sidecar{takeoutWith("b.jpg", wall(8, 0, 0)), takeout}, exif.SourceTakeout, "2024-05-18T12:00:00+03:00"},
		"sidecars that say nothing at all": {"", own, []exif.Sidecar{{}, {Kind: exif.SidecarXMP}, {Kind: exif.SidecarTakeout}}, exif.SourceDateTimeOriginal, "2024-05-18T14:30:05.25"},
	}
	for name, tt := range tests {
		got := exif.Resolve(exif.Facts{Kind: tt.kind, Capture: tt.own}, named("a.jpg", tt.sidecars...)).Capture
		if got.Source != tt.want || got.String() != tt.text {
			t.Errorf("%s: %q from %q, want %q from %q", name, got, got.Source, tt.text, tt.want)
		}
	}
}

func TestGPSAloneIsBehindTakeout(t *testing.T) {
	gps := exif.Facts{Capture: exif.Capture{Wall: wall(11, 30, 5), OffsetSource: exif.OffsetUTC, Source: exif.SourceGPS}}
	got := exif.Resolve(gps, named("a.jpg", takeoutWith("a.jpg", wall(9, 0, 0)))).Capture
	if got.Source != exif.SourceTakeout || got.OffsetSource != exif.OffsetAssumed {
		t.Errorf("%q from %q (%q)", got, got.Source, got.OffsetSource)
	}
}

func TestTakeoutTellsTheOffsetOfAWallClock(t *testing.T) {
	tests := map[string]struct {
		own, google time.Time
		want        exif.OffsetSource
		text        string
	}{
		"two hours ahead":           {wall(14, 30, 5), wall(12, 30, 5), exif.OffsetFromTakeout, "2024-05-18T14:30:05+02:00"},
		"nine and a half behind":    {wall(3, 0, 0), wall(12, 30, 0), exif.OffsetFromTakeout, "2024-05-18T03:00:00-09:30"},
		"fourteen ahead":            {wall(18, 0, 0), wall(4, 0, 0), exif.OffsetFromTakeout, "2024-05-18T18:00:00+14:00"},
		"four minutes off":          {wall(14, 34, 0), wall(12, 30, 0), exif.OffsetFromTakeout, "2024-05-18T14:34:00+02:00"},
		"more than four off":        {wall(14, 34, 1), wall(12, 30, 0), exif.OffsetUnknown, "2024-05-18T14:34:01"},
		"more than fourteen ahead":  {wall(18, 15, 0), wall(4, 0, 0), exif.OffsetUnknown, "2024-05-18T18:15:00"},
		"the wall clock as its UTC": {wall(14, 30, 5), wall(14, 30, 5), exif.OffsetUnknown, "2024-05-18T14:30:05"},
	}
	for name, tt := range tests {
		f := exif.Facts{Capture: from(exif.SourceDateTimeOriginal, tt.own)}
		got := exif.Resolve(f, named("a.jpg", takeoutWith("a.jpg", tt.google))).Capture
		if got.OffsetSource != tt.want || got.String() != tt.text {
			t.Errorf("%s: %q (%q), want %q (%q)", name, got, got.OffsetSource, tt.text, tt.want)
		}
	}
	recorded := exif.Facts{Capture: fromZone(exif.SourceDateTimeOriginal, wall(14, 30, 5), 5)}
	if got := exif.Resolve(recorded, named("a.jpg", takeoutWith("a.jpg", wall(12, 30, 5)))); got != recorded {
		t.Errorf("a recorded offset is changed to %q", got.Capture)
	}
}

func TestOtherFactsOfSidecarsHaveTheirPlaceInTheOrder(t *testing.T) {
	full := exif.Facts{
		Make: "Aldermere", Model: "Field 40", Serial: "1", Orientation: 6, Place: exif.Place{Lat: 1, Lon: 2}, Description: "own", Rating: 1,
		From: exif.Origins{Make: "EXIF", Model: "EXIF", Serial: "EXIF", Orientation: "EXIF", Place: "EXIF", Description: "EXIF:ImageDescription", Rating: "XMP"},
	}
	xmp := exif.Sidecar{Kind: exif.SidecarXMP, Facts: exif.Facts{
		Make: "X", Model: "Y", Serial: "2", Orientation: 3, Place: exif.Place{Lat: 3, Lon: 4}, Description: "beside", Rating: -1,
		From: exif.Origins{Make: "S", Model: "S", Serial: "S", Orientation: "S", Place: "S", Description: "S", Rating: "S"},
	}}
	takeout := exif.Sidecar{Kind: exif.SidecarTakeout, Facts: exif.Facts{
		Place: exif.Place{Lat: 5, Lon: 6}, Description: "Google's", From: exif.Origins{Place: "T", Description: "T"},
	}}
	tests := map[string]struct {
		own      exif.Facts
		sidecars []exif.Sidecar
		change   func(want *exif.Facts)
	}{
		"nothing beside": {full, nil, func(*exif.Facts) {}},
		"all of them, XMP last": {full, []exif.Sidecar{takeout, xmp}, func(want *exif.Facts) {
			want.Description, want.From.Description, want.Rating, want.From.Rating = "beside", "S", -1, "S"
		}},
		"only Takeout": {full, []exif.Sidecar{takeout}, func(want *exif.Facts) {
			want.Description, want.From.Description = "Google's", "T"
		}},
		"an empty file":             {exif.Facts{}, []exif.Sidecar{xmp, takeout}, func(want *exif.Facts) { *want = xmp.Facts }},
		"an empty file and Takeout": {exif.Facts{}, []exif.Sidecar{takeout}, func(want *exif.Facts) { *want = takeout.Facts }},
		"an empty video": {exif.Facts{Kind: exif.KindVideo}, []exif.Sidecar{xmp}, func(want *exif.Facts) {
			*want = xmp.Facts
			want.Kind, want.Orientation, want.From.Orientation = exif.KindVideo, 0, ""
		}},
		"two XMP sidecars": {exif.Facts{}, []exif.Sidecar{{Kind: exif.SidecarXMP, Facts: exif.Facts{Make: "Z", From: exif.Origins{Make: "R"}}}, xmp}, func(want *exif.Facts) {
			*want = xmp.Facts
			want.Make, want.From.Make = "Z", "R"
		}},
	}
	for name, tt := range tests {
		want := tt.own
		tt.change(&want)
		got := exif.Resolve(tt.own, exif.Context{Name: "a.jpg", Sidecars: tt.sidecars})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatCamerasWriteIsNobodysWordsInASidecarEither(t *testing.T) {
	filler := exif.Sidecar{Kind: exif.SidecarXMP, Facts: exif.Facts{Description: "ALDERMERE DIGITAL CAMERA"}}
	words := exif.Sidecar{Kind: exif.SidecarTakeout, Facts: exif.Facts{Description: "words"}}
	camera := exif.Facts{Make: "Aldermere", Description: "own"}
	for want, sidecars := range map[string][]exif.Sidecar{"own": {filler}, "words": {filler, words}} {
		if got := exif.Resolve(camera, exif.Context{Sidecars: sidecars}).Description; got != want {
			t.Errorf("description %q, want %q", got, want)
		}
	}
	// The sidecar tells the camera, by which the file's own text is known.
	own := exif.Facts{Description: "Field 40"}
	model := exif.Sidecar{Kind: exif.SidecarXMP, Facts: exif.Facts{Model: "Field 40"}}
	if got := exif.Resolve(own, exif.Context{Sidecars: []exif.Sidecar{model}}).Description; got != "" {
		t.Errorf("description %q, want none", got)
	}
}
