package exif_test

import (
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/property"
	"pgregory.net/rapid"
)

// utc is a capture time that is known as an instant.
func utc(source exif.Source, at time.Time) exif.Capture {
	return exif.Capture{Wall: at, Source: source, OffsetSource: exif.OffsetUTC}
}

// oslo has summer time from 31 March to 27 October 2024.
func oslo(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Skipf("this machine has no time zones: %v", err)
	}
	return zone
}

func TestTheChosenZoneGivesAnOffsetToWallClocksWithoutOne(t *testing.T) {
	day := func(month time.Month, d, hour, minute int) exif.Capture {
		return from(exif.SourceDateTimeOriginal, time.Date(2024, month, d, hour, minute, 0, 0, time.UTC))
	}
	tests := map[string]struct {
		own  exif.Capture
		want string
		by   exif.OffsetSource
	}{
		"summer":             {day(5, 18, 14, 30), "2024-05-18T14:30:00+02:00", exif.OffsetChosen},
		"winter":             {day(1, 18, 14, 30), "2024-01-18T14:30:00+01:00", exif.OffsetChosen},
		"an edit date":       {from(exif.SourceDateTime, wall(14, 30, 5)), "2024-05-18T14:30:05+02:00", exif.OffsetChosen},
		"a date in the name": {exif.Capture{}, "2024-02-03T04:05:06+01:00", exif.OffsetChosen},
		"a recorded offset":  {fromZone(exif.SourceDateTimeOriginal, wall(14, 30, 5), 5), "2024-05-18T14:30:05+05:00", exif.OffsetRecorded},
		"an instant":         {utc(exif.SourceQuickTime, wall(14, 30, 5)), "2024-05-18T17:30:05+03:00", exif.OffsetAssumed},
	}
	for name, tt := range tests {
		c := context("IMG_20240203_040506.jpg")
		c.Zone = oslo(t)
		got := exif.Resolve(exif.Facts{Capture: tt.own}, c).Capture
		if got.String() != tt.want || got.OffsetSource != tt.by {
			t.Errorf("%s: %q (%q), want %q (%q)", name, got, got.OffsetSource, tt.want, tt.by)
		}
	}
}

// Where a clock shows an hour twice or leaves one out, the offset is the one
// that time.Date takes; the wall clock stays as it was in any case.
func TestAnHourThatTheChosenZoneHasTwiceOrNotAtAllKeepsItsWallClock(t *testing.T) {
	zone := oslo(t)
	for _, at := range []time.Time{
		time.Date(2024, 10, 27, 2, 30, 0, 0, time.UTC), // twice
		time.Date(2024, 3, 31, 2, 30, 0, 0, time.UTC),  // left out
	} {
		got := exif.Resolve(exif.Facts{Capture: from(exif.SourceDateTimeOriginal, at)}, exif.Context{Zone: zone}).Capture
		_, seconds := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, zone).Zone()
		want := exif.Capture{
			Wall: at, Source: exif.SourceDateTimeOriginal, Offset: time.Duration(seconds) * time.Second, OffsetSource: exif.OffsetChosen,
		}
		if got != want {
			t.Errorf("%v: %+v, want %+v", at, got, want)
		}
	}
}

