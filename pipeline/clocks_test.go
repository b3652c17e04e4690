package pipeline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/pipeline"
)

// shift puts a camera's clock right.
func (w *world) shift(camera string, by time.Duration) {
	w.cfg.Shifts = append(w.cfg.Shifts, pipeline.ClockShift{Camera: camera, By: by})
	w.unseen = true
}

func TestAClockThatIsPutRightSortsAndNamesAlbums(t *testing.T) {
	w := newWorld(t)
	w.taken("a1.jpg", "R6", "2024-05-18 23:10", "")
	w.taken("b1.jpg", "X100", "2024-05-18 22:20", "") // in fact 23:20
	w.taken("b2.jpg", "X100", "2024-05-18 23:20", "") // in fact on the next day
	w.taken("a2.jpg", "R6", "2024-05-18 23:30", "")
	w.shift("X100", time.Hour)
	w.by("day")
	w.foreseen()
	w.wantAlbums(map[string][]string{"2024-05-18": {"a1.jpg", "b1.jpg", "a2.jpg"}, "2024-05-19": {"b2.jpg"}})
}

// Facts are remembered as they were put right; another shift, and none, puts them right again.
func TestAnotherShiftCountsFromWhatTheCameraRecorded(t *testing.T) {
	w := newWorld(t)
	w.taken("1.jpg", "X100", "2024-05-18 10:00", "")
	w.by("{date:%Y}: {camera}")
	w.shift("", time.Hour)
	w.run()
	w.cfg.Shifts = nil
	w.shift("x100", 24*time.Hour)
	w.by("day")
	w.run()
	w.cfg.Shifts = nil
	w.by("day")
	w.run()
	w.wantAlbums(map[string][]string{"2024: X100": {"1.jpg"}, "2024-05-19": {"1.jpg"}, "2024-05-18": {"1.jpg"}})
}

// warnings are those of the import, which the dry run must have foreseen.
func (w *world) warnings() string {
	w.t.Helper()
	plan := w.plan()
	rep := w.run()
	if fmt.Sprint(plan.Warnings) != fmt.Sprint(rep.Warnings) {
		w.t.Errorf("the dry run warned of %q, the import of %q", plan.Warnings, rep.Warnings)
	}
	return strings.Join(rep.Warnings, "\n")
}

func (w *world) wantWarning(got, part string) {
	w.t.Helper()
	if part == "" && got != "" || !strings.Contains(got, part) {
		w.t.Errorf("warnings %q, want %q", got, part)
	}
}

func TestACameraWhoseClockIsNotTheSatellitesIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		ahead  time.Duration
		offset string
		shift  bool
		want   string
	}{
		"an hour ahead of the recorded zone": {3 * time.Hour, "+02:00", false, "--time-shift 'R6/7=-1:00'"},
		"right":                              {2 * time.Hour, "+02:00", false, ""},
		"four minutes behind, zone unknown":  {2*time.Hour - 4*time.Minute, "", false, "--time-shift 'R6/7=+0:04'"},
		"an hour ahead, and put right":       {3 * time.Hour, "+02:00", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for i := range 6 {
				w.write(fmt.Sprintf("%d.jpg", i), fixture.JPEG(fixture.Spec{
					Width: 16, Height: 16, Seed: i, Captured: noon(i).Add(c.ahead), Offset: c.offset, GPSTime: noon(i), Model: "R6", Serial: "7",
				}))
			}
			if c.shift {
				w.shift("R6", -time.Hour)
			}
			w.wantWarning(w.warnings(), c.want)
			w.wantWarning(w.warnings(), "") // what is known is not warned of again
		})
	}
}

func TestTwoCamerasThatLookShiftedAgainstEachOtherAreNamed(t *testing.T) {
	party := func(w *world) {
		for i, minute := range []int{0, 3, 11, 14, 60, 66, 72, 130, 131, 145, 200, 260, 268, 275, 340, 345, 420, 421, 500, 560} {
			at := func(more int) string { return noon(minute + more).Format("2006-01-02 15:04") }
			w.taken(fmt.Sprintf("a%d.jpg", i), "R6", at(0), "")
			w.taken(fmt.Sprintf("b%d.jpg", i), "X100", at(-60), "")
		}
	}
	w := newWorld(t)
	party(w)
	w.wantWarning(w.warnings(), "--time-shift 'X100=+1:00'")
	w = newWorld(t)
	party(w)
	w.shift("X100", time.Hour)
	w.wantWarning(w.warnings(), "")
}

// The phone's photos are there for a week when the camera's card comes.
func TestACameraThatLooksShiftedAgainstWhatStandsInItsAlbumIsNamed(t *testing.T) {
	w := newWorld(t)
	w.unseen = true // the camera's clock is wrong
	bring := func(camera string, behind int) {
		for i, minute := range []int{0, 3, 11, 14, 60, 66, 72, 130, 131, 145, 200, 260, 268, 275, 340, 345, 420, 421, 500, 560} {
			w.taken(fmt.Sprintf("Party/%s%d.jpg", camera, i), camera, noon(minute-behind).Format("2006-01-02 15:04"), "")
		}
	}
	bring("Phone", 0)
	w.wantWarning(w.warnings(), "")
	bring("X100", 60)
	w.wantWarning(w.warnings(), "--time-shift 'X100=+1:00'")
	w.taken("Party/late.jpg", "Phone", noon(2000).Format("2006-01-02 15:04"), "")
	w.wantWarning(w.warnings(), "") // of another day
	w.taken("Else/X100.jpg", "X100", noon(2).Format("2006-01-02 15:04"), "")
	w.wantWarning(w.warnings(), "") // of another album
}

// What is in an album cannot be moved: who hears of a wrong clock in the report hears of it too late.
func TestAWrongClockIsToldOfBeforeAnythingIsSent(t *testing.T) {
	w := newWorld(t)
	w.unseen = true // the clock is wrong
	for i := range 6 {
		w.write(fmt.Sprintf("%d.jpg", i), fixture.JPEG(fixture.Spec{
			Width: 16, Height: 16, Seed: i, Captured: noon(i).Add(3 * time.Hour), Offset: "+02:00", GPSTime: noon(i), Model: "R6",
		}))
	}
	var told []string
	w.cfg.Observe = func(ev pipeline.Event) {
		if warning, ok := ev.(pipeline.Warning); ok {
			told = append(told, warning.Text)
			wantCalls(t, w.service.Calls(), map[string]int{})
		}
	}
	rep := w.run()
	if len(told) != 1 || fmt.Sprint(told) != fmt.Sprint(rep.Warnings) {
		t.Errorf("told %q, reported %q", told, rep.Warnings)
	}
}

func TestAShiftForACameraThatIsNotThereIsNamed(t *testing.T) {
	w := newWorld(t)
	w.taken("1.jpg", "X100", "2024-05-18 10:00", "")
	w.shift("X100F", time.Hour)
	w.wantWarning(w.warnings(), "'X100F=+1:00' is for a camera of which there is no photo here")
}

func TestAShiftIsNoMistakeWhereAnotherOneNamesTheCameraMoreClosely(t *testing.T) {
	w := newWorld(t)
	w.shot("1.jpg", noon(0), camera("X100"))
	w.shift("X100", time.Hour)
	w.shift("Acme X100", 2*time.Hour)
	w.wantWarning(w.warnings(), "")
}

func TestTwoShiftsForOneCameraAreRefused(t *testing.T) {
	w := newWorld(t)
	w.shift("R6", time.Hour)
	w.shift("r6", time.Hour)
	if err := w.cfg.Valid(); err == nil {
		t.Error("they are taken")
	}
}
