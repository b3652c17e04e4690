package gallery

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif"
)

// itemView is the data of an item's page.
type itemView struct {
	tile
	Details
	Plays          bool // as a video in the page
	MediaURL       string
	PreviewURL     string
	Exposed        string // how; "" = the file does not say
	At             string // the place; "" = the file does not say
	Lasts          string // a video; "" = the file does not say
	In             []place
	Form           markForm
	Up, Prev, Next string // URLs; "" = none
	Count          int    // of the album that prev and next walk through; 0 = no album
}

// place is an album of an item's.
type place struct {
	Membership
	URL string
}

// libraryItem shows an item among all others, newest first.
func (g *Gallery) libraryItem(w http.ResponseWriter, r *http.Request, v visit) {
	g.item(w, r, v, "", "/items", link{"Library", "/library"}, "library")
}

// trashedItem shows an item among those that were thrown away.
func (g *Gallery) trashedItem(w http.ResponseWriter, r *http.Request, v visit) {
	g.item(w, r, v, "", "/trash", link{"Trash", "/trash"}, "library")
}

// albumItem shows an item at its place in an album.
func (g *Gallery) albumItem(w http.ResponseWriter, r *http.Request, v visit) {
	a, ok := v.lib.Album(r.PathValue("album"))
	if !ok {
		g.missing(w, r, v)
		return
	}
	g.item(w, r, v, a.ID, albumURL(a.ID), link{a.Title, albumURL(a.ID)}, "albums")
}

// item renders one item with its neighbours, which live at base.
func (g *Gallery) item(w http.ResponseWriter, r *http.Request, v visit, albumID, base string, up link, section string) {
	id := r.PathValue("item")
	it, ok := v.lib.Item(id)
	around, there := v.lib.Around(albumID, id)
	if !ok || !there || albumID == "" && it.Marks.Trashed != (base == "/trash") {
		g.missing(w, r, v)
		return
	}
	page := itemView{
		tile: newTile(it, "", around.Place), Details: v.lib.Details(id), Plays: plays(it), Form: g.markForm(r, v, it),
		Up: up.URL, Count: around.Count, MediaURL: "/media/" + url.PathEscape(id), PreviewURL: "/previews/" + url.PathEscape(id),
	}
	page.Exposed, page.At, page.Lasts = exposed(page.Exposure), degrees(page.Where), lasts(page.Duration)
	for _, in := range page.Details.In {
		page.In = append(page.In, place{in, albumURL(in.AlbumID)})
	}
	if around.Prev != "" {
		page.Prev = base + "/" + url.PathEscape(around.Prev)
	}
	if around.Next != "" {
		page.Next = base + "/" + url.PathEscape(around.Next)
	}
	g.render(w, r, http.StatusOK, "item", view{
		Title: it.Name, Section: section, Live: LibraryChanged, Crumbs: []link{{"Albums", "/"}, up}, Data: page,
	})
}

// exposed is how a photo was exposed, as photographers write it.
func exposed(e exif.Exposure) string {
	var said []string
	if e.Time > 0 {
		said = append(said, shutter(e.Time)+" s")
	}
	if e.FNumber > 0 {
		said = append(said, "ƒ/"+strconv.FormatFloat(math.Round(e.FNumber*10)/10, 'f', -1, 64))
	}
	if e.ISO > 0 {
		said = append(said, "ISO "+strconv.Itoa(e.ISO))
	}
	if e.FocalLength > 0 {
		said = append(said, strconv.FormatFloat(math.Round(e.FocalLength*10)/10, 'f', -1, 64)+" mm")
	}
	return strings.Join(said, " · ")
}

// shutter is "1/250" or "2.5".
func shutter(d time.Duration) string {
	if d < 300*time.Millisecond {
		return "1/" + strconv.FormatFloat(math.Round(1/d.Seconds()), 'f', 0, 64)
	}
	return strconv.FormatFloat(math.Round(d.Seconds()*10)/10, 'f', -1, 64)
}

// degrees is a place without a map.
func degrees(p exif.Place) string {
	if p.IsZero() {
		return ""
	}
	side := func(v float64, positive, negative string) string {
		if v < 0 {
			return fmt.Sprintf("%.4f° %s", -v, negative)
		}
		return fmt.Sprintf("%.4f° %s", v, positive)
	}
	return side(p.Lat, "north", "south") + ", " + side(p.Lon, "east", "west")
}

// lasts is the length of a film: "0:07", "1:02:03".
func lasts(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	switch {
	case d <= 0:
		return ""
	case s >= 3600:
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
