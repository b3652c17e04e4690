package offloadtest

import (
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/albumwright/albumwright/internal/offload"
)

var _ offload.FS = (*Disk)(nil)

// Lstat implements [offload.FS].
func (d *Disk) Lstat(name string) (found fs.FileInfo, err error) {
	err = d.do(Lstat, name, func(_ *mounted, n *node) error {
		found = n.info(filepath.Base(name))
		return nil
	})
	return found, err
}

// ReadDir implements [offload.FS].
func (d *Disk) ReadDir(name string) (entries []fs.DirEntry, err error) {
	err = d.do(ReadDir, name, func(_ *mounted, n *node) error {
		if !n.dir {
			return syscall.ENOTDIR
		}
		for _, below := range slices.Sorted(maps.Keys(n.names)) {
			entries = append(entries, fs.FileInfoToDirEntry(n.names[below].info(below)))
		}
		return nil
	})
	return entries, err
}

// Open implements [offload.FS].
func (d *Disk) Open(name string) (r offload.Reader, err error) {
	err = d.do(Open, name, func(_ *mounted, n *node) error {
		r = &reader{d: d, name: name, n: n, life: d.lives, content: n.memory}
		return nil
	})
	return r, err
}

// OpenCold implements [offload.FS].
func (d *Disk) OpenCold(name string) (r offload.Reader, cold bool, err error) {
	err = d.do(OpenCold, name, func(v *mounted, n *node) error {
		cold = v == nil || !v.Sticky
		content := n.memory
		if cold {
			content = n.stored()
		}
		r = &reader{d: d, name: name, n: n, life: d.lives, content: content}
		return nil
	})
	return r, cold, err
}

// parentFor is the folder in which a name can be made.
func (d *Disk) parentFor(v *mounted, n *node, name string) (*node, error) {
	_, parent, err := d.look(filepath.Dir(name))
	switch {
	case err != nil:
		return nil, err
	case n != nil:
		return nil, fs.ErrExist
	case !parent.dir:
		return nil, syscall.ENOTDIR
	case len(filepath.Base(name)) > 255:
		return nil, syscall.ENAMETOOLONG
	case v != nil && v.Folds && strings.ContainsAny(filepath.Base(name), `:*?"<>|\`):
		return nil, syscall.EINVAL
	}
	return parent, nil
}

// Create implements [offload.FS].
func (d *Disk) Create(name string) (w offload.Writer, err error) {
	err = d.do(Create, name, func(v *mounted, n *node) error {
		parent, err := d.parentFor(v, n, name)
		if err != nil {
			return err
		}
		made := &node{}
		parent.names[filepath.Base(name)] = made
		w = &writer{d: d, v: v, name: name, n: made, life: d.lives}
		return nil
	})
	return w, err
}

// Mkdir implements [offload.FS].
func (d *Disk) Mkdir(name string) error {
	return d.do(Mkdir, name, func(v *mounted, n *node) error {
		parent, err := d.parentFor(v, n, name)
		if err == nil {
			parent.names[filepath.Base(name)] = newFolder()
		}
		return err
	})
}

// RenameNew implements [offload.FS].
func (d *Disk) RenameNew(from, to string) error {
	err := d.do(RenameNew, to, func(v *mounted, there *node) error {
		parent, err := d.parentFor(v, there, to)
		if err != nil {
			return err
		}
		old := parent.key(v, filepath.Base(from))
		n := parent.names[old]
		if n == nil || filepath.Dir(from) != filepath.Dir(to) {
			return fs.ErrNotExist
		}
		delete(parent.names, old)
		parent.names[filepath.Base(to)] = n
		return nil
	})
	if err == nil && d.Named != nil {
		d.naming.Lock()
		defer d.naming.Unlock()
		d.Named(to)
	}
	return err
}

// Remove implements [offload.FS].
func (d *Disk) Remove(name string) error {
	return d.do(Remove, name, func(*mounted, *node) error { return d.remove(name) })
}

func (d *Disk) remove(name string) error {
	v, n, err := d.look(name)
	if err != nil {
		return err
	}
	if n.dir && len(n.names) > 0 {
		return syscall.ENOTEMPTY
	}
	_, parent, err := d.look(filepath.Dir(name))
	if err != nil {
		return err
	}
	delete(parent.names, parent.key(v, filepath.Base(name)))
	if v != nil {
		v.Free += int64(len(n.memory))
	}
	return nil
}

// SyncDir implements [offload.FS].
func (d *Disk) SyncDir(name string) error {
	return d.do(SyncDir, name, func(_ *mounted, n *node) error {
		if !n.dir {
			return syscall.ENOTDIR
		}
		n.durable = maps.Clone(n.names)
		return nil
	})
}

// Volume implements [offload.FS].
func (d *Disk) Volume(path string) (found offload.Volume, err error) {
	err = d.do(AskVolume, path, func(v *mounted, _ *node) error {
		if v == nil {
			found = offload.Volume{Mount: string(filepath.Separator), Device: "root", Type: "memory"}
			return nil
		}
		found = v.Volume.Volume
		for _, other := range d.volumes {
			if rel, err := filepath.Rel(path, other.Volume.Mount); err == nil && rel != "." && filepath.IsLocal(rel) && other.gone != Unmounted {
				found.Covered = append(found.Covered, rel)
			}
		}
		return nil
	})
	return found, err
}

// info is what is told of a node.
func (n *node) info(name string) fs.FileInfo {
	return info{name: name, size: int64(len(n.memory)), modTime: n.modTime, dir: n.dir}
}
