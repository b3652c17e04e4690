package gallery

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// What a page has room for: an album can have 20,000 items, a library a million.
const (
	pageItems  = 240
	pageAlbums = 120
)

// tile is one thumbnail in a grid.
type tile struct {
	Item
	URL           string
	Place         int // in the album, from 1; 0 elsewhere
	ShowW, ShowH  int // size as shown, for the layout before the image is there
	ThumbURL, Alt string
}

// part is what stands under each other in a grid: tiles under a heading, or what
// an album has between its items.
type part struct {
	Heading, Anchor string
	Tiles           []tile
	Kind, Text      string
}

// grid is a page of tiles.
type grid struct {
	pager
	Heading, Lines string
	Parts          []part
	Aside          link   // to a page beside this one
	Years          []link // into the same list
}

// card is an album on the home page.
type card struct {
	ID, Title, URL string
	Count          int
	Covers         []tile // one for an album, up to four for the library
}

func (g *Gallery) home(w http.ResponseWriter, r *http.Request, v visit) {
	counts := v.lib.Counts()
	p := newPager(r, "/", counts.Albums, pageAlbums)
	var cards []card
	if p.Prev == "" {
		all := card{ID: "library", Title: "Library", URL: "/library", Count: counts.Items}
		for _, it := range v.lib.Timeline(0, 4) {
			all.Covers = append(all.Covers, newTile(it, "", 0))
		}
		cards = append(cards, all)
	}
	for _, a := range v.lib.Albums(p.From-1, pageAlbums) {
		c := card{ID: a.ID, Title: a.Title, URL: albumURL(a.ID), Count: a.Count}
		if a.Cover != nil {
			c.Covers = []tile{newTile(*a.Cover, "", 0)}
		}
		cards = append(cards, c)
	}
	g.render(w, r, http.StatusOK, "home", view{Title: "Albums", Section: "albums", Live: LibraryChanged, Data: struct {
		pager
		Cards  []card
		Counts Counts
	}{p, cards, counts}})
}

// timeline shows all items but those in the trash, newest first, by months.
func (g *Gallery) timeline(w http.ResponseWriter, r *http.Request, v visit) {
	counts := v.lib.Counts()
	page := grid{
		pager:   newPager(r, "/library", counts.Items+counts.Trashed, pageItems),
		Heading: "Library", Lines: humanCount(counts.Items, "item") + ", newest first",
	}
	for _, it := range v.lib.Timeline(page.From-1, pageItems) {
		page.addToMonth(it)
	}
	for _, y := range v.lib.Years() {
		page.Years = append(page.Years, link{fmt.Sprint(y.Year), fmt.Sprintf("/library?page=%d#y%d", y.At/pageItems+1, y.Year)})
	}
	if counts.Trashed > 0 {
		page.Aside = link{humanCount(counts.Trashed, "item") + " in the trash", "/trash"}
	}
	g.render(w, r, http.StatusOK, "grid", view{
		Title: "Library", Section: "library", Live: LibraryChanged, Crumbs: []link{{"Albums", "/"}}, Data: page,
	})
}

// addToMonth puts an item into the part of its month, the last one or a new one.
// The first month of a year on a page is where its link leads.
func (g *grid) addToMonth(it Item) {
	taken := it.Created.UTC()
	name, year := taken.Format("January 2006"), taken.Format("y2006")
	if n := len(g.Parts); n == 0 || g.Parts[n-1].Heading != name {
		anchor := taken.Format("m2006-01")
		if n == 0 || !strings.HasSuffix(g.Parts[n-1].Heading, year[1:]) {
			anchor = year
		}
		g.Parts = append(g.Parts, part{Heading: name, Anchor: anchor})
	}
	last := &g.Parts[len(g.Parts)-1]
	last.Tiles = append(last.Tiles, newTile(it, "/items/"+url.PathEscape(it.ID), 0))
}

func (g *Gallery) trash(w http.ResponseWriter, r *http.Request, v visit) {
	counts := v.lib.Counts()
	page := grid{
		pager:   newPager(r, "/trash", counts.Trashed, pageItems),
		Heading: "Trash", Lines: humanCount(counts.Trashed, "item") + ", the last one first",
	}
	var all part
	for _, it := range v.lib.Trash(page.From-1, pageItems) {
		all.Tiles = append(all.Tiles, newTile(it, "/trash/"+url.PathEscape(it.ID), 0))
	}
	if len(all.Tiles) > 0 {
		page.Parts = []part{all}
	}
	g.render(w, r, http.StatusOK, "grid", view{
		Title: "Trash", Section: "library", Live: LibraryChanged, Crumbs: []link{{"Albums", "/"}, {"Library", "/library"}}, Data: page,
	})
}

// album shows an album in its order, with what stands between the items.
func (g *Gallery) album(w http.ResponseWriter, r *http.Request, v visit) {
	a, ok := v.lib.Album(r.PathValue("album"))
	if !ok {
		g.missing(w, r, v)
		return
	}
	page := grid{
		pager:   newPager(r, albumURL(a.ID), a.Count, pageItems),
		Heading: a.Title, Lines: humanCount(a.Count, "item") + ", in album order",
	}
	for _, e := range v.lib.InAlbum(a.ID, page.From-1, pageItems) {
		page.addEntry(e, albumURL(a.ID))
	}
	g.render(w, r, http.StatusOK, "grid", view{
		Title: a.Title, Section: "albums", Live: LibraryChanged, Crumbs: []link{{"Albums", "/"}}, Data: page,
	})
}

// addEntry puts what an album has next under what it had before.
func (g *grid) addEntry(e Entry, base string) {
	if e.Item == nil {
		g.Parts = append(g.Parts, part{Kind: e.Kind, Text: e.Text})
		return
	}
	if n := len(g.Parts); n == 0 || g.Parts[n-1].Kind != "" {
		g.Parts = append(g.Parts, part{})
	}
	last := &g.Parts[len(g.Parts)-1]
	last.Tiles = append(last.Tiles, newTile(*e.Item, base+"/"+url.PathEscape(e.Item.ID), e.Place))
}

func newTile(it Item, url string, place int) tile {
	t := tile{Item: it, URL: url, Place: place, ThumbURL: "/thumbs/" + it.ID, Alt: it.Description}
	if t.Alt == "" {
		t.Alt = it.Name
	}
	t.ShowW, t.ShowH = it.Width, it.Height
	if it.Orientation >= 5 {
		t.ShowW, t.ShowH = t.ShowH, t.ShowW
	}
	if t.ShowW == 0 || t.ShowH == 0 {
		t.ShowW, t.ShowH = 4, 3 // the tile with the type's name
	}
	return t
}

func albumURL(id string) string { return "/albums/" + url.PathEscape(id) }
