package ratelimit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/ratelimit"
)

func timetable(t *testing.T, text string) ratelimit.Timetable {
	t.Helper()
	table, err := ratelimit.ParseTimetable(text)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestATimetableByTheClock(t *testing.T) {
	const office = "08:00,512k 19:00,10M 23:00,off"
	const week = "Mon-08:00,1M;Fri-18:00,off sunday-20:00,2M"
	for _, tc := range []struct {
		table, at string // 2026-11-22 is a Sunday
		want      int64
	}{
		{"", "2026-11-22T12:00:00Z", 0},
		{"off", "2026-11-22T12:00:00Z", 0},
		{"0", "2026-11-22T12:00:00Z", 0},
		{"10M", "2026-11-22T12:00:00Z", 10 << 20},
		{" 10M ", "2026-11-22T12:00:00Z", 10 << 20},
		{"512k", "2026-11-22T12:00:00Z", 512 << 10},
		{"512K", "2026-11-22T12:00:00Z", 512 << 10},
		{"1.5m", "2026-11-22T12:00:00Z", 3 << 19},
		{"2G", "2026-11-22T12:00:00Z", 2 << 30},
		{"100", "2026-11-22T12:00:00Z", 100 << 10},
		{"5000B", "2026-11-22T12:00:00Z", 5000},
		{office, "2026-11-22T07:59:59Z", 0},
		{office, "2026-11-22T08:00:00Z", 512 << 10},
		{office, "2026-11-22T18:59:59Z", 512 << 10},
		{office, "2026-11-22T19:00:00Z", 10 << 20},
		{office, "2026-11-22T23:00:00Z", 0},
		{office, "2026-11-22T00:00:00Z", 0},
		{office, "2026-11-28T12:00:00Z", 512 << 10}, // a Saturday
		{week, "2026-11-23T07:59:59Z", 2 << 20},
		{week, "2026-11-23T08:00:00Z", 1 << 20},
		{week, "2026-11-27T18:00:00Z", 0},
		{week, "2026-11-22T19:59:00Z", 0},
		{week, "2026-11-22T20:00:00Z", 2 << 20},
		{week, "2026-11-28T23:59:00Z", 0},
	} {
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := timetable(t, tc.table).At(at); got != tc.want {
			t.Errorf("%q at %s: %d bytes a second, want %d", tc.table, tc.at, got, tc.want)
		}
	}
}

func TestATimetableGoesByTheClockOnTheWallWhenTheClocksChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	table := timetable(t, "01:30,1M 02:30,2M 04:00,3M")
	for _, tc := range []struct {
		at   string
		want int64
	}{
		{"2026-03-29T00:59:59Z", 1 << 20}, // 01:59:59; the next second is 03:00
		{"2026-03-29T01:00:00Z", 2 << 20}, // what begins in the hour that is left out holds after it
		{"2026-03-29T02:00:00Z", 3 << 20}, // 04:00
		{"2026-10-25T00:29:00Z", 1 << 20}, // 02:29, for the first time
		{"2026-10-25T00:30:00Z", 2 << 20}, // 02:30
		{"2026-10-25T01:00:00Z", 1 << 20}, // 02:00, for the second time
		{"2026-10-25T01:30:00Z", 2 << 20}, // 02:30
		{"2026-10-25T03:00:00Z", 3 << 20}, // 04:00
	} {
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := table.At(at.In(berlin)); got != tc.want {
			t.Errorf("at %s: %d bytes a second, want %d", at.In(berlin), got, tc.want)
		}
	}
}

func TestABadTimetableIsRefusedWithItsColumn(t *testing.T) {
	for text, want := range map[string]string{
		"fast":                     `column 1: "fast" is no limit`,
		"10X":                      `column 1: "10X" is no limit`,
		"-1M":                      `column 1: "-1M" is no limit`,
		"1e3M":                     `column 1: "1e3M" is no limit`,
		"M":                        `column 1: "M" is no limit`,
		"10M:1M":                   `column 1: "10M:1M" is no limit`,
		"100B":                     `column 1: "100B" is less than 1024 bytes`,
		"99999999999999G":          `column 1: "99999999999999G" is more than can be counted`,
		"25:00,10M":                `column 1: "25:00" is no time of day`,
		"08:60,10M":                `column 1: "08:60" is no time of day`,
		"0800,10M":                 `column 1: "0800" is no time of day`,
		"08:00, 10M":               `column 7: "" is no limit`,
		"08:00,10M 9:5,1M":         `column 11: "9:5" is no time of day`,
		"08:00,10M 19:00,quick":    `column 17: "quick" is no limit`,
		"08:00,10M 1M":             `column 11: "1M" has no limit; in a list each entry is HH:MM,LIMIT`,
		"08:00,10M;Mond-19:00,off": `column 11: "Mond" is no day`,
		"08:00,10M  Mon-24:00,off": `column 16: "24:00" is no time of day`,
		"ä 10M":                    `column 1: "ä" has no limit`,
		"08:00,1M 08:00,2M":        `Sunday 08:00 has two limits`,
		"08:00,1M Tue-08:00,2M":    `Tuesday 08:00 has two limits`,
	} {
		_, err := ratelimit.ParseTimetable(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

func FuzzTimetable(f *testing.F) {
	for _, text := range []string{"", "10M", "08:00,512k 19:00,10M 23:00,off", "Mon-08:00,1M;Fri-18:00,off", "ä,-:", "1.5G 00:00"} {
		f.Add(text, int64(1_795_000_000))
	}
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		table, err := ratelimit.ParseTimetable(text)
		if err != nil {
			return
		}
		if limit := table.At(time.Unix(seconds, 0)); limit != 0 && limit < 1024 {
			t.Errorf("%q has a limit of %d bytes a second, want 0 or at least 1024", text, limit)
		}
	})
}
