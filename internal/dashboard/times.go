package dashboard

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/chart"
	"github.com/albumwright/albumwright/internal/watch"
)

// The strip of capture times is drawn from so much and no more, however many there are.
const (
	timeColumns = 240
	timesHigh   = 64
	mostLegend  = 8 // albums that are named
	aloofShare  = 100
	aloofTimes  = 4 // one in a hundred at each end is left out if the strip would be so many times as long for it
)

// timeline is when the last files were taken.
type timeline struct {
	Items   int
	Columns int
	High    int
	Span    string
	Hues    []hue
	Legend  []albumCount
	More    int // albums that are not named
	Ticks   []tick
	Aloof   string // what stands too far away
}

// hue is all that is drawn in one colour.
type hue struct{ Class, Path string }

type albumCount struct {
	Class, Title string
	Items        int
}

func timesOf(s watch.Snapshot) timeline {
	taken := slices.DeleteFunc(slices.Clone(s.Times), func(t watch.Taken) bool { return t.At.IsZero() })
	t := timeline{Items: len(taken), Columns: timeColumns, High: timesHigh}
	if len(taken) == 0 {
		return t
	}
	slices.SortFunc(taken, func(a, b watch.Taken) int { return a.At.Compare(b.At) })
	near, early, late := nearby(taken)
	from, to := span(near)
	t.Span = stretch(near[0].At, near[len(near)-1].At)
	t.Aloof = aloof(early, late)
	colours := coloursOf(taken)
	t.Hues = hues(near, from, to, colours)
	t.Legend, t.More = legend(taken, colours)
	for _, tk := range chart.Ticks(from, to) {
		t.Ticks = append(t.Ticks, tick{percent(tk.At), tk.Text})
	}
	return t
}

// nearby leaves out the few that stand so far away that all others would be one column: photos of a scanner, a clock that was reset.
func nearby(taken []watch.Taken) (near []watch.Taken, early, late int) {
	n := len(taken)
	out := n / aloofShare
	middle := taken[out : n-out]
	first, last := middle[0].At, middle[len(middle)-1].At
	if width := last.Sub(first); taken[n-1].At.Sub(taken[0].At) <= aloofTimes*width || width == 0 {
		return taken, 0, 0
	}
	return middle, out, out
}

func aloof(early, late int) string {
	if early+late == 0 {
		return ""
	}
	return fmt.Sprintf("%s stand further away", count(early+late))
}

// span is from the first to the last, with some air, and never nothing.
func span(taken []watch.Taken) (from, to time.Time) {
	from, to = taken[0].At.UTC(), taken[len(taken)-1].At.UTC()
	air := max(to.Sub(from)/50, time.Minute)
	return from.Add(-air), to.Add(air)
}

// coloursOf gives each album a colour: its own, unless one of the few albums that begin just before it has that.
func coloursOf(taken []watch.Taken) map[string]int {
	out := map[string]int{}
	var before [chart.Hues - 1]int // the last colours that were given, and where the oldest of them stands
	for i := range before {
		before[i] = -1
	}
	at := 0
	for _, t := range taken {
		if _, known := out[t.Album]; known {
			continue
		}
		colour := chart.Hue(t.Album)
		for slices.Contains(before[:], colour) {
			colour = (colour + 1) % chart.Hues
		}
		out[t.Album], before[at] = colour, colour
		at = (at + 1) % len(before)
	}
	return out
}

// hues stacks the columns, each album in its colour, and gathers what has the same.
func hues(taken []watch.Taken, from, to time.Time, colours map[string]int) (out []hue) {
	var columns [timeColumns][chart.Hues]int
	most := 0
	for _, t := range taken {
		at := min(int(timeColumns*float64(t.At.Sub(from))/float64(to.Sub(from))), timeColumns-1)
		columns[at][colours[t.Album]]++
		all := 0
		for _, n := range columns[at] {
			all += n
		}
		most = max(most, all)
	}
	var paths [chart.Hues]strings.Builder
	for x, column := range columns {
		below := 0.0
		for h, n := range column {
			if n > 0 {
				high := float64(timesHigh) * float64(n) / float64(most)
				fmt.Fprintf(&paths[h], "M%d %.1fv-%.1fh.85v%.1fz", x, timesHigh-below, high, high)
				below += high
			}
		}
	}
	for h := range paths {
		if paths[h].Len() > 0 {
			out = append(out, hue{fmt.Sprintf("hue%d", h), paths[h].String()})
		}
	}
	return out
}

// legend names the albums that most files went to, in the order in which they begin.
func legend(taken []watch.Taken, colours map[string]int) (out []albumCount, more int) {
	items, begin := map[string]int{}, map[string]time.Time{}
	for _, t := range taken {
		if items[t.Album]++; items[t.Album] == 1 {
			begin[t.Album] = t.At
		}
	}
	titles := slices.SortedFunc(maps.Keys(items), func(a, b string) int { return cmp.Or(items[b]-items[a], strings.Compare(a, b)) })
	named := titles[:min(len(titles), mostLegend)]
	slices.SortStableFunc(named, func(a, b string) int { return begin[a].Compare(begin[b]) })
	for _, title := range named {
		out = append(out, albumCount{fmt.Sprintf("hue%d", colours[title]), albumTitle(title), items[title]})
	}
	return out, len(titles) - len(out)
}

// albumTitle names an album, or that there is none.
func albumTitle(title string) string {
	if title == "" {
		return "no album"
	}
	return cut(plain(title), 60)
}

// stretch is from one wall clock to another, as short as it is clear.
func stretch(from, to time.Time) string {
	const date = "2 Jan 2006"
	a, b := from.UTC().Format(date), to.UTC().Format(date)
	if a == b {
		return a
	}
	return a + " – " + b
}
