package dashboard

import (
	"fmt"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

// The strip of what was sent: half an hour in columns of ten seconds.
const (
	paceEach    = 10 * time.Second
	paceColumns = 180
	bytesHigh   = 72 // of the drawing, which is stretched over its place
	itemsHigh   = 36
	nowColumns  = 3 // what "now" means in words: half a minute
)

// pace is throughput over time.
type pace struct {
	Any       bool
	Columns   int    // wide
	Bytes     string // paths
	Items     string
	Waits     string
	Limits    string // answers 429
	MostBytes string // what the height stands for
	MostItems string
	Now       string
	Sum       string
	HasWaits  bool
	HasLimits bool
	Ticks     []tick
	BytesHigh int
	ItemsHigh int
}

// tick is a time that is named.
type tick struct{ X, Text string }

// column is one of the ten seconds, and its place from the left.
type column struct {
	watch.Rate
	at int
}

func paceOf(s watch.Snapshot) pace {
	p := pace{Columns: paceColumns, BytesHigh: bytesHigh, ItemsHigh: itemsHigh}
	columns := columnsOf(s)
	var sum, now, most watch.Rate
	for _, c := range columns {
		sum.Bytes, sum.Items, sum.Waited, sum.Limited = sum.Bytes+c.Bytes, sum.Items+c.Items, sum.Waited+c.Waited, sum.Limited+c.Limited
		most.Bytes, most.Items = max(most.Bytes, c.Bytes), max(most.Items, c.Items)
		if c.at >= paceColumns-nowColumns {
			now.Bytes, now.Items = now.Bytes+c.Bytes, now.Items+c.Items
		}
	}
	p.Any = sum != watch.Rate{}
	p.HasWaits, p.HasLimits = sum.Waited > 0, sum.Limited > 0
	p.draw(columns, most)
	const each, perMinute = int64(paceEach / time.Second), int(time.Minute / paceEach)
	p.MostBytes, p.MostItems = sizeOf(most.Bytes/each)+"/s", count(most.Items*perMinute)+"/min"
	p.Now = fmt.Sprintf("%s/s, %s a minute", sizeOf(now.Bytes/each/nowColumns), some(now.Items*perMinute/nowColumns, "item"))
	p.Sum = fmt.Sprintf("%s and %s in half an hour", sizeOf(sum.Bytes), some(sum.Items, "item"))
	if p.HasWaits {
		p.Sum += ", " + long(sum.Waited) + " of waiting"
	}
	if p.HasLimits {
		p.Sum += ", " + some(sum.Limited, "answer") + " “slow down” (429)"
	}
	p.Ticks = paceTicks(s.Time)
	return p
}

// columnsOf gives each rate its place; the newest stands at the right.
func columnsOf(s watch.Snapshot) (out []column) {
	for _, r := range s.Rates {
		at := paceColumns - 1 - int(max(s.Time.Sub(r.At), 0)/paceEach)
		if at >= 0 {
			out = append(out, column{r, at})
		}
	}
	return out
}

// draw makes the paths, with as few letters as will do.
func (p *pace) draw(columns []column, most watch.Rate) {
	var sent, items, waits, limits strings.Builder
	for _, c := range columns {
		bar(&sent, c.at, bytesHigh, float64(c.Bytes)/float64(max(most.Bytes, 1)))
		bar(&items, c.at, itemsHigh, float64(c.Items)/float64(max(most.Items, 1)))
		bar(&waits, c.at, bytesHigh, min(c.Waited.Seconds()/paceEach.Seconds(), 1))
		if c.Limited > 0 {
			fmt.Fprintf(&limits, "M%d.5 0v8", c.at)
		}
	}
	p.Bytes, p.Items, p.Waits, p.Limits = sent.String(), items.String(), waits.String(), limits.String()
}

// bar draws a column that stands on the ground.
func bar(path *strings.Builder, at, high int, share float64) {
	if share > 0 {
		fmt.Fprintf(path, "M%d %dV%.1fh1V%dz", at, high, float64(high)-max(share*float64(high), 1), high)
	}
}

// paceTicks name every five minutes.
func paceTicks(now time.Time) (out []tick) {
	const every = 5 * time.Minute
	now = now.Local()
	for t := now.Truncate(every); ; t = t.Add(-every) {
		share := 1 - float64(now.Sub(t))/float64(paceColumns*paceEach)
		if share < 0.02 {
			return out
		}
		if share < 0.97 {
			out = append(out, tick{percent(share), t.Format("15:04")})
		}
	}
}
