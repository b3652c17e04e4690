package exif_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
)

// context is a file of that name on a machine three hours ahead of UTC.
func context(name string) exif.Context {
	return exif.Context{
		Name:    name,
		ModTime: time.Date(2025, 1, 2, 3, 4, 5, 60_000_000, time.UTC),
		Local:   time.FixedZone("EEST", 3*60*60),
		Now:     time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC),
	}
}

func TestADateInTheNameIsTaken(t *testing.T) {
	const shot = "2024-05-18T14:30:05"
	for name, want := range map[string]string{
		"IMG_20240518_143005.jpg":                                shot,
		"IMG_20240518_143005_HDR.jpg":                            shot,
		"IMG_20240518_143005(1).jpg":                             shot,
		"IMG_20240518_143005_123.jpg":                            shot,
		"IMG_20240518143005.jpg":                                 shot,
		"IMG20240518143005.jpg":                                  shot,
		"MVIMG_20240518_143005.jpg":                              shot,
		"VID_20240518_143005.mp4":                                shot,
		"20240518_143005.jpg":                                    shot,
		"20240518-143005.jpg":                                    shot,
		"holiday/2023/IMG_20240518_143005.jpg":                   shot,
		`C:\2023-01-01\IMG_20240518_143005.jpg`:                  shot,
		"IMG_20240518_143005250.jpg":                             shot + ".25",
		"00100lrPORTRAIT_00100_BURST20240518143005250_COVER.jpg": shot + ".25",
		"Screenshot_20240518-143005.png":                         shot,
		"Screenshot_20240518-143005_Maps.jpg":                    shot,
		"Screenshot_2024-05-18-14-30-05-250_app.jpg":             shot,
		"Screenshot 2024-05-18 at 14.30.05.png":                  shot,
		"Screenshot 2024-05-18 at 2.30.05 PM.png":                shot,
		"Screenshot 2024-05-18 at 2.30.05\u202fPM.png":           shot,
		"Screenshot 2024-05-18 at 12.30.05 AM.png":               "2024-05-18T00:30:05",
		"Screenshot 2024-05-18 at 12.30.05 PM.png":               "2024-05-18T12:30:05",
		"Screenshot from 2024-05-18 14-30-05.png":                shot,
		"Bildschirmfoto 2024-05-18 um 14.30.05.png":              shot,
		"Capture d’écran 2024-05-18 à 14.30.05.png":              shot,
		"photo_2024-05-18_14-30-05.jpg":                          shot,
		"signal-2024-05-18-14-30-05-250.jpg":                     shot,
		"signal-2024-05-18-143005.jpg":                           shot,
		"2024_0518_143005_001.MP4":                               shot,
		"2024-05-18 14.30.05.jpg":                                shot,
		"WhatsApp Image 2024-05-18 at 14.30.05.jpeg":             shot,
		"IMG-20240518-WA0012.jpg":                                "2024-05-18T00:00:00",
		"VID-20240518-WA0001.mp4":                                "2024-05-18T00:00:00",
		"1987-06-12 grandmother.jpg":                             "1987-06-12T00:00:00",
		"1921.06.12.jpg":                                         "1921-06-12T00:00:00",
		"2024-05-18 25.99.99.jpg":                                "2024-05-18T00:00:00",
		// Pixel phones write UTC, so the zone is that of the context.
		"PXL_20240518_113005250.jpg":          shot + ".25+03:00",
		"PXL_20240518_113005250.MP.jpg":       shot + ".25+03:00",
		"PXL_20240518_113005250~2.jpg":        shot + ".25+03:00",
		"PXL_20240518_113005.NIGHT.jpg":       shot + "+03:00",
		"PXL_20240518_233005250.PORTRAIT.jpg": "2024-05-19T02:30:05.25+03:00",
	} {
		c := exif.Resolve(exif.Facts{}, context(name)).Capture
		if c.String() != want || c.Source != exif.SourceFileName {
			t.Errorf("%s: %q from %q, want %q", name, c, c.Source, want)
		}
	}
}

