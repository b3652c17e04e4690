// Package value makes values of what stands in records: dates, offsets, texts in
// the encodings that programs write. It knows no container and no file.
package value

import (
	"strings"
	"time"
)

const (
	// firstYear: no photograph is older than Niépce's. Years before it are
	// placeholders such as 0001, or the century of a painting.
	firstYear = 1826

	// lastYear: only a clock gone wrong shows more, and in nanoseconds since 1970,
	// in which many keep times, 2262 ends early.
	lastYear = 2261

	// maxOffset: no zone is further from UTC than +14:00.
	maxOffset = 14 * time.Hour

	// offsetStep: all zones of the present are whole quarter-hours off UTC.
	offsetStep = 15 * time.Minute

	// maxDrift is how far a camera's clock may be off for its distance from the
	// GPS time still to be taken for a zone: about a quarter of a step each way.
	maxDrift = 4 * time.Minute
)

// ParseDate reads "2006:01:02 15:04:05" with any separators; false for dates
// that cannot be, such as all zeros or the 31st of June.
func ParseDate(s string) (time.Time, bool) {
	const layout = "2006:01:02 15:04:05"
	if len(s) < len(layout) {
		return time.Time{}, false
	}
	var parts [6]int
	at := 0
	for i, width := range [...]int{4, 2, 2, 2, 2, 2} {
		v, ok := parseNumber(s[at : at+width])
		if !ok {
			return time.Time{}, false
		}
		parts[i] = v
		if at += width; at < len(layout) && isDigit(s[at]) {
			return time.Time{}, false
		}
		at++ // the separator
	}
	return Wall(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
}

// parseNumber reads digits; some programs pad short numbers with blanks, points
// or control characters.
func parseNumber(s string) (int, bool) {
	digits := strings.TrimLeftFunc(s, func(r rune) bool { return r <= ' ' || r == '.' })
	if digits == "" {
		return 0, false
	}
	n := 0
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return 0, false
		}
		n = n*10 + int(digits[i]-'0')
	}
	return n, true
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// Wall returns a wall clock; false if there is no such day or time.
func Wall(year, month, day, hour, minute, second int) (time.Time, bool) {
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	// time.Date carries the 32nd of May over to June: what changes did not exist.
	exists := t.Year() == year && int(t.Month()) == month && t.Day() == day &&
		t.Hour() == hour && t.Minute() == minute && t.Second() == second
	return t, exists && Plausible(t)
}

// Plausible tells whether a photo can have been taken at a time, by its year.
func Plausible(t time.Time) bool { return firstYear <= t.Year() && t.Year() <= lastYear }

// ParseSubSec reads the digits behind the decimal point of the seconds; zero if
// there are none.
func ParseSubSec(s string) time.Duration {
	d, unit := time.Duration(0), time.Second
	for _, c := range []byte(strings.TrimSpace(s)) {
		if !isDigit(c) {
			return 0
		}
		unit /= 10
		d += time.Duration(c-'0') * unit
	}
	return d
}

// ParseOffset reads "+02:00", "-0530" or "Z".
func ParseOffset(s string) (time.Duration, bool) {
	if s == "Z" {
		return 0, true
	}
	s = strings.Replace(s, ":", "", 1)
	if len(s) != len("+0200") || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	for i := range len("0200") {
		if !isDigit(s[1+i]) {
			return 0, false
		}
	}
	hours, _ := parseNumber(s[1:3])
	minutes, _ := parseNumber(s[3:5])
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if minutes >= 60 || d > maxOffset {
		return 0, false
	}
	if s[0] == '-' {
		d = -d
	}
	return d, true
}

// InferOffset compares the camera's clock with the GPS time of the same shot:
// their distance is the zone, if it is close to one that exists.
func InferOffset(wall, gps time.Time) (time.Duration, bool) {
	distance := wall.Sub(gps)
	offset := distance.Round(offsetStep)
	if (distance-offset).Abs() > maxDrift || offset.Abs() > maxOffset {
		return 0, false
	}
	return offset, true
}
