package exif_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

func TestTheBestRecordedTimeIsTaken(t *testing.T) {
	at := fixture.Spec{
		Captured: wall(10, 0, 0), SubSec: "1", Offset: "+01:00",
		Digitized: wall(11, 0, 0), DigitizedSubSec: "2", DigitizedOffset: "+02:00",
		Modified: wall(12, 0, 0), ModifiedSubSec: "3", ModifiedOffset: "+03:00",
		GPSTime: wall(8, 30, 0),
	}
	noOriginal := at
	noOriginal.Captured = time.Time{}
	onlyEdited := noOriginal
	onlyEdited.Digitized = time.Time{}
	onlyGPS := fixture.Spec{GPSTime: wall(8, 30, 0)}
	tests := []struct {
		name, want string
		spec       fixture.Spec
		source     exif.Source
	}{
		{"all", "2024-05-18T10:00:00.1+01:00", at, exif.SourceDateTimeOriginal},
		{"no original", "2024-05-18T11:00:00.2+02:00", noOriginal, exif.SourceDigitized},
		{"edit date as a late resort", "2024-05-18T12:00:00.3+03:00", onlyEdited, exif.SourceDateTime},
		{"only GPS", "2024-05-18T08:30:00Z", onlyGPS, exif.SourceGPS},
		{"none", "", fixture.Spec{Make: "Aldermere"}, exif.SourceNone},
	}
	for _, tt := range tests {
		for format, encode := range formats() {
			c := mustRead(t, encode(tt.spec)).Capture
			if c.String() != tt.want || c.Source != tt.source {
				t.Errorf("%s, %s: %q from %q, want %q from %q", tt.name, format, c, c.Source, tt.want, tt.source)
			}
		}
	}
}

func TestDatesThatCannotBeAreAbsent(t *testing.T) {
	good := map[string]string{
		"2024:05:18 14:30:05":       "2024-05-18T14:30:05",
		"2024-05-18T14:30:05":       "2024-05-18T14:30:05",
		"2024/05/18 14.30.05":       "2024-05-18T14:30:05",
		"2024:05:18 14:30:05+02:00": "2024-05-18T14:30:05+02:00",
		"2024-05-18T14:30:05Z":      "2024-05-18T14:30:05Z",
		"2024:05:18 14:30:05 PM":    "2024-05-18T14:30:05",
		"2024: 5: 8 14:30: 5":       "2024-05-08T14:30:05",
		"2008:01:05 13:29:.0":       "2008-01-05T13:29:00",
		"2024:02:29 23:59:59":       "2024-02-29T23:59:59",
		"1826:01:01 00:00:00":       "1826-01-01T00:00:00",
		"2261:12:31 23:59:59":       "2261-12-31T23:59:59",
		"  2024:05:18 14:30:05  ":   "2024-05-18T14:30:05",
	}
	for date, want := range good {
		if got := mustRead(t, tiffOf(text(dateTimeOriginal, date))).Capture.String(); got != want {
			t.Errorf("%q: %q, want %q", date, got, want)
		}
	}
	for _, date := range []string{
		"0000:00:00 00:00:00", "    :  :     :  :  ", "", "2024", "2024:05:18", "2024:05:18 14:30",
		"2024:13:01 00:00:00", "2024:00:01 00:00:00", "2024:05:00 00:00:00", "2024:06:31 00:00:00",
		"2023:02:29 00:00:00", "2024:05:18 24:00:00", "2024:05:18 14:60:00", "2024:05:18 14:30:60",
		"2024:05:18 14:30:70", "0001:01:01 00:00:00", "1825:12:31 23:59:59", "2262:01:01 00:00:00", "9999:12:31 23:59:59", "2024:0x:18 14:30:05",
		"20240518 143005....", "+024:05:18 14:30:05", "2024:05:18 14:30:0", "not a date at all!!",
	} {
		f := mustRead(t, tiffOf(text(dateTimeOriginal, date), text(dateTime, "bad")))
		if !f.Capture.IsZero() || f.Capture.String() != "" {
			t.Errorf("%q: read as %q", date, f.Capture)
		}
	}
}

