package offload

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"
)

// Job is one file and where it goes.
type Job struct {
	Source string
	// Size and ModTime are what the listing said; ModTime is also what the copies get. A file that is something else by now is not copied: [ErrChanged].
	Size    int64
	ModTime time.Time
	// Dests are the full paths of the copies, each in another destination. A name that other content has gets a number: see [CopyTogether].
	Dests []string
}

// Sums are what the bytes of a file were when they were copied.
type Sums struct {
	Size   int64
	SHA256 [32]byte
	XXH64  uint64
}

// Result is what became of one job.
type Result struct {
	Job  Job
	Sums Sums  // of the source, if Err is nil
	Err  error // the source could not be read, as a [*ReadError], or [ErrChanged]; nothing was copied
	// Copies has one for each of Job.Dests, in their order.
	Copies []Copied
}

// Copied is the end of one copy. One destination that fails does not stop the others.
type Copied struct {
	Path    string // where the bytes are: the path that was asked for, or one with a number
	Existed bool   // they were there already, read and found equal
	Err     error  // [ErrFull], [ErrTooLarge], or what the system says; then there is no copy
}

// Copy copies one file. What went wrong with it is the error, beside that in the result; [ErrGone] and the context's error end all.
func Copy(ctx context.Context, fsys FS, job Job) (Result, error) {
	results, err := CopyTogether(ctx, fsys, []Job{job})
	if err == nil {
		err = results[0].Err
	}
	return results[0], err
}

// CopyTogether copies files that belong together, such as a photo, its raw and its sidecar. Each is read once, whatever the number of its destinations.
//
// If one of the paths has other content already, all files of the group get the same number behind their names, the smallest with which none of their
// names is taken, in any destination: IMG_1.JPG and IMG_1.CR3 become IMG_1-1.JPG and IMG_1-1.CR3. A path that has the same content is a copy: so a group
// of which some files are copied already finds the rest of its names again.
//
// Several groups can be copied at the same time: so devices write one file while another is read.
//
// The results are as many as the jobs, in their order. The error is nil but for what ends all, [ErrGone] or the context's: then some copies may still have
// been made, as their results say.
func CopyTogether(ctx context.Context, fsys FS, jobs []Job) ([]Result, error) {
	tasks := make([]*task, len(jobs))
	wanted := map[string]bool{}
	for i, job := range jobs {
		tasks[i] = newTask(fsys, job, wanted)
	}
	var stop error
	for _, t := range tasks {
		if stop == nil {
			stop = t.write(ctx)
		} else {
			t.err = stop
		}
	}
	for _, t := range tasks {
		t.commits.Wait()
	}
	// What was read of a card that is gone meanwhile is as good as any.
	if err := settle(ctx, fsys, tasks); stop == nil {
		stop = err
	}
	results := make([]Result, len(tasks))
	for i, t := range tasks {
		t.clear()
		results[i] = t.result(stop)
	}
	return results, stop
}

// task is a job under way.
type task struct {
	fsys    FS
	job     Job
	copies  []*target
	sums    Sums
	err     error // of the source
	written bool  // the partial files hold the source's bytes
	commits sync.WaitGroup
}

// target is one copy under way.
type target struct {
	path    string // as the job has it
	partial string
	file    Writer // until it is durable
	made    bool   // the partial file is there
	sums    *Sums  // of the source
	existed bool   // the same content has the name that is looked at
	settled bool
	final   Copied
}

// newTask begins a job. Two of a group that want one name, as twins do that differ in case only, get two that stay theirs: else each copy of the group would
// find the other's content in its way, and be made again.
func newTask(fsys FS, job Job, wanted map[string]bool) *task {
	t := &task{fsys: fsys, job: job}
	for i, path := range job.Dests {
		c := &target{path: path, partial: partialOf(path, job.Source), sums: &t.sums}
		if slices.Contains(job.Dests[:i], path) {
			c.fail(fmt.Errorf("%s is named twice", path))
		}
		for n := 1; wanted[folded(c.path)]; n++ {
			c.path = numbered(path, n)
		}
		wanted[folded(c.path)] = c.final.Err == nil
		t.copies = append(t.copies, c)
	}
	return t
}

