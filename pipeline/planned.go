package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/order"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/watcher"
)

// Planned is a plan as [Plan] made it, and as somebody may have changed it since. Files lie below Config.Paths[0].
type Planned struct {
	// Albums count by their titles, and items by File, Size, ModTime and Description. They go into their album in the order of the list; albums of one title are
	// one, in which each keeps its order, and together they stand in capture order.
	Albums []PlannedAlbum
	// SkipChanged leaves out files that are not as they were planned; otherwise one of them is enough for an [ErrPlanOld], and nothing is sent.
	SkipChanged bool
}

// ErrPlanOld says that files are not as they were planned; the error's text names the first ones.
var ErrPlanOld = errors.New("not as planned")

// Why a file of a plan is not taken.
const (
	skipChanged   watcher.Reason = "changed since it was planned"
	skipGone      watcher.Reason = "gone since it was planned"
	skipTakenAway watcher.Reason = "delivered and taken away" // by Config.After, or by its owner: it has its end
)

// planned is what a plan says, file by file.
type planned struct {
	files  []watcher.File // folder by folder
	wanted map[string]wanted
	titles map[string]bool // of its albums, also of those without a file
	typed  sync.Map        // paths of files whose descriptions somebody typed into the plan
}

// wanted is what a plan says about one file.
type wanted struct {
	PlannedItem
	titles []string // albums, each once
}

// lookPlanned looks at all files of the plan, before anything is done with one of them.
func (r *run) lookPlanned(ctx context.Context) (*planned, error) {
	if r.cfg.Planned == nil {
		return nil, nil
	}
	p := newPlanned(*r.cfg.Planned)
	var in folder
	var old []watcher.File
	var otherwise []string // paths of what the service has with other words
	for _, path := range p.paths() {
		w := p.wanted[path]
		if err := r.open(ctx, &in, filepath.Dir(path)); err != nil {
			return nil, err
		}
		f, err := r.lookPlannedFile(ctx, &in, w)
		if err != nil {
			return nil, err
		}
		if r.hasOtherWords(r.at(&in, f), w) {
			otherwise = append(otherwise, path)
		}
		if f.Skip == skipChanged || f.Skip == skipGone {
			old = append(old, f)
		}
		p.files = append(p.files, f)
	}
	if len(old) > 0 && !r.cfg.Planned.SkipChanged {
		return nil, planOld(old, len(p.files))
	}
	r.warnOfWords(otherwise)
	return p, nil
}

// paths are those of all files, folder by folder.
func (p *planned) paths() []string {
	paths := slices.Collect(maps.Keys(p.wanted))
	slices.SortFunc(paths, func(a, b string) int { return strings.Compare(folderFirst(a), folderFirst(b)) })
	return paths
}

// folderFirst sorts paths so that the files of a folder stand together: its separator comes before everything.
func folderFirst(path string) string {
	dir, name := filepath.Split(path)
	return dir + "\x00" + name
}

// newPlanned turns a plan around, from albums with their files to files with their albums.
func newPlanned(plan Planned) *planned {
	p := &planned{wanted: map[string]wanted{}, titles: map[string]bool{}}
	for _, a := range plan.Albums {
		p.titles[a.Wanted()] = true
		for _, it := range a.Items {
			w := p.wanted[it.File]
			w.PlannedItem = it
			if !slices.Contains(w.titles, a.Wanted()) {
				w.titles = append(w.titles, a.Wanted())
			}
			p.wanted[it.File] = w
		}
	}
	return p
}

// lookPlannedFile looks whether a file is as it was planned. One that is gone and was delivered needs nothing any more.
func (r *run) lookPlannedFile(ctx context.Context, in *folder, w wanted) (watcher.File, error) {
	if ctx.Err() != nil {
		return watcher.File{}, context.Cause(ctx)
	}
	root := r.cfg.Paths[0]
	f, err := watcher.Stat(root, w.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f = watcher.File{Root: root, Path: w.File, Size: w.Size, ModTime: w.ModTime, Skip: skipGone}
		if r.delivered(r.at(in, f), w) {
			f.Skip = skipTakenAway
		}
	case err != nil:
		f = watcher.File{Root: root, Path: w.File, Skip: watcher.SkipUnreadable, Err: err}
	case f.Folder || f.Size != w.Size || !f.ModTime.Equal(w.ModTime):
		f.Skip = skipChanged
	}
	return f, nil
}

