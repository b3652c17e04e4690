package config

import (
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Kind is what values a setting takes.
type Kind int

// The kinds of settings. Texts is a setting that may be repeated, so it takes a list.
const (
	Text Kind = iota
	Texts
	Bool
	Int
	Number
	Duration
)

// Setting is a key, and the flag of the same name.
type Setting struct {
	Name     string
	Kind     Kind
	Usage    string   // a line for people
	Default  []string // as the flag would take it; empty: none
	Commands []string // that have the flag
	Path     bool     // the text is a path: ~/ is the home folder, and it must be absolute
	Folder   bool     // it may be said of a single folder, too
}

// Schema is all there is to say in a file.
type Schema struct {
	Settings []Setting
	// Choices are settings that are one choice together: whoever says one of them, nearer to the call, leaves nothing of the others.
	Choices [][]string
	Spoken  []string // flags that are said with each call, never here
	Home    string   // the user's home folder; "" = there is none
	// Try tells whether values make sense together, beyond their kinds; an error's text begins with "--name: " or "--name " where one setting is to
	// blame. Nil takes all.
	Try func(Block) error
}

// folderKeys are the keys of a folder that are no settings.
const (
	keyPath   = "path"
	keySettle = "settle"
)

// account is the setting by which accounts are chosen: it cannot be said within one.
const account = "account"

func (s Schema) setting(name string) (Setting, bool) {
	for _, it := range s.Settings {
		if it.Name == name {
			return it, true
		}
	}
	return Setting{}, false
}

// names are the settings of which a test is true.
func (s Schema) names(test func(Setting) bool) []string {
	var names []string
	for _, it := range s.Settings {
		if test(it) {
			names = append(names, it.Name)
		}
	}
	return names
}

// read makes of a text in the file what the flag takes, or says what is wrong with it.
func (it Setting) read(text, home string) (string, error) {
	switch it.Kind {
	case Bool:
		if b := strings.ToLower(text); b == "true" || b == "false" {
			return b, nil
		}
		return "", fmt.Errorf("%s is either true or false, not %q", it.Name, text)
	case Int:
		return text, it.wholeNumber(text)
	case Number:
		if n, err := strconv.ParseFloat(text, 64); err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return "", fmt.Errorf("%s is a number, such as 2.5, not %q", it.Name, text)
		}
	case Duration:
		return text, duration(it.Name, text)
	}
	if it.Path && text != "" {
		return absolute(it.Name, text, home)
	}
	return text, nil
}

// wholeNumber refuses what some readers of YAML take for a number of another base.
func (it Setting) wholeNumber(text string) error {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) > 1 && digits[0] == '0' {
		return fmt.Errorf("%s is a decimal number: %q begins with 0, which looks like another base", it.Name, text)
	}
	if _, err := strconv.Atoi(text); err != nil {
		return fmt.Errorf("%s is a whole number, such as 8, not %q", it.Name, text)
	}
	return nil
}

func duration(name, text string) error {
	if _, err := time.ParseDuration(text); err == nil {
		return nil
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return fmt.Errorf("%s is a time with its unit, such as 90s or 1h30m: %q has none", name, text)
	}
	return fmt.Errorf("%s is a time, such as 90s or 1h30m, not %q", name, text)
}

// absolute reads a path as a shell would. A relative one is refused: a file does not know from which folder the program is called.
func absolute(name, text, home string) (string, error) {
	if rest, ok := strings.CutPrefix(text, "~"); ok && home != "" && (rest == "" || rest[0] == '/' || rest[0] == filepath.Separator) {
		return filepath.Join(home, rest), nil
	}
	if !filepath.IsAbs(text) {
		return "", fmt.Errorf("%s %q is relative, and nobody knows to which folder: begin with ~/ or with the root", name, text)
	}
	return filepath.Clean(text), nil
}
