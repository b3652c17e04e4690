package ingest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// ErrOnePlace is found, with errors.Is, where two destinations are one folder by some mount: what one shows, the other does. Two copies there would be one.
var ErrOnePlace = errors.New("two destinations are the same folder")

// distinct tells destinations apart that have nothing in common by name, link or device, and yet are one folder: a pool and a disk of it, a network folder of this
// machine. A file that is made in one must not appear in another. Where nothing can be made, nothing is told.
func (r *run) distinct() error {
	for i, dir := range r.cfg.Dests {
		for _, other := range r.cfg.Dests[i+1:] {
			if r.showsIn(dir, other) {
				return fmt.Errorf("%w: %s and %s, by whatever mount; two copies in one place are one", ErrOnePlace, dir, other)
			}
		}
	}
	return nil
}

// showsIn tells whether a file that is made in one folder appears in another.
func (r *run) showsIn(dir, other string) bool {
	if _, err := r.cfg.FS.Lstat(other); err != nil {
		return false // not there yet, and dir may be
	}
	name := ".albumwright-" + strings.ToLower(rand.Text())
	probe, err := r.cfg.FS.Create(filepath.Join(dir, name))
	if err != nil {
		return false
	}
	_ = probe.Commit(time.Unix(0, 0))
	_, err = r.cfg.FS.Lstat(filepath.Join(other, name))
	_ = r.cfg.FS.Remove(filepath.Join(dir, name))
	return err == nil
}
