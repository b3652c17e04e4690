package planpage

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"github.com/albumwright/albumwright/internal/plan"
	"github.com/albumwright/albumwright/internal/report"
)

const day = 24 * time.Hour

// short is a duration as an address has it: 90m, 48h.
func short(d time.Duration) string {
	text := d.String()
	if text == "0s" {
		return "0"
	}
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// long is a duration for people, by its two largest units: 3 d 4 h, 90 min.
func long(d time.Duration) string {
	switch {
	case d >= 365*day:
		return fmt.Sprintf("%.1f years", d.Hours()/24/365.25)
	case d >= 14*day:
		return fmt.Sprintf("%d d", int(d.Round(day)/day))
	case d >= 2*day || d == day:
		return two(int(d/day), "d", int(d%day/time.Hour), "h")
	case d > 90*time.Minute || d == time.Hour:
		return two(int(d/time.Hour), "h", int(d%time.Hour/time.Minute), "min")
	case d >= time.Minute:
		return fmt.Sprintf("%d min", int(d/time.Minute))
	}
	return fmt.Sprintf("%d s", int(d/time.Second))
}

func two(a int, unit string, b int, lesser string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, unit)
	}
	return fmt.Sprintf("%d %s %d %s", a, unit, b, lesser)
}

// oclock is a time of day: 03:30.
func oclock(d time.Duration) string { return time.Time{}.Add(d).Format("15:04") }

// stretch is from one time to another, as short as it is clear.
func stretch(from, to time.Time) string {
	const date = "2 Jan 2006"
	a, b := from.Format(date+" 15:04"), to.Format(date+" 15:04")
	switch {
	case a == b:
		return a
	case from.Format(date) == to.Format(date):
		return a + to.Format(" – 15:04")
	case to.Sub(from) < 4*day:
		return a + " – " + to.Format("2 Jan 15:04")
	}
	return from.Format(date) + " – " + to.Format(date)
}

func count(n int) string { return humanize.Comma(int64(n)) }

// some counts things: "1 item", "12 items".
func some(n int, one string) string { return count(n) + " " + noun(n, one) }

// noun is the word for so many things.
func noun(n int, one string) string {
	switch {
	case n == 1:
		return one
	case strings.HasSuffix(one, "ch"):
		return one + "es"
	}
	return one + "s"
}

// sizeOf is bytes for people.
func sizeOf(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }

// plain makes a stranger's words harmless to look at: what is not UTF-8 and what would turn or hide other text stands as in a Go string. Lines stay.
func plain(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = report.Text(line)
	}
	return strings.Join(lines, "\n")
}

// titleOf names an album.
func titleOf(a plan.Album) string {
	if a.Title == "" {
		return "No album, the library only"
	}
	return plain(a.Title)
}

// nameOf is the last part of an item's path.
func nameOf(it plan.Item) string {
	if it.File == "" {
		return filepath.Base(it.Path)
	}
	return report.Text(filepath.Base(it.File))
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
