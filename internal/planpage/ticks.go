package planpage

import (
	"time"

	"github.com/albumwright/albumwright/internal/chart"
)

// mostDays is the number of lines where days begin.
const mostDays = 15

// ticks names times below the axis.
func ticks(from, to seconds) (out []tick) {
	for _, t := range chart.Ticks(clock(from), clock(to)) {
		out = append(out, tick{percent(t.At), t.Text})
	}
	return out
}

// dayStarts are the lines where days begin, if there are few in the window.
func (f *foreseen) dayStarts(from, to seconds) (out []tick) {
	if time.Duration(to-from)*time.Second > mostDays*day {
		return nil
	}
	s := newScale(from, to)
	for t := clock(from).Truncate(day).Add(f.settings.DayStart); t.Unix() < to; t = t.Add(day) {
		if t.Unix() > from {
			out = append(out, tick{percent(s.at(t.Unix())), t.Format("Mon 2 Jan 2006 15:04")})
		}
	}
	return out
}
