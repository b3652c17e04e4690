package riff

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif/internal/value"
)

// maxDate is more bytes than any form of date has.
const maxDate = 64

// numbers are the dates of some cameras: "2001/ 1/27  1:42PM", "2005/11/28/ 09:19",
// "2002-12-16  15:35:01". The expression is compiled once and never changed.
var numbers = regexp.MustCompile(`^(\d{4})[-/:.] *(\d{1,2})[-/:.] *(\d{1,2})/?\s+(\d{1,2}): *(\d{1,2})(?:: *(\d{1,2}))?\s*(?:([AaPp])[Mm])?$`)

// parseDate reads the date of an IDIT chunk. Its form is that of C's ctime, "Mon
// Mar 10 15:04:43 2003"; cameras also write numbers. The beginnings of the clocks
// of computers are no dates.
func parseDate(s string) (value.Stamp, bool) {
	if len(s) > maxDate {
		return value.Stamp{}, false
	}
	wall, ok := parseWords(s)
	if !ok {
		wall, ok = parseNumbers(s)
	}
	stamp := value.Stamp{Wall: wall}
	if !ok {
		stamp, ok = value.ParseStamp(s)
	}
	return stamp, ok && !isEpoch(stamp.Wall)
}

// parseWords reads the date of ctime. The name of the day is not looked at: a
// camera has it in a language of its own.
func parseWords(s string) (time.Time, bool) {
	words := strings.Fields(s)
	if len(words) < 5 {
		return time.Time{}, false
	}
	t, err := time.Parse("Jan 2 15:04:05 2006", strings.Join(words[1:5], " "))
	if err != nil {
		return time.Time{}, false
	}
	return value.Wall(t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second())
}

func parseNumbers(s string) (time.Time, bool) {
	m := numbers.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	var v [6]int
	for i := range v {
		v[i], _ = strconv.Atoi(m[1+i]) // seconds may be missing: zero
	}
	if half := m[7]; half != "" {
		v[3] %= 12
		if strings.EqualFold(half, "p") {
			v[3] += 12
		}
	}
	return value.Wall(v[0], v[1], v[2], v[3], v[4], v[5])
}

// isEpoch knows the dates that a clock without a date shows.
func isEpoch(t time.Time) bool {
	return t.Equal(time.Unix(0, 0)) || t.Equal(time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC))
}
