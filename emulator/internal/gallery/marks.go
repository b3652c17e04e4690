package gallery

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Marks are what the user says about an item.
type Marks struct {
	Favorite, Archived, Trashed bool
	Foreign                     bool     // made by another app: the API does not show it
	Categories                  []string // of Library.Categories
}

// category is a box to tick.
type category struct {
	Name, Text string
	Ticked     bool
}

// markForm is the form on an item's page, or what stands there instead of it.
type markForm struct {
	Token      string // "" = only to look at
	Saved      bool   // it was sent just now
	Marks      Marks
	Categories []category
}

// newFormToken is known to the pages of this server, and to whoever can read
// them: no page of another origin can.
func newFormToken() string { return rand.Text() }

// maxForm is in bytes; all boxes ticked are not 1 kB.
const maxForm = 16 << 10

// mayChange reports whether a request comes from this machine. Others may look,
// where the server is open to them; their forms would need a password.
func mayChange(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	from, err := netip.ParseAddr(host)
	return err == nil && from.Unmap().IsLoopback()
}

func (g *Gallery) markForm(r *http.Request, it Item) markForm {
	f := markForm{Marks: it.Marks, Saved: r.URL.Query().Has("saved")}
	if mayChange(r) {
		f.Token = g.formToken
	}
	for _, name := range g.lib.Categories() {
		f.Categories = append(f.Categories, category{name, capital(name), slices.Contains(it.Marks.Categories, name)})
	}
	return f
}

// capital is "Pets" for "PETS".
func capital(name string) string { return name[:1] + strings.ToLower(name[1:]) }

// mark takes an item's form, and shows the item where it is then.
func (g *Gallery) mark(w http.ResponseWriter, r *http.Request) {
	if !mayChange(r) {
		g.refuse(w, r, http.StatusForbidden, "Items can be marked on the machine that the emulator runs on. From here, use the control path.")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		g.refuse(w, r, http.StatusBadRequest, "The form could not be read: "+err.Error())
		return
	}
	sent := []byte(r.PostForm.Get("form"))
	if subtle.ConstantTimeCompare(sent, []byte(g.formToken)) != 1 {
		g.refuse(w, r, http.StatusForbidden, "The form is not of this server's making, or the server was started again since. Nothing was changed. Go back and load the page again.")
		return
	}
	it, found := g.lib.Item(r.PathValue("item"))
	if !found {
		g.missing(w, r)
		return
	}
	marks := Marks{
		Favorite: r.PostForm.Has("favorite"), Archived: r.PostForm.Has("archived"), Trashed: r.PostForm.Has("trashed"),
		Foreign:    r.PostForm.Has("foreign"),
		Categories: r.PostForm["category"],
	}
	if err := g.lib.Mark(it.ID, marks); err != nil {
		g.refuse(w, r, http.StatusBadRequest, err.Error())
		return
	}
	http.Redirect(w, r, g.placeOf(r, it.ID, marks.Trashed)+"?saved#marks", http.StatusSeeOther)
}

// placeOf is where an item can be seen, as near as possible to where it was.
func (g *Gallery) placeOf(r *http.Request, id string, trashed bool) string {
	a, found := g.findAlbum(r)
	switch {
	case trashed:
		return "/trash/" + url.PathEscape(id)
	case found && slices.Contains(a.Items, id):
		return albumURL(a.ID) + "/" + url.PathEscape(id)
	}
	return "/items/" + url.PathEscape(id)
}

func (g *Gallery) refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	g.render(w, r, status, "refused", view{Title: "Not done", Crumbs: []link{{"Albums", "/"}}, Data: why})
}
