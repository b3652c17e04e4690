package watch

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// disk is what is asked about files of watched folders. It may take for ever, as on a share whose server is gone.
type disk interface {
	Stat(path string) (os.FileInfo, error)
	EvalSymlinks(path string) (string, error)
	ReadDirNames(path string, most int) ([]string, error)
}

// realDisk is the disk of this machine.
type realDisk struct{}

func (realDisk) Stat(path string) (os.FileInfo, error)    { return os.Stat(path) }
func (realDisk) EvalSymlinks(path string) (string, error) { return filepath.EvalSymlinks(path) }

func (realDisk) ReadDirNames(path string, most int) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return f.Readdirnames(most)
}

// answersWithin is how long a disk may take to answer: one that sleeps takes ten seconds until it turns.
const answersWithin = 10 * time.Second

// errSilent is said of a disk that does not answer.
var errSilent = errors.New("the disk does not answer")

// asker asks the disk, and does not wait for ever. A question without an answer is left alone, and not asked again until there is one.
type asker struct {
	disk disk

	mu      sync.Mutex
	hanging map[string]bool // guarded by mu; by question
}

func newAsker(d disk) *asker {
	if d == nil {
		d = realDisk{}
	}
	return &asker{disk: d, hanging: map[string]bool{}}
}

// stat is os.Stat.
func (a *asker) stat(path string) (os.FileInfo, error) {
	return ask(a, "stat "+path, func() (os.FileInfo, error) { return a.disk.Stat(path) })
}

// readable tells whether a folder can be read.
func (a *asker) readable(folder string) bool {
	_, err := ask(a, "names in "+folder, func() ([]string, error) { return a.disk.ReadDirNames(folder, 1) })
	return err == nil || errors.Is(err, io.EOF)
}

// place is what the root of a job leads to.
type place struct {
	path  string // with links resolved, if they can be
	wrong error  // why the job cannot be carried out there
}

// places asks what the roots of jobs lead to, all at the same time. Of one that is not there, or does not answer, nothing but its name is known: a run will say
// what is wrong with it.
func (a *asker) places(jobs []Job) map[string]place {
	places := make(map[string]place, len(jobs))
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, job := range jobs {
		all.Go(func() {
			p, err := ask(a, "place of "+job.Root, func() (place, error) { return a.place(job), nil })
			if err != nil {
				p = place{path: filepath.Clean(job.Root)}
			}
			mu.Lock()
			defer mu.Unlock()
			places[job.Root] = p
		})
	}
	all.Wait()
	return places
}

func (a *asker) place(job Job) place {
	p := place{path: filepath.Clean(job.Root), wrong: job.config(job.Root).Valid()}
	if real, err := a.disk.EvalSymlinks(job.Root); err == nil {
		p.path = real
	}
	if info, err := a.disk.Stat(job.Root); p.wrong == nil && err == nil && !info.IsDir() {
		p.wrong = errIsFile
	}
	return p
}

var errIsFile = errors.New("it is a file: watch looks after folders; albumwright import sends single files")

// ask waits for an answer, for a while.
func ask[T any](a *asker, question string, put func() (T, error)) (answer T, err error) {
	a.mu.Lock()
	hangs := a.hanging[question]
	a.mu.Unlock()
	if hangs {
		return answer, errSilent
	}
	answered := make(chan struct{})
	var late T
	var lateErr error
	go func() {
		late, lateErr = put()
		close(answered)
		a.mu.Lock()
		delete(a.hanging, question)
		a.mu.Unlock()
	}()
	timer := time.NewTimer(answersWithin)
	defer timer.Stop()
	select {
	case <-answered:
		return late, lateErr
	case <-timer.C:
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-answered: // just now
		return late, lateErr
	default:
		a.hanging[question] = true
		return answer, errSilent
	}
}
