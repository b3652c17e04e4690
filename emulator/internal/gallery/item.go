package gallery

import (
	"net/http"
	"net/url"
	"slices"
)

// membership is an album that an item is in, with its place there.
type membership struct {
	Title, URL   string
	Place, Count int
}

// itemView is the data of an item's page.
type itemView struct {
	tile
	Plays          bool // as a video in the page
	MediaURL       string
	PreviewURL     string
	In             []membership
	Form           markForm
	Up, Prev, Next string // URLs; "" = none
	Count          int    // of the album or library that prev and next walk through
}

// libraryItem shows an item among all others, newest first.
func (g *Gallery) libraryItem(w http.ResponseWriter, r *http.Request) {
	g.item(w, r, idsOf(g.lib.Items()), "/items", link{"Library", "/library"}, "library")
}

// trashedItem shows an item among those that were thrown away.
func (g *Gallery) trashedItem(w http.ResponseWriter, r *http.Request) {
	g.item(w, r, idsOf(g.lib.Trash()), "/trash", link{"Trash", "/trash"}, "library")
}

func idsOf(items []Item) []string {
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.ID
	}
	return ids
}

// albumItem shows an item at its place in an album.
func (g *Gallery) albumItem(w http.ResponseWriter, r *http.Request) {
	a, ok := g.findAlbum(r)
	if !ok {
		g.missing(w, r)
		return
	}
	g.item(w, r, a.Items, albumURL(a.ID), link{a.Title, albumURL(a.ID)}, "albums")
}

// item renders one item with its neighbours in ids. Neighbours live at base.
func (g *Gallery) item(w http.ResponseWriter, r *http.Request, ids []string, base string, up link, section string) {
	id := r.PathValue("item")
	at := slices.Index(ids, id)
	it, ok := g.lib.Item(id)
	if at < 0 || !ok {
		g.missing(w, r)
		return
	}
	v := itemView{
		tile: newTile(it, "", at+1), Plays: plays(it), In: g.albumsOf(id), Form: g.markForm(r, it), Up: up.URL, Count: len(ids),
		MediaURL: "/media/" + url.PathEscape(id), PreviewURL: "/previews/" + url.PathEscape(id),
	}
	if at > 0 {
		v.Prev = base + "/" + url.PathEscape(ids[at-1])
	}
	if at+1 < len(ids) {
		v.Next = base + "/" + url.PathEscape(ids[at+1])
	}
	g.render(w, r, http.StatusOK, "item", view{
		Title: it.Name, Section: section, Crumbs: []link{{"Albums", "/"}, up}, Data: v,
	})
}

// albumsOf are the albums that hold an item.
func (g *Gallery) albumsOf(id string) []membership {
	var in []membership
	for _, a := range g.lib.Albums() {
		if at := slices.Index(a.Items, id); at >= 0 {
			in = append(in, membership{a.Title, albumURL(a.ID), at + 1, len(a.Items)})
		}
	}
	return in
}

// plays reports whether browsers may be able to play a video.
func plays(it Item) bool {
	switch it.MIMEType {
	case "video/mp4", "video/webm", "video/quicktime", "video/x-m4v":
		return true
	}
	return false
}

// inlineTypes are served as what they are; every other type is a download, so
// that no upload can be a page of this server. Read only.
var inlineTypes = []string{
	"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp",
	"video/mp4", "video/webm", "video/quicktime", "video/x-m4v",
}

// media serves the bytes as they were uploaded.
func (g *Gallery) media(w http.ResponseWriter, r *http.Request) {
	it, ok := g.lib.Item(r.PathValue("item"))
	if !ok {
		g.missing(w, r)
		return
	}
	b, err := g.lib.Open(it.ID)
	if err != nil {
		http.Error(w, "the bytes are gone", http.StatusGone)
		return
	}
	defer b.Close()
	h := w.Header()
	h.Set("Content-Type", it.MIMEType)
	h.Set("ETag", `"`+it.SHA256+`"`)
	disposition := "attachment"
	if slices.Contains(inlineTypes, it.MIMEType) && !r.URL.Query().Has("download") {
		disposition = "inline"
	}
	h.Set("Content-Disposition", disposition+"; filename*=UTF-8''"+url.PathEscape(it.Name))
	http.ServeContent(w, r, "", it.Created, b)
}
