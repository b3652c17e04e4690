package emulator

import (
	"slices"
	"strings"
)

// remember notes what an edit changes, for the history on the item's page.
func (it *item) remember(c *itemEdited) {
	var what []string
	if c.Description != it.description {
		what = append(what, "description changed by mediaItems.patch")
	}
	was, is := it.marks, c.Marks
	for _, mark := range []struct {
		was, is   bool
		set, gone string
	}{
		{was.Favorite, is.Favorite, "made a favorite", "no longer a favorite"},
		{was.Archived, is.Archived, "archived", "taken out of the archive"},
		{was.Trashed, is.Trashed, "thrown into the trash", "restored from the trash"},
		{was.Foreign, is.Foreign, "made another app’s", "made this app’s"},
		{was.Undated, is.Undated, "capture date taken away", "capture date given back"},
		{was.Processing, is.Processing, "video kept in processing", "video no longer kept in processing"},
		{was.Ready, is.Ready, "video made ready", "video no longer made ready"},
		{was.Failed, is.Failed, "video made to fail", "video no longer made to fail"},
	} {
		switch {
		case mark.is && !mark.was:
			what = append(what, mark.set)
		case mark.was && !mark.is:
			what = append(what, mark.gone)
		}
	}
	if !slices.Equal(was.Categories, is.Categories) {
		what = append(what, "categories changed")
	}
	if len(what) == 0 {
		return
	}
	it.edits = append(it.edits, edited{c.At, strings.Join(what, ", ")})
	if len(it.edits) > maxEdits {
		it.edits = slices.Delete(it.edits, 0, 1)
	}
}
