package pipeline

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/albumwright/albumwright/exif"
)

// rememberedFolders is how many folders' sidecars are kept at hand: files come folder by folder, to as many describers at once.
const rememberedFolders = 2 * describers

// sidecars finds and reads what stands beside photos. It is used by all describers at once.
type sidecars struct {
	mu      sync.Mutex
	folders map[string]*exif.Siblings
	order   []string // the longest remembered first
}

// of returns the sidecars of a file, in the order in which they are believed, and the bytes that were read. What cannot be read is as if it were not
// there: the photo is what matters. Facts in a damaged one count as far as they can be read.
func (s *sidecars) of(path string) (found []exif.Sidecar, bytes int64) {
	dir, name := filepath.Split(path)
	for _, beside := range s.folder(dir).Of(name) {
		sidecar, n, err := readSidecar(dir+beside.Name, beside)
		bytes += n
		if err == nil || errors.Is(err, exif.ErrDamaged) {
			found = append(found, sidecar)
		}
	}
	return found, bytes
}

func readSidecar(path string, beside exif.SidecarFile) (exif.Sidecar, int64, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return exif.Sidecar{}, 0, errors.Join(err, exif.ErrNotSidecar)
	}
	f, err := os.Open(path)
	if err != nil {
		return exif.Sidecar{}, 0, err
	}
	defer func() { _ = f.Close() }()
	counted := &countedFile{from: f}
	sidecar, err := beside.Read(counted)
	return sidecar, counted.n, err
}

// countedFile counts what is read of it.
type countedFile struct {
	from io.Reader
	n    int64
}

// Read implements [io.Reader].
func (c *countedFile) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// folder knows the sidecars of one folder. It is listed once while its files come; one that cannot be listed has none.
func (s *sidecars) folder(dir string) *exif.Siblings {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.folders[dir]; known != nil {
		return known
	}
	siblings := exif.NewSiblings(namesIn(dir))
	if s.folders == nil {
		s.folders = map[string]*exif.Siblings{}
	}
	if len(s.order) == rememberedFolders {
		delete(s.folders, s.order[0])
		s.order = s.order[1:]
	}
	s.folders[dir] = siblings
	s.order = append(s.order, dir)
	return siblings
}

func namesIn(dir string) []string {
	f, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	names, _ := f.Readdirnames(-1) // what was listed before an error is taken
	return names
}
