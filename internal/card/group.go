package card

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/internal/media"
)

// Group is what has to stay together: a photo with its raw, its video and its sidecars; or a whole tree.
type Group struct {
	Tree string // of a tree, its folder as it is written on the card
	// Files has the one first that says when and by what all of it was taken: a photo before a video, that before all else.
	Files []File
}

// Groups puts the files of a card together, in the order in which each group is met first. A tree is one group. Outside of trees, files belong together whose
// names, in one folder, are equal up to the extension; so do a camera's other names of one shot. Junk, and what could not be looked at, is in none.
func Groups(files []File) []Group {
	at := map[string]int{}
	var groups []Group
	for _, f := range files {
		if f.Class == Junk || f.Err != nil {
			continue
		}
		key := keyOf(f)
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, Group{Tree: f.Tree})
		}
		groups[i].Files = append(groups[i].Files, f)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.Files, func(a, b File) int { return cmp.Compare(rank(a), rank(b)) })
	}
	return groups
}

// keyOf is the same for files that belong together.
func keyOf(f File) string {
	if f.Tree != "" {
		return "tree " + strings.ToUpper(f.Tree)
	}
	return "shot " + path.Dir(f.Rel) + "/" + shot(Stem(path.Base(f.Rel)))
}

// Stem is a name without its extension; without both of a sidecar that is named after a whole file, as IMG_1.JPG.xmp is.
func Stem(name string) string {
	stem := strings.TrimSuffix(name, path.Ext(name))
	if isMedia(stem) && !isMedia(name) {
		stem = strings.TrimSuffix(stem, path.Ext(stem))
	}
	if stem == "" {
		return name
	}
	return stem
}

var (
	// GoPro's video, and its small version GL.
	goPro = regexp.MustCompile(`^G[HXL]([0-9]{6})$`)
	// Apple's edited picture E, and the settings O of its original.
	apple = regexp.MustCompile(`^IMG_[EO]([0-9]{4,})$`)
)

// shot is the same for all names of one shot.
func shot(stem string) string {
	stem = norm.NFC.String(strings.ToUpper(stem))
	if m := goPro.FindStringSubmatch(stem); m != nil {
		return "G?" + m[1]
	}
	return apple.ReplaceAllString(stem, "IMG_$1")
}

// rank is the lower, the more a file says about its group.
func rank(f File) int {
	t, taken := media.ByName(f.Rel)
	switch {
	case f.Class != Media:
		return 5
	case f.Size == 0:
		return 4
	case !taken:
		return 3
	case t.Kind == media.Video:
		return 2
	case t.Raw:
		return 1
	}
	return 0
}