func TestAnImpossibleOriginalGivesWayToTheNextRecord(t *testing.T) {
	file := tiffOf(text(dateTime, "2024:06:01 09:00:00"), text(dateTimeOriginal, "0000:00:00 00:00:00"))
	if c := mustRead(t, file).Capture; c.Source != exif.SourceDateTime {
		t.Errorf("%q from %q, want the edit date", c, c.Source)
	}
}

func TestSubSecondsAreTheDigitsBehindThePoint(t *testing.T) {
	for subSec, want := range map[string]time.Duration{
		"5": 500 * time.Millisecond, "05": 50 * time.Millisecond, "25": 250 * time.Millisecond,
		"003": 3 * time.Millisecond, "780685": 780685 * time.Microsecond, "123456789": 123456789,
		"1234567899": 123456789, "25 ": 250 * time.Millisecond, "000": 0, "": 0, "  ": 0, "-5": 0, "x": 0, "5x": 0,
	} {
		c := mustRead(t, fixture.JPEG(fixture.Spec{Captured: wall(14, 30, 5), SubSec: subSec})).Capture
		if got := c.Wall.Sub(wall(14, 30, 5)); got != want {
			t.Errorf("%q: %v, want %v", subSec, got, want)
		}
	}
}

func TestAnOffsetIsReadOrUnknownAndNeverGuessedFromTheMachine(t *testing.T) {
	for offset, want := range map[string]time.Duration{
		"+02:00": 2 * time.Hour, "-05:00": -5 * time.Hour, "+05:45": 5*time.Hour + 45*time.Minute,
		"+14:00": 14 * time.Hour, "-0930": -9*time.Hour - 30*time.Minute, "Z": 0, "+00:00": 0, " +02:00 ": 2 * time.Hour,
	} {
		c := mustRead(t, fixture.JPEG(fixture.Spec{Captured: wall(14, 30, 5), Offset: offset})).Capture
		if c.OffsetSource != exif.OffsetRecorded || c.Offset != want {
			t.Errorf("%q: %v (%q), want %v", offset, c.Offset, c.OffsetSource, want)
		}
	}
	for _, offset := range []string{"", "   :  ", "+15:00", "+02:60", "02:00", "+2:00", "+ab:cd", "GMT", "+02:00:00"} {
		c := mustRead(t, fixture.JPEG(fixture.Spec{Captured: wall(14, 30, 5), Offset: offset})).Capture
		if c.OffsetSource != exif.OffsetUnknown || c.String() != "2024-05-18T14:30:05" {
			t.Errorf("%q: %q (%q), want an unknown offset", offset, c, c.OffsetSource)
		}
	}
}

func TestTheOffsetIsInferredFromGPSOnlyIfItIsCloseToAZone(t *testing.T) {
	tests := []struct {
		name string
		gps  time.Duration // the GPS time's distance from the camera's, to the past
		want time.Duration
		ok   bool
	}{
		{"exact", 2 * time.Hour, 2 * time.Hour, true},
		{"camera 4 minutes fast", 2*time.Hour + 4*time.Minute, 2 * time.Hour, true},
		{"camera 4 minutes slow", 2*time.Hour - 4*time.Minute, 2 * time.Hour, true},
		{"between two zones", 2*time.Hour + 4*time.Minute + time.Second, 0, false},
		{"Nepal", 5*time.Hour + 45*time.Minute, 5*time.Hour + 45*time.Minute, true},
		{"west", -7 * time.Hour, -7 * time.Hour, true},
		{"furthest", 14 * time.Hour, 14 * time.Hour, true},
		{"too far", 14*time.Hour + 15*time.Minute, 0, false},
		{"another day", 330 * 24 * time.Hour, 0, false},
	}
	for _, tt := range tests {
		c := mustRead(t, fixture.JPEG(fixture.Spec{Captured: wall(14, 30, 5), GPSTime: wall(14, 30, 5).Add(-tt.gps)})).Capture
		want := exif.OffsetUnknown
		if tt.ok {
			want = exif.OffsetFromGPS
		}
		if c.OffsetSource != want || c.Offset != tt.want {
			t.Errorf("%s: %v (%q), want %v (%q)", tt.name, c.Offset, c.OffsetSource, tt.want, want)
		}
		if !c.Wall.Equal(wall(14, 30, 5)) {
			t.Errorf("%s: the wall clock became %v", tt.name, c.Wall)
		}
	}
}

