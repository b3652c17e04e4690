package offload

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// Need is what is to be written below one folder, which need not exist yet.
type Need struct {
	Dir   string
	Files int   // each takes at least one block
	Bytes int64 // of all files together
}

// Room tells whether all needs can be met, those of one device together. What does not fit is an [ErrFull] for each device that lacks room, with its first folder.
func Room(fsys FS, needs ...Need) error {
	type device struct {
		dir        string
		free, need int64
	}
	byName := map[string]*device{}
	var devices []*device
	for _, n := range needs {
		v, err := volumeOf(fsys, n.Dir)
		if err != nil {
			return fmt.Errorf("space of %s: %w", n.Dir, err)
		}
		name := cmp.Or(v.Device, v.Mount, n.Dir)
		if byName[name] == nil {
			byName[name] = &device{dir: n.Dir, free: v.Free}
			devices = append(devices, byName[name])
		}
		// The last block of a file is half empty on the average; a whole one is reckoned.
		byName[name].need += n.Bytes + int64(n.Files)*v.Block
	}
	var lacking []error
	for _, d := range devices {
		if d.need > d.free {
			lacking = append(lacking, fmt.Errorf("%s: %w: %d bytes are free, %d are needed", d.dir, ErrFull, d.free, d.need))
		}
	}
	return errors.Join(lacking...)
}

// volumeOf is the volume of the nearest folder above a path that exists, or of the path itself.
func volumeOf(fsys FS, dir string) (Volume, error) {
	for {
		_, err := fsys.Lstat(dir)
		switch {
		case err == nil:
			return fsys.Volume(dir)
		case !errors.Is(err, fs.ErrNotExist) || filepath.Dir(dir) == dir:
			return Volume{}, err
		}
		dir = filepath.Dir(dir)
	}
}
