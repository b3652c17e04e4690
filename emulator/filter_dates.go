package emulator

import (
	"math"
	"time"
)

// The numbers of dates and of ranges that a date filter may have (contract 5,
// search).
const (
	maxDates      = 5
	maxDateRanges = 5
)

// dateForm is which fields of a Date are set. Only these four count, and both
// ends of a range have the same.
type dateForm int

const (
	noDate      dateForm = iota
	wholeYear            // year
	wholeMonth           // year, month
	oneDay               // year, month, day
	anniversary          // month, day: of every year
)

// date is the Date message.
type date struct{ year, month, day int }

func readDate(m message, name string) date {
	sub, _ := m.object(name, "google.type.Date")
	return sub.date()
}

// date reads a message as a Date, and refuses one that is none.
func (m message) date() date {
	d := date{m.number("year"), m.number("month"), m.number("day")}
	_ = m.end() // the complaint is kept for the whole body
	if d.form() == noDate || !d.exists() {
		m.fail(m.path, "Invalid date at '%s': year %d, month %d, day %d.", m.path, d.year, d.month, d.day)
	}
	return d
}

// form: all zero, only the month zero, and day and year zero are refused
// (contract 5, search).
func (d date) form() dateForm {
	switch {
	case d.year != 0 && d.month != 0 && d.day != 0:
		return oneDay
	case d.year != 0 && d.month != 0:
		return wholeMonth
	case d.year != 0 && d.day == 0:
		return wholeYear
	case d.year == 0 && d.month != 0 && d.day != 0:
		return anniversary
	}
	return noDate
}

// exists: years are 1 to 9999, months 1 to 12, and a day is one of its month; of
// 29 February in some year.
func (d date) exists() bool {
	if d.year < 0 || d.year > 9999 || d.month < 0 || d.month > 12 {
		return false
	}
	year := d.year
	if year == 0 {
		year = 2000 // a leap year
	}
	return d.day == 0 || time.Date(year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC).Day() == d.day
}

// span is a run of days, both ends included. The ends need not be dates, as long
// as they sort like them: 20240500 to 20240599 is May.
type span struct {
	first, last calendarDay
	yearly      bool // it comes in each year; first and last are without one
}

// spanOf is the days from one date to another of the same form.
func spanOf(from, to date) span {
	first := calendarDay(from.year*10000 + from.month*100 + from.day)
	last := calendarDay(to.year*10000 + to.month*100 + to.day)
	switch to.form() {
	case wholeYear:
		last += 9999
	case wholeMonth:
		last += 99
	}
	return span{first, last, to.form() == anniversary}
}

// readDateFilter takes the DateFilter message: the spans that it names, which
// are ORed. That an empty one is refused, and a range whose end comes before its
// start, also one without years that would go over the end of a year, is a
// choice.
func readDateFilter(m message) (spans []span) {
	dates := m.objects("dates", "google.type.Date")
	ranges := m.objects("ranges", "google.photos.library.v1.DateRange")
	switch {
	case len(dates) > maxDates:
		m.fail(m.at("dates"), "A date filter must not have more than %d dates.", maxDates)
		return nil
	case len(ranges) > maxDateRanges:
		m.fail(m.at("ranges"), "A date filter must not have more than %d ranges.", maxDateRanges)
		return nil
	case len(dates)+len(ranges) == 0:
		m.fail(m.path, "A date filter must have a date or a range.")
	}
	for _, sub := range dates {
		d := sub.date()
		spans = append(spans, spanOf(d, d))
	}
	for _, r := range ranges {
		from, to := readDate(r, "startDate"), readDate(r, "endDate")
		_ = r.end()
		s := spanOf(from, to)
		if from.form() != to.form() || s.first > s.last {
			m.fail(r.path, "Invalid range at '%s': its dates must be of the same form, the start not after the end.", r.path)
		}
		spans = append(spans, s)
	}
	_ = m.end()
	return spans
}

// Days before and after all others.
const (
	firstOfAll calendarDay = -1
	lastOfAll  calendarDay = math.MaxInt
)

// at is the span with the year in it, of a yearly one that of the last year in
// which it begins not after d.
func (s span) at(d calendarDay) span {
	if !s.yearly {
		return s
	}
	year := d / 10000
	if d%10000 < s.first {
		year--
	}
	return span{first: year*10000 + s.first, last: year*10000 + s.last}
}

// before looks back from a day: it is the last run of days in some spans that
// begins not after d, cut off behind d. last is firstOfAll if there is none.
func before(spans []span, d calendarDay) (run span) {
	run.last = firstOfAll
	for _, s := range spans {
		if s = s.at(d); s.first <= d && min(s.last, d) > run.last {
			run = span{first: s.first, last: min(s.last, d)}
		}
	}
	return run
}

// after looks ahead from a day: it is the first run of days in some spans that
// ends not before d, cut off before d. first is lastOfAll if there is none.
func after(spans []span, d calendarDay) (run span) {
	run.first = lastOfAll
	for _, s := range spans {
		was := s.at(d)
		if was.last < d && s.yearly {
			was.first, was.last = was.first+10000, was.last+10000
		}
		if was.last >= d && max(was.first, d) < run.first {
			run = span{first: max(was.first, d), last: was.last}
		}
	}
	return run
}
