package rebuild

import "time"

// Facts are what a file and a media item can have in common.
type Facts struct {
	Name          string    // as simpleMediaItem.fileName has it
	Taken         time.Time // as creationTime shows it; zero: the file does not say, and the service shows when it was sent
	Width, Height int       // pixels, turned either way; 0 = not known
	Video         bool
}

// Item is a media item of the service.
type Item struct {
	ID string
	Facts
}

// Group is what could be the same: each of its files could be each of its items. Files are numbers of those that were given.
type Group struct {
	Files []int
	Items []Item
}

// Groups sorts the files and items of one album, each of them into one group. Nothing of a photo's facts may be unknown; of a video the service does not
// know the dimensions until it is done with it (contract 12 #29). Groups stand in the order of their first files; items that no file could be are left out.
func Groups(files []Facts, items []Item) []Group {
	items = once(items)
	byLook := make(map[look][]Item, len(items))
	for _, it := range items {
		l := it.look()
		byLook[l] = append(byLook[l], it)
	}
	var groups []Group
	at := make(map[look]int, len(files))
	for i, f := range files {
		l := f.look()
		if g, ok := at[l]; ok && f.telling() {
			groups[g].Files = append(groups[g].Files, i)
			continue
		}
		at[l] = len(groups)
		g := Group{Files: []int{i}}
		if f.telling() {
			g.Items = byLook[l]
		}
		groups = append(groups, g)
	}
	for i := range groups {
		groups[i].weed(files)
	}
	return groups
}

// once drops items that a listing repeats.
func once(items []Item) []Item {
	seen := make(map[string]bool, len(items))
	var out []Item
	for _, it := range items {
		if !seen[it.ID] {
			seen[it.ID] = true
			out = append(out, it)
		}
	}
	return out
}

// look is what must be the same of a file and its item.
type look struct {
	name        string
	taken       int64 // seconds
	video       bool
	short, long int // of a photo
}

func (f Facts) look() look {
	l := look{name: f.Name, taken: f.Taken.Unix(), video: f.Video}
	if !f.Video {
		l.short, l.long = min(f.Width, f.Height), max(f.Width, f.Height)
	}
	return l
}

// telling reports whether a file can be told from others by its facts at all.
func (f Facts) telling() bool {
	return !f.Taken.IsZero() && (f.Video || f.Width > 0 && f.Height > 0)
}

// weed takes out of a group the items whose dimensions are known to be no file's.
func (g *Group) weed(files []Facts) {
	var left []Item
	for _, it := range g.Items {
		for _, i := range g.Files {
			if it.sized(files[i]) {
				left = append(left, it)
				break
			}
		}
	}
	g.Items = left
}

// sized reports whether dimensions, as far as both are known, are the same.
func (f Facts) sized(o Facts) bool {
	known := min(f.Width, f.Height, o.Width, o.Height) > 0
	return !known || min(f.Width, f.Height) == min(o.Width, o.Height) && max(f.Width, f.Height) == max(o.Width, o.Height)
}

// reason is why no file of a group can be told to be an item, whatever is in them; "" if that is not so.
func (g Group) reason(file Facts) string {
	switch {
	case file.Taken.IsZero():
		return "the file does not say when it was taken"
	case !file.telling():
		return "the file does not say how large the picture is"
	case len(g.Items) == 0:
		return "no item of its name, time and size"
	case len(g.Items) > 1:
		return "several items of its name, time and size"
	}
	return ""
}
