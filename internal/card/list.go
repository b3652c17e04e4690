package card

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/internal/offload"
)

// Class is what a file on a card is, and so what is to become of it.
type Class string

// The classes. All but junk are copied.
const (
	Media   Class = "media"   // a photo or video, whatever is in it: also an empty one, and one that the service does not take
	Sidecar Class = "sidecar" // it says something about a photo or video: settings, sound, a small picture
	Tree    Class = "tree"    // a part of a camcorder's tree of folders, which is worth something only as a whole
	Other   Class = "other"   // nobody knows; so it is as precious as a sidecar
	Junk    Class = "junk"    // systems and cameras made it for themselves
)

// Classes lists all classes.
func Classes() []Class { return []Class{Media, Sidecar, Tree, Other, Junk} }

// File is a regular file on a card; or, with Err, something that could not be looked at.
type File struct {
	Rel     string // its path below the card's root, with slashes, as it is written there
	Size    int64
	ModTime time.Time
	Class   Class
	Why     string // why it is junk, or why media is not to be uploaded
	Upload  bool   // by its name the service takes it
	Tree    string // the folder below the root whose structure has to be kept, such as PRIVATE; "" outside of trees
	Err     error  // the file, or the folder, could not be looked at; all else but Rel is zero then
}

// Path is where a file of the card is.
func (c Card) Path(f File) string { return filepath.Join(c.Mount, filepath.FromSlash(f.Rel)) }

// List visits every regular file, folder after folder, by name in each; links and devices are no files. What cannot be looked at is visited with its error, an
// [ErrCovered] where another file system hides it: nothing is passed over in silence. The list is whole if the error is nil; it is an [offload.ErrGone] if the card
// is not there any more at the end, since a mount without a card looks empty.
func (c Card) List(ctx context.Context, fsys FS, visit func(File) error) error {
	covered, err := c.same(ctx, fsys)
	if err != nil {
		return err
	}
	w := walk{fsys: fsys, mount: c.Mount, visit: visit, covered: map[string]bool{}}
	if root, err := fsys.Lstat(c.Mount); err == nil {
		w.device, w.asksDevice = device(root)
	}
	for _, at := range covered {
		if err := w.hidden(filepath.ToSlash(at)); err != nil {
			return err
		}
	}
	if err := w.folder(ctx, ""); err != nil {
		return err
	}
	if covered, err = c.same(ctx, fsys); err != nil {
		return err
	}
	for _, at := range covered { // since the listing began
		if err := w.hidden(filepath.ToSlash(at)); err != nil {
			return err
		}
	}
	return nil
}

// walk goes over a card.
type walk struct {
	fsys       FS
	mount      string
	visit      func(File) error
	covered    map[string]bool // by path below the mount: visited as hidden
	device     uint64          // of the card's root
	asksDevice bool            // it is known
}

// hidden visits what something else is mounted on, once.
func (w walk) hidden(rel string) error {
	if w.covered[rel] {
		return nil
	}
	w.covered[rel] = true
	return w.visit(File{Rel: rel, Err: ErrCovered})
}

func (w walk) folder(ctx context.Context, rel string) error {
	entries, err := w.fsys.ReadDir(filepath.Join(w.mount, filepath.FromSlash(rel)))
	if err != nil { // the entries before the error are lost with it: what is told is that the folder is not known
		return w.unknown(rel, err)
	}
	twins := w.twins(rel, entries)
	for i, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		below := path.Join(rel, e.Name())
		switch {
		case w.covered[below]:
		case twins[i]:
			err = w.visit(File{Rel: below, Err: ErrTwice})
		case e.IsDir():
			err = w.below(ctx, below, e)
		case e.Type().IsRegular():
			err = w.file(below, e)
		default:
			err = w.odd(ctx, below)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// below goes into a folder of the card, if it is one of the card. Systems that do not tell of their mounts give the folder another device.
func (w walk) below(ctx context.Context, rel string, e fs.DirEntry) error {
	if w.asksDevice {
		info, err := e.Info()
		if err != nil {
			return w.unknown(rel, err)
		}
		if number, ok := device(info); ok && number != w.device {
			return w.hidden(rel)
		}
	}
	return w.folder(ctx, rel)
}

func (w walk) file(rel string, e fs.DirEntry) error {
	info, err := e.Info()
	if err != nil {
		return w.unknown(rel, err)
	}
	return w.see(rel, info)
}

// odd looks at an entry of which the listing does not tell what it is, as some file systems do not.
func (w walk) odd(ctx context.Context, rel string) error {
	info, err := w.fsys.Lstat(filepath.Join(w.mount, filepath.FromSlash(rel)))
	switch {
	case err != nil:
		return w.unknown(rel, err)
	case info.IsDir():
		return w.below(ctx, rel, fs.FileInfoToDirEntry(info))
	case !info.Mode().IsRegular():
		return nil
	}
	return w.see(rel, info)
}

func (w walk) see(rel string, info fs.FileInfo) error {
	f := File{Rel: rel, Size: info.Size(), ModTime: info.ModTime()}
	err := f.classify(func(n int) ([]byte, error) { return w.head(rel, n) })
	if err != nil {
		return w.unknown(rel, err)
	}
	return w.visit(f)
}

// unknown tells of what could not be looked at, unless the whole card is gone.
func (w walk) unknown(rel string, err error) error {
	if offload.Gone(err) {
		return fmt.Errorf("%s: %w: %w", w.mount, offload.ErrGone, err)
	}
	if rel == "" {
		rel = "."
	}
	return w.visit(File{Rel: rel, Err: err})
}

// head reads the first bytes of a file, fewer if it is shorter.
func (w walk) head(rel string, n int) ([]byte, error) {
	r, err := w.fsys.Open(filepath.Join(w.mount, filepath.FromSlash(rel)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	buf := make([]byte, n)
	got, err := io.ReadFull(r, buf)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return buf[:got], err
}
