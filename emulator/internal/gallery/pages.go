package gallery

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// pageItems is the number of tiles on a page: an album can have 20,000.
const pageItems = 240

// view is what every page's template gets.
type view struct {
	Title   string
	Section string // of the navigation: "albums", "library", "requests"
	Crumbs  []link // the way to this page, without the page itself
	Host    string // where this server was reached
	Data    any
}

type link struct {
	Text, URL string
}

// tile is one thumbnail in a grid.
type tile struct {
	Item
	URL           string
	Place         int // in the album, from 1; 0 in the library
	ShowW, ShowH  int // size as shown, for the layout before the image is there
	ThumbURL, Alt string
}

// grid is a page of tiles with its neighbours.
type grid struct {
	Tiles          []tile
	From, To       int // from 1
	Total          int
	Prev, Next     string // URLs; "" = none
	Numbered       bool
	Heading, Lines string
	Aside          link // to a page beside this one
}

func parsePages() map[string]*template.Template {
	funcs := template.FuncMap{
		"size": humanSize, "count": humanCount, "date": humanDate,
		"number": humanNumber,
		"clock":  func(t time.Time) string { return t.Format("2006-01-02 15:04:05 MST") },
	}
	pages := map[string]*template.Template{}
	for _, name := range []string{"home", "grid", "item", "requests", "missing", "refused"} {
		pages[name] = template.Must(template.New(name).Funcs(funcs).
			ParseFS(files, "templates/base.html", "templates/tiles.html", "templates/"+name+".html"))
	}
	return pages
}

// render writes a whole page or, on an error, none of it.
func (g *Gallery) render(w http.ResponseWriter, r *http.Request, status int, page string, v view) {
	v.Host = r.Host
	var b bytes.Buffer
	if err := g.pages[page].ExecuteTemplate(&b, "base", v); err != nil {
		http.Error(w, "the page could not be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// card is an album on the home page.
type card struct {
	Title, URL string
	Count      int
	Covers     []tile // one for an album, up to four for the library
}

func (g *Gallery) home(w http.ResponseWriter, r *http.Request) {
	items := g.lib.Items()
	all := card{Title: "Library", URL: "/library", Count: len(items)}
	for _, it := range items[:min(4, len(items))] {
		all.Covers = append(all.Covers, newTile(it, "", 0))
	}
	cards := []card{all}
	for _, a := range g.lib.Albums() {
		c := card{Title: a.Title, URL: albumURL(a.ID), Count: len(a.Items)}
		if len(a.Items) > 0 {
			cover, _ := g.lib.Item(a.Items[0])
			c.Covers = []tile{newTile(cover, "", 0)}
		}
		cards = append(cards, c)
	}
	var total int64
	for _, it := range items {
		total += it.Size
	}
	g.render(w, r, http.StatusOK, "home", view{Title: "Albums", Section: "albums", Data: struct {
		Cards         []card
		Albums, Items int
		Bytes         int64
	}{cards, len(cards) - 1, len(items), total}})
}

func (g *Gallery) library(w http.ResponseWriter, r *http.Request) {
	page := newItems(r, g.lib.Items(), "Library", "/library", "/items/")
	if n := len(g.lib.Trash()); n > 0 {
		page.Aside = link{humanCount(n, "item") + " in the trash", "/trash"}
	}
	g.render(w, r, http.StatusOK, "grid", view{
		Title: "Library", Section: "library", Crumbs: []link{{"Albums", "/"}}, Data: page,
	})
}

func (g *Gallery) trash(w http.ResponseWriter, r *http.Request) {
	g.render(w, r, http.StatusOK, "grid", view{
		Title: "Trash", Section: "library", Crumbs: []link{{"Albums", "/"}, {"Library", "/library"}},
		Data: newItems(r, g.lib.Trash(), "Trash", "/trash", "/trash/"),
	})
}

// newItems is a page of items that are in no order but that of their time. Each
// has a page of its own below base.
func newItems(r *http.Request, items []Item, heading, path, base string) grid {
	page := newGrid(r, path, len(items))
	for _, it := range items[page.From-1 : page.To] {
		page.Tiles = append(page.Tiles, newTile(it, base+url.PathEscape(it.ID), 0))
	}
	page.Heading, page.Lines = heading, humanCount(len(items), "item")+", newest first"
	return page
}

func (g *Gallery) album(w http.ResponseWriter, r *http.Request) {
	a, ok := g.findAlbum(r)
	if !ok {
		g.missing(w, r)
		return
	}
	page := newGrid(r, albumURL(a.ID), len(a.Items))
	page.Numbered = true
	for i, id := range a.Items[page.From-1 : page.To] {
		it, _ := g.lib.Item(id)
		page.Tiles = append(page.Tiles, newTile(it, albumURL(a.ID)+"/"+url.PathEscape(id), page.From+i))
	}
	page.Heading, page.Lines = a.Title, humanCount(len(a.Items), "item")+", in album order"
	g.render(w, r, http.StatusOK, "grid", view{
		Title: a.Title, Section: "albums", Crumbs: []link{{"Albums", "/"}}, Data: page,
	})
}

// newGrid reads ?page= and cuts it to what there is.
func newGrid(r *http.Request, path string, total int) grid {
	last := max(1, (total+pageItems-1)/pageItems)
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	n = min(max(n, 1), last)
	g := grid{From: (n-1)*pageItems + 1, To: min(n*pageItems, total), Total: total}
	if n > 1 {
		g.Prev = fmt.Sprintf("%s?page=%d", path, n-1)
	}
	if n < last {
		g.Next = fmt.Sprintf("%s?page=%d", path, n+1)
	}
	return g
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

func (g *Gallery) requests(w http.ResponseWriter, r *http.Request) {
	type row struct {
		Name  string
		Count int
	}
	calls := g.lib.Calls()
	var rows []row
	total, most := 0, 1
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		rows = append(rows, row{name, calls[name]})
		total += calls[name]
		most = max(most, calls[name])
	}
	g.render(w, r, http.StatusOK, "requests", view{
		Title: "Requests", Section: "requests", Crumbs: []link{{"Albums", "/"}},
		Data: struct {
			Rows        []row
			Total, Most int
			Meters      []Meter
			Violations  []Violation
		}{rows, total, most, g.lib.Meters(), g.lib.Violations()},
	})
}

func (g *Gallery) missing(w http.ResponseWriter, r *http.Request) {
	g.render(w, r, http.StatusNotFound, "missing", view{Title: "Not here", Crumbs: []link{{"Albums", "/"}}})
}

func (g *Gallery) findAlbum(r *http.Request) (Album, bool) {
	albums := g.lib.Albums()
	i := slices.IndexFunc(albums, func(a Album) bool { return a.ID == r.PathValue("album") })
	if i < 0 {
		return Album{}, false
	}
	return albums[i], true
}

func albumURL(id string) string { return "/albums/" + url.PathEscape(id) }