// write makes the partial files, and lets them become durable behind itself. An error ends all.
func (t *task) write(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	source, err := t.open()
	if err != nil {
		return t.fail(err)
	}
	defer func() { _ = source.Close() }()
	for _, c := range t.copies {
		if c.final.Err == nil {
			c.begin(t.fsys)
		}
	}
	s := stream{from: source, path: t.job.Source, size: t.job.Size, to: t.copies}
	if t.sums, err = s.run(ctx); errors.Is(err, errUnwanted) {
		t.sums = Sums{}
		return nil
	}
	if err == nil {
		err = t.unchanged(source)
	}
	if err == nil && t.sums.Size != t.job.Size {
		err = fmt.Errorf("%s: %w: %d bytes came of %d", t.job.Source, ErrChanged, t.sums.Size, t.job.Size)
	}
	if err != nil {
		return t.fail(err)
	}
	for _, c := range t.copies { // each device takes its time for that, and the next file can be read meanwhile
		t.commits.Go(func() { c.commit(t.job.ModTime) })
	}
	t.written = true
	return nil
}

// open opens the source if it is what was listed.
func (t *task) open() (Reader, error) {
	source, err := t.fsys.Open(t.job.Source)
	if err != nil {
		return nil, &ReadError{Path: t.job.Source, Err: err}
	}
	if err := t.unchanged(source); err != nil {
		_ = source.Close()
		return nil, err
	}
	return source, nil
}

// unchanged compares the source with what was listed.
func (t *task) unchanged(source Reader) error {
	info, err := source.Stat()
	if err != nil {
		return &ReadError{Path: t.job.Source, At: t.sums.Size, Err: err}
	}
	switch {
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: %w: it is no regular file any more", t.job.Source, ErrChanged)
	case info.Size() != t.job.Size:
		return fmt.Errorf("%s: %w: %d bytes, %d when it was listed", t.job.Source, ErrChanged, info.Size(), t.job.Size)
	case !info.ModTime().Equal(t.job.ModTime):
		return fmt.Errorf("%s: %w: of %s, of %s when it was listed", t.job.Source, ErrChanged, info.ModTime(), t.job.ModTime)
	}
	return nil
}

// fail notes why the source is not copied, and returns what ends all.
func (t *task) fail(err error) error {
	t.err = err
	if Gone(err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// clear takes away what is only begun.
func (t *task) clear() {
	for _, c := range t.copies {
		if c.file != nil {
			_ = c.file.Close()
		}
		if c.made {
			_ = t.fsys.Remove(c.partial) // what stays is found, and removed, by the next copy of the same file
		}
	}
}

// result tells the end; stop is what ended all, if something did.
func (t *task) result(stop error) Result {
	r := Result{Job: t.job, Sums: t.sums, Err: t.err}
	for _, c := range t.copies {
		if c.final.Err == nil && !c.settled {
			c.final.Err = cmp.Or(t.err, stop)
		}
		r.Copies = append(r.Copies, c.final)
	}
	return r
}

// begin makes the partial file, in place of one that a killed run has left.
func (c *target) begin(fsys FS) {
	err := makeFolder(fsys, folderOf(c.path))
	if err == nil {
		c.file, err = fsys.Create(c.partial)
	}
	if errors.Is(err, fs.ErrExist) {
		if err = fsys.Remove(c.partial); err == nil {
			c.file, err = fsys.Create(c.partial)
		}
	}
	c.made = err == nil
	c.fail(err)
}

// fail notes the first thing that went wrong with a copy.
func (c *target) fail(err error) {
	if err != nil && c.final.Err == nil {
		c.final.Err = ofDestination(err)
	}
}

// write adds to a partial file, unless it is given up, as the answer tells.
func (c *target) write(p []byte) bool {
	if c.final.Err == nil {
		_, err := c.file.Write(p)
		c.fail(err)
	}
	return c.final.Err == nil
}

// commit makes the partial file durable.
func (c *target) commit(modTime time.Time) {
	if c.final.Err == nil {
		c.fail(c.file.Commit(modTime))
	}
}
