package exif

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/exif/internal/takeout"
)

// SidecarKind is what a sidecar is written in.
type SidecarKind string

// The kinds of sidecars that are read.
const (
	SidecarXMP     SidecarKind = "XMP"     // by Lightroom, digiKam, darktable and others
	SidecarTakeout SidecarKind = "Takeout" // the JSON that Google Takeout adds
)

// SidecarFile is a file beside a photo or video that may tell facts about it.
type SidecarFile struct {
	Name string
	Kind SidecarKind
}

// Siblings knows the sidecars among the files of one folder. It is made once for
// the folder and then only read, by as many at once as want to; each look-up is a
// few look-ups in a map, however many files there are.
type Siblings struct {
	xmp     map[string][]string
	takeout takeout.Index
}

// NewSiblings takes the names of a folder's files, without the folder. It picks
// out the .xmp and .json files itself.
func NewSiblings(names []string) *Siblings {
	s := &Siblings{xmp: make(map[string][]string)}
	for _, name := range names {
		s.takeout.Add(name)
		if base, ok := cutFold(name, ".xmp"); ok {
			key := sidecarKey(base)
			s.xmp[key] = append(s.xmp[key], name)
		}
	}
	return s
}

// Of returns the sidecars that a photo or video of that name may have, in the
// order in which [Context.Sidecars] wants them; none for most.
//
// a.jpg has a.jpg.xmp and a.xmp, which a.nef beside it shares; extensions may be
// in any case. Names of Takeout's JSON follow the rules in docs/facts.md. That a
// JSON file belongs to this very photo is known only when its title has been
// read: see [Sidecar.Fits].
func (s *Siblings) Of(name string) []SidecarFile {
	var found []SidecarFile
	base := name
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		base = name[:dot]
	}
	for _, stem := range slices.Compact([]string{name, base}) {
		for _, xmp := range s.xmp[sidecarKey(stem)] {
			// The stem's letters must be the same: a.jpg and A.jpg may be two photos.
			if strings.HasPrefix(norm.NFC.String(xmp), norm.NFC.String(base)) {
				found = append(found, SidecarFile{xmp, SidecarXMP})
			}
		}
	}
	for _, json := range s.takeout.Find(name) {
		found = append(found, SidecarFile{json, SidecarTakeout})
	}
	return found
}

// sidecarKey makes names comparable: their form of Unicode depends on the file
// system that they come from.
func sidecarKey(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// cutFold cuts an extension in any case off a name that has more than that.
func cutFold(name, extension string) (string, bool) {
	at := len(name) - len(extension)
	if at <= 0 || !strings.EqualFold(name[at:], extension) {
		return name, false
	}
	return name[:at], true
}