func TestAWrongClockIsPutRight(t *testing.T) {
	gps := exif.Capture{Wall: wall(15, 30, 5), Offset: 3 * time.Hour, OffsetSource: exif.OffsetFromGPS, Source: exif.SourceDateTimeOriginal}
	tests := map[string]struct {
		own     exif.Capture
		name    string
		sidecar exif.Sidecar
		want    string
		shifted bool
	}{
		"of the shutter":             {from(exif.SourceDateTimeOriginal, wall(15, 30, 5)), "", exif.Sidecar{}, "2024-05-18T14:30:05", true},
		"with a recorded offset":     {fromZone(exif.SourceDateTimeOriginal, wall(15, 30, 5), 2), "", exif.Sidecar{}, "2024-05-18T14:30:05+02:00", true},
		"with an offset by GPS":      {gps, "", exif.Sidecar{}, "2024-05-18T14:30:05+02:00", true},
		"of an edit":                 {from(exif.SourceDateTime, wall(15, 30, 5)), "", exif.Sidecar{}, "2024-05-18T14:30:05", true},
		"of a movie header":          {utc(exif.SourceQuickTime, wall(15, 30, 5)), "", exif.Sidecar{}, "2024-05-18T17:30:05+03:00", true},
		"that a sidecar repeats":     {from(exif.SourceDateTimeOriginal, wall(15, 30, 5)), "", xmpWith(from(exif.SourceSidecarOriginal, wall(15, 30, 5))), "2024-05-18T14:30:05", true},
		"whose offset Takeout tells": {from(exif.SourceDateTimeOriginal, wall(15, 30, 5)), "", takeoutWith("", wall(13, 30, 5)), "2024-05-18T14:30:05+02:00", true},
		"not of a correction":        {from(exif.SourceDateTimeOriginal, wall(15, 30, 5)), "", xmpWith(from(exif.SourceSidecarOriginal, wall(14, 0, 0))), "2024-05-18T14:00:00", false},
		"not of a created date":      {exif.Capture{}, "", xmpWith(from(exif.SourceSidecarCreateDate, wall(14, 0, 0))), "2024-05-18T14:00:00", false},
		"not of the satellites":      {utc(exif.SourceGPS, wall(11, 30, 5)), "", exif.Sidecar{}, "2024-05-18T14:30:05+03:00", false},
		"not of Google":              {exif.Capture{}, "", takeoutWith("", wall(11, 30, 5)), "2024-05-18T14:30:05+03:00", false},
		"not in the name":            {exif.Capture{}, "IMG_20240518_143005.jpg", exif.Sidecar{}, "2024-05-18T14:30:05", false},
		"not of the file system":     {exif.Capture{}, "", exif.Sidecar{}, "2025-01-02T06:04:05.06+03:00", false},
	}
	for name, tt := range tests {
		c := named(tt.name, tt.sidecar)
		c.Shift = -time.Hour
		got := exif.Resolve(exif.Facts{Capture: tt.own}, c).Capture
		if got.String() != tt.want || (got.Shifted == c.Shift) != tt.shifted || !tt.shifted && got.Shifted != 0 {
			t.Errorf("%s: %q, shifted by %v, want %q, shifted: %v", name, got, got.Shifted, tt.want, tt.shifted)
		}
	}
}

func TestAnOffsetByGPSThatNoLongerIsAZonesIsGivenUp(t *testing.T) {
	own := exif.Capture{Wall: wall(15, 30, 5), Offset: 3 * time.Hour, OffsetSource: exif.OffsetFromGPS, Source: exif.SourceDateTimeOriginal}
	for shift, want := range map[time.Duration]string{
		-62 * time.Minute: "2024-05-18T14:28:05+02:00",
		-67 * time.Minute: "2024-05-18T14:23:05",
		12 * time.Hour:    "2024-05-19T03:30:05",
	} {
		got := exif.Resolve(exif.Facts{Capture: own}, exif.Context{Shift: shift}).Capture
		if got.String() != want {
			t.Errorf("%v: %q, want %q", shift, got, want)
		}
	}
}

