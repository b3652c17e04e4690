// Package card finds the cards of cameras, knows them again, and says of each file on one what it is.
//
// A card is known by its folders: [Find] looks where systems mount such things, [At] at a path that somebody names. [Card.List] goes over every regular
// file, and [Groups] puts together what belongs together. [Card.Same] tells whether it is still that card which is there.
//
// The package only reads: [FS] has nothing that could write.
package card

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/albumwright/albumwright/internal/offload"
)

// FS is what is asked of file systems; an [offload.FS] is one.
type FS interface {
	Lstat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	Open(name string) (offload.Reader, error)
	Volume(path string) (offload.Volume, error)
}

var (
	// ErrNoCard is found, with errors.Is, where the folders of a camera are missing.
	ErrNoCard = errors.New("no card of a camera")
	// ErrAnother is found, beside [offload.ErrGone], where another card is in the place of one.
	ErrAnother = errors.New("another one is there")
	// ErrTwice is found in the error of a file or folder whose name stands twice in its folder: whichever is asked for, a system opens the same one.
	ErrTwice = errors.New("the name stands twice in its folder, and only one of both can be opened: the card's file system is damaged")
	// ErrCovered is found in the error of a file or folder of a card on which something else is mounted.
	ErrCovered = errors.New("something else is mounted on it and hides what the card has there: unmount that")
)

// ID is what a card is known by until it is formatted. What the system does not tell is zero.
type ID struct {
	FSID  string // the file system's own number, such as 6657-E919
	Label string // such as EOS_DIGITAL
	Size  int64  // of the file system, in bytes
	// Folder is the path of a card below its file system's root, "" for a whole one: a copy of a card on a disk, or one of two slots.
	Folder string
}

// String is for people, and to compare: two cards are the same if their strings are. It never has a line break.
func (id ID) String() string {
	var parts []string
	if id.Label != "" {
		parts = append(parts, fmt.Sprintf("%q", id.Label))
	}
	if id.FSID != "" {
		parts = append(parts, "id "+id.FSID)
	}
	parts = append(parts, fmt.Sprintf("%d bytes", id.Size))
	if id.Folder != "" {
		parts = append(parts, fmt.Sprintf("folder %q", id.Folder))
	}
	return strings.Join(parts, ", ")
}

// Card is a card that is there.
type Card struct {
	Mount string // the absolute path of its root
	ID    ID
	Kind  string // the folders that say that it is one, such as "DCIM, AVCHD"
	Type  string // of its file system, such as "exfat"
}

// Find looks for cards in folders where cards are mounted, and in the folders in those, one level deep; without places, where the system mounts them. What
// is a folder of the system's own disk is none. A place that is not there, or that cannot be read, has none.
func Find(fsys FS, places ...string) ([]Card, error) {
	usual := len(places) == 0
	if usual {
		places = mountPlaces()
	}
	var found []Card
	for _, place := range places {
		for _, path := range within(fsys, place) {
			c, err := At(fsys, path)
			if err != nil || usual && c.ID.Folder != "" {
				continue
			}
			if !slices.ContainsFunc(found, func(f Card) bool { return f.Mount == c.Mount }) {
				found = append(found, c)
			}
		}
	}
	return found, nil
}

// within is a place and the folders in it.
func within(fsys FS, place string) []string {
	paths := []string{place}
	entries, err := fsys.ReadDir(place)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if e.IsDir() {
			paths = append(paths, filepath.Join(place, e.Name()))
		}
	}
	return paths
}

// At is the card at a path. The error is an [ErrNoCard] that says what is missing, or what the system says.
func At(fsys FS, path string) (Card, error) {
	c, _, err := at(fsys, path)
	return c, err
}

// at is the card at a path, and what is mounted on folders of it.
func at(fsys FS, path string) (c Card, covered []string, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return c, nil, err
	}
	kind, err := kindOf(fsys, path)
	if err != nil {
		return c, nil, err
	}
	v, err := fsys.Volume(path)
	if err != nil {
		return c, nil, fmt.Errorf("%s: %w", path, err)
	}
	return Card{Mount: path, ID: idOf(v, path), Kind: kind, Type: v.Type}, v.Covered, nil
}

func idOf(v offload.Volume, path string) ID {
	return ID{FSID: v.FSID, Label: v.Label, Size: v.Size, Folder: folderOf(v, path)}
}

// folderOf is the part of a file system that a path shows, "" for all of it. A part that is mounted by itself is a part.
func folderOf(v offload.Volume, path string) string {
	if v.Inside != "" {
		return strings.Trim(filepath.ToSlash(v.Inside), "/")
	}
	if below, err := filepath.Rel(v.Mount, path); err == nil && v.Mount != "" && below != "." && filepath.IsLocal(below) {
		return filepath.ToSlash(below)
	}
	return ""
}

// kindOf names the folders that make a card.
func kindOf(fsys FS, path string) (string, error) {
	entries, err := fsys.ReadDir(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	var kinds []string
	for _, e := range entries {
		if name, ok := marks()[strings.ToUpper(e.Name())]; ok && e.IsDir() {
			kinds = append(kinds, name)
		}
	}
	if len(kinds) > 0 {
		return strings.Join(kinds, ", "), nil
	}
	err = fmt.Errorf("%s is %w: no DCIM, PRIVATE, AVCHD, M4ROOT, MP_ROOT or CONTENTS in it; import takes any folder", path, ErrNoCard)
	if above := filepath.Dir(path); above != path {
		if _, ok := marks()[strings.ToUpper(filepath.Base(path))]; ok {
			err = fmt.Errorf("%w; name the folder above it, %s, if that is a card", err, above)
		}
	}
	return "", err
}

// marks are the folders by which a card is known, by their names in upper case.
func marks() map[string]string {
	all := map[string]string{"DCIM": "DCIM"}
	for _, name := range trees() {
		all[name] = name
	}
	return all
}

// Same tells whether it is still this card that is there: [offload.ErrGone] if it was pulled, unmounted, or changed for another one.
func (c Card) Same(ctx context.Context, fsys FS) error {
	_, err := c.same(ctx, fsys)
	return err
}

// same tells besides what is mounted on folders of the card.
func (c Card) same(ctx context.Context, fsys FS) (covered []string, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	now, covered, err := at(fsys, c.Mount)
	switch {
	case errors.Is(err, ErrNoCard):
		return nil, fmt.Errorf("%s: %w: its folders are not there any more", c.Mount, offload.ErrGone)
	case err != nil:
		return nil, fmt.Errorf("%s: %w: %w", c.Mount, offload.ErrGone, err)
	case now.ID != c.ID:
		return nil, fmt.Errorf("%s: %w: %w (%s, was %s)", c.Mount, offload.ErrGone, ErrAnother, now.ID, c.ID)
	}
	return covered, nil
}
