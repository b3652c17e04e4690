package pipeline_test

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
)

// tale is a library and what happens to it, drawn before it is told.
type tale struct {
	ways      []string
	transfers int
	files     []*taken
	steps     []step
}

// step is what happens before one run, and in it.
type step struct {
	removals []int // indexes of what the albums hold by then, taken out by the user
	deletes  []int // indexes of albums that the user deletes
	wait     time.Duration
	faults   []emulator.Fault
	kill     int // the event at which the run dies; 0: none
	retry    int // what comes first: 1 retries what failed, 2 what was refused as well
}

func (s step) disturbed() bool { return len(s.faults) > 0 || s.kill > 0 || s.retry > 0 }

// taken is a file, with the facts by which a reader of docs/decisions/order.md would sort it.
type taken struct {
	path    string
	arrives int    // before which step
	content int    // copies have the same
	unit    int    // files of one unit stand together
	rank    int    // among those
	series  string // the name before its number
	number  int
	cluster int // of the times that are within an hour
	spec    fixture.Spec
}

func (f *taken) dir() string { return path.Dir(f.path) }

// clusters are times that are hours from each other. The first two seconds of the first are the last two of a day.
var clusters = []time.Time{
	time.Date(2024, 5, 18, 23, 59, 58, 0, time.UTC), time.Date(2024, 5, 19, 12, 0, 0, 0, time.UTC), time.Date(2024, 6, 2, 8, 0, 0, 0, time.UTC),
}

// drawTale draws a library of some units and the runs in which its files come. Most tales are undisturbed: of those it is known to the call what they cost.
func drawTale(rt *rapid.T) tale {
	ways := []string{"folder", "day", "month", "event", "camera", "{camera|'none'} in {date:%Y}", "=Everything", "=a"}
	tl := tale{
		ways:      rapid.SliceOfNDistinct(rapid.SampledFrom(ways), 1, 3, rapid.ID).Draw(rt, "rules"),
		transfers: rapid.SampledFrom([]int{1, 4}).Draw(rt, "transfers"),
	}
	steps := rapid.IntRange(1, 4).Draw(rt, "runs")
	d := drawing{rt: rt, steps: steps, used: map[string]bool{}}
	for range rapid.IntRange(1, 8).Draw(rt, "units") {
		d.unit()
	}
	tl.files = d.files
	user, faults := rapid.IntRange(0, 5).Draw(rt, "the user"), rapid.IntRange(0, 2).Draw(rt, "with faults") == 2
	for range steps {
		var s step
		s.wait = rapid.SampledFrom([]time.Duration{0, 48 * time.Hour}).Draw(rt, "wait")
		switch user { // never both: what was taken out of an album that is deleted before anybody noticed comes back with it
		case 4:
			s.removals = rapid.SliceOfN(rapid.IntRange(0, 99), 0, 3).Draw(rt, "removals")
		case 5:
			s.deletes = rapid.SliceOfN(rapid.IntRange(0, 9), 0, 2).Draw(rt, "deletes")
		}
		if faults {
			s.faults = rapid.SliceOfN(rapid.Custom(drawFault), 0, 3).Draw(rt, "faults")
			s.kill = max(0, rapid.IntRange(-20, 40).Draw(rt, "kill"))
			s.retry = max(0, rapid.IntRange(-2, 2).Draw(rt, "retry"))
		}
		tl.steps = append(tl.steps, s)
	}
	return tl
}

func drawFault(rt *rapid.T) emulator.Fault {
	calls := []emulator.Effect{
		emulator.CutBefore(), emulator.ApplyThenCut(), emulator.CutAnswer(10), emulator.HTML(), emulator.EmptyAnswer(), emulator.Refuse("503"),
	}
	items := []emulator.Effect{
		emulator.FailItem(13, ""), emulator.FailItem(4, ""), emulator.FailItem(3, ""), emulator.FailItem(6, ""), emulator.DropResult(), emulator.ShuffleResults(),
	}
	f := emulator.Fault{
		Operation: rapid.SampledFrom([]string{"uploads", "albums.list", "albums.create", "mediaItems.batchCreate", "albums.batchAddMediaItems"}).Draw(rt, "operation"),
		Nth:       rapid.IntRange(1, 4).Draw(rt, "nth"), Times: rapid.SampledFrom([]int{1, 1, 2, 20}).Draw(rt, "times"),
	}
	if f.Operation == "mediaItems.batchCreate" {
		calls = append(calls, items...)
	}
	f.Effect = rapid.SampledFrom(calls).Draw(rt, "effect")
	return f
}

// drawing is a library that is being drawn.
type drawing struct {
	rt    *rapid.T
	steps int
	used  map[string]bool // stems
	units int
	files []*taken
}

// file is one of a unit: what it has not in common with the others.
type file struct {
	ending string
	rank   int // stills before videos, what was edited behind its original: as the decision has it
	later  time.Duration
	set    func(*fixture.Spec)
}

