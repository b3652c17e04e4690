package order

import (
	"fmt"
	"strings"
)

// Choice says which files of pairs are taken. In each field "" and "both" take both.
type Choice struct {
	RawJPEG  string // both, raw, jpeg
	HeicJPEG string // both, heic, jpeg
	Edited   string // both, edited, original
	Live     string // both, photo, video
}

// both takes both files of a pair. It is what counts where nothing is said.
const both = "both"

// rule is a choice about one relation.
type rule struct {
	of            Relation
	flag          string // its name on the command line
	first, second string // the words that take only the first or the second file
	is            string // the word that was chosen
}

// rules are the choices in the order in which they are applied: what an edited copy stands for is gone before the others look.
func (c Choice) rules() []rule {
	return []rule{
		{Edited, "edited", "edited", "original", c.Edited},
		{RawJPEG, "raw-jpeg", "raw", "jpeg", c.RawJPEG},
		{HeicJPEG, "heic-jpeg", "heic", "jpeg", c.HeicJPEG},
		{Live, "live", "photo", "video", c.Live},
	}
}

// Valid refuses words that there are not.
func (c Choice) Valid() error {
	for _, r := range c.rules() {
		switch r.is {
		case "", both, r.first, r.second:
		default:
			return fmt.Errorf("%s %q: must be both, %s or %s", r.flag, r.is, r.first, r.second)
		}
	}
	return nil
}

// All tells whether everything is taken.
func (c Choice) All() bool {
	for _, r := range c.rules() {
		if r.is != "" && r.is != both {
			return false
		}
	}
	return true
}

// Left is a file that is not taken, because another one of its set is.
type Left struct {
	File, For int    // indexes
	By        string // the flags that say so: "--raw-jpeg jpeg"
	Reason    string // with the name of the file that is taken
}

// LeftOut applies a choice. Free tells whether a file can still be left out, stands whether a partner is, or will be, wherever a file is wanted: no file is
// left out whose partner is not. The files come in the order of their indexes.
func (f *Folder) LeftOut(c Choice, free func(file int) bool, stands func(partner, file int) bool) []Left {
	left := map[int]Left{}
	for _, r := range c.rules() {
		if r.is == "" || r.is == both {
			continue
		}
		for _, p := range f.Pairs {
			if p.Of != r.of {
				continue
			}
			keep, drop := p.First, p.Second
			if r.is == r.second {
				keep, drop = drop, keep
			}
			_, gone := left[drop]
			if taken, _ := follow(left, keep); !gone && taken != drop && free(drop) && stands(keep, drop) && stands(taken, drop) {
				left[drop] = Left{File: drop, For: keep, By: "--" + r.flag + " " + r.is}
			}
		}
	}
	var all []Left
	for i := range f.Files {
		if l, ok := left[i]; ok {
			taken, by := follow(left, i)
			l.For, l.By = taken, strings.Join(by, ", ")
			l.Reason = fmt.Sprintf("its %s %s is taken (%s)", f.word(i, taken), f.Files[taken].Name, l.By)
			all = append(all, l)
		}
	}
	return all
}

// follow goes from a file to the one that is taken in its stead, itself if it is not left out, and tells what said so.
func follow(left map[int]Left, file int) (taken int, by []string) {
	for {
		l, ok := left[file]
		if !ok {
			return file, by
		}
		file, by = l.For, append(by, l.By)
	}
}

// word is what a file is to another one of its set.
func (f *Folder) word(file, taken int) string {
	a, b := f.Files[file], f.Files[taken]
	switch ea, eb := stemOf(a).edited, stemOf(b).edited; {
	case eb && !ea:
		return "edited copy"
	case ea && !eb:
		return "original"
	case b.Kind.still() && a.Kind == Video:
		return "photo"
	}
	return b.Kind.String()
}
