package emulator

import (
	"slices"
	"strings"
)

// readUpdateMask takes the fields that a patch is to change: at least one of
// those that can be, in camelCase or snake_case, with commas between them
// (contract 5, mediaItems.patch, albums.patch). What else the body says is not
// read.
func readUpdateMask(f form, changeable ...string) (map[string]bool, *apiError) {
	mask := f.text("updateMask")
	if mask == "" {
		return nil, errField("update_mask", "Request must contain an update mask.")
	}
	fields := map[string]bool{}
	for path := range strings.SplitSeq(mask, ",") {
		path = camel(path)
		if !slices.Contains(changeable, path) {
			return nil, errField("update_mask", "Invalid update mask: %q. The valid values are %s.", mask, strings.Join(changeable, ", "))
		}
		fields[path] = true
	}
	return fields, nil
}