func TestMovieHeadersMayHoldTheWallClock(t *testing.T) {
	tests := map[string]struct {
		own      exif.Capture
		sidecars []exif.Sidecar
		zone     *time.Location
		want     string
	}{
		"and nothing more is known":  {utc(exif.SourceQuickTime, wall(14, 30, 5)), nil, nil, "2024-05-18T14:30:05"},
		"in the chosen zone":         {utc(exif.SourceQuickTime, wall(14, 30, 5)), nil, time.FixedZone("", 7200), "2024-05-18T14:30:05+02:00"},
		"which Google took for UTC":  {utc(exif.SourceQuickTime, wall(14, 30, 5)), []exif.Sidecar{takeoutWith("", wall(14, 30, 5))}, nil, "2024-05-18T14:30:05"},
		"whose offset a sidecar has": {utc(exif.SourceQuickTime, wall(14, 30, 5)), []exif.Sidecar{xmpWith(fromZone(exif.SourceSidecarOriginal, wall(14, 30, 5), 4))}, nil, "2024-05-18T14:30:05+04:00"},
		"but Apple's key is no such": {fromZone(exif.SourceKeys, wall(14, 30, 5), 2), nil, nil, "2024-05-18T14:30:05+02:00"},
		"nor is the GPS time":        {utc(exif.SourceGPS, wall(11, 30, 5)), nil, nil, "2024-05-18T14:30:05+03:00"},
	}
	for name, tt := range tests {
		c := named("a.mp4", tt.sidecars...)
		c.VideoLocal, c.Zone = true, tt.zone
		if got := exif.Resolve(exif.Facts{Kind: exif.KindVideo, Capture: tt.own}, c).Capture; got.String() != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestANameTellsTheKindWhereTheContentCannot(t *testing.T) {
	tests := []struct {
		name   string
		format exif.Format
		kind   exif.Kind
		make   string
		want   exif.Kind
		wantIn exif.Format
	}{
		{"Screenshot_20240518-143005.png", "PNG", exif.KindPhoto, "", exif.KindScreenshot, "PNG"},
		{"x/Screenshot 2024-05-18 at 2.30.05 PM.png", "PNG", exif.KindPhoto, "", exif.KindScreenshot, "PNG"},
		{"screenshot.webp", "WebP", exif.KindPhoto, "", exif.KindScreenshot, "WebP"},
		{"Screenshot_20240518.heic", "HEIC", exif.KindPhoto, "", exif.KindScreenshot, "HEIC"},
		{"Bildschirmfoto 2024-05-18 um 14.30.05.jpg", "JPEG", exif.KindPhoto, "", exif.KindScreenshot, "JPEG"},
		{"Captura de pantalla 2024-05-18.png", "PNG", exif.KindPhoto, "", exif.KindScreenshot, "PNG"},
		{"Capture d’écran 2024-05-18.png", "PNG", exif.KindPhoto, "", exif.KindScreenshot, "PNG"},
		{"Capture d'e\u0301cran 2024-05-18.png", "PNG", exif.KindPhoto, "", exif.KindScreenshot, "PNG"},
		{"スクリーンショット 2024-05-18 14.30.05.png", "PNG", exif.KindPhoto, "", exif.KindScreenshot, "PNG"},
		{"截屏2024-05-18 14.30.05.png", "PNG", exif.KindPhoto, "", exif.KindScreenshot, "PNG"},
		{"Screenshots of the trip.png", "PNG", exif.KindPhoto, "", exif.KindPhoto, "PNG"},
		{"my Screenshot.png", "PNG", exif.KindPhoto, "", exif.KindPhoto, "PNG"},
		{"Screenshot_20240518.jpg", "JPEG", exif.KindPhoto, "Aldermere", exif.KindPhoto, "JPEG"},
		{"Screenshot_20240518.gif", "GIF", exif.KindPhoto, "", exif.KindPhoto, "GIF"},
		{"Screenshot_20240518.mp4", "MP4", exif.KindVideo, "", exif.KindVideo, "MP4"},
		{"Screenshot_20240518.jpg", "JPEG", exif.KindMotionPhoto, "", exif.KindMotionPhoto, "JPEG"},
		{"DSC_1.NEF", "TIFF", exif.KindPhoto, "Aldermere", exif.KindRaw, "NEF"},
		{"DSC_1.arw", "TIFF", exif.KindRaw, "", exif.KindRaw, "ARW"},
		{"DSC_1.dng", "TIFF", exif.KindPhoto, "", exif.KindRaw, "DNG"},
		{"DSC_1.tif", "TIFF", exif.KindPhoto, "", exif.KindPhoto, "TIFF"},
		{"DSC_1.tif", "TIFF", exif.KindRaw, "", exif.KindRaw, "TIFF"},
		{"DSC_1.jpg", "TIFF", exif.KindPhoto, "", exif.KindPhoto, "TIFF"},
		{"DSC_1.cr2", "TIFF", exif.KindPhoto, "", exif.KindPhoto, "TIFF"}, // its signature is missing
		{"DSC_1.nef", "JPEG", exif.KindPhoto, "", exif.KindPhoto, "JPEG"},
		{"DSC_1.nef", "", "", "", "", ""},
	}
	for _, tt := range tests {
		got := exif.Resolve(exif.Facts{Format: tt.format, Kind: tt.kind, Make: tt.make}, exif.Context{Name: tt.name})
		if got.Kind != tt.want || got.Format != tt.wantIn {
			t.Errorf("%s, a %s of kind %q: %s of kind %q, want %s of kind %q", tt.name, tt.format, tt.kind, got.Format, got.Kind, tt.wantIn, tt.want)
		}
	}
}

func TestResolvingTwiceChangesNothingMore(t *testing.T) {
	walls := rapid.Custom(func(t *rapid.T) time.Time {
		return wall(0, 0, 0).Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(t, "minutes")) * time.Minute)
	})
	captures := func(sources ...exif.Source) *rapid.Generator[exif.Capture] {
		return rapid.Custom(func(t *rapid.T) exif.Capture {
			c := exif.Capture{Source: rapid.SampledFrom(sources).Draw(t, "source")}
			if c.IsZero() {
				return c
			}
			c.Wall = walls.Draw(t, "wall")
			offsets := []exif.OffsetSource{exif.OffsetUnknown, exif.OffsetRecorded, exif.OffsetFromGPS}
			switch c.OffsetSource = rapid.SampledFrom(offsets).Draw(t, "offset"); {
			case c.Source == exif.SourceGPS || c.Source == exif.SourceQuickTime:
				c.OffsetSource = exif.OffsetUTC
			case c.OffsetSource != exif.OffsetUnknown:
				c.Offset = time.Duration(rapid.IntRange(-14, 14).Draw(t, "hours")) * time.Hour
			}
			return c
		})
	}
	own := captures(exif.SourceNone, exif.SourceDateTimeOriginal, exif.SourceKeys, exif.SourceQuickTime, exif.SourceDateTime, exif.SourceGPS)
	beside := captures(exif.SourceNone, exif.SourceSidecarOriginal, exif.SourceSidecarCreated, exif.SourceSidecarCreateDate)
	property.Check(t, func(t *rapid.T) {
		f := exif.Facts{
			Format: "TIFF", Kind: rapid.SampledFrom([]exif.Kind{exif.KindPhoto, exif.KindVideo}).Draw(t, "kind"), Capture: own.Draw(t, "own"),
		}
		name := rapid.SampledFrom([]string{"a.jpg", "a.nef", "PXL_20240518_113005250.jpg", "IMG_20240518_143005.jpg"}).Draw(t, "name")
		c := named(name, xmpWith(beside.Draw(t, "beside")), takeoutWith(name, walls.Draw(t, "Google's")))
		if rapid.Bool().Draw(t, "zone") {
			c.Zone = time.FixedZone("", 2*60*60)
		}
		c.Shift = time.Duration(rapid.SampledFrom([]int{0, -60, 7, 840}).Draw(t, "shift")) * time.Minute
		c.VideoLocal = rapid.Bool().Draw(t, "local")
		once := exif.Resolve(f, c)
		if twice := exif.Resolve(once, c); twice != once {
			t.Errorf("from %+v to %+v", once, twice)
		}
	})
}
