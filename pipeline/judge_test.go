package pipeline_test

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/albumwright/albumwright/emulator"
)

// judge knows what albums must hold, and in which order, by the words of the decisions alone: nothing of the program is asked.
type judge struct {
	ways    []string
	arrived []*taken
	removed map[string]map[int]bool   // by the user; title -> contents
	anchors map[string]map[int]*taken // title -> the file whose place a group has; that is fixed when the first of them comes
	loose   bool                      // a run was disturbed: which file of a unit came first is not known any more
	events  map[int]string            // cluster -> title
	copies  map[int]int               // content -> files
	byBytes map[[sha256.Size]byte]int // bytes -> content
}

func newJudge(ways []string, files []*taken) *judge {
	j := &judge{
		ways: ways, removed: map[string]map[int]bool{}, anchors: map[string]map[int]*taken{}, events: map[int]string{},
		copies: map[int]int{}, byBytes: map[[sha256.Size]byte]int{},
	}
	for _, f := range files {
		j.copies[f.content]++
		j.byBytes[sha256.Sum256(encode(f.path, f.spec))] = f.content
	}
	return j
}

// titles are the albums of a file.
func (j *judge) titles(f *taken) []string {
	var titles []string
	for _, way := range j.ways {
		title, one := strings.CutPrefix(way, "=")
		model := f.spec.Model
		switch {
		case one:
		case way == "folder":
			title = path.Base(f.dir())
		case way == "day":
			title = f.spec.Captured.Format("2006-01-02")
		case way == "month":
			title = f.spec.Captured.Format("2006-01")
		case way == "event":
			title = j.events[f.cluster]
		case way == "camera" && model == "":
			title = "Unknown camera"
		case way == "camera":
			title = model
		case model == "":
			title = "none in 2024"
		default:
			title = model + " in 2024"
		}
		if !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	return titles
}

// begin takes what arrives before a run, and names the events that begin with it: after the earliest file of each, as far as nothing disturbed that.
func (j *judge) begin(fresh []*taken, albums []emulator.Album) {
	j.arrived = append(j.arrived, fresh...)
	for cluster := range clusters {
		if j.events[cluster] != "" && !strings.HasPrefix(j.events[cluster], "?") {
			continue
		}
		var begun []string
		for _, f := range j.arrived {
			if f.cluster == cluster {
				begun = append(begun, f.spec.Captured.Format("2006-01-02 15:04"))
			}
		}
		slices.Sort(begun)
		switch {
		case len(begun) == 0:
		case !j.loose:
			j.events[cluster] = begun[0]
		default:
			j.events[cluster] = "?" + begun[0]
			for _, a := range albums {
				if slices.Contains(begun, a.Title) {
					j.events[cluster] = a.Title
				}
			}
		}
	}
}

// named are the contents of each album by the rules, with the files that bring them.
func (j *judge) named() map[string]map[int][]*taken {
	named := map[string]map[int][]*taken{}
	for _, f := range j.arrived {
		for _, title := range j.titles(f) {
			if named[title] == nil {
				named[title] = map[int][]*taken{}
			}
			named[title][f.content] = append(named[title][f.content], f)
		}
	}
	return named
}

// wanted are those that the user has left there.
func (j *judge) wanted() map[string]map[int][]*taken {
	wanted := j.named()
	for title, contents := range j.removed {
		for content := range contents {
			delete(wanted[title], content)
		}
	}
	return wanted
}

// group is what has one place in an album: a unit, or a content of which there are copies (the decision to stand together never concerns those).
func (j *judge) group(f *taken) int {
	if j.copies[f.content] > 1 {
		return -1 - f.content
	}
	return f.unit
}

// groups are what an album must hold by group.
func (j *judge) groups(contents map[int][]*taken) map[int][]*taken {
	groups := map[int][]*taken{}
	for _, files := range contents {
		for _, f := range files {
			groups[j.group(f)] = append(groups[j.group(f)], f)
		}
	}
	return groups
}

// settle fixes the places of what came to the albums in an undisturbed run: that of a unit is that of the first of its files, whatever comes later.
func (j *judge) settle() {
	if j.loose {
		return
	}
	for title, contents := range j.named() {
		if j.anchors[title] == nil {
			j.anchors[title] = map[int]*taken{}
		}
		for group, files := range j.groups(contents) {
			if j.anchors[title][group] == nil {
				j.anchors[title][group] = slices.MinFunc(files, func(a, b *taken) int { return cmp.Or(cmp.Compare(a.rank, b.rank), byOrder(a, b)) })
			}
		}
	}
}

// fault is what is wrong with an album that holds these contents in this order; complete tells whether nothing may be missing.
func (j *judge) fault(title string, got []int, complete bool) string {
	wanted := j.wanted()[title]
	groups := j.groups(j.named()[title]) // with what was taken out: its place counts
	var before, last *taken
	began := map[int]bool{}
	for _, content := range got {
		files := wanted[content]
		if files == nil {
			return fmt.Sprintf("holds content %d, which does not belong there", content)
		}
		f := files[0]
		group := j.group(f)
		if before != nil && group == j.group(before) {
			if f.rank <= before.rank {
				return fmt.Sprintf("has %v before %v", before, f)
			}
			before = f
			continue
		}
		if began[group] {
			return fmt.Sprintf("has something between %v and what belongs with it", f)
		}
		began[group] = true
		if last = j.place(title, groups[group], last); last == nil {
			return fmt.Sprintf("has %v before %v", before, f)
		}
		before = f
	}
	if complete && len(got) < len(wanted) {
		return fmt.Sprintf("holds %d of %d contents", len(got), len(wanted))
	}
	return ""
}

// place is the first place behind another one that a group can have; nil if there is none. There is one to choose from, unless a run was disturbed.
func (j *judge) place(title string, files []*taken, after *taken) *taken {
	if anchor := j.anchors[title][j.group(files[0])]; anchor != nil {
		files = []*taken{anchor}
	}
	var first *taken
	for _, f := range files {
		if (after == nil || byOrder(f, after) > 0) && (first == nil || byOrder(f, first) < 0) {
			first = f
		}
	}
	return first
}

// leastCalls is what a run must cost at least that found albums as they were before and left them as they are: in each album, as many items as follow
// upon each other behind the same one that was there are one group, and a call takes fifty. Only behind all that an album holds can be added what the
// library has already; adds and creates are groups apart.
func leastCalls(before, after map[string][]int, library map[int]bool) map[string]int {
	calls := map[string]int{}
	for title, album := range after {
		if before[title] == nil {
			calls["albums.create"]++
		}
		kind, n := "", 0
		for i, content := range album {
			if slices.Contains(before[title], content) {
				kind = ""
				continue
			}
			behindAll := !slices.ContainsFunc(album[i:], func(c int) bool { return slices.Contains(before[title], c) })
			call := "mediaItems.batchCreate"
			if library[content] && behindAll {
				call = "albums.batchAddMediaItems"
			}
			if call != kind {
				kind, n = call, 0
			}
			if n%50 == 0 {
				calls[call]++
			}
			n++
		}
	}
	return calls
}

// String is a file for those who read a failure.
func (f *taken) String() string {
	return fmt.Sprintf("%s (%s.%s %s, content %d, run %d)", f.path, f.spec.Captured.Format("02 15:04:05"), f.spec.SubSec, f.spec.Model, f.content, f.arrives+1)
}
