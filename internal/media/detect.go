package media

import (
	"path/filepath"
	"slices"
)

// Mismatch says, in words for a report, that a file's name and its content are
// at odds; "" says that they agree.
type Mismatch string

// Detect tells what a file is by its name and its first bytes. The content
// decides; the name decides between types that look the same from the front,
// and where the content tells nothing: old camcorders' files may begin anyhow,
// and it is for the service to refuse them. An empty head is no evidence either
// way. It returns false if neither tells anything. The type may be one that the
// service does not list: see [Type.Accepted].
func Detect(name string, head []byte) (Type, Mismatch, bool) {
	byName := named(name)
	found := sniff(head)
	switch {
	case found.in == noContainer && byName == nil:
		return Type{}, "", false
	case found.in == noContainer && len(head) == 0:
		return byName.Type, "", true
	case found.in == noContainer:
		return byName.Type, Mismatch(ending(name) + ", content not recognised"), true
	case byName != nil && slices.Contains(byName.in, found.in):
		return byName.Type, "", true
	}
	return byTypeName[found.name].Type, Mismatch(ending(name) + ", content is " + found.name), true
}

func ending(name string) string {
	if e := filepath.Ext(name); e != "" {
		return "named " + e
	}
	return "has no extension"
}
