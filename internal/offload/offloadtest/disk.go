// Package offloadtest is file systems in memory that fail on request: the faults that no mount gives, and thousands of cards in no time.
//
// A [Disk] has volumes, into which [Disk.Put] lays files. It is an [offload.FS]. Files have two contents, what memory holds and what the device holds, which are the
// same unless [Disk.Rot] makes them differ; names and contents that were not made durable are lost by [Disk.PowerCut].
// For benchmarks there are [FullCard] and [Race], on the real system.
package offloadtest

import (
	"bytes"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/albumwright/albumwright/internal/offload"
)

// Op is what is asked of a disk.
type Op string

// The operations, by the methods of [offload.FS] and its files.
const (
	Lstat     Op = "lstat"
	ReadDir   Op = "readdir"
	Open      Op = "open"
	OpenCold  Op = "open cold"
	Create    Op = "create"
	Mkdir     Op = "mkdir"
	RenameNew Op = "rename"
	Remove    Op = "remove"
	SyncDir   Op = "sync"
	AskVolume Op = "volume"
	Read      Op = "read"
	Write     Op = "write"
	Commit    Op = "commit"
)

// Volume is a file system of a disk.
type Volume struct {
	offload.Volume       // Mount is an absolute path; Free is what may still be written, and goes down with what is; Size 0 = no end of both
	Folds          bool  // names that differ only in case are one, and those that FAT has no place for are refused
	MaxFile        int64 // what a file may have at most; 0 = anything
	Sticky         bool  // what memory holds cannot be dropped
}

// Disk is file systems in memory. It is safe for concurrent use.
type Disk struct {
	// Before, if not nil, is asked before each operation, one at a time; its error is the operation's. RenameNew has the new name. It may change the disk, but
	// ask nothing of it as an [offload.FS].
	Before func(op Op, name string) error
	// Named, if not nil, is told each name that RenameNew gave, one at a time, and may do anything but rename.
	Named func(name string)

	hooks  sync.Mutex // held while Before is asked; taken before mu
	naming sync.Mutex // held while Named is told; taken before the others

	mu      sync.Mutex
	root    *node
	volumes []*mounted
	ops     int
	plans   []plan
	killed  bool
	lives   int // how often the disk was revived
}

const endless = 1 << 50

// mounted is a volume and what is on it.
type mounted struct {
	Volume
	root *node
	gone Pulled // "" = it is there
}

// plan is something to do before an operation.
type plan struct {
	at int
	do func()
}

// node is a file or a folder.
type node struct {
	dir     bool
	modTime time.Time

	memory []byte // what a file has
	device []byte // nil: the same
	kept   bool   // it was committed
	bad    *badSector

	names   map[string]*node // of a folder
	durable map[string]*node // those that a power cut leaves
}

type badSector struct {
	at  int64
	err error
}

func newFolder() *node {
	return &node{dir: true, names: map[string]*node{}, durable: map[string]*node{}}
}

// New is a disk without volumes: only its root is there.
func New(volumes ...Volume) *Disk {
	d := &Disk{root: newFolder()}
	for _, v := range volumes {
		d.Mount(v)
	}
	return d
}

// Mount adds an empty volume, or puts one in the place of another.
func (d *Disk) Mount(v Volume) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v.Volume.Mount = filepath.Clean(v.Volume.Mount)
	if v.Size == 0 {
		v.Size, v.Free = endless, endless
	}
	if v.Block == 0 {
		v.Block = 4096
	}
	d.folder(v.Volume.Mount)
	d.volumes = slices.DeleteFunc(d.volumes, func(m *mounted) bool { return m.Volume.Mount == v.Volume.Mount })
	d.volumes = append(d.volumes, &mounted{Volume: v, root: newFolder()})
}

// Unmount takes a volume away for good: what it was mounted on is seen again.
func (d *Disk) Unmount(mount string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.volumes = slices.DeleteFunc(d.volumes, func(m *mounted) bool { return m.Volume.Mount == mount })
}

// Put lays a file down, with the folders above it, durable, whatever was there.
func (d *Disk) Put(name string, content []byte, modTime time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	parent := d.folder(filepath.Dir(name))
	n := &node{memory: bytes.Clone(content), modTime: modTime, kept: true}
	parent.names[filepath.Base(name)], parent.durable[filepath.Base(name)] = n, n
}

// folder is a folder, made with all above it.
func (d *Disk) folder(name string) *node {
	v, at, rest := d.enter(name)
	for _, part := range rest {
		next := at.find(v, part)
		if next == nil {
			next = newFolder()
			at.names[part], at.durable[part] = next, next
		}
		at = next
	}
	return at
}

