package ingest

import (
	"os"
	"path/filepath"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
)

// Why a file is no copy although it has the bytes.
const (
	whyOnCard  = "the path leads onto the card, to which nothing is ever written"
	whySameAs  = "it is the same file as the copy in "
	whyTheFile = "it is the card's own file"
)

// OnCard tells of a path that leads onto the card: by its name, by a link, by another mount of the card's file system, or as another partition of it. It
// need not exist.
func OnCard(fsys offload.FS, c card.Card, path string) bool {
	if within(c.Mount, path) {
		return true
	}
	there, err := fsys.Volume(path)
	for err != nil && filepath.Dir(path) != path { // what is not there yet will be where the folder above it is
		path = filepath.Dir(path)
		there, err = fsys.Volume(path)
	}
	of, cardErr := fsys.Volume(c.Mount)
	if err != nil || cardErr != nil {
		return false
	}
	if c.ID.Folder == "" && there.Disk != "" && there.Disk == of.Disk {
		return true // another partition of the card, which formatting can take, too
	}
	if sameFileSystem(there, of) && there.Inside != "" && of.Inside != "" {
		return within(of.Inside, there.Inside)
	}
	return c.ID.Folder == "" && there.Mount != "" && there.Mount == of.Mount // a card that is a folder is on a disk that holds other things, too
}

// sameFileSystem goes by the number or by the device: two drivers of one device give it two numbers, and a device has two names.
func sameFileSystem(a, b offload.Volume) bool {
	if a.FSID != "" && a.FSID == b.FSID && a.Type == b.Type && a.Size == b.Size {
		return true
	}
	return a.Device != "" && a.Device == b.Device
}

// leadsOnto tells of the path of a copy whether it leads onto the card. The answer is kept for each folder.
func (r *run) leadsOnto(path string) bool {
	dir := filepath.Dir(path)
	on, known := r.folders[dir]
	if !known {
		on = OnCard(r.fs, r.cfg.Card, dir)
		r.folders[dir] = on
	}
	return on
}

// offCard leaves out the destinations in which a path leads onto the card; there the copy fails.
func (r *run) offCard(row *row, dirs []string, rel string) (off []string) {
	for _, dir := range dirs {
		if r.leadsOnto(join(dir, rel)) {
			row.copies[dir] = &copied{reason: whyOnCard}
			continue
		}
		off = append(off, dir)
	}
	return off
}

// apart takes from a file the copies that are none: two names of one file are one place, and the card is not a place at all. seen are the copies, as they are.
func (r *run) apart(row *row, seen map[string]os.FileInfo) {
	var kept []os.FileInfo
	var dirs []string
	source, _ := r.fs.Lstat(r.cfg.Card.Path(row.File))
	for _, dir := range r.cfg.Dests {
		info, c := seen[dir], row.copies[dir]
		if info == nil {
			continue
		}
		switch {
		case r.leadsOnto(c.path):
			c.reason = whyOnCard
		case source != nil && os.SameFile(source, info):
			c.reason = whyTheFile
		default:
			for i, other := range kept {
				if os.SameFile(other, info) {
					c.reason = whySameAs + dirs[i]
				}
			}
		}
		if c.reason != "" {
			c.verified = false
			row.fail(dir + ": " + c.reason)
			continue
		}
		kept, dirs = append(kept, info), append(dirs, dir)
	}
}
