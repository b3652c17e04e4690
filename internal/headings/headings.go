// Package headings cuts an album into groups, by day, event or place, each of which gets a heading.
//
// A [Cutter] takes an album's files in their order and says where groups begin. Headings that an album has already cannot be moved or taken away: they begin
// groups wherever they stand, and a file that comes before the first of such a group may turn out to belong to it.
package headings

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Kind is what headings are put in front of. The zero value is none.
type Kind string

// The kinds.
const (
	None  Kind = ""
	Day   Kind = "day"   // a calendar day
	Event Kind = "event" // a run of files without a long pause
	Place Kind = "place" // files taken near each other, one after the other
)

// Parse reads a kind.
func Parse(text string) (Kind, error) {
	switch k := Kind(text); k {
	case None, Day, Event, Place:
		return k, nil
	}
	return None, fmt.Errorf("%q is none of day, event, place", text)
}

// Shot is what is known about a file of an album.
type Shot struct {
	Sort      []byte    // its place in the album
	Captured  time.Time // wall clock; zero: not known
	DayOnly   bool      // Captured is a day, without a time of day
	Latitude  *float64  // degrees; nil: not known
	Longitude *float64
	Removed   bool // it was taken out of the album; it still tells which group its heading is of
}

// near is how far, in metres, two files may be apart that follow each other and were taken at one place.
const near = 2000

// Group is files that one heading stands in front of.
type Group struct {
	Known int    // which of the Cutter's known headings begins it; -1: it has none yet
	Sort  []byte // the place of its first file
	First Shot   // the first file that tells what the group is, of those that were not taken out if there is one; zero if there is none
}

// Cutter finds groups. Set it up and give it an album's files in their order.
type Cutter struct {
	By       Kind
	DayStart time.Duration // when a day begins, after midnight
	Gap      time.Duration // the longest pause within an event
	Known    [][]byte      // the places of the headings that there are, in order

	groups []Group
	at     int   // Known[:at] begin groups already
	last   *Shot // of the last group: the last file that tells
	before *Shot // likewise of the group before it, as long as none of the last one was seen
}

// Next takes the next file.
func (c *Cutter) Next(s Shot) {
	for ; c.at < len(c.Known) && string(c.Known[c.at]) <= string(s.Sort); c.at++ {
		c.groups = append(c.groups, Group{Known: c.at, Sort: c.Known[c.at]})
		c.before, c.last = c.last, nil
	}
	if !c.tells(s) {
		return
	}
	switch {
	case c.last == nil && len(c.groups) > 0:
		c.join(s)
	case c.last == nil || !c.together(*c.last, s):
		c.groups = append(c.groups, Group{Known: -1, Sort: s.Sort})
	}
	if g := &c.groups[len(c.groups)-1]; g.First.Sort == nil || g.First.Removed && !s.Removed {
		g.First = s
	}
	if c.last == nil || c.By != Day || c.day(s).After(c.day(*c.last)) {
		c.last = &s
	}
	c.before = nil
}

// join takes the first file behind a heading that there is. A new group right before it that goes with that file is the heading's own.
func (c *Cutter) join(s Shot) {
	n := len(c.groups)
	if c.before == nil || n < 2 || c.groups[n-2].Known >= 0 || !c.together(*c.before, s) {
		return
	}
	c.groups[n-1].Sort, c.groups[n-1].First = c.groups[n-2].Sort, c.groups[n-2].First
	c.groups = append(c.groups[:n-2], c.groups[n-1])
}

// Groups are those that were found, in order. Files before the first one belong to none. A group of which everything was taken out is one only if it has its
// heading.
func (c *Cutter) Groups() []Group {
	return slices.DeleteFunc(slices.Clone(c.groups), func(g Group) bool { return g.Known < 0 && g.First.Removed })
}

// tells reports whether a file tells what group it is in. One that does not goes with the file before it.
func (c *Cutter) tells(s Shot) bool {
	switch c.By {
	case Day:
		return !s.Captured.IsZero()
	case Event:
		return !s.Captured.IsZero() && !s.DayOnly
	case Place:
		return !s.Captured.IsZero() && s.Latitude != nil && s.Longitude != nil
	}
	return false
}

// together reports whether a file goes with the one before it.
func (c *Cutter) together(a, b Shot) bool {
	switch c.By {
	case Day:
		return !c.day(b).After(c.day(a))
	case Event:
		return b.Captured.Sub(a.Captured) <= c.Gap
	}
	return metres(a, b) <= near
}

func (c *Cutter) day(s Shot) time.Time {
	at := s.Captured
	if !s.DayOnly {
		at = at.Add(-c.DayStart)
	}
	return at.Truncate(24 * time.Hour)
}

// metres is the distance of two files on a globe.
func metres(a, b Shot) float64 {
	const earth = 6_371_000
	rad := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	lat1, lat2 := rad(*a.Latitude), rad(*b.Latitude)
	dLat, dLon := lat2-lat1, rad(*b.Longitude-*a.Longitude)
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(lat1)*math.Cos(lat2)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earth * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Text is what the heading of a group says: "Saturday, 18 May 2024", for an event with the time when it began, for a place its coordinates.
func (c *Cutter) Text(g Group) string {
	switch c.By {
	case Day:
		return c.day(g.First).Format("Monday, 2 January 2006")
	case Event:
		return g.First.Captured.Format("Monday, 2 January 2006, 15:04")
	case Place:
		return degrees(*g.First.Latitude, "N", "S") + ", " + degrees(*g.First.Longitude, "E", "W")
	}
	return ""
}

// Coordinates reads the text of a place's heading back.
func Coordinates(text string) (latitude, longitude float64, ok bool) {
	var ns, ew string
	if n, err := fmt.Sscanf(text, "%f° %1s, %f° %1s", &latitude, &ns, &longitude, &ew); n != 4 || err != nil {
		return 0, 0, false
	}
	if ns == "S" {
		latitude = -latitude
	}
	if ew == "W" {
		longitude = -longitude
	}
	return latitude, longitude, true
}

func degrees(v float64, positive, negative string) string {
	half := positive
	if v < 0 {
		v, half = -v, negative
	}
	return fmt.Sprintf("%.4f° %s", v, half)
}
