package watcher

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

// WalkConfig says what to walk and what to take. Only Roots is needed.
type WalkConfig struct {
	// Roots are files or folders. Links are followed here and only here. What a
	// root itself is called does not count: someone named it. A root inside
	// another root is walked as a part of it.
	Roots []string

	// Include and Exclude are patterns for the slash-separated path below the
	// root. With Include, only what matches is taken; Exclude wins over it.
	//
	//   *.jpg         a file of that name, at any depth
	//   2023/*.jpg    a file in a folder 2023, at any depth
	//   /2023/*.jpg   a file in the folder 2023 of the root
	//   drafts/       everything in folders drafts, at any depth
	//   /a/b/**       everything in the folder b of the folder a of the root
	//
	// * matches within a name and /**/ any number of folders; ?, [a-z], [^a-z],
	// {jpg,png} and \ are known, too. Case does not count. An excluded folder
	// is not entered, and handed on once, as a folder.
	Include, Exclude []string

	// Accept judges the name of a file that nothing else speaks against; ""
	// takes it. It is called by several goroutines at a time. Nil takes all.
	Accept func(name string) Reason

	// Workers is how many files are looked at (stat) at a time. 0 means 8: on a
	// local disk that is as fast as one worker a core, and on a network share,
	// where every look is a round trip, it is eight times as fast as one.
	Workers int
}

const (
	defaultWorkers = 8
	// batchSize bounds what is read ahead from one folder, so that a folder of a
	// million files is no different from a thousand folders.
	batchSize = 256
)

// Valid reports what is wrong with the configuration, naming the field, and for
// a pattern the place in it. It does not look at the disk.
func (c WalkConfig) Valid() error {
	_, err := c.rules()
	return err
}

func (c WalkConfig) workers() int {
	if c.Workers == 0 {
		return defaultWorkers
	}
	return c.Workers
}

func (c WalkConfig) rules() (*rules, error) {
	if len(c.Roots) == 0 {
		return nil, errors.New("no Roots: no file or folder to walk")
	}
	for i, r := range c.Roots {
		if r == "" {
			return nil, fmt.Errorf("in Roots number %d is empty", i+1)
		}
	}
	if c.Workers < 0 {
		return nil, fmt.Errorf("with Workers %d: it is less than none", c.Workers)
	}
	include, err := compile("Include", c.Include)
	if err != nil {
		return nil, err
	}
	exclude, err := compile("Exclude", c.Exclude)
	if err != nil {
		return nil, err
	}
	return &rules{include: include, exclude: exclude, accept: c.Accept}, nil
}

// Walk hands every file below the roots to visit, and every folder that it
// leaves out. Each is visited once, even where roots overlap or lead to each
// other. visit is called in the goroutine that called Walk, never twice at a
// time, and gets the files of one folder one after the other; the order is
// otherwise not promised. A slow visit slows the walk down: memory does not
// grow with the number of files, only with the folders still to be entered.
//
// What cannot be read is handed on with SkipUnreadable and the walk goes on,
// except for the roots: a root that is missing, unreadable or goes away
// ([ErrRootGone]) ends the walk with an error that names it. So does visit's
// error, which is returned as it is, and the end of ctx. Walk returns when all
// that it started has ended; a stat that hangs, on a share that went away, holds
// it up.
func Walk(ctx context.Context, cfg WalkConfig, visit func(File) error) error {
	rules, err := cfg.rules()
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	roots, err := resolveRoots(cfg.Roots)
	if err != nil {
		return err
	}
	if err := newWalker(rules, roots, cfg.workers()).run(ctx, visit); err != nil {
		return err
	}
	for _, r := range roots {
		if err := r.stillThere(); err != nil {
			return err
		}
	}
	return nil
}

// walker is one walk. A lister reads folders one after the other and cuts what
// is in them into batches. Each batch goes two ways: to the workers, who look at
// its files, and into the queue of futures, from which it is visited, in order,
// when the workers are done with it.
type walker struct {
	rules   *rules
	roots   []*root
	workers int
	disk    disk
	enter   func(folder string) error // called before a folder is listed; its error ends the walk
	work    chan *batch               // lister -> workers; the lister closes it
	queue   chan *batch               // lister -> visits; the lister closes it
	listErr error                     // written by the lister before it closes queue
}

func newWalker(rules *rules, roots []*root, workers int) *walker {
	return &walker{
		rules: rules, roots: roots, workers: workers, disk: realDisk{},
		enter: func(string) error { return nil },
		work:  make(chan *batch, workers),
		// Twice as many as are worked on: finished batches wait here for visit
		// while the workers go on.
		queue: make(chan *batch, 2*workers),
	}
}

func (w *walker) run(ctx context.Context, visit func(File) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() { w.list(ctx) })
	for range w.workers {
		wg.Go(func() { w.look(ctx) })
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case b, ok := <-w.queue:
			if !ok {
				return w.listErr
			}
			if err := b.visit(ctx, visit); err != nil {
				return err
			}
		}
	}
}

// batch is a part of one folder on its way.
type batch struct {
	root    *root
	folder  string
	entries []fs.DirEntry
	files   []File        // the workers' answer, once ready is closed
	ready   chan struct{} // closed by the worker
}

func (b *batch) visit(ctx context.Context, visit func(File) error) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-b.ready:
	}
	for _, f := range b.files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// look is a worker: it looks at the files of batches until there are no more.
func (w *walker) look(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case b, ok := <-w.work:
			if !ok {
				return
			}
			b.files = make([]File, 0, len(b.entries))
			for _, e := range b.entries {
				if ctx.Err() != nil {
					return // nobody waits for the batch any more
				}
				b.files = append(b.files, w.file(b, e))
			}
			close(b.ready)
		}
	}
}

// file looks at one entry of a folder, or at a root that is a file.
func (w *walker) file(b *batch, e fs.DirEntry) File {
	f := File{Root: b.root.path, Path: b.root.path}
	explicit := !b.root.isFolder()
	stat := w.disk.Stat // follows the link that a root may be
	if !explicit {
		f.Path = join(b.folder, e.Name())
		stat = w.disk.Lstat
	}
	f.Folder = e.IsDir()
	if f.Folder {
		f.Skip = w.rules.folder(f.Rel(), e.Name())
	} else if f.Skip = kindReason(e.Type()); f.Skip == "" {
		f.Skip = w.rules.file(f.Rel(), e.Name(), explicit)
	}
	info, err := stat(f.Path)
	if err == nil {
		f.observe(info)
	}
	switch {
	case f.Skip != "": // it is not taken anyway
	case err != nil:
		f.Skip, f.Err = SkipUnreadable, err
	case !info.Mode().IsRegular():
		f.Skip = kindReason(info.Mode()) // it has become something else since
	case info.Size() == 0:
		f.Skip = SkipEmpty
	}
	return f
}
