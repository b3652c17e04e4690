// Package planfile is a plan as a file that a person can edit: YAML, one document for each album, one line for each file.
//
// [Write] writes what was foreseen and [Read] reads what somebody made of it. What counts is in keys; what is only good to know is in comments, which Read does
// not see. Both go album by album, so that a plan of many files takes no more memory than its items do.
package planfile

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/plan"
)

// version is the only one so far.
const version = "1"

// end is the key of the last document. A plan that was cut off by a full disk or a kill would else be a smaller plan.
const end = "end"

// File is what a plan file says.
type File struct {
	Endpoint, Account string // for which it was made
	Root              string // absolute; all files lie below it
	// TimeShifts are the cameras' clocks that were put right, as --time-shift takes them: what comes to the albums later is ordered by the same times.
	TimeShifts []string
	// Order is that of the albums before somebody edited the plan, as --order takes it; "" is captured. What comes to them later is put in by it.
	Order  string
	Albums []plan.Album
}

// Root is the deepest folder that all paths, absolute and clean, are in or below. What a path names may be a file.
func Root(paths []string, isFolder func(string) bool) string {
	root := ""
	for i, p := range paths {
		if !isFolder(p) {
			p = filepath.Dir(p)
		}
		if i == 0 {
			root = p
		}
		for !below(root, p) {
			root = filepath.Dir(root)
		}
	}
	return root
}

// below tells whether a path is a folder or lies below it.
func below(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// stamp tells a file that changed: its size and its modification time in UTC.
func stamp(size int64, modTime time.Time) string {
	return strconv.FormatInt(size, 10) + "@" + modTime.UTC().Format(time.RFC3339Nano)
}

// parseStamp reads what stamp wrote.
func parseStamp(text string) (size int64, modTime time.Time, err error) {
	bytes, at, ok := strings.Cut(text, "@")
	if !ok {
		return 0, time.Time{}, errors.New("has no @ between size and time")
	}
	if size, err = strconv.ParseInt(bytes, 10, 64); err != nil || size < 0 {
		return 0, time.Time{}, fmt.Errorf("%q is no size in bytes", bytes)
	}
	if modTime, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return 0, time.Time{}, fmt.Errorf("%q is no time", at)
	}
	return size, modTime.UTC(), nil
}
