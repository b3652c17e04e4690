package download

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// What a download keeps of itself in its folder. Dots begin no name that comes from the service, so nothing else is called like this.
const (
	stateFolder = ".albumwright"
	partsFolder = stateFolder + "/parts"
	journalName = stateFolder + "/downloads.jsonl"
	lockName    = stateFolder + "/download.lock"

	journalVersion = 1
)

// key names a file that is wanted of a media item.
type key struct{ ID, What, Album string }

// The states of a file. Nothing is written of a file before it is begun.
const (
	begun = "begun" // it has its name
	done  = "done"
	none  = "none" // there is no such file: the photo does not move
)

// line is a line of the journal; the last one of a key counts. The first line has the version only.
type line struct {
	Version int       `json:"version,omitempty"`
	ID      string    `json:"id,omitempty"`
	What    string    `json:"what,omitempty"`
	Album   string    `json:"album,omitempty"` // only where the path tells it
	State   string    `json:"state,omitempty"`
	Path    string    `json:"path,omitempty"` // below the folder, with slashes
	Size    int64     `json:"size,omitempty"` // bytes; -1 = not known
	Changed time.Time `json:"mtime,omitzero"` // of the file
}

// file is what is known of a wanted file.
type file struct {
	path, state string
	size        int64
	changed     time.Time
	seen        bool // in this run
}

// journal knows which file of the folder is which. Lines are appended; what it holds grows with the folder, by some hundred bytes a file.
type journal struct {
	root *os.Root // nil if there is no folder, in a dry run
	lock *flock.Flock
	out  *os.File // nil in a dry run

	mu    sync.Mutex
	files map[key]*file  // guarded by mu
	taken map[string]key // guarded by mu; by folded path; folders have a zero key
}

// openJournal opens a folder, which is made if it is not there. In a dry run nothing is written.
func openJournal(dir string, dry bool) (*journal, error) {
	j := &journal{files: map[key]*file{}, taken: map[string]key{}}
	if !dry {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(partsFolder)), 0o777); err != nil {
			return nil, folderError(err)
		}
	}
	var err error
	if j.root, err = os.OpenRoot(dir); dry && errors.Is(err, fs.ErrNotExist) {
		return j, nil
	}
	if err == nil && !dry {
		err = j.own()
	}
	if err == nil {
		err = j.read()
	}
	if err == nil && !dry {
		err = j.begin()
	}
	if err != nil {
		return nil, errors.Join(folderError(err), j.close())
	}
	return j, nil
}

// own keeps other downloads out of the folder.
func (j *journal) own() error {
	j.lock = flock.New(filepath.Join(j.root.Name(), filepath.FromSlash(lockName)))
	ok, err := j.lock.TryLock()
	if err == nil && !ok {
		err = fmt.Errorf("%s: %w", j.root.Name(), ErrLocked)
	}
	return err
}

func (j *journal) read() error {
	in, err := j.root.Open(journalName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	for lines := bufio.NewReaderSize(in, 64<<10); ; {
		text, err := lines.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		var l line
		if json.Unmarshal(text, &l) == nil { // a line that was torn when the machine died says nothing
			if l.Version > journalVersion {
				return fmt.Errorf("%s: %w", filepath.Join(j.root.Name(), journalName), ErrNewer)
			}
			j.keep(l)
		}
		if err != nil {
			return nil
		}
	}
}

// keep remembers what a line says.
func (j *journal) keep(l line) {
	if l.ID == "" || !isWithin(l.Path) {
		return
	}
	k := key{l.ID, l.What, l.Album}
	if old := j.files[k]; old != nil {
		j.free(k, old.path)
	}
	j.files[k] = &file{path: l.Path, state: l.State, size: l.Size, changed: l.Changed}
	j.take(k, l.Path)
}

// begin makes the journal ready to be written, behind a line that was torn, and throws away what was begun and is done.
func (j *journal) begin() (err error) {
	if j.out, err = j.root.OpenFile(journalName, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666); err != nil {
		return err
	}
	text, err := json.Marshal(line{Version: journalVersion})
	if err == nil {
		_, err = j.out.Write(append(append([]byte{'\n'}, text...), '\n'))
	}
	for k, f := range j.files {
		if f.state != begun {
			_ = j.root.Remove(partOf(k)) // what is not there needs no removal, what stays does no harm
		}
	}
	return err
}

// close gives the folder free.
func (j *journal) close() (err error) {
	if j.out != nil {
		err = errors.Join(j.out.Sync(), j.out.Close())
	}
	if j.lock != nil {
		err = errors.Join(err, j.lock.Close())
	}
	if j.root != nil {
		err = errors.Join(err, j.root.Close())
	}
	return folderError(err)
}

// note writes down what became of a file, and remembers it. j.mu is held.
func (j *journal) note(k key, f file) error {
	l := line{ID: k.ID, What: k.What, Album: k.Album, State: f.state, Path: f.path, Size: f.size, Changed: f.changed}
	if j.out != nil {
		text, err := json.Marshal(l)
		if err == nil {
			_, err = j.out.Write(append(text, '\n')) // one write: a line is whole, or it is the last
		}
		if err != nil {
			return folderError(err)
		}
	}
	j.keep(l)
	j.files[k].seen = true
	return nil
}

// take gives a path, and the sidecar beside it, to a file.
func (j *journal) take(k key, name string) {
	if name == "" {
		return
	}
	j.taken[folded(name)], j.taken[folded(name+sidecarEnding)] = k, k
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		j.taken[folded(dir)] = key{}
	}
}

func (j *journal) free(k key, name string) {
	for _, n := range []string{name, name + sidecarEnding} {
		if j.taken[folded(n)] == k {
			delete(j.taken, folded(n))
		}
	}
}