func TestANameWithoutAPossibleDateGivesTheModificationTime(t *testing.T) {
	for _, name := range []string{
		"", "DSC_0412.jpg", "IMG_1234.JPG", "IMG_20241318_143005.jpg", "IMG_20240230_143005.jpg", "IMG_20240518_253005.jpg",
		"IMG_20990518_143005.jpg", "IMG_20250603_000001.jpg", "2099-01-01.jpg", "FB_IMG_1716035405123.jpg",
		"1202405181430051.jpg", "P1020240518_1430051.jpg", "19791231_235959.jpg", "IMG-20241399-WA0012.jpg",
		"Screenshot 2024-05-18 at 13.30.05 PM.png", "0000-00-00.jpg", "order 20240518.jpg", "12024-05-18.jpg",
	} {
		c := exif.Resolve(exif.Facts{}, context(name)).Capture
		if c.Source != exif.SourceModTime || c.String() != "2025-01-02T06:04:05.06+03:00" {
			t.Errorf("%s: %q from %q, want the modification time on the zone's clock", name, c, c.Source)
		}
		if c.OffsetSource != exif.OffsetAssumed {
			t.Errorf("%s: offset %q, want it marked as assumed", name, c.OffsetSource)
		}
	}
}

func TestADateInANameMayBeADayAheadOfTheClocksButNoMore(t *testing.T) {
	now := time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name    string
		modTime time.Time
		want    exif.Source
	}{
		{"IMG_20240519_120000.jpg", time.Time{}, exif.SourceFileName},
		{"IMG_20240519_120001.jpg", time.Time{}, exif.SourceNone},
		// The clock of this machine may be the wrong one.
		{"IMG_20300101_000000.jpg", time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), exif.SourceFileName},
	}
	for _, tt := range tests {
		got := exif.Resolve(exif.Facts{}, exif.Context{Name: tt.name, ModTime: tt.modTime, Now: now}).Capture
		if got.Source != tt.want {
			t.Errorf("%s: %q from %q, want from %q", tt.name, got, got.Source, tt.want)
		}
	}
}

func TestARecordedTimeStaysWhateverTheNameSays(t *testing.T) {
	recorded := exif.Facts{Capture: exif.Capture{Wall: wall(14, 30, 5), Source: exif.SourceDateTime}, Make: "Aldermere"}
	if got := exif.Resolve(recorded, context("IMG_20200101_000000.jpg")); got != recorded {
		t.Errorf("%+v, want it unchanged", got)
	}
}

func TestAGPSTimeMovesToTheZonesClock(t *testing.T) {
	gps := exif.Facts{Capture: exif.Capture{Wall: wall(11, 30, 5), OffsetSource: exif.OffsetUTC, Source: exif.SourceGPS}}
	got := exif.Resolve(gps, context("a.jpg")).Capture
	if got.String() != "2024-05-18T14:30:05+03:00" || got.Source != exif.SourceGPS || got.OffsetSource != exif.OffsetAssumed {
		t.Errorf("%q from %q (%q)", got, got.Source, got.OffsetSource)
	}
	if again := exif.Resolve(exif.Facts{Capture: got}, context("a.jpg")).Capture; again != got {
		t.Errorf("a second Resolve moved it on to %q", again)
	}
}

func TestWithoutAnyClueThereIsNoTime(t *testing.T) {
	if got := exif.Resolve(exif.Facts{}, exif.Context{Name: "a.jpg"}); got != (exif.Facts{}) {
		t.Errorf("%+v, want no facts", got)
	}
	c := exif.Resolve(exif.Facts{}, exif.Context{ModTime: wall(1, 2, 3)}).Capture
	if c.String() != "2024-05-18T01:02:03Z" {
		t.Errorf("without a zone: %q, want UTC", c)
	}
}

func ExampleResolve() {
	nothing := exif.Facts{} // a messenger has taken the metadata out
	f := exif.Resolve(nothing, exif.Context{Name: "IMG-20240518-WA0012.jpg"})
	fmt.Println(f.Capture, "from", f.Capture.Source)
	// Output: 2024-05-18T00:00:00 from FileName
}
