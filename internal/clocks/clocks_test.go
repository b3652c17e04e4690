package clocks_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/clocks"
	"github.com/albumwright/albumwright/internal/property"
)

var (
	r6   = clocks.Camera{Make: "Canon", Model: "Canon EOS R6", Serial: "0123"}
	x100 = clocks.Camera{Make: "FUJIFILM", Model: "X100V"}
)

func TestAShiftIsReadAsPeopleWriteIt(t *testing.T) {
	for text, want := range map[string]clocks.Shift{
		"Canon EOS R6=+1:00":            {Camera: "Canon EOS R6", By: time.Hour},
		"-0:02:30":                      {By: -2*time.Minute - 30*time.Second},
		"X100V/7 = +1d0:00":             {Camera: "X100V/7", By: 24 * time.Hour},
		"-36500d0:00":                   {By: -36500 * 24 * time.Hour},
		"+365d 12:00":                   {By: 365*24*time.Hour + 12*time.Hour},
		"A=B=-13:45":                    {Camera: "A=B", By: -13*time.Hour - 45*time.Minute},
		"FUJIFILM X100V=+0:00:01":       {Camera: "FUJIFILM X100V", By: time.Second},
		"Canon EOS R6/0123=+100:00:00 ": {Camera: "Canon EOS R6/0123", By: 100 * time.Hour},
	} {
		if got, err := clocks.ParseShift(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "1:00", "+1", "+1:5", "+1:60", "+0:00:60", "Canon", "=+1:00", "Canon=1h", "+1h", "Canon=", "+1:00:00:00", "+d1:00", "+36501d0:00", "-99999d0:00"} {
		if _, err := clocks.ParseShift(text); !errors.Is(err, clocks.ErrShift) {
			t.Errorf("%q: %v, want that it is refused", text, err)
		}
	}
}

func TestAShiftIsReadAsItIsWritten(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		s := clocks.Shift{
			Camera: rapid.SampledFrom([]string{"", "R6", "Canon EOS R6/0123"}).Draw(t, "camera"),
			By:     time.Duration(rapid.IntRange(-1e7, 1e7).Draw(t, "seconds")) * time.Second,
		}
		if got, err := clocks.ParseShift(s.String()); err != nil || got != s {
			t.Fatalf("%q: %+v, %v", s, got, err)
		}
	})
}

func TestTheShiftCountsThatNamesACameraMostClosely(t *testing.T) {
	shifts := clocks.Shifts{{By: 1}, {Camera: "canon eos r6", By: 2}, {Camera: "Canon Canon EOS R6", By: 3}, {Camera: "Canon EOS R6/0123", By: 4}, {Camera: "X100F", By: 5}}
	for _, c := range []struct {
		shifts clocks.Shifts
		camera clocks.Camera
		want   time.Duration
	}{
		{shifts, r6, 4},
		{shifts[:3], r6, 3},
		{shifts[:2], r6, 2},
		{shifts, clocks.Camera{Make: "Canon", Model: "Canon EOS R6", Serial: "9"}, 3},
		{shifts, x100, 1},
		{shifts, clocks.Camera{}, 1},
		{shifts[1:], clocks.Camera{}, 0},
		{nil, r6, 0},
	} {
		if got, _ := c.shifts.Of(c.camera); got.By != c.want {
			t.Errorf("%v of %v: %d, want %d", c.shifts, c.camera, got.By, c.want)
		}
	}
	if err := (clocks.Shifts{{Camera: "R6", By: 1}, {Camera: "r6", By: 2}}).Valid(); err == nil {
		t.Error("two shifts for one camera are taken")
	}
}