func TestARecordedOffsetBeatsTheOneFromGPSAndAnEditDateGetsNone(t *testing.T) {
	recorded := fixture.Spec{Captured: wall(14, 30, 5), Offset: "+03:00", GPSTime: wall(12, 30, 5)}
	if c := mustRead(t, fixture.JPEG(recorded)).Capture; c.Offset != 3*time.Hour || c.OffsetSource != exif.OffsetRecorded {
		t.Errorf("offset %v (%q), want the recorded 3h", c.Offset, c.OffsetSource)
	}
	edited := fixture.Spec{Modified: wall(14, 30, 5), GPSTime: wall(12, 30, 5)}
	if c := mustRead(t, fixture.JPEG(edited)).Capture; c.OffsetSource != exif.OffsetUnknown {
		t.Errorf("offset of an edit date: %v (%q), want none", c.Offset, c.OffsetSource)
	}
}

func TestGPSTimesThatCannotBeAreAbsent(t *testing.T) {
	const stamp, date = 0x0007, 0x001d
	tests := map[string][]tag{
		"hour 24":     {fractions(stamp, 24, 1, 0, 1, 0, 1), text(date, "2024:05:18")},
		"second 60":   {fractions(stamp, 1, 1, 0, 1, 60, 1), text(date, "2024:05:18")},
		"no number":   {fractions(stamp, 1, 0, 0, 1, 0, 1), text(date, "2024:05:18")},
		"two numbers": {fractions(stamp, 1, 1, 0, 1), text(date, "2024:05:18")},
		"no date":     {fractions(stamp, 1, 1, 0, 1, 0, 1)},
		"zero date":   {fractions(stamp, 1, 1, 0, 1, 0, 1), text(date, "0000:00:00")},
		"date alone":  {text(date, "2024:05:18")},
		"text":        {text(stamp, "10:00:00"), text(date, "2024:05:18")},
	}
	for name, gps := range tests {
		if c := mustRead(t, withSubdirectory(gpsIFD, gps...)).Capture; !c.IsZero() {
			t.Errorf("%s: read as %q", name, c)
		}
	}
	fine := withSubdirectory(gpsIFD, fractions(stamp, 8, 1, 30, 1, 125, 10), text(date, "2024-05-18"))
	if got := mustRead(t, fine).Capture.String(); got != "2024-05-18T08:30:12.5Z" {
		t.Errorf("GPS time with a fraction: %q", got)
	}
}

func TestInstantNeedsAnOffset(t *testing.T) {
	c := exif.Capture{Wall: wall(14, 30, 5), Source: exif.SourceDateTimeOriginal}
	if got, ok := c.Instant(); ok {
		t.Errorf("instant %v without an offset", got)
	}
	c.Offset, c.OffsetSource = 2*time.Hour, exif.OffsetRecorded
	if got, ok := c.Instant(); !ok || !got.Equal(wall(12, 30, 5)) {
		t.Errorf("instant %v, %v, want 12:30:05 UTC", got, ok)
	}
	if _, ok := (exif.Capture{}).Instant(); ok {
		t.Error("the zero Capture has an instant")
	}
}

func ExampleCapture_String() {
	photo := fixture.JPEG(fixture.Spec{Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC)})
	f, err := exif.Read(bytes.NewReader(photo), int64(len(photo)))
	fmt.Println(f.Capture, err) // no zone: the camera did not record it
	// Output: 2024-05-18T14:30:05 <nil>
}
