package dashboard

import (
	"cmp"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

// What there is room for.
const (
	firstFailures = 6  // seen at once
	mostFailures  = 50 // the others are behind a click
	mostReasons   = 5
)

// failures are the files that failed.
type failures struct {
	All     int
	Reasons []reason // where they differ
	First   rows
	Others  rows
	More    int // that are not on the page
}

// rows are failures in a table.
type rows []failure

// With gives their forms the token.
func (r rows) With(token string) any {
	return struct {
		Token string
		List  []failure
	}{token, r}
}

type reason struct {
	Text  string
	Count int
}

type failure struct {
	ID, Name, Folder, Path string
	Stage, Reason, Tries   string
	Next                   moment
}

func (p *Page) failuresOf(s watch.Snapshot, now clock) failures {
	out := failures{All: s.FailureCount, Reasons: reasons(s.Failures)}
	for i, f := range s.Failures[:min(len(s.Failures), mostFailures)] {
		v := failure{
			ID: p.id(f.Path), Name: cut(plain(filepath.Base(f.Path)), 80), Folder: cut(plain(filepath.Dir(f.Path)), 120), Path: plain(f.Path),
			Stage: plain(f.Stage), Reason: cut(plain(f.Reason), 400), Tries: some(f.Tries, "try"), Next: now.moment(f.Next),
		}
		v.Tries = strings.Replace(v.Tries, "trys", "tries", 1)
		if i < firstFailures {
			out.First = append(out.First, v)
		} else {
			out.Others = append(out.Others, v)
		}
	}
	out.More = out.All - len(out.First) - len(out.Others)
	return out
}

// reasons are what most files failed for. One reason is in each row anyway.
func reasons(all []watch.Failure) (out []reason) {
	counts := map[string]int{}
	for _, f := range all {
		counts[f.Reason]++
	}
	if len(counts) == len(all) || len(all) <= firstFailures {
		return nil
	}
	texts := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], strings.Compare(a, b)) })
	for _, text := range texts[:min(len(texts), mostReasons)] {
		out = append(out, reason{cut(plain(text), 200), counts[text]})
	}
	return out
}

// tile is a file on the wall.
type tile struct {
	ID, Name, Path string
	Class, State   string
	Album, Reason  string
	Size, When     string
}

// tileID names what ended, not only the file: a file that comes again with other bytes is another picture.
func (p *Page) tileID(it watch.Item) string { return p.id(it.Path + "\x00" + it.Ended.String()) }

func (p *Page) wall(s watch.Snapshot, now clock) (out []tile) {
	for _, it := range s.Last {
		t := tile{
			ID: p.tileID(it), Name: cut(plain(filepath.Base(it.Path)), 80), Path: plain(it.Path), Class: "end-" + classOf(it.End), State: stateOf(it.End),
			Reason: cut(plain(it.Reason), 200), Size: sizeOf(it.Size), When: now.at(it.Ended),
		}
		if it.Album != "" {
			t.Album = albumTitle(it.Album)
		}
		out = append(out, t)
	}
	return out
}

// stateOf is the badge of an end.
func stateOf(e report.End) string {
	if e == report.AlreadyThere {
		return "was there"
	}
	return plain(string(e))
}

// thumb is the picture of a file on the wall.
func (p *Page) thumb(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s := p.cfg.Control.Snapshot()
	i := slices.IndexFunc(s.Last, func(it watch.Item) bool { return p.tileID(it) == id })
	switch {
	case i < 0:
		http.NotFound(w, r)
	case isAway(s, s.Last[i].Path):
		p.thumbs.ServeTile(w, s.Last[i].Path)
	default:
		p.thumbs.Serve(w, r, id, s.Last[i].Path)
	}
}

// isAway tells whether a file is in a folder that is offline.
func isAway(s watch.Snapshot, path string) bool {
	return slices.ContainsFunc(s.Folders, func(f watch.Folder) bool {
		return f.State == "offline" && strings.HasPrefix(path, f.Path+string(filepath.Separator))
	})
}
