package gallery

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/albumwright/albumwright/internal/look"
)

// view is what every page's template gets.
type view struct {
	Title   string
	Section string // of the navigation: "albums", "library", "requests", "service"
	Live    Change // the parts of the page that change by themselves
	Crumbs  []link // the way to this page, without the page itself
	Data    any

	// The following is filled in by render.
	Host     string // where this server was reached
	Revision uint64
	Now      time.Time
	Users    []User // if there is more than one
	User     string // of Users, the one whose library this is
	Look     map[string]string
}

// LiveWords are the parts as the script knows them.
func (v view) LiveWords() string { return v.Live.words() }

type link struct {
	Text, URL string
}

// pager is a part of a list that has a page for each part.
type pager struct {
	From, To, Total int    // From counts from 1
	Page, Pages     int    // likewise
	Prev, Next      string // URLs; "" = none
}

func parsePages() map[string]*template.Template {
	funcs := template.FuncMap{
		"size": humanSize, "count": humanCount, "date": humanDate, "number": humanNumber, "took": humanTook, "left": humanLeft,
		"clock": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 MST") },
		"hour":  func(t time.Time) string { return t.UTC().Format("15:04:05") },
		"stamp": func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
	}
	pages := map[string]*template.Template{}
	for _, name := range []string{"home", "grid", "item", "requests", "service", "missing", "refused"} {
		pages[name] = template.Must(template.New(name).Funcs(funcs).
			ParseFS(files, "templates/base.html", "templates/parts.html", "templates/"+name+".html"))
	}
	return pages
}

// render writes a whole page or, on an error, none of it.
func (g *Gallery) render(w http.ResponseWriter, r *http.Request, status int, page string, v view) {
	v.Host, v.Revision = r.Host, g.hub.revision.Load()
	seen := g.visit(r)
	v.Now = seen.service.Now()
	v.Look = map[string]string{"Style": look.StyleSheet, "Icon": look.Icon, "Morph": look.Morph}
	if users := g.host.Users(); len(users) > 1 {
		v.Users, v.User = users, seen.user
	}
	var b bytes.Buffer
	if err := g.pages[page].ExecuteTemplate(&b, "base", v); err != nil {
		http.Error(w, "the page could not be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// newPager reads ?page= and cuts it to what there is. path may have a query.
func newPager(r *http.Request, path string, total, each int) pager {
	last := max(1, (total+each-1)/each)
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	n = min(max(n, 1), last)
	p := pager{From: (n-1)*each + 1, To: min(n*each, total), Total: total, Page: n, Pages: last}
	if n > 1 {
		p.Prev = pageURL(path, n-1)
	}
	if n < last {
		p.Next = pageURL(path, n+1)
	}
	return p
}

func pageURL(path string, n int) string {
	separator := "?"
	if u, err := url.Parse(path); err == nil && u.RawQuery != "" {
		separator = "&"
	}
	return fmt.Sprintf("%s%spage=%d", path, separator, n)
}

func (g *Gallery) missing(w http.ResponseWriter, r *http.Request, _ visit) {
	g.render(w, r, http.StatusNotFound, "missing", view{Title: "Not here", Live: LibraryChanged, Crumbs: []link{{"Albums", "/"}}})
}

func (g *Gallery) refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	g.render(w, r, status, "refused", view{Title: "Not done", Crumbs: []link{{"Albums", "/"}}, Data: why})
}
