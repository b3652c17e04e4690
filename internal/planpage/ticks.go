package planpage

import "time"

const (
	mostTicks = 8
	mostDays  = 15 // lines where days begin
)

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

// ticks names times below the axis.
func ticks(from, to seconds) (out []tick) {
	all := steps()
	use := all[len(all)-1]
	for _, s := range all {
		if time.Duration(to-from)*time.Second/s.about() <= mostTicks {
			use = s
			break
		}
	}
	s := newScale(from, to)
	for t := use.next(clock(from)); t.Unix() < to && len(out) < 4*mostTicks; t = use.next(t) {
		layout := use.layout
		if layout == "15:04" && t.Truncate(day).Equal(t) {
			layout = "2 Jan"
		}
		if at := s.at(t.Unix()); at > 0.01 && at < 0.97 {
			out = append(out, tick{percent(at), t.Format(layout)})
		}
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
