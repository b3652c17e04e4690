package ratelimit

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Timetable says how many bytes may leave in a second, by the time of day and the day of the week. The zero Timetable sets no limit.
type Timetable struct {
	entries []entry // sorted by minute, one for each
}

// entry is a limit from a minute of the week on.
type entry struct {
	minute int   // since Sunday 00:00, by the clock on the wall
	limit  int64 // bytes per second; 0 = none
}

const (
	dayMinutes  = 24 * 60
	weekMinutes = 7 * dayMinutes
)

// ParseTimetable reads a limit in the form that rclone has for its own, either one for all times or a list with a time of day before each:
//
//	10M                              10 MiB in a second
//	08:00,512k 19:00,10M 23:00,off   by day a little, in the evening more, at night no limit
//	Mon-08:00,1M Sat-00:00,off       by the day of the week
//
// An entry holds until the next one begins, over midnight and Sunday; one without a day is for every day. Entries are parted by spaces or
// semicolons. Units are bytes in a second: B, k, M, G are 1, 1024, 1024² and 1024³ of them, a number alone counts KiB, "off" and 0 are no limit.
// The empty text is the zero Timetable. An error names the column, counted from 1.
func ParseTimetable(text string) (Timetable, error) {
	var t Timetable
	fields := words(text)
	for _, w := range fields {
		entries, err := w.entries(len(fields) == 1)
		if err != nil {
			return Timetable{}, err
		}
		t.entries = append(t.entries, entries...)
	}
	slices.SortFunc(t.entries, func(a, b entry) int { return cmp.Compare(a.minute, b.minute) })
	for i := 1; i < len(t.entries); i++ {
		if at := t.entries[i].minute; at == t.entries[i-1].minute {
			return Timetable{}, fmt.Errorf("%s %02d:%02d has two limits", time.Weekday(at/dayMinutes), at%dayMinutes/60, at%60)
		}
	}
	return t, nil
}

// At is the limit in bytes per second at a time, by the clock on the wall of that time's zone; 0 is none. So an hour that the clock skips or
// repeats is treated as what the clock shows.
func (t Timetable) At(now time.Time) int64 {
	if len(t.entries) == 0 {
		return 0
	}
	minute := int(now.Weekday())*dayMinutes + now.Hour()*60 + now.Minute()
	i, begins := slices.BinarySearchFunc(t.entries, minute, func(e entry, m int) int { return cmp.Compare(e.minute, m) })
	if !begins {
		i--
	}
	return t.entries[(i+len(t.entries))%len(t.entries)].limit
}

// word is a part of a timetable's text, and where it stands.
type word struct {
	text   string
	column int // of its first character, from 1
}

// words parts a text at spaces and semicolons.
func words(text string) []word {
	var all []word
	inside := false
	column := 0
	for _, r := range text {
		column++
		if r == ' ' || r == ';' || r == '\t' {
			inside = false
			continue
		}
		if !inside {
			all = append(all, word{column: column})
			inside = true
		}
		all[len(all)-1].text += string(r)
	}
	return all
}

// from is the rest of a word, from its n-th byte on. All before it is ASCII.
func (w word) from(n int) word { return word{w.text[n:], w.column + n} }

func (w word) wrong(format string, args ...any) error {
	return fmt.Errorf("column %d: %s", w.column, fmt.Sprintf(format, args...))
}

// entries reads "Mon-08:00,512k", "08:00,512k" (seven of them), or a limit alone.
func (w word) entries(alone bool) ([]entry, error) {
	when, _, timed := strings.Cut(w.text, ",")
	if !timed && !alone {
		return nil, w.wrong("%q has no limit; in a list each entry is HH:MM,LIMIT", w.text)
	}
	if !timed {
		limit, err := w.limit()
		return []entry{{0, limit}}, err
	}
	days, minute, err := word{when, w.column}.when()
	if err != nil {
		return nil, err
	}
	limit, err := w.from(len(when) + 1).limit()
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, day := range days {
		all = append(all, entry{day*dayMinutes + minute, limit})
	}
	return all, nil
}

// when reads "Mon-08:00" or "08:00".
func (w word) when() (days []int, minute int, err error) {
	name, _, named := strings.Cut(w.text, "-")
	if !named {
		minute, err = w.minute()
		return []int{0, 1, 2, 3, 4, 5, 6}, minute, err
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if full := day.String(); strings.EqualFold(name, full) || strings.EqualFold(name, full[:3]) {
			minute, err = w.from(len(name) + 1).minute()
			return []int{int(day)}, minute, err
		}
	}
	return nil, 0, w.wrong("%q is no day; write Mon, Tue, Wed, Thu, Fri, Sat or Sun", name)
}

// minute reads "08:00".
func (w word) minute() (int, error) {
	hours, minutes, _ := strings.Cut(w.text, ":")
	h, herr := strconv.ParseUint(hours, 10, 8)
	m, merr := strconv.ParseUint(minutes, 10, 8)
	if herr != nil || merr != nil || len(hours) > 2 || len(minutes) != 2 || h > 23 || m > 59 {
		return 0, w.wrong("%q is no time of day; write HH:MM, from 00:00 to 23:59", w.text)
	}
	return int(h)*60 + int(m), nil
}

// limit reads "512k", "1.5M", "100" (KiB) or "off".
func (w word) limit() (int64, error) {
	if strings.EqualFold(w.text, "off") {
		return 0, nil
	}
	number, unit := w.text, float64(1<<10)
	if i := strings.IndexByte("bkmg", lastLower(w.text)); i >= 0 {
		number, unit = w.text[:len(w.text)-1], float64(int64(1)<<(10*i))
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || strings.Trim(number, "0123456789.") != "" {
		return 0, w.wrong("%q is no limit; write a number with B, k, M or G (bytes in a second), or off", w.text)
	}
	bytes := n * unit
	switch {
	case bytes == 0:
		return 0, nil
	case bytes < leastLimit:
		return 0, w.wrong("%q is less than %d bytes in a second, at which no upload would ever end", w.text, leastLimit)
	case bytes > math.MaxInt64/2:
		return 0, w.wrong("%q is more than can be counted; write off for no limit", w.text)
	}
	return int64(bytes), nil
}

// leastLimit is the least that a limit may be: below it, an upload would be taken for stalled.
const leastLimit = 1 << 10

// lastLower is the last byte, in lower case.
func lastLower(s string) byte {
	if s == "" {
		return 0
	}
	return s[len(s)-1] | 0x20
}
