package offloadtest

import (
	"bytes"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// ErrKilled is the error of everything that a killed program still tries.
var ErrKilled = errors.New("the program is killed")

// Pulled is how a card is gone: systems differ.
type Pulled string

// The ways in which a card is gone.
const (
	NoDevice  Pulled = "no device" // every operation fails with ENODEV
	FromCache Pulled = "cached"    // folders are still listed from memory, reading fails with EIO; only the volume says what it is
	Unmounted Pulled = "unmounted" // its mount is an empty folder
)

// Pull takes a volume away.
func (d *Disk) Pull(mount string, how Pulled) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.volume(mount).gone = how
}

// Insert brings a volume back that was pulled.
func (d *Disk) Insert(mount string) { d.Pull(mount, "") }

func (d *Disk) volume(mount string) *mounted {
	for _, v := range d.volumes {
		if v.Volume.Mount == mount {
			return v
		}
	}
	panic(fmt.Sprintf("no volume at %s", mount))
}

// In does something before the n-th operation from now on; 1 is the next one.
func (d *Disk) In(n int, do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.plans = append(d.plans, plan{at: d.ops + n, do: do})
}

// Kill fails everything from now on with [ErrKilled], and leaves the files as they are.
func (d *Disk) Kill() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.killed = true
}

// Revive ends [Disk.Kill]: another program is there. What the killed one had open stays dead.
func (d *Disk) Revive() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.killed = false
	d.lives++
}

// PowerCut loses all that was not made durable, on all volumes.
func (d *Disk) PowerCut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, v := range d.volumes {
		v.root.cut()
	}
	d.root.cut()
}

func (n *node) cut() {
	if !n.dir {
		if !n.kept {
			n.memory, n.device = nil, nil
		}
		return
	}
	n.names = map[string]*node{}
	for name, below := range n.durable {
		n.names[name] = below
		below.cut()
	}
}

// ReadError makes reading a file fail from a byte on: EIO, as of a card with a bad block.
func (d *Disk) ReadError(name string, at int64) {
	d.file(name, func(n *node) { n.bad = &badSector{at, syscall.EIO} })
}

// Corrupt changes a byte of a file behind everyone's back: size and time stay.
func (d *Disk) Corrupt(name string, at int64) {
	d.file(name, func(n *node) {
		n.memory = bytes.Clone(n.memory)
		n.memory[at] ^= 1
		if n.device != nil {
			n.device[at] ^= 1
		}
	})
}

// Rot changes a byte of a file on its device: who reads it from memory sees what was written.
func (d *Disk) Rot(name string, at int64) {
	d.file(name, func(n *node) {
		n.device = bytes.Clone(n.stored())
		n.device[at] ^= 1
	})
}

// Change gives a file another content and time, as a camera does that goes on with it.
func (d *Disk) Change(name string, content []byte, modTime time.Time) {
	d.file(name, func(n *node) { n.memory, n.device, n.modTime = bytes.Clone(content), nil, modTime })
}

// Delete takes a file away.
func (d *Disk) Delete(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.remove(name); err != nil {
		panic(fmt.Sprintf("%s: %v", name, err))
	}
}

// file changes a file, which must be there: a fault that hits nothing is a mistake in the test.
func (d *Disk) file(name string, change func(*node)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, n, err := d.look(name)
	if err != nil || n.dir {
		panic(fmt.Sprintf("no file %s", name))
	}
	change(n)
}
