package planpage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// The timeline is drawn from so much and no more, however many files there are.
const (
	bins         = 320 // columns
	mostSegments = 4   // albums in one column; what is beyond is one grey segment
	mostBands    = 60  // albums below the columns; where there are more, closer windows have them
	lanes        = 3   // rows of bands
	leastWindow  = 120 // seconds: no closer than that

	barsHigh     = 96 // pixels
	mostPerItem  = 32 // pixels of one item, while columns are low
	leastPerItem = 12
	leastBar     = 5
	laneHigh     = 22
	leastPause   = 0.02     // of the width, to be drawn
	wide, narrow = 900, 380 // pixels across, at least, of the picture in a window and on a phone
)

// timeline is what is drawn. Places across are in percent of the width, heights in pixels.
type timeline struct {
	From, To   seconds
	Whole      bool
	Label      string
	Items      int // in the window
	Bars       []bar
	Bands      []band
	Ticks      []tick
	Days       []tick // where days begin
	Pauses     []pause
	High, Axis int // of the picture; where the axis stands

	In, Out, Earlier, Later, All string // addresses
}

type bar struct {
	X, W     string
	Link     string
	Title    string
	Segments []segment
}

type segment struct {
	Y, High int
	Shade   string
}

type band struct {
	X, W, Link, Title, Shade string
	Text                     string // what fits into it
	Y                        int
	Open                     bool
}

type tick struct{ X, Text string }

type pause struct {
	X, From, To string
	Text        string // how long it is; "" where there is no room for it
	Narrow      bool   // without room for it on a phone
}

// timeline draws the window that a query asks for.
func (f *foreseen) timeline(q query) timeline {
	from, to := f.all()
	t := timeline{From: from, To: to, Whole: true}
	if q.From < q.To && from < to {
		t.From, t.To = clamp(q.From, q.To, from, to)
		t.Whole = t.From == from && t.To == to
	}
	if t.From >= t.To {
		return t
	}
	marks := f.between(t.From, t.To)
	t.Items, t.Label = len(marks), stretch(clock(t.From), clock(t.To))
	t.Bars = f.bars(q, t.From, t.To, marks)
	var rows int
	t.Bands, rows = f.bands(q, t.From, t.To)
	t.Axis = barsHigh + 14 + rows*laneHigh
	t.High = t.Axis + 24
	t.Ticks = ticks(t.From, t.To)
	t.Days = f.dayStarts(t.From, t.To)
	t.Pauses = f.longPauses(t.From, t.To, marks)
	t.links(q, from, to)
	return t
}

// links leads to the windows beside this one.
func (t *timeline) links(q query, from, to seconds) {
	width := t.To - t.From
	move := func(a, b seconds) string {
		a, b = clamp(a, b, from, to)
		if a == t.From && b == t.To {
			return ""
		}
		if a == from && b == to {
			a, b = 0, 0
		}
		return q.window(a, b).link()
	}
	t.In = move(t.From+width/4, t.To-width/4)
	t.Out = move(t.From-width/2, t.To+width/2)
	t.Earlier, t.Later = move(t.From-width/2, t.To-width/2), move(t.From+width/2, t.To+width/2)
	t.All = move(from, to)
}

// clamp moves a window into the whole, and keeps its width as long as it fits.
func clamp(a, b, from, to seconds) (seconds, seconds) {
	if wide := int64(leastWindow); b-a < wide {
		middle := a + (b-a)/2
		a, b = middle-wide/2, middle+wide/2
	}
	if b-a >= to-from {
		return from, to
	}
	if a < from {
		return from, from + (b - a)
	}
	if b > to {
		return to - (b - a), to
	}
	return a, b
}

// scale is where a time is on the picture.
type scale struct{ from, width float64 }

func newScale(from, to seconds) scale { return scale{float64(from), float64(to - from)} }

func (s scale) at(t seconds) float64 { return (float64(t) - s.from) / s.width }

func percent(share float64) string { return fmt.Sprintf("%.2f%%", 100*share) }

// column is what falls into one bin.
type column struct {
	first, last seconds
	all         int
	albums      []portion
}

type portion struct{ album, items int }

func (c *column) add(m mark) {
	if c.all == 0 {
		c.first = m.at
	}
	c.all++
	c.last = m.at
	i := slices.IndexFunc(c.albums, func(p portion) bool { return p.album == m.album })
	if i < 0 {
		i = len(c.albums)
		c.albums = append(c.albums, portion{album: m.album})
	}
	c.albums[i].items++
}

func (f *foreseen) bars(q query, from, to seconds, marks []mark) []bar {
	columns := make([]column, bins)
	tallest := 0
	for _, m := range marks {
		c := &columns[binOf(m.at, from, to)]
		c.add(m)
		tallest = max(tallest, c.all)
	}
	var out []bar
	for i, c := range columns {
		if c.all > 0 {
			out = append(out, f.bar(q, i, c, tallest))
		}
	}
	return out
}

