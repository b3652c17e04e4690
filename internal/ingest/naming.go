package ingest

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/clocks"
	"github.com/albumwright/albumwright/internal/filename"
	"github.com/albumwright/albumwright/internal/offload"
)

// DefaultPath is where copies go below a destination, unless somebody says otherwise.
const DefaultPath = "{date:%Y/%Y-%m-%d}/{name}"

// Naming says where in a destination copies go. The zero value is [DefaultPath].
type Naming struct {
	path    album.PathTemplate
	options album.Options
}

// ParseNaming reads a path template; see [album.ParseCardPath].
func ParseNaming(template, job string, dayStart time.Duration) (Naming, error) {
	t, err := album.ParseCardPath(cmp.Or(template, DefaultPath))
	return Naming{t, album.Options{Job: job, DayStart: dayStart}}, err
}

func (n Naming) orDefault() (Naming, error) {
	if n.path.IsZero() {
		return ParseNaming("", n.options.Job, n.options.DayStart)
	}
	return n, nil
}

// facts reads what files say of themselves, and notes what they say about the camera's clock.
type facts struct{ satellites clocks.Satellites }

// of reads the header of a file of a card. What cannot be read says nothing; the file's time of change remains.
func (s *facts) of(fsys offload.FS, c card.Card, f card.File) album.File {
	read := exif.Facts{}
	if f.Class == card.Media && f.Size > 0 {
		if file, err := fsys.Open(c.Path(f)); err == nil {
			if at, ok := file.(io.ReaderAt); ok {
				read, _ = exif.Read(at, f.Size) // what is damaged has said what it could
			}
			_ = file.Close()
		}
	}
	r := exif.Resolve(read, exif.Context{Name: path.Base(f.Rel), ModTime: f.ModTime, Local: time.Local})
	if r.Capture.Source.OfCamera() && !r.Satellites.IsZero() && r.Capture.OffsetSource != exif.OffsetUTC {
		var offset *time.Duration
		if r.Capture.OffsetSource == exif.OffsetRecorded {
			offset = &r.Capture.Offset
		}
		s.satellites.Add(clocks.Camera{Make: r.Make, Model: r.Model, Serial: r.Serial}, r.Capture.Wall, offset, r.Satellites)
	}
	return album.File{Path: f.Rel, Captured: r.Capture.Wall, Make: r.Make, Model: r.Model, Item: album.Item{Card: cmp.Or(c.ID.Label, filepath.Base(c.Mount))}}
}

// warnings are about clocks that are wrong, and were not put right.
func (s *facts) warnings(but clocks.Shifts) []string { return s.satellites.Warnings(but) }

// paths are where the files of a group go below each destination: all by the date and camera of the first, so that what belongs together stays together.
func (r *run) paths(g card.Group) (map[string]string, error) {
	lead := r.facts.of(r.cfg.FS, r.cfg.Card, g.Files[0])
	if g.Tree != "" {
		return r.treePaths(g, r.cfg.Path.folder(lead))
	}
	out := map[string]string{}
	for _, f := range g.Files {
		lead.Path = f.Rel
		out[f.Rel] = r.cfg.Path.of(lead)
	}
	return out, nil
}

// of is the path of one file, with the extension that it has on the card.
func (n Naming) of(f album.File) string {
	names := n.path.Names(f, n.options)
	for i, name := range names {
		names[i] = plain(name)
	}
	if len(names) == 0 {
		names = []string{path.Base(f.Path)}
	}
	last := &names[len(names)-1]
	if ext := path.Ext(f.Path); !strings.EqualFold(path.Ext(*last), ext) {
		*last += ext
	}
	return path.Join(names...)
}

func (n Naming) folder(f album.File) string { return path.Dir(n.of(f)) }

// plain makes a name that every disk takes of a text that could be a path.
func plain(name string) string { return filename.Clean(name, "", filename.Longest) }

// treePaths keeps a tree as it is, below a folder of its own: names in trees are the same on every card. It goes where its known files are, or else to the first folder
// in which nothing stands in its way.
func (r *run) treePaths(g card.Group, folder string) (map[string]string, error) {
	if root, ok := r.knownTree(g); ok {
		return below(root, g), nil
	}
	for n := range 10_000 {
		root := path.Join(folder, g.Tree)
		if n > 0 {
			root += fmt.Sprintf("-%d", n)
		}
		if to := below(root, g); !r.taken(to) {
			return to, nil
		}
	}
	return nil, fmt.Errorf("%s: 10,000 folders like it are taken", g.Tree)
}

func below(root string, g card.Group) map[string]string {
	out := map[string]string{}
	for _, f := range g.Files {
		_, rest, _ := strings.Cut(f.Rel, "/")
		out[f.Rel] = path.Join(root, rest)
	}
	return out
}

// knownTree is the folder that holds what was copied of a tree before.
func (r *run) knownTree(g card.Group) (root string, ok bool) {
	for _, f := range g.Files {
		_, rest, _ := strings.Cut(f.Rel, "/")
		for dir, c := range r.at[f.Rel].copies {
			rel, err := filepath.Rel(dir, c.path)
			if root, ok := strings.CutSuffix(filepath.ToSlash(rel), "/"+rest); err == nil && ok {
				return root, true
			}
		}
	}
	return "", false
}

// taken tells whether another file stands where one of these is to go.
func (r *run) taken(paths map[string]string) bool {
	for rel, at := range paths {
		for _, dir := range r.cfg.Dests {
			info, err := r.fs.Lstat(join(dir, at))
			switch {
			case err != nil: // nothing is there, or the copying will tell of this destination alone
			case info.Size() != r.at[rel].Size:
				return true
			}
		}
	}
	return false
}

// join is a path below a destination.
func join(dir, rel string) string { return filepath.Join(dir, filepath.FromSlash(rel)) }
