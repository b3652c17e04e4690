package dashboard

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"time"

	"github.com/albumwright/albumwright/internal/look"
	"github.com/albumwright/albumwright/internal/watch"
)

// saidPart is the only part that belongs to one page and not to all.
const saidPart = "said"

// partNames are the parts in no order; each is a template, and an element of the page with that id.
func partNames() []string {
	return []string{"name", "actions", saidPart, "trouble", "head", "ends", "stages", "budget", "pace", "failures", "wall", "times", "folders"}
}

// templates are parsed once and never change.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"count": count, "stamp": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
}).ParseFS(assets, "templates/*.html"))

// view is what the parts show.
type view struct {
	Token    string // of forms
	Said     said
	Head     head
	Troubles []trouble
	Ends     ends
	Stages   stages
	Budgets  []budget
	Pace     pace
	Failures failures
	Wall     []tile
	Times    timeline
	Folders  []folder
}

func (p *Page) view(s watch.Snapshot, said said) view {
	now := clock(s.Time)
	return view{
		Token: p.form, Said: said, Head: headOf(s, now), Troubles: troubles(s, now), Ends: endsOf(s), Stages: stagesOf(s), Budgets: budgets(s, now),
		Pace: paceOf(s), Failures: p.failuresOf(s, now), Wall: p.wall(s, now), Times: timesOf(s), Folders: folders(s, now),
	}
}

// render makes the parts of now.
func (p *Page) render(said said) (parts, error) {
	v := p.view(p.cfg.Control.Snapshot(), said)
	out := parts{}
	for _, name := range partNames() {
		var b bytes.Buffer
		if err := templates.ExecuteTemplate(&b, name, v); err != nil {
			return nil, err
		}
		out[name] = b.String()
	}
	return out, nil
}

// show is the whole page.
func (p *Page) show(w http.ResponseWriter, r *http.Request) {
	p.write(w, http.StatusOK, sayings(r.URL.Query()))
}

func (p *Page) write(w http.ResponseWriter, status int, said said) {
	made, err := p.render(said)
	whole := struct {
		Parts              map[string]template.HTML
		Style, Icon, Morph string
		Zone               string
	}{map[string]template.HTML{}, "." + look.StyleSheet, "." + look.Icon, "." + look.Morph, time.Now().Format("MST (-07:00)")}
	for id, html := range made {
		whole.Parts[id] = template.HTML(html) //nolint:gosec // made by templates just now
	}
	var b bytes.Buffer
	if err == nil {
		err = templates.ExecuteTemplate(&b, "page", whole)
	}
	if err != nil {
		http.Error(w, "the page could not be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// id names something on the page. Who has not seen the page cannot know it, and it tells nothing.
func (p *Page) id(of string) string {
	h := hmac.New(sha256.New, p.ids)
	_, _ = h.Write([]byte(of)) // a hash takes everything
	return hex.EncodeToString(h.Sum(nil)[:12])
}
