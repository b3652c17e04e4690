package value

import (
	"strings"
	"time"
)

// Stamp is a date and time that may come with its offset from UTC.
type Stamp struct {
	Wall      time.Time // wall clock with its fraction, in the location time.UTC
	Offset    time.Duration
	HasOffset bool
}

// ParseStamp reads "2024-05-18T14:30:05.25+02:00" and what is written for it: any
// separators, a blank for the T, no seconds, no fraction, no offset. A date
// without a time of day is no capture time, and false.
func ParseStamp(s string) (Stamp, bool) {
	const minutes, seconds = len("2006-01-02T15:04"), len("2006-01-02T15:04:05")
	s = strings.TrimSpace(s)
	if len(s) < minutes {
		return Stamp{}, false
	}
	clock, rest := s[:minutes]+":00", s[minutes:]
	if len(s) >= seconds && isSeparator(s[minutes]) && isDigit(s[minutes+1]) {
		clock, rest = s[:seconds], s[seconds:]
	}
	wall, ok := ParseDate(clock)
	if !ok {
		return Stamp{}, false
	}
	if rest != "" && (rest[0] == '.' || rest[0] == ',') {
		digits := 1
		for digits < len(rest) && isDigit(rest[digits]) {
			digits++
		}
		wall, rest = wall.Add(ParseSubSec(rest[1:digits])), rest[digits:]
	}
	rest = strings.TrimSpace(rest)
	if len(rest) == len("+02") {
		rest += "00"
	}
	offset, ok := ParseOffset(rest)
	return Stamp{Wall: wall, Offset: offset, HasOffset: ok}, true
}

func isSeparator(b byte) bool { return b == ':' || b == '.' || b == '-' }