// unit draws files that belong together: mostly one.
func (d *drawing) unit() {
	rt := d.rt
	nothing := func(*fixture.Spec) {}
	first := taken{cluster: rapid.IntRange(0, len(clusters)-1).Draw(rt, "cluster"), series: "img_"}
	at := clusters[first.cluster].Add(time.Duration(rapid.SampledFrom([]int{0, 1, 2, 600}).Draw(rt, "second")) * time.Second)
	first.spec = fixture.Spec{Width: 16, Height: 16, Captured: at, Model: rapid.SampledFrom([]string{"", "One", "Two"}).Draw(rt, "camera")}
	fraction := rapid.SampledFrom([]string{"", "1", "25", "09"}).Draw(rt, "fraction")
	folder := rapid.SampledFrom([]string{"a", "b/a", "b", "100CANON", "101CANON"}).Draw(rt, "folder")
	first.number = rapid.IntRange(4000, 4020).Draw(rt, "number")
	stem := fmt.Sprintf("IMG_%04d", first.number)
	var files []file
	switch rapid.SampledFrom([]string{"photo", "photo", "named", "copy", "raw", "live", "edited", "clip", "turn"}).Draw(rt, "kind") {
	case "photo":
		files = []file{{".jpg", 2, 0, nothing}}
	case "named":
		first.series, first.number = "walk ", first.number-3995
		stem = fmt.Sprintf("Walk %d", first.number)
		files = []file{{".jpg", 2, 0, nothing}}
	case "copy":
		d.copied(folder)
		return
	case "raw":
		files = []file{{".jpg", 2, 0, nothing}, {".nef", 4, 0, nothing}}
	case "edited":
		files = []file{{".jpg", 2, 0, nothing}, {"-edited.jpg", 18, 0, nothing}}
	case "live":
		id := live(fmt.Sprintf("id-%d", d.units))
		later := time.Duration(rapid.IntRange(-1, 2).Draw(rt, "later")) * time.Second
		fraction, files = "", []file{{".heic", 1, 0, id}, {".mov", 5, later, func(s *fixture.Spec) { id(s); s.Duration = 2 * time.Second }}}
	case "clip":
		d.clip(first, folder)
		return
	case "turn":
		first.series, folder = "dsc_", "turn" // only here, so that what is above 9999 needs no history
		first.cluster, first.spec.Captured, fraction = 0, clusters[0], "5"
		first.number = rapid.IntRange(9997, 10003).Draw(rt, "over")
		stem = fmt.Sprintf("DSC_%04d", first.number%10000)
		files = []file{{".jpg", 2, 0, nothing}}
	}
	first.spec.SubSec = fraction
	d.add(first, folder, stem, files)
}

// clip draws chapters of a video.
func (d *drawing) clip(first taken, folder string) {
	first.series = "gx"
	for chapter := range rapid.IntRange(2, 3).Draw(d.rt, "chapters") {
		f := first
		f.spec.Duration, f.rank = 10*time.Minute, chapter
		name := file{".mp4", chapter, time.Duration(chapter) * 10 * time.Minute, func(*fixture.Spec) {}}
		if !d.add(f, folder, fmt.Sprintf("GX%02d%04d", chapter+1, f.number), []file{name}) {
			return
		}
		d.units-- // they are one
	}
	d.units++
}

// add adds a unit's files, unless their name is taken.
func (d *drawing) add(first taken, folder, stem string, files []file) bool {
	at := folder + "/" + stem
	if d.used[at] {
		return false
	}
	d.used[at] = true
	for _, name := range files {
		f := first
		f.path, f.unit, f.rank, f.content = at+name.ending, d.units, name.rank, len(d.files)
		f.spec.Captured, f.spec.Seed = f.spec.Captured.Add(name.later), len(d.files)+1
		name.set(&f.spec)
		f.arrives = rapid.IntRange(0, d.steps-1).Draw(d.rt, "arrives")
		if dcf := dcfNumber(folder); dcf > 0 && len(stem) == 8 {
			f.number += dcf * 10000
		}
		d.files = append(d.files, &f)
	}
	d.units++
	return true
}

// dcfNumber is the number of a camera's folder: numbers go on from one such folder to the next.
func dcfNumber(folder string) (n int) {
	if _, err := fmt.Sscanf(path.Base(folder), "%3dCANON", &n); err != nil {
		return 0
	}
	return n
}

// copied draws a copy of a photo that belongs with nothing else, under a name of its own.
func (d *drawing) copied(folder string) {
	alone := slices.DeleteFunc(slices.Clone(d.files), func(f *taken) bool {
		return slices.ContainsFunc(d.files, func(g *taken) bool { return f != g && f.unit == g.unit }) || path.Ext(f.path) != ".jpg"
	})
	if len(alone) == 0 {
		return
	}
	f := *rapid.SampledFrom(alone).Draw(d.rt, "of")
	f.series, f.number, f.unit = "copy ", d.units, d.units
	f.path = fmt.Sprintf("%s/copy %d.jpg", folder, d.units)
	f.arrives = rapid.IntRange(0, d.steps-1).Draw(d.rt, "arrives")
	d.files, d.units = append(d.files, &f), d.units+1
}

// byOrder compares files as the decision has it: by time with its fraction, then by number within what is called alike, then by name, then by folder.
func byOrder(a, b *taken) int {
	return cmp.Or(
		a.spec.Captured.Compare(b.spec.Captured), strings.Compare(a.spec.SubSec, b.spec.SubSec), // fractions sort as digits: 09 before 1
		strings.Compare(a.series, b.series), cmp.Compare(a.number, b.number), strings.Compare(path.Base(a.path), path.Base(b.path)), strings.Compare(a.dir(), b.dir()),
	)
}
