// Package takeout knows the JSON files that Google Takeout puts beside photos and
// videos: how they are named, and what they say.
//
// Google publishes neither. The rules are those that many people found in their
// exports, and each is a case in the tests. Names are made of the media file's
// name, never the other way: one JSON file may belong to several media files.
package takeout

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

const (
	extension = ".json"

	// maxBase bounds the name in front of ".json", so that the whole has 51
	// characters. A counter behind it is not counted.
	maxBase = 46

	// supplement stands between the media file's name and ".json" in exports since
	// the middle of 2024, as far as maxBase leaves room for it.
	supplement = ".supplemental-metadata"
)

// Index finds the JSON files of one folder. The zero Index is empty.
type Index struct{ names map[string][]string }

// Add takes a file of the folder; files that are not JSON are passed over.
func (x *Index) Add(name string) {
	end := len(name) - len(extension)
	if end <= 0 || !strings.EqualFold(name[end:], extension) {
		return
	}
	if x.names == nil {
		x.names = make(map[string][]string)
	}
	for _, key := range keys(name[:end]) {
		x.names[key] = append(x.names[key], name)
	}
}

// keys returns what the name of a JSON file, without its extension, can stand
// for: a counter at its end may be one or belong to the name, and so may what
// looks like the beginning of the supplement.
func keys(base string) []string {
	base = norm.NFC.String(base)
	all := []string{key(base, ""), key(withoutSupplement(base), "")}
	if name, counter, ok := cutCounter(base); ok {
		all = append(all, key(name, counter), key(withoutSupplement(name), counter))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// key is how a name is looked up. Case does not count here, because exports
// differ from their files in the case of the extension.
func key(base, counter string) string { return strings.ToLower(base) + "\x00" + counter }

// withoutSupplement cuts a last part that is the supplement or its beginning,
// down to the bare dot.
func withoutSupplement(base string) string {
	at := strings.LastIndexByte(base, '.')
	if at > 0 && strings.HasPrefix(supplement, base[at:]) {
		return base[:at]
	}
	return base
}

// Find returns the names of the JSON files that may belong to a media file, the
// likeliest first. Which one does, if any, its title tells: see [Fits].
func (x *Index) Find(media string) []string {
	if len(x.names) == 0 {
		return nil
	}
	var found []string
	for _, o := range originals(norm.NFC.String(media)) {
		for _, whole := range o.names() {
			for _, base := range clipped(whole) {
				for _, name := range x.names[key(base, o.counter)] {
					if o.sameCase(base, name) && !slices.Contains(found, name) {
						found = append(found, name)
					}
				}
			}
		}
	}
	return found
}

// sameCase reports whether the JSON file's name, found by its base, has the stem
// of the original in the same letters: IMG_1.jpg and img_1.jpg may be two photos.
func (o original) sameCase(base, name string) bool {
	stem, _ := split(o.name)
	return strings.HasPrefix(norm.NFC.String(name), stem[:min(len(stem), len(base))])
}
