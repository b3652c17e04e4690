package planpage

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// mostGap is the longest pause that can be asked for.
const mostGap = 366 * 24 * time.Hour

// gaps are the steps of the event gap, from photos of one moment to those of one journey; what the command was started with is one of them.
func gaps(start Settings) []time.Duration {
	const m, h, d = time.Minute, time.Hour, 24 * time.Hour
	return with(start.Gap, 5*m, 10*m, 15*m, 20*m, 30*m, 45*m, h, 90*m, 2*h, 3*h, 4*h, 6*h, 8*h, 12*h, 18*h, d, 36*h, 2*d, 3*d)
}

// dayStarts are the steps of the day's start: half hours of the night.
func dayStarts(start Settings) []time.Duration {
	var steps []time.Duration
	for at := time.Duration(0); at <= 6*time.Hour; at += 30 * time.Minute {
		steps = append(steps, at)
	}
	return with(start.DayStart, steps...)
}

func with(one time.Duration, steps ...time.Duration) []time.Duration {
	steps = append(steps, one)
	slices.Sort(steps)
	return slices.Compact(steps)
}

// query is what an address of the page says: the settings, and what is looked at.
type query struct {
	Settings
	From, To int64 // of the timeline, in seconds; both 0 = all of it
	Open     int   // number of the open album, from 1; 0 = none
	Items    int   // page of its items, from 0
	Albums   int   // page of the albums, from 0; -1 = the one that the open album is on
}

func (p *page) settings(value func(string) string) (s Settings, err error) {
	s = p.cfg.Start
	for _, field := range []struct {
		name string
		into *time.Duration
		from time.Duration
		to   time.Duration
	}{
		{"gap", &s.Gap, time.Second, mostGap},
		{"day", &s.DayStart, 0, 24*time.Hour - 1},
	} {
		text := value(field.name)
		if text == "" {
			continue
		}
		d, err := time.ParseDuration(text)
		if err != nil || d < field.from || d > field.to {
			return s, fmt.Errorf("%s=%q: must be a duration such as 90m, from %s to %s", field.name, text, field.from, field.to)
		}
		*field.into = d
	}
	return s, nil
}

func (p *page) query(values url.Values) (q query, err error) {
	if q.Settings, err = p.settings(values.Get); err != nil {
		return q, err
	}
	q.Albums = -1
	for name, into := range map[string]*int{"open": &q.Open, "items": &q.Items, "albums": &q.Albums} {
		if n, err := strconv.Atoi(values.Get(name)); err == nil && n >= 0 && n < 1<<31 {
			*into = n
		}
	}
	for name, into := range map[string]*int64{"from": &q.From, "to": &q.To} {
		if n, err := strconv.ParseInt(values.Get(name), 10, 64); err == nil && n > -farthest && n < farthest {
			*into = n
		}
	}
	return q, nil
}

// farthest is beyond all capture times, in seconds, and far from overflowing.
const farthest = 1 << 40

// link is the address of a query, relative to the page.
func (q query) link() string {
	v := url.Values{"gap": {short(q.Gap)}, "day": {short(q.DayStart)}}
	add := func(name string, n int64, said bool) {
		if said {
			v.Set(name, strconv.FormatInt(n, 10))
		}
	}
	add("from", q.From, q.From < q.To)
	add("to", q.To, q.From < q.To)
	add("open", int64(q.Open), q.Open > 0)
	add("items", int64(q.Items), q.Items > 0)
	add("albums", int64(q.Albums), q.Albums >= 0)
	return "?" + v.Encode()
}

func (q query) opening(album int) query {
	q.Open, q.Items, q.Albums = album, 0, -1
	return q
}

func (q query) window(from, to int64) query {
	q.From, q.To = from, to
	return q
}
