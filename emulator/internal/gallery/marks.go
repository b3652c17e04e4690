package gallery

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Marks are what the user says about an item.
type Marks struct {
	Favorite, Archived, Trashed bool
	Processing, Ready, Failed   bool     // of a video, at most one: what it is, whatever the clock says
	Foreign                     bool     // made by another app: the API does not show it
	Categories                  []string // of Library.Categories
}

// choice is a box to tick, or one of several to choose.
type choice struct {
	Name, Text string
	Ticked     bool
}

// markForm is the form on an item's page, or what stands there instead of it.
type markForm struct {
	Token      string // "" = only to look at
	Saved      bool   // it was sent just now
	Marks      []choice
	Video      []choice // of a video: what state it is in
	Categories []choice
	Seen       int // of Categories, those that are ticked
}

// The values of the field "video" beside "", which is by the clock.
const (
	videoProcessing = "PROCESSING"
	videoReady      = "READY"
	videoFailed     = "FAILED"
)

func (g *Gallery) markForm(r *http.Request, v visit, it Item) markForm {
	m := it.Marks
	f := markForm{Token: g.tokenFor(r), Saved: r.URL.Query().Has("saved"), Marks: []choice{
		{"favorite", "Favorite", m.Favorite}, {"archived", "Archived", m.Archived},
		{"trashed", "In the trash", m.Trashed}, {"foreign", "Made by another app", m.Foreign},
	}}
	if it.Video {
		f.Video = []choice{
			{"", "By the clock", !m.Processing && !m.Ready && !m.Failed}, {videoProcessing, "Processing", m.Processing},
			{videoReady, "Ready", m.Ready}, {videoFailed, "Failed", m.Failed},
		}
	}
	for _, name := range v.lib.Categories() {
		ticked := slices.Contains(m.Categories, name)
		if ticked {
			f.Seen++
		}
		f.Categories = append(f.Categories, choice{name, capital(name), ticked})
	}
	return f
}

// capital is "Pets" for "PETS".
func capital(name string) string { return name[:1] + strings.ToLower(name[1:]) }

// mark takes an item's form, and shows the item where it is then.
func (g *Gallery) mark(w http.ResponseWriter, r *http.Request, v visit) {
	it, found := v.lib.Item(r.PathValue("item"))
	if !found {
		g.missing(w, r, v)
		return
	}
	marks := it.Marks
	marks.Favorite, marks.Archived = r.PostForm.Has("favorite"), r.PostForm.Has("archived")
	marks.Trashed, marks.Foreign = r.PostForm.Has("trashed"), r.PostForm.Has("foreign")
	marks.Categories = r.PostForm["category"]
	if it.Video {
		state := r.PostForm.Get("video")
		marks.Processing, marks.Ready, marks.Failed = state == videoProcessing, state == videoReady, state == videoFailed
	}
	if err := v.lib.Mark(it.ID, marks); err != nil {
		g.refuse(w, r, http.StatusBadRequest, err.Error())
		return
	}
	http.Redirect(w, r, placeOf(r, v, it.ID, marks.Trashed)+"?saved#marks", http.StatusSeeOther)
}

// placeOf is where an item can be seen, as near as possible to where it was.
func placeOf(r *http.Request, v visit, id string, trashed bool) string {
	if trashed {
		return "/trash/" + url.PathEscape(id)
	}
	if album := r.PathValue("album"); album != "" {
		if _, there := v.lib.Around(album, id); there {
			return albumURL(album) + "/" + url.PathEscape(id)
		}
	}
	return "/items/" + url.PathEscape(id)
}
