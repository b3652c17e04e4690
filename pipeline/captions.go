package pipeline

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/internal/captions"
	"github.com/albumwright/albumwright/internal/report"
)

// Captions is what one captions file says about photos; see package captions for its form.
type Captions = captions.File

// CaptionsError is what is wrong with a captions file, with its place.
type CaptionsError = captions.Error

// ReadCaptions reads a captions file that somebody named. Its names of files are relative to its folder, or absolute. The error is a [*CaptionsError].
func ReadCaptions(path string) (Captions, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Captions{}, &CaptionsError{Path: path, Problem: cause(err), Err: err}
	}
	return readCaptions(abs, true)
}

func readCaptions(path string, named bool) (Captions, error) {
	content, err := captionsContent(path)
	if err != nil {
		return Captions{}, &CaptionsError{Path: path, Problem: cause(err), Err: err}
	}
	return captions.Parse(path, content, named)
}

// captionsContent reads a captions file, and of one that is too large enough to say so.
func captionsContent(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // opening a pipe would wait for its writer
		return nil, errors.New("it is not a file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, captions.MaxSize+1))
}

// caption puts what captions say in place of the file's own words.
func (r *run) caption(s *sighting, root string) {
	if text, said := r.captions.of(root, s.path); said {
		s.Facts.Description = text
	}
}

// captionFiles knows what captions files say. It is used by all describers at once.
type captionFiles struct {
	named []Captions   // the most believed first
	warn  func(string) // is told what is wrong
	mu    sync.Mutex
	found map[string][]Captions // guarded by mu; by folder, once it was looked into
}

// of is what is said about a file: by those that were named, then by those in its folder and in each one above it, up to its root. Who says it first
// is believed; an empty text says that there is to be no description.
func (c *captionFiles) of(root, path string) (text string, said bool) {
	for _, f := range c.named {
		if text, said = f.Text(path); said {
			return text, true
		}
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		for _, f := range c.in(dir) {
			if text, said = f.Text(path); said {
				return text, true
			}
		}
		if dir == root || !within(root, filepath.Dir(dir)) {
			return "", false
		}
	}
}

// within tells whether a folder is a root or lies below it.
func within(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && filepath.IsLocal(rel)
}

// in is what stands in a folder. One that is wrong says nothing, and a warning says why: the photos are what matters.
func (c *captionFiles) in(dir string) []Captions {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.found[dir]; ok {
		return known
	}
	var found []Captions
	for _, name := range captions.Names() {
		f, err := readCaptions(filepath.Join(dir, name), false)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			c.warn(report.Text(err.Error()) + "; none of its captions counts")
		default:
			c.missing(f)
			found = append(found, f)
		}
	}
	if c.found == nil {
		c.found = map[string][]Captions{}
	}
	c.found[dir] = found
	return found
}

// check warns of what is wrong with those that were named.
func (c *captionFiles) check() {
	for _, f := range c.named {
		c.missing(f)
	}
}

// missing warns of captions of files that are not there.
func (c *captionFiles) missing(f Captions) {
	const shown = 3
	names := map[string]map[string]bool{} // by folder
	var lost []string
	for _, path := range f.Paths() {
		dir, name := filepath.Split(path)
		if names[dir] == nil {
			names[dir] = map[string]bool{}
			for _, n := range namesIn(dir) {
				names[dir][norm.NFC.String(n)] = true
			}
		}
		if !names[dir][name] {
			lost = append(lost, report.Text(path))
		}
	}
	switch n := len(lost); {
	case n == 1:
		c.warn(fmt.Sprintf("%s: a caption is of a file that is not there: %s", report.Text(f.Path), lost[0]))
	case n > shown:
		c.warn(fmt.Sprintf("%s: %d captions are of files that are not there: %s and %d more", report.Text(f.Path), n, strings.Join(lost[:shown], ", "), n-shown))
	case n > 1:
		c.warn(fmt.Sprintf("%s: %d captions are of files that are not there: %s", report.Text(f.Path), n, strings.Join(lost, ", ")))
	}
}
