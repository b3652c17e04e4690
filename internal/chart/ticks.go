// Package chart is what the drawings on the house's pages have in common: names of times along an axis, and a colour for each album.
package chart

import "time"

const (
	day       = 24 * time.Hour
	mostTicks = 8
)

// Tick is a time that is named below an axis.
type Tick struct {
	At   float64 // its place, from 0 to 1
	Text string
}

// step is a distance between ticks: a duration, or months.
type step struct {
	every  time.Duration
	months int
	layout string
}

func steps() []step {
	const m, h = time.Minute, time.Hour
	var out []step
	for _, d := range []time.Duration{m, 2 * m, 5 * m, 10 * m, 15 * m, 30 * m, h, 2 * h, 3 * h, 6 * h, 12 * h} {
		out = append(out, step{every: d, layout: "15:04"})
	}
	for _, d := range []time.Duration{day, 2 * day, 7 * day} {
		out = append(out, step{every: d, layout: "2 Jan"})
	}
	for _, n := range []int{1, 3} {
		out = append(out, step{months: n, layout: "Jan 2006"})
	}
	for _, n := range []int{12, 24, 60, 120, 600, 6000} {
		out = append(out, step{months: n, layout: "2006"})
	}
	return out
}

// next is the first tick behind a time.
func (s step) next(t time.Time) time.Time {
	if s.months == 0 {
		return t.Truncate(s.every).Add(s.every)
	}
	month := (t.Year()*12 + int(t.Month()) - 1) / s.months * s.months
	return time.Date(0, time.Month(month+s.months+1), 1, 0, 0, 0, 0, time.UTC)
}

// about is how long a step is, roughly.
func (s step) about() time.Duration { return s.every + time.Duration(s.months)*30*day }

// brim is the share of a picture at each end where a text would be cut, also on a phone.
const brim = 0.06

// Ticks names up to some eight round times between two wall clocks, which are given as UTC. None stands so near an end that its text would be cut.
func Ticks(from, to time.Time) (out []Tick) {
	all := steps()
	use := all[len(all)-1]
	for _, s := range all {
		if to.Sub(from)/s.about() <= mostTicks {
			use = s
			break
		}
	}
	width := float64(to.Unix() - from.Unix())
	for t := use.next(from); t.Before(to) && len(out) < 4*mostTicks; t = use.next(t) {
		layout := use.layout
		if layout == "15:04" && t.Truncate(day).Equal(t) {
			layout = "2 Jan"
		}
		if at := float64(t.Unix()-from.Unix()) / width; at > brim && at < 1-brim {
			out = append(out, Tick{at, t.Format(layout)})
		}
	}
	return out
}
