// Package after does with a file what its owner wants done once the service has it: nothing, by default.
//
// It is the only package that takes a file away from where its owner put it. Whoever calls [Action.Do] says what the content must be; a file with any other
// content, or that changes meanwhile, is left alone.
package after

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Action is what is done with a file. The zero value keeps it.
type Action struct {
	kind string // "", "move", "trash", "delete"
	dir  string // of move: absolute; of trash: the user's folder for data
}

// Errors for which a file is kept.
var (
	// ErrChanged says that the content is not the one that the service was sent.
	ErrChanged = errors.New("it is not the file that was sent any more")
	// ErrNotRegular says that the path is a link, or something else than a file.
	ErrNotRegular = errors.New("it is a link, not the file itself")
)

// Parse reads "keep", "move:DIR", "trash" or "delete". A relative DIR is below the working folder. DataHome is the folder that holds the user's trash; ""
// is the default of desktops, ~/.local/share.
func Parse(text, dataHome string) (Action, error) {
	kind, dir, _ := strings.Cut(text, ":")
	switch {
	case text == "" || text == "keep":
		return Action{}, nil
	case text == "delete":
		return Action{kind: "delete"}, nil
	case text == "trash":
		return Action{kind: "trash", dir: dataHome}, trashable()
	case kind == "move" && dir != "":
		dir, err := absolute(dir)
		return Action{kind: "move", dir: dir}, err
	case kind == "move":
		return Action{}, errors.New("move needs a folder: move:DIR")
	}
	return Action{}, fmt.Errorf("%q is none of keep, move:DIR, trash, delete", text)
}

// absolute reads a folder as the shell would. The shell itself leaves ~ alone behind "move:".
func absolute(dir string) (string, error) {
	if rest, ok := strings.CutPrefix(dir, "~"); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
		home, err := os.UserHomeDir()
		return filepath.Join(home, rest), err
	}
	return filepath.Abs(dir)
}

// Keeps tells whether the action does nothing.
func (a Action) Keeps() bool { return a.kind == "" }

// String is the form that Parse reads.
func (a Action) String() string {
	switch a.kind {
	case "":
		return "keep"
	case "move":
		return "move:" + a.dir
	}
	return a.kind
}

// Dir is the folder that files are moved below, if they are.
func (a Action) Dir() (dir string, ok bool) { return a.dir, a.kind == "move" }

// Done is the word for files with which it was done.
func (a Action) Done() string {
	return map[string]string{"move": "moved", "trash": "moved to the trash", "delete": "deleted"}[a.kind]
}

// Valid refuses to move files to below a root, where they would be found again.
func (a Action) Valid(roots []string) error {
	if a.kind != "move" {
		return nil
	}
	for _, root := range roots {
		if below(real(a.dir), real(root)) {
			return fmt.Errorf("%s is below %s, where the files would be found again; name a folder elsewhere", a.dir, root)
		}
	}
	return nil
}

// below tells whether a path is another one, or within it. Whether case counts is the file system's to say.
func below(path, root string) bool {
	if rel, err := filepath.Rel(root, path); err == nil && filepath.IsLocal(rel) {
		return true
	}
	there, err := os.Stat(root)
	for up := path; err == nil; up = filepath.Dir(up) {
		if is, err := os.Stat(up); err == nil && os.SameFile(is, there) {
			return true
		}
		if up == filepath.Dir(up) {
			break
		}
	}
	return false
}

// real is a path without links, absolute, as far as it exists.
func real(path string) string {
	path, _ = filepath.Abs(path)
	for up, rest := path, ""; ; up, rest = filepath.Dir(up), filepath.Join(filepath.Base(up), rest) {
		if at, err := filepath.EvalSymlinks(up); err == nil {
			return filepath.Join(at, rest)
		}
		if up == filepath.Dir(up) {
			return path
		}
	}
}

// Do reads the file at path once more, and acts if its content has the SHA-256 want. A moved file keeps its path below root. It returns where the file is
// now, "" if nowhere. After an error the file is where it was.
func (a Action) Do(ctx context.Context, root, path string, want [sha256.Size]byte) (now string, err error) {
	if a.Keeps() {
		return path, nil
	}
	before, err := os.Lstat(path)
	if err != nil {
		return path, err
	}
	if !before.Mode().IsRegular() {
		return path, ErrNotRegular
	}
	sum, err := hash(ctx, path)
	if err != nil {
		return path, err
	}
	if still, err := os.Lstat(path); err != nil {
		return path, err
	} else if sum != want || !sameFile(before, still) {
		return path, ErrChanged
	}
	switch a.kind {
	case "move":
		return a.move(ctx, root, path, before, want)
	case "trash":
		return trash(path, a.dir)
	}
	return "", os.Remove(path)
}

func sameFile(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

func hash(ctx context.Context, path string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	buf := make([]byte, 1<<20)
	for {
		if ctx.Err() != nil {
			return sum, context.Cause(ctx)
		}
		n, err := f.Read(buf)
		h.Write(buf[:n])
		if err == io.EOF {
			return [sha256.Size]byte(h.Sum(nil)), nil
		}
		if err != nil {
			return sum, err
		}
	}
}
