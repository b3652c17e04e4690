package dashboard

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"github.com/albumwright/albumwright/internal/report"
)

// clock is the moment of which the page speaks.
type clock time.Time

// at is a time for people, as short as it is clear: 14:32, tomorrow 09:00, Mon 23 Nov 09:00, 3 May 2025. A time that is not known is "".
func (c clock) at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	now := time.Time(c).Local()
	t = t.Local()
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	switch {
	case day(t) == day(now):
		return t.Format("15:04")
	case day(t) == day(now.AddDate(0, 0, 1)):
		return "tomorrow " + t.Format("15:04")
	case day(t) == day(now.AddDate(0, 0, -1)):
		return "yesterday " + t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("Mon 2 Jan 15:04")
	}
	return t.Format("2 Jan 2006")
}

// left is how long it is until a time: "42 s", "12 min", "6 h 12 min", "9 d". The script says it in the same words.
func (c clock) left(t time.Time) string {
	s := int(max(t.Sub(time.Time(c)), 0).Round(time.Second) / time.Second)
	switch {
	case t.IsZero():
		return ""
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return fmt.Sprintf("%d min", s/60)
	case s < 48*3600:
		return fmt.Sprintf("%d h %d min", s/3600, s/60%60)
	}
	return fmt.Sprintf("%d d", s/86400)
}

// moment is a time that is to come, as the page says it; the zero one is not known.
type moment struct {
	Time     time.Time
	At, Left string
}

func (c clock) moment(t time.Time) moment { return moment{t, c.at(t), c.left(t)} }

// long is a stretch of time for people.
func long(d time.Duration) string {
	switch d = d.Round(time.Second); {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d/time.Second%60)
	}
	return fmt.Sprintf("%d h %d min", d/time.Hour, d/time.Minute%60)
}

func count(n int) string { return humanize.Comma(int64(n)) }

// some counts things: "1 file", "1,204 files".
func some(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + one + "s"
}

// are is how a sentence about counted things begins: "1 file is", "1,204 files are".
func are(n int, one string) string {
	if n == 1 {
		return "1 " + one + " is"
	}
	return some(n, one) + " are"
}

// sizeOf is bytes for people.
func sizeOf(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }

// plain makes a stranger's words harmless to look at: what is not UTF-8 and what would turn or hide other text stands as in a Go string.
func plain(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = report.Text(line)
	}
	return strings.Join(lines, "\n")
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

func percent(share float64) string { return fmt.Sprintf("%.2f%%", 100*share) }