func TestAClockThatIsOffIsFoundByTheSatellites(t *testing.T) {
	noon := time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC)
	two := 2 * time.Hour
	for _, c := range []struct {
		name   string
		offset *time.Duration
		ahead  []time.Duration
		want   string
	}{
		{"an hour behind what the recorded zone says", &two, slices.Repeat([]time.Duration{time.Hour}, 6), "1h0m0s behind"},
		{"seven minutes ahead, in an unknown zone", nil, slices.Repeat([]time.Duration{2*time.Hour + 7*time.Minute}, 6), "7m0s ahead of"},
		{"right", &two, slices.Repeat([]time.Duration{two + 20*time.Second}, 6), ""},
		{"in a zone, which is not recorded", nil, slices.Repeat([]time.Duration{5*time.Hour + 45*time.Minute}, 6), ""},
		{"too few say so", &two, slices.Repeat([]time.Duration{0}, 4), ""},
		{"no two say the same: the satellites' time is that of the last fix", &two, []time.Duration{0, time.Minute, 3 * time.Minute, 5 * time.Minute, 9 * time.Minute, 20 * time.Minute}, ""},
		{"one of six says something else", &two, []time.Duration{0, 0, 0, 0, 0, 9 * time.Minute}, "2h0m0s behind"},
	} {
		var s clocks.Satellites
		for i, ahead := range c.ahead {
			at := noon.Add(time.Duration(i) * time.Hour)
			s.Add(r6, at.Add(ahead), c.offset, at)
		}
		if text := s.Warnings(clocks.Shifts{{Camera: "Canon EOS R6", By: time.Hour}}); text != nil {
			t.Errorf("%s: although it is put right: %q", c.name, text)
		}
		got := s.Warnings(nil)
		if len(got) > 1 || (len(got) == 1) != (c.want != "") || len(got) == 1 && !strings.Contains(got[0], c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if len(got) == 1 && !strings.Contains(got[0], "--time-shift 'Canon EOS R6/0123=") {
			t.Errorf("%s: %q does not say what to do", c.name, got[0])
		}
	}
}

// minutes are those of a day in which somebody photographs a party, with pauses.
var minutes = []int{0, 3, 11, 14, 60, 66, 72, 130, 131, 145, 200, 260, 268, 275, 340, 345, 420, 421, 500, 560}

// party feeds the photos of two cameras, the second one's clock being behind by so much, and returns what is said about it.
func party(a, b clocks.Camera, when []int, behind time.Duration) []string {
	type shot struct {
		camera clocks.Camera
		at     time.Time
	}
	var shots []shot
	for _, m := range when {
		at := time.Date(2024, 5, 18, 10, m, 0, 0, time.UTC)
		shots = append(shots, shot{a, at}, shot{b, at.Add(2*time.Minute - behind)})
	}
	slices.SortStableFunc(shots, func(a, b shot) int { return a.at.Compare(b.at) })
	var o clocks.Occasions
	for _, s := range shots {
		o.Next(s.camera, s.at, true)
	}
	return o.Warnings()
}

func TestTwoCamerasOfOneOccasionThatAreAnHourApartAreFound(t *testing.T) {
	for behind, want := range map[time.Duration]string{
		0: "", time.Hour: "--time-shift 'X100V=+1:00'", -2 * time.Hour: "--time-shift 'X100V=-2:00'", 9 * time.Hour: "--time-shift 'X100V=+9:00'",
		20 * time.Minute: "", // nothing that a zone or summer time explains
	} {
		got := party(r6, x100, minutes, behind)
		if (len(got) == 1) != (want != "") || want != "" && !strings.Contains(got[0], want) {
			t.Errorf("behind by %s: %q, want %q", behind, got, want)
		}
	}
}

func TestCamerasWithoutAPatternInCommonAreNotSuspected(t *testing.T) {
	var steady []int
	for m := range 12 * 60 {
		steady = append(steady, m)
	}
	if got := party(r6, x100, steady, time.Hour); got != nil {
		t.Errorf("two that never pause: %q", got)
	}
	if got := party(r6, x100, minutes[:6], time.Hour); got != nil {
		t.Errorf("a handful of photos: %q", got)
	}
	if got := party(r6, clocks.Camera{}, minutes, time.Hour); got != nil {
		t.Errorf("photos of no known camera: %q", got)
	}
	property.Check(t, func(t *rapid.T) { // two photographers who have nothing to do with each other
		var o clocks.Occasions
		at := time.Date(2024, 5, 18, 10, 0, 0, 0, time.UTC)
		for range rapid.IntRange(0, 200).Draw(t, "photos") {
			at = at.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "minutes")) * time.Minute)
			o.Next(rapid.SampledFrom([]clocks.Camera{r6, x100}).Draw(t, "camera"), at, true)
		}
		if got := o.Warnings(); got != nil {
			t.Fatalf("%q", got)
		}
	})
}