// enter is the volume that a path is on, the root of what is there, and the names below it. The volume is nil below the disk's own root.
func (d *Disk) enter(name string) (*mounted, *node, []string) {
	name = filepath.Clean(name)
	v := d.best(name, func(v *mounted) bool { return v.gone != Unmounted })
	if v == nil {
		return nil, d.root, parts(strings.TrimPrefix(name, filepath.VolumeName(name)))
	}
	return v, v.root, parts(strings.TrimPrefix(name, v.Volume.Mount))
}

// volumeOf is the volume of a path, also one that is unmounted.
func (d *Disk) volumeOf(name string) *mounted {
	return d.best(name, func(*mounted) bool { return true })
}

// best is the volume nearest to a path, of those that may be it.
func (d *Disk) best(name string, may func(*mounted) bool) *mounted {
	var best *mounted
	for _, v := range d.volumes {
		if may(v) && below(filepath.Clean(name), v.Volume.Mount) && (best == nil || len(v.Volume.Mount) > len(best.Volume.Mount)) {
			best = v
		}
	}
	return best
}

func below(name, dir string) bool {
	rest, ok := strings.CutPrefix(name, dir)
	return ok && (rest == "" || rest[0] == filepath.Separator || strings.HasSuffix(dir, string(filepath.Separator)))
}

func parts(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == filepath.Separator })
}

// find is what a folder has under a name.
func (n *node) find(v *mounted, name string) *node { return n.names[n.key(v, name)] }

// key is how a name is written in a folder.
func (n *node) key(v *mounted, name string) string {
	if _, ok := n.names[name]; ok || v == nil || !v.Folds {
		return name
	}
	for there := range n.names {
		if strings.EqualFold(there, name) {
			return there
		}
	}
	return name
}

// look finds a path.
func (d *Disk) look(name string) (*mounted, *node, error) {
	v, at, rest := d.enter(name)
	for _, part := range rest {
		if !at.dir || at.find(v, part) == nil {
			return v, nil, fs.ErrNotExist
		}
		at = at.find(v, part)
	}
	return v, at, nil
}

// Files are all files below a folder by their paths, as the device has them.
func (d *Disk) Files(dir string) map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	files := map[string][]byte{}
	if _, n, err := d.look(dir); err == nil {
		n.collect(filepath.Clean(dir), files)
	}
	return files
}

func (n *node) collect(at string, files map[string][]byte) {
	if !n.dir {
		files[at] = bytes.Clone(n.stored())
		return
	}
	for _, name := range slices.Sorted(maps.Keys(n.names)) {
		n.names[name].collect(filepath.Join(at, name), files)
	}
}

// stored is what a file's device has.
func (n *node) stored() []byte {
	if n.device != nil {
		return n.device
	}
	return n.memory
}

// Ops is how many operations there have been.
func (d *Disk) Ops() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ops
}

// begin counts an operation, does what was planned for it, and asks whether it may be.
func (d *Disk) begin(op Op, name string) error {
	d.mu.Lock()
	d.ops++
	var due []func()
	d.plans = slices.DeleteFunc(d.plans, func(p plan) bool {
		if p.at > d.ops {
			return false
		}
		due = append(due, p.do)
		return true
	})
	d.mu.Unlock()
	for _, do := range due {
		do()
	}
	d.hooks.Lock()
	defer d.hooks.Unlock()
	if d.Before != nil {
		if err := d.Before(op, name); err != nil {
			return &fs.PathError{Op: string(op), Path: name, Err: err}
		}
	}
	return nil
}

// do carries out one operation under the lock. The node is nil if there is nothing under that name.
func (d *Disk) do(op Op, name string, act func(v *mounted, n *node) error) error {
	if err := d.begin(op, name); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	v, n, err := d.look(name)
	if refused := d.refused(v, op); refused != nil {
		err = refused
	} else if err == nil || op == Create || op == Mkdir || op == RenameNew {
		err = act(v, n)
	}
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: string(op), Path: name, Err: err}
}

// refused is why nothing at all can be done on a volume.
func (d *Disk) refused(v *mounted, op Op) error {
	switch {
	case d.killed:
		return ErrKilled
	case v == nil || v.gone == "" || v.gone == Unmounted:
		return nil
	case v.gone == NoDevice, op == AskVolume:
		return syscall.ENODEV
	case op == Lstat, op == ReadDir, op == Open:
		return nil // all this is in memory
	}
	return syscall.EIO
}
