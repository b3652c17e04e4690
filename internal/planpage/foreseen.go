package planpage

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/plan"
)

// foreseen is the plan of some settings, in the order in which the page needs it. It never changes.
type foreseen struct {
	settings Settings
	plan     plan.Plan
	yaml     []byte
	cost     string    // what the requests mean in days
	files    [][]int   // of each album's items, by their numbers
	marks    []mark    // the items whose time is known, by time
	spans    []span    // of the albums
	shades   []string  // of the albums: a style of the sheet
	undated  int       // items whose time is not known
	pauses   []seconds // between one mark and the next
}

type seconds = int64

// mark is an item on the timeline.
type mark struct {
	at          seconds
	album, item int // numbers from 0
}

// span is from an album's first known time to its last.
type span struct {
	from, to seconds
	known    bool
}

// foresee makes the plan of some settings, one at a time. The last one is kept: most requests look at the same plan as the one before.
func (p *page) foresee(ctx context.Context, set Settings) (*foreseen, error) {
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-p.turn }()
	if p.last != nil && p.last.settings == set {
		return p.last, nil
	}
	made, yaml, err := p.cfg.Replan(ctx, set)
	if err != nil {
		return nil, err
	}
	p.last = newForeseen(set, made, yaml, &p.files)
	if p.cfg.Cost != nil {
		p.last.cost = p.cfg.Cost(made)
	}
	return p.last, nil
}

// kept is the last plan that could be made.
func (p *page) kept() *foreseen {
	p.turn <- struct{}{}
	defer func() { <-p.turn }()
	return p.last
}

func newForeseen(set Settings, made plan.Plan, yaml []byte, files *files) *foreseen {
	f := &foreseen{settings: set, plan: made, yaml: yaml, files: make([][]int, len(made.Albums)), spans: make([]span, len(made.Albums))}
	for a, album := range made.Albums {
		f.files[a] = files.numbers(album.Items)
		for i, it := range album.Items {
			if !timed(it) {
				f.undated++
				continue
			}
			at := it.Captured.Unix()
			f.marks = append(f.marks, mark{at, a, i})
			f.spans[a].add(at)
		}
	}
	slices.SortStableFunc(f.marks, func(a, b mark) int { return int(min(max(a.at-b.at, -1), 1)) })
	for i := 1; i < len(f.marks); i++ {
		f.pauses = append(f.pauses, f.marks[i].at-f.marks[i-1].at)
	}
	f.shades = shades(made.Albums)
	return f
}

// timed tells whether it is known when an item was taken. A modification time only tells when the file was written.
func timed(it plan.Item) bool {
	return !it.Captured.IsZero() && it.Source != "" && it.Source != string(exif.SourceModTime)
}

func (s *span) add(at seconds) {
	if !s.known {
		*s = span{at, at, true}
		return
	}
	s.from, s.to = min(s.from, at), max(s.to, at)
}

// all is the whole timeline, with a little air around it.
func (f *foreseen) all() (from, to seconds) {
	if len(f.marks) == 0 {
		return 0, 0
	}
	from, to = f.marks[0].at, f.marks[len(f.marks)-1].at
	air := max((to-from)/50, 10*60)
	return from - air, to + air
}

// between are the marks of a stretch of time; to is not in it.
func (f *foreseen) between(from, to seconds) []mark {
	first, _ := slices.BinarySearchFunc(f.marks, from, func(m mark, at seconds) int { return int(min(max(m.at-at, -1), 1)) })
	end, _ := slices.BinarySearchFunc(f.marks, to, func(m mark, at seconds) int { return int(min(max(m.at-at, -1), 1)) })
	return f.marks[first:max(first, end)]
}

func clock(at seconds) time.Time { return time.Unix(at, 0).UTC() }

// files numbers the files of all plans, so that a thumbnail keeps its address while albums change. Only what was in a plan has a number.
type files struct {
	mu    sync.Mutex
	known map[string]int // by path
	paths []string       // by number
}

func newFiles() files { return files{known: map[string]int{}} }

func (f *files) numbers(items []plan.Item) []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make([]int, len(items))
	for i, it := range items {
		n, ok := f.known[it.File]
		if !ok {
			n = len(f.paths)
			f.known[it.File], f.paths = n, append(f.paths, it.File)
		}
		out[i] = n
	}
	return out
}

func (f *files) path(number int) (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if number < 0 || number >= len(f.paths) {
		return "", false
	}
	return f.paths[number], true
}
