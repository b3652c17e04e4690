package order

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Relation is what two files of one set are to each other.
type Relation uint8

// The relations, each with its First and Second file.
const (
	RawJPEG  Relation = iota // a RAW, and the JPEG or HEIC that the camera made of it
	HeicJPEG                 // a HEIC, and the JPEG of the same shot
	Edited                   // an edited copy, and its original
	Live                     // the photo of a Live Photo, and its video
	Chapters                 // a chapter of a clip, and the next one that there is
)

// Pair is two files that belong together, by their index.
type Pair struct {
	Of            Relation
	First, Second int
}

// Bounds within which files can be of one moment.
const (
	sameShot       = time.Second      // between two times of one shot: one of them may be without its fraction
	liveApart      = 3 * time.Second  // between a Live Photo's still and the beginning of its video
	liveLongest    = 5 * time.Second  // a Live Photo's video; it takes 3
	longestChapter = 90 * time.Minute // where its duration is not known
	chapterGap     = time.Minute      // between the end of a chapter and the beginning of the next one
)

// Folder is the files of one folder, and what they are to each other.
type Folder struct {
	Files []File
	Pairs []Pair
}

// NewFolder finds out which files of a folder belong together. Names alone never do: it takes the same moment, and a camera that can be the same.
func NewFolder(files []File) *Folder {
	f := &Folder{Files: files}
	stems, ids, clips := map[string][]int{}, map[string][]int{}, map[chapter][]int{}
	found := make([]stem, len(files))
	for i, file := range files {
		found[i] = stemOf(file)
		files[i].stem = &found[i]
		stems[found[i].plain] = append(stems[found[i].plain], i)
		if file.ContentID != "" {
			ids[file.ContentID] = append(ids[file.ContentID], i)
		}
		if c, ok := chapterOf(file); ok {
			clip := chapter{series: c.series, number: c.number}
			clips[clip] = append(clips[clip], i)
		}
	}
	for _, group := range stems {
		f.each(group, f.relate)
	}
	for _, group := range ids {
		f.each(group, f.relateByID)
	}
	for _, group := range clips {
		f.chain(group)
	}
	slices.SortFunc(f.Pairs, func(a, b Pair) int {
		if a.Of != b.Of {
			return int(a.Of) - int(b.Of)
		}
		if a.First != b.First {
			return a.First - b.First
		}
		return a.Second - b.Second
	})
	return f
}

// each hands on every pair of a group, either way round.
func (f *Folder) each(group []int, visit func(a, b int)) {
	for _, a := range group {
		for _, b := range group {
			if a != b {
				visit(a, b)
			}
		}
	}
}

// relate looks at two files of one stem.
func (f *Folder) relate(a, b int) {
	x, y := f.Files[a], f.Files[b]
	if x.Guessed || y.Guessed || x.Captured.IsZero() || y.Captured.IsZero() || !sameCamera(x, y) {
		return
	}
	apart := x.Captured.Sub(y.Captured).Abs()
	sx, sy := stemOf(x), stemOf(y)
	switch {
	case x.Kind.still() && y.Kind == Video:
		if sx.whole == sy.whole && (x.ContentID == "" || y.ContentID == "") && apart <= liveApart && 0 < y.Duration && y.Duration <= liveLongest {
			f.pair(Live, a, b)
		}
	case apart >= sameShot || x.Kind.still() != y.Kind.still():
	case sx.edited && !sy.edited:
		f.pair(Edited, a, b)
	case sx.whole != sy.whole:
	case x.Kind == Raw && (y.Kind == JPEG || y.Kind == HEIC):
		f.pair(RawJPEG, a, b)
	case x.Kind == HEIC && y.Kind == JPEG:
		f.pair(HeicJPEG, a, b)
	}
}

// relateByID looks at two files of one Live Photo, whatever their names and times say.
func (f *Folder) relateByID(a, b int) {
	if f.Files[a].Kind.still() && f.Files[b].Kind == Video {
		f.pair(Live, a, b)
	}
}

// chain looks at the chapters that there are of one number. The camera begins again with its numbers, so each must be where the one before it can lead.
func (f *Folder) chain(group []int) {
	number := func(i int) int {
		c, _ := chapterOf(f.Files[i])
		return c.chapter
	}
	slices.SortFunc(group, func(a, b int) int { // one number may be there twice, as mov and as mp4
		return cmp.Or(number(a)-number(b), strings.Compare(f.Files[a].Name, f.Files[b].Name))
	})
	for i := 1; i < len(group); i++ {
		a, b := group[i-1], group[i]
		x, y := f.Files[a], f.Files[b]
		reach := x.Duration
		if reach == 0 {
			reach = longestChapter
		}
		reach += time.Duration(number(b)-number(a)-1)*longestChapter + chapterGap
		apart := y.Captured.Sub(x.Captured)
		if !x.Guessed && !y.Guessed && sameCamera(x, y) && 0 <= apart && apart <= reach {
			f.pair(Chapters, a, b)
		}
	}
}

func (f *Folder) pair(of Relation, first, second int) {
	f.Pairs = append(f.Pairs, Pair{of, first, second})
}

// sameCamera tells whether two files can be of one camera: what one of them does not say proves nothing.
func sameCamera(a, b File) bool {
	same := func(x, y string) bool { return x == "" || y == "" || x == y }
	return same(a.Make, b.Make) && same(a.Model, b.Model) && same(a.Serial, b.Serial)
}
