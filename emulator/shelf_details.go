package emulator

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
	"github.com/albumwright/albumwright/exif"
)

// Details implements gallery.Library. The camera's own clock, the place and the
// length of a film are read from the bytes: the API shows none of them, and so the
// server does not keep them.
func (v shelf) Details(id string) gallery.Details {
	d := v.known(id)
	b, err := v.open(id)
	if err != nil {
		return d
	}
	defer b.Close()
	it, _ := v.Item(id)
	said, _ := exif.Read(b, it.Size) // what is damaged costs its own facts only
	d.Where, d.Duration = said.Place, said.Duration
	d.Clock = said.Capture.Wall
	if moment, known := said.Capture.Instant(); known {
		d.Clock, d.Zoned = moment.In(time.FixedZone("", int(said.Capture.Offset/time.Second))), true
	}
	return d
}

// known are the details that need no look at the bytes.
func (v shelf) known(id string) (d gallery.Details) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	it := v.s.itemID[id]
	if it == nil {
		return d
	}
	facts := it.content.facts
	d.Camera = facts.Model
	if !strings.HasPrefix(facts.Model, facts.Make) { // some models begin with their maker
		d.Camera = strings.TrimSpace(facts.Make + " " + facts.Model)
	}
	d.Exposure, d.FPS, d.Motion = facts.Exposure, facts.FPS, facts.Motion
	for a := range v.s.shownAlbums {
		if a.holds[it] {
			d.In = append(d.In, gallery.Membership{
				Title: a.title, AlbumID: a.id, Place: slices.Index(a.items, it) + 1, Count: len(a.items),
			})
		}
	}
	d.History = it.history()
	return d
}

// history is what happened to an item, for people.
func (it *item) history() (all []gallery.Event) {
	made := "created past the API"
	if from := it.from; from != nil {
		protocol := "raw"
		if from.resumable {
			protocol = "resumable"
		}
		all = append(all, gallery.Event{Time: from.uploaded, What: "uploaded by the " + protocol + " protocol"})
		made = fmt.Sprintf("created by mediaItems.batchCreate no. %d, entry %d of %d, with a token %s old",
			from.call, from.entry, from.of, roughly(it.created.Sub(from.uploaded)))
	}
	all = append(all, gallery.Event{Time: it.created, What: made})
	for _, e := range it.edits {
		all = append(all, gallery.Event{Time: e.at, What: e.what})
	}
	return all
}

// roughly is a duration as people say it: "3 s", "2 h 5 min", "1 d 2 h".
func roughly(d time.Duration) string {
	switch {
	case d < time.Second:
		return "less than a second"
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%d d %d h", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
}