// hasOtherWords tells whether the service was given a planned file before, with a description that is not the plan's.
func (r *run) hasOtherWords(l look, w wanted) bool {
	c := l.known.Content
	return asPlanned(l, w) && c != nil && c.MediaItem != "" && c.Given != nil && *c.Given != batch.FitDescription(w.Description)
}

// warnOfWords says that a plan, like an import, gives a description only to what it delivers.
func (r *run) warnOfWords(paths []string) {
	if len(paths) == 0 {
		return
	}
	what := report.Text(paths[0])
	if n := len(paths) - 1; n > 0 {
		what += fmt.Sprintf(" and %d more", n)
	}
	r.warn(what + ": the service has it already, with another description than the plan, and it keeps that one; albumwright describe changes it, to what a captions file says")
}

// delivered tells whether the ledger knows this very file as delivered into all these albums.
func (r *run) delivered(l look, w wanted) bool {
	if !asPlanned(l, w) {
		return false
	}
	for _, title := range w.titles {
		if it, ok := r.itemOf(l.known, title); !ok || !it.State.Delivered() {
			return false
		}
	}
	return true
}

// asPlanned tells whether the ledger knows the very file that was planned.
func asPlanned(l look, w wanted) bool {
	return l.known.Size == w.Size && l.known.ModTime.Equal(w.ModTime)
}

// fillsLost tells whether an album that no file is wanted in gets back what it held when it was lost: a plan is about its own albums and no others.
func (r *run) fillsLost(a ledger.PendingAlbum) bool {
	return r.madeAnew(a) && (r.planned == nil || r.planned.titles[cmp.Or(a.Continues, a.Title)])
}

// planOld names the first files that are not as they were planned.
func planOld(old []watcher.File, of int) error {
	const most = 10
	var text strings.Builder
	for i, f := range old {
		if i == most {
			fmt.Fprintf(&text, "\n  and %d more", len(old)-most)
			break
		}
		fmt.Fprintf(&text, "\n  %s: %s", report.Text(f.Path), f.Skip)
	}
	return fmt.Errorf("%d of %d files are %w, so nothing was sent:%s", len(old), of, ErrPlanOld, text.String())
}

// each visits the plan's files.
func (p *planned) each(ctx context.Context, visit func(watcher.File) error) error {
	for _, f := range p.files {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// describe puts the plan's description in place of the file's own.
func (p *planned) describe(s *sighting) {
	if p == nil {
		return
	}
	if words := p.wanted[s.path].Description; words != batch.FitDescription(s.Facts.Description) {
		s.Facts.Description = words
		p.typed.Store(s.path, true)
	}
}

// isTyped tells whether somebody typed a file's description into the plan: nothing beside the photo says so, and describe must not take it for its own.
func (p *planned) isTyped(path string) bool {
	if p == nil {
		return false
	}
	_, typed := p.typed.Load(path)
	return typed
}

// keepOrder gives the files of a plan places in the order in which they stand there.
func (r *run) keepOrder(ctx context.Context) error {
	if r.planned == nil {
		return nil
	}
	for _, a := range r.cfg.Planned.Albums {
		if a.Title == "" { // the library has an order of its own
			continue
		}
		if err := r.keepOrderOf(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) keepOrderOf(ctx context.Context, a PlannedAlbum) error {
	standing, err := r.ledger.Standing(ctx, a.Wanted())
	if err != nil {
		return err
	}
	var list []order.Key
	var items []ledger.Standing
	for _, it := range a.Items {
		if s, ok := standing[it.File]; ok && (s.Run == r.id || s.Placed) { // others were skipped, or the intake ended before them
			items = append(items, s)
			list = append(list, order.Key{Sort: s.Sort, Fixed: s.Placed})
		}
	}
	places := map[ledger.ItemID][]byte{}
	for i, key := range order.Follow(list) {
		if string(key) != string(list[i].Sort) {
			places[items[i].Item] = key
		}
	}
	return r.ledger.SetPlaces(ctx, places)
}