// bar makes a column's bar; a click on it opens the album that most of it goes to.
func (f *foreseen) bar(q query, at int, c column, tallest int) bar {
	slices.SortStableFunc(c.albums, func(a, b portion) int { return cmp.Compare(b.items, a.items) })
	most := c.albums[0].album
	title := fmt.Sprintf("%s: %s", stretch(clock(c.first), clock(c.last)), some(c.all, "item"))
	if len(c.albums) == 1 {
		title += " in " + cut(titleOf(f.plan.Albums[most]), 60)
	} else {
		title += " in " + some(len(c.albums), "album")
	}
	b := bar{X: percent(float64(at) / bins), W: percent(0.9 / bins), Link: q.opening(most + 1).link(), Title: title}
	shown := c.albums[:min(len(c.albums), mostSegments)]
	slices.SortFunc(shown, func(a, b portion) int { return cmp.Compare(a.album, b.album) })
	high, done, below := heightOf(c.all, tallest), 0, 0
	stack := func(items int, shade string) {
		done += items
		top := high * done / c.all
		b.Segments = append(b.Segments, segment{barsHigh - top, max(top-below, 1), shade})
		below = top
	}
	for _, p := range shown {
		stack(p.items, f.shades[p.album])
	}
	if done < c.all {
		stack(c.all-done, "others")
	}
	return b
}

// heightOf is the height of a bar. As long as columns are low each item is as high as any other; then heights grow by the square root, so that one
// photo is still seen beside a thousand.
func heightOf(n, tallest int) int {
	if each := min(barsHigh/tallest, mostPerItem); each >= leastPerItem {
		return n * each
	}
	return max(leastBar, int(barsHigh*math.Sqrt(float64(n)/float64(tallest))))
}

// binOf is the bin of a time, or the nearest one.
func binOf(at, from, to seconds) int {
	return int(min(max((at-from)*bins/(to-from), 0), bins-1))
}

// fitting is a title, its number, or nothing: what fits into so many bins of a window of usual width.
func fitting(title, number string, width int) string {
	const each = 3.3 // pixels of a bin, where a character has about 7
	room := int((float64(width)*each - 10) / 7)
	switch {
	case utf8.RuneCountInString(title) <= room:
		return title
	case len(number) <= room:
		return number
	}
	return ""
}

// bands are the albums below the bars, each from its first file to its last, in rows where they overlap.
func (f *foreseen) bands(q query, from, to seconds) (out []band, rows int) {
	var seen []int
	for a, s := range f.spans {
		if s.known && s.to >= from && s.from < to {
			seen = append(seen, a)
		}
	}
	if len(seen) > mostBands {
		return nil, 0
	}
	slices.SortStableFunc(seen, func(a, b int) int { return cmp.Compare(f.spans[a].from, f.spans[b].from) })
	var ends [lanes]int // of the last band in each row, in bins
	for _, a := range seen {
		x, end := binOf(f.spans[a].from, from, to), binOf(f.spans[a].to, from, to)+1
		row := slices.IndexFunc(ends[:], func(e int) bool { return e <= x })
		if row < 0 {
			continue
		}
		ends[row], rows = end, max(rows, row+1)
		title := cut(titleOf(f.plan.Albums[a]), 80)
		out = append(out, band{
			X: percent(float64(x) / bins), W: percent(float64(end-x) / bins), Y: barsHigh + 8 + row*laneHigh, Link: q.opening(a + 1).link(),
			Shade: f.shades[a], Title: title, Text: fitting(title, strconv.Itoa(a+1), end-x), Open: q.Open == a+1,
		})
	}
	return out, rows
}

// longPauses are the pauses that end an event, as far as they are seen. Between them lies nothing, so there are few.
func (f *foreseen) longPauses(from, to seconds, marks []mark) (out []pause) {
	s := newScale(from, to)
	for i := 1; i < len(marks); i++ {
		a, b := marks[i-1].at, marks[i].at
		if apart := time.Duration(b-a) * time.Second; apart > f.settings.Gap && s.at(b)-s.at(a) >= leastPause {
			left, right := s.at(a)+1.0/bins+0.004, s.at(b)-0.004
			p := pause{X: percent((left + right) / 2), From: percent(left), To: percent(right), Narrow: !hasRoom(long(apart), right-left, narrow)}
			if hasRoom(long(apart), right-left, wide) {
				p.Text = long(apart)
			}
			out = append(out, p)
		}
	}
	return out
}

// hasRoom tells whether a text fits into a share of a picture's width.
func hasRoom(text string, share float64, width int) bool {
	const each = 7 // pixels of a character
	return share*float64(width) >= float64(each*utf8.RuneCountInString(text)+8)
}
