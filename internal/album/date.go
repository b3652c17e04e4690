package album

import (
	"fmt"
	"strings"
	"time"
)

// date reads a date's format, which ends with its last directive, or with its quote.
func (p *parser) date(c *choice, words []word) ([]word, error) {
	format, at := "%Y-%m-%d", 0
	if c.event {
		format = "%Y-%m-%d %H:%M"
	}
	n := formatWords(words)
	switch {
	case n == 0 && len(words) > 0 && !isFilter(words[0]):
		return nil, p.fail(words[0].at, "%q is neither a date's format, which has directives such as %%Y-%%m-%%d, nor a filter; the filters are %s",
			strings.TrimSpace(words[0].text), oneOf(filterUses()))
	case n > 0 && words[0].quoted:
		format, at = words[0].text, words[0].at+1
	case n > 0:
		at = words[0].at
		format = p.text[at : words[n-1].at+len(words[n-1].text)]
	}
	shown, bad := parseDate(format)
	if bad != nil {
		return nil, p.fail(at+bad.at, "%s", bad.problem)
	}
	when := File.captured
	if c.event {
		when = File.event
	}
	c.value = func(f File, o Options) string {
		m, ok := when(f, o)
		if !ok {
			return ""
		}
		return shown.of(m)
	}
	return words[n:], nil
}

// formatWords is how many words are a date's format: it may have colons.
func formatWords(words []word) (n int) {
	for i, w := range words {
		if strings.Contains(w.text, "%") && (i == 0 || !words[0].quoted) {
			n = i + 1
		}
	}
	return n
}

// dateError is what is wrong with a date's format, and how many bytes stand before it.
type dateError struct {
	at      int
	problem string
}

// dateFormat is a format that was read. Where it shows a time of day, its date is that of the same clock: a day that begins at three has no half past
// midnight of the evening before. Else it is the day's.
type dateFormat struct {
	shown []func(time.Time) string
	timed bool // it shows a time of day
}

// of is the date that a format makes of a moment.
func (f dateFormat) of(m moment) string {
	at := m.day
	if f.timed {
		at = m.clock
	}
	var out strings.Builder
	for _, show := range f.shown {
		out.WriteString(show(at))
	}
	return out.String()
}

// parseDate reads a format with directives of strftime. Names are English, whatever the machine's language.
func parseDate(format string) (f dateFormat, bad *dateError) {
	for at := 0; at < len(format); {
		if format[at] != '%' {
			n := strings.IndexByte(format[at:]+"%", '%')
			text := format[at : at+n]
			f.shown = append(f.shown, func(time.Time) string { return text })
			at += n
			continue
		}
		bare := strings.HasPrefix(format[at:], "%-")
		end := at + 1
		if bare {
			end++
		}
		if end == len(format) {
			return f, &dateError{at, "a date directive is missing behind %; %% stands for the sign itself"}
		}
		show, timed := directive(format[end])
		if show == nil {
			return f, &dateError{at, fmt.Sprintf("unknown date directive %q; those known are %s; %%-d is %%d without its leading zero, and so on",
				format[at:end+1], directives())}
		}
		if bare {
			padded := show
			show = func(t time.Time) string { return unpadded(padded(t)) }
		}
		f.shown, f.timed = append(f.shown, show), f.timed || timed
		at = end + 1
	}
	return f, nil
}

func directives() string { return "%Y %y %m %B %b %d %j %A %a %u %G %V %H %I %p %M %S %F %R %T %%" }

// directive shows one directive, and tells whether that is of the time of day; nil if there is none of that letter.
func directive(letter byte) (show func(time.Time) string, timed bool) {
	if layout, ok := dayLayout(letter); ok {
		return func(t time.Time) string { return t.Format(layout) }, false
	}
	if layout, ok := clockLayout(letter); ok {
		return func(t time.Time) string { return t.Format(layout) }, true
	}
	switch letter {
	case 'u':
		return func(t time.Time) string { return fmt.Sprint((int(t.Weekday())+6)%7 + 1) }, false
	case 'G':
		return func(t time.Time) string { return fmt.Sprintf("%04d", isoWeek(t, 0)) }, false
	case 'V':
		return func(t time.Time) string { return fmt.Sprintf("%02d", isoWeek(t, 1)) }, false
	case '%':
		return func(time.Time) string { return "%" }, false
	}
	return nil, false
}

func dayLayout(letter byte) (layout string, ok bool) {
	layout, ok = map[byte]string{
		'Y': "2006", 'y': "06", 'm': "01", 'B': "January", 'b': "Jan", 'd': "02", 'j': "002", 'A': "Monday", 'a': "Mon", 'F': time.DateOnly,
	}[letter]
	return layout, ok
}

func clockLayout(letter byte) (layout string, ok bool) {
	layout, ok = map[byte]string{'H': "15", 'I': "03", 'p': "PM", 'M': "04", 'S': "05", 'R': "15:04", 'T': time.TimeOnly}[letter]
	return layout, ok
}

// isoWeek is the year (0) or the number (1) of the week, by ISO 8601.
func isoWeek(t time.Time, which int) int {
	year, week := t.ISOWeek()
	return [2]int{year, week}[which]
}

// unpadded takes leading zeros away, but for the last digit.
func unpadded(s string) string {
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	return s
}
