package planpage

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/plan"
)

// The lists of a page; what is beyond is on the next one.
const (
	albumsOnPage = 100
	itemsOnPage  = 120
	mostUndated  = 60
	longestWords = 600 // characters of a description
)

// row is an album in the list.
type row struct {
	Number       int // from 1
	Title, Shade string
	Items        string
	Span         string // "" where no time is known
	State        string // "new", "known", "new, unless the service has one"; "" for the library
	Requests     string
	PutBack      string // what it held when it was deleted, and gets again; "" for nearly all
	Cover        string // number of its first file; "" where it only gets again what it held
	Link         string // opens or closes it
	Show         string // its part of the timeline; "" = it has none
	Pause        string // between the album before and this one, if they are apart
	Open         *opened
}

// opened is an album's items, a part at a time.
type opened struct {
	Items      []item
	From, To   int // from 1
	All        int
	Prev, Next string
}

// item is a file in an open album.
type item struct {
	Position       int // in what the import puts into the album, from 1
	File           int
	Name, Path     string
	When, Doubt    string
	Words          string
	Place          string // among what the album holds, where that is not behind the item before
	Notes          string
	Album, AlbumAt string // where it goes, for those that stand apart
}

// list is a part of the albums, in the order of the work.
type list struct {
	Rows       []row
	From, To   int
	All        int
	Prev, Next string
}

func (f *foreseen) list(q query) list {
	all := len(f.plan.Albums)
	if q.Open > all {
		q.Open, q.Items = 0, 0
	}
	at := max(q.Albums, 0)
	if q.Albums < 0 && q.Open > 0 {
		at = (q.Open - 1) / albumsOnPage
	}
	first, end, prev, next := part(at, albumsOnPage, all)
	l := list{From: first + 1, To: end, All: all}
	other := func(at int) string {
		to := q
		to.Open, to.Items, to.Albums = 0, 0, at
		return to.link()
	}
	if prev >= 0 {
		l.Prev = other(prev)
	}
	if next >= 0 {
		l.Next = other(next)
	}
	for a := first; a < end; a++ {
		l.Rows = append(l.Rows, f.row(q, a))
	}
	return l
}

// part is the n-th part of a list, and the parts beside it; -1 = none.
func part(n, each, all int) (first, end, prev, next int) {
	last := max(0, (all-1)/each)
	n = min(max(n, 0), last)
	prev, next = n-1, n+1
	if n == last {
		next = -1
	}
	return n * each, min((n+1)*each, all), prev, next
}

func (f *foreseen) row(q query, a int) row {
	album, s := f.plan.Albums[a], f.spans[a]
	r := row{
		Number: a + 1, Title: titleOf(album), Shade: f.shades[a], Items: some(len(album.Items), "item"), State: stateOf(album),
		Requests: requestsOf(album), Link: q.opening(a + 1).link(),
	}
	if len(f.files[a]) > 0 {
		r.Cover = strconv.Itoa(f.files[a][0])
	}
	if album.PutBack > 0 {
		r.PutBack = fmt.Sprintf("with %s that it held when it was deleted", count(album.PutBack))
	}
	if s.known {
		air := max((s.to-s.from)/4, 15*60)
		r.Span, r.Show = stretch(clock(s.from), clock(s.to)), q.window(s.from-air, s.to+air).link()
		if a > 0 && f.spans[a-1].known && f.spans[a-1].to < s.from {
			r.Pause = long(time.Duration(s.from-f.spans[a-1].to) * time.Second)
		}
	}
	if q.Open == a+1 {
		closing := q
		closing.Open, closing.Items, closing.Albums = 0, 0, a/albumsOnPage
		r.Link, r.Open = closing.link(), f.open(q, a)
	}
	return r
}

func stateOf(a plan.Album) string {
	switch {
	case a.Title == "":
		return ""
	case a.Unsure:
		return "new, unless the service has one"
	case a.New:
		return "new"
	}
	return "known"
}

// requestsOf are the requests that an album takes; those of all albums and the listing of the service's albums are the plan's.
func requestsOf(a plan.Album) string {
	var parts []string
	sent := 0
	for _, it := range a.Items {
		if it.Sent {
			sent++
		}
	}
	created := 0
	if a.New {
		created = 1
	}
	for _, part := range []struct {
		n   int
		one string
	}{{sent, "upload"}, {a.Batches, "batch"}, {a.Adds, "batchAdd"}, {created, "album"}} {
		if part.n > 0 {
			parts = append(parts, some(part.n, part.one))
		}
	}
	total := sent + a.Batches + a.Adds + created
	return fmt.Sprintf("%s = %s", some(total, "request"), strings.Join(parts, " + "))
}

func (f *foreseen) open(q query, a int) *opened {
	items := f.plan.Albums[a].Items
	first, end, prev, next := part(q.Items, itemsOnPage, len(items))
	o := &opened{From: first + 1, To: end, All: len(items)}
	other := func(at int) string {
		to := q
		to.Items = at
		return to.link()
	}
	if prev >= 0 {
		o.Prev = other(prev)
	}
	if next >= 0 {
		o.Next = other(next)
	}
	for i := first; i < end; i++ {
		o.Items = append(o.Items, f.view(a, i))
	}
	return o
}

// view is an item as people look at it.
func (f *foreseen) view(a, i int) item {
	it := f.plan.Albums[a].Items[i]
	v := item{
		Position: i + 1, File: f.files[a][i], Name: cut(nameOf(it), 120), Path: plain(it.Path), Words: cut(plain(it.Description), longestWords),
		When: it.Captured.Format("2 Jan 2006 15:04:05"), Place: plain(f.plan.Albums[a].Place(i)),
	}
	v.Notes = plain(strings.Join(it.Remarks(), "; "))
	switch {
	case !timed(it):
		v.When, v.Doubt = "", "no time known"
	case it.Source == string(exif.SourceFileName):
		v.Doubt = "from its name"
	}
	return v
}

// apart are items whose time is not known: not on the timeline, and in the album that the rules give a file without one.
type apart struct {
	All   int
	Items []item
}

func (f *foreseen) apart(q query) apart {
	out := apart{All: f.undated}
	for a := 0; a < len(f.plan.Albums) && len(out.Items) < min(mostUndated, f.undated); a++ {
		for i, it := range f.plan.Albums[a].Items {
			if timed(it) || len(out.Items) == mostUndated {
				continue
			}
			v := f.view(a, i)
			v.Album, v.AlbumAt = titleOf(f.plan.Albums[a]), q.opening(a+1).link()
			out.Items = append(out.Items, v)
		}
	}
	return out
}
