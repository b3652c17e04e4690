package watcher

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"
)

// ground is what a root stands on.
type ground struct {
	volume
	id      FileID // of the root folder
	mounted bool   // it is on another file system than the folder above it
	info    fs.FileInfo
}

// sameVolume goes by the file system's own identity, and by the device where it has none.
func (g ground) sameVolume(other ground) bool {
	if g.ID != 0 || other.ID != 0 {
		return g.ID == other.ID
	}
	return g.id.Device == other.id.Device
}

type probed struct {
	ground ground
	why    string
}

// probe looks at the root itself, and says why it is offline, "" if it is there. A share that hangs is left hanging, once.
func (r *watched) probe(ctx context.Context) (ground, string) {
	if r.probing == nil {
		answer := make(chan probed, 1)
		go func() {
			here, err := r.ground()
			if err != nil {
				answer <- probed{why: offlineBecause(err)}
				return
			}
			answer <- probed{here, r.whyOther(ctx, here)}
		}()
		r.probing = answer
	}
	timer := time.NewTimer(probeLimit)
	defer timer.Stop()
	select {
	case p := <-r.probing:
		r.probing = nil
		return p.ground, p.why
	case <-timer.C:
		return ground{}, WhySilent
	case <-ctx.Done():
		return ground{}, "stopped"
	}
}

// ground asks the disk. It may hang.
func (r *watched) ground() (ground, error) {
	disk := r.w.cfg.disk
	info, err := disk.Stat(r.path)
	if err != nil {
		return ground{}, err
	}
	if !info.IsDir() {
		return ground{}, syscall.ENOTDIR
	}
	f, err := disk.Open(r.path, true) // a root that cannot be listed is as good as none
	if err != nil {
		return ground{}, err
	}
	_ = f.Close()
	g := ground{id: idOf(info), info: info}
	if g.volume, err = disk.Volume(r.path); err != nil {
		return ground{}, err
	}
	above, err := disk.Stat(filepath.Dir(r.path))
	if err != nil {
		return ground{}, err
	}
	g.mounted = g.Mounted || idOf(above).Device != g.id.Device
	return g, nil
}

// offlineBecause says in a few words why there is no root.
func offlineBecause(err error) string {
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return WhyNoFolder
	case errors.Is(err, fs.ErrNotExist):
		return WhyNotThere
	case errors.Is(err, fs.ErrPermission):
		return WhyPermission
	}
	return err.Error()
}

// whyOther says why what is there is not the root that was known, "" if it is. A root that was never seen is taken as it is.
func (r *watched) whyOther(ctx context.Context, here ground) string {
	known := r.known
	switch {
	case known == nil:
	case known.mounted && !here.mounted:
		return WhyNotMounted
	case here.sameVolume(*known):
	case !known.mounted && here.mounted:
		// The service began before the disk was mounted: now the root is what was meant.
	case r.refused != nil && here.id == r.refused.id && here.sameVolume(*r.refused), !r.recognise(ctx, here):
		r.refused = &here
		return WhyOther
	}
	r.known, r.refused = &here, nil
	return ""
}

// recogniseIn is how many files of a strange file system are looked at.
const recogniseIn = 4096

// recognise reports whether a file system is the known one under a new number, as network shares and some disks get one whenever they are mounted: a file
// that was handed on is still there as it was, or there is none, and nothing can be handed on twice.
func (r *watched) recognise(ctx context.Context, here ground) bool {
	if r.table.empty() {
		return true
	}
	s := r.newSession(here)
	met, errEnough := 0, errors.New("enough")
	known := false
	_ = s.walker(s.root).run(ctx, func(f File) error {
		known = known || f.Skip == "" && r.table.has(r.table.sightOf(f, here.LooseIDs))
		if met++; known || met == recogniseIn {
			return errEnough
		}
		return nil
	})
	return known
}
