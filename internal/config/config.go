// Package config reads the configuration file: YAML whose keys are the names of flags.
//
// A [Schema] says which keys there are. The program derives it from its flags, so that a flag is at once a key, with the flag's type. [Parse] reads a
// file and finds all that is wrong with it at once, each with its line and column. [File.For] says what holds for an account. Nothing here opens a
// file, looks at the environment or knows a flag: whoever asks tells.
//
//	account: family            # a setting, as --account family
//	include: ["*.jpg", "*.mov"]
//	accounts:                  # settings that hold for one account only
//	  family:
//	    transfers: 8
//	folders:                   # what watch looks after
//	  - path: ~/Pictures/Camera
//	    album-by: month
package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// MaxSize is how many bytes a configuration file may have.
const MaxSize = 1 << 20

// Value is what a file says of a setting.
type Value struct {
	Texts []string // as the flag takes them; several, or none, only of a setting that may be repeated
	Line  int      // of the file, from 1 on
}

// Block is what a file says of some settings, by their names.
type Block map[string]Value

// Folder is a folder that watch looks after.
type Folder struct {
	Path     string        // absolute
	Settle   time.Duration // for how long a file must stay as it is before it is taken; 0 = not said
	Settings Block         // what holds for this folder only
	Line     int
}

// File is what is in a configuration file.
type File struct {
	Name     string // as it is called in messages; "" = there is no file
	Settings Block
	Accounts map[string]Block
	Folders  []Folder

	choices [][]string
}

// For is what the file says for an account: its own settings, and else those of all. A nil file says nothing.
func (f *File) For(account string) Block {
	if f == nil {
		return nil
	}
	all := maps.Clone(f.Settings)
	own := f.Accounts[account]
	for _, choice := range f.choices {
		if own.says(choice) {
			maps.DeleteFunc(all, func(name string, _ Value) bool { return slices.Contains(choice, name) })
		}
	}
	maps.Copy(all, own)
	return all
}

// says tells whether a block has one of some settings.
func (b Block) says(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { _, ok := b[name]; return ok })
}

// Problem is something that is wrong with a file.
type Problem struct {
	Line   int    `json:"line"`   // from 1 on; 0 = the file as a whole
	Column int    `json:"column"` // likewise
	Text   string `json:"text"`
}

// String is the problem in a line.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Text)
}

// InvalidError is all that is wrong with a file, in the order of its lines.
type InvalidError struct {
	File     string
	Problems []Problem // at least one
}

// Error names the file, and each problem on a line of its own if there are several.
func (e *InvalidError) Error() string {
	if len(e.Problems) == 1 {
		return fmt.Sprintf("%s: %s", e.File, e.Problems[0])
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d things are wrong", e.File, len(e.Problems))
	for _, p := range e.Problems {
		fmt.Fprintf(&b, "\n  %s", p)
	}
	return b.String()
}
