package watcher

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/text/unicode/norm"
)

// glob is one pattern of Include or Exclude, made ready.
type glob struct {
	// pattern is folded, and has the leading "**/" that makes a pattern with a
	// slash match at any depth.
	pattern string
	// baseOnly: the pattern has no slash, so only the last name is asked.
	baseOnly bool
	// folder: the pattern names a folder, and means all that is in it.
	folder bool
}

type globs []glob

// compile makes patterns ready, or says which one is bad and where.
func compile(field string, patterns []string) (globs, error) {
	var gs globs
	for _, p := range patterns {
		g, err := newGlob(p)
		if err != nil {
			return nil, fmt.Errorf("%s pattern %q: %w", field, p, err)
		}
		gs = append(gs, g)
	}
	return gs, nil
}

func newGlob(pattern string) (glob, error) {
	if err := checkPattern(pattern); err != nil {
		return glob{}, err
	}
	p, anchored := strings.CutPrefix(fold(plainSlashes(pattern)), "/")
	if strings.HasSuffix(p, "/") {
		p += "**"
	}
	folder, ok := strings.CutSuffix(p, "/**")
	// "**/" and "/**" name no folder in particular: they mean all files.
	if ok = ok && folder != "" && folder != "**"; ok {
		p = folder
	}
	g := glob{pattern: p, folder: ok, baseOnly: !anchored && !strings.Contains(p, "/")}
	if !anchored && !g.baseOnly {
		g.pattern = "**/" + p
	}
	return g, nil
}

// plainSlashes makes one slash of several and of an escaped one. Neither means
// anything else, and no path has them.
func plainSlashes(pattern string) string {
	var b strings.Builder
	last := byte(0)
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && pattern[i+1] != '/': // the pattern is good: something follows
			b.WriteString(pattern[i : i+2])
			i++
			last = 0
		case c != '\\' && (c != '/' || last != '/'):
			b.WriteByte(c)
			last = c
		}
	}
	return b.String()
}

// matchFile reports whether a pattern takes the file at the path below the
// root: by its own name, or by naming a folder that it is in.
func (gs globs) matchFile(rel string) bool {
	if len(gs) == 0 {
		return false
	}
	rel = fold(rel)
	for _, g := range gs {
		if g.folder && g.matchAnyParent(rel) || !g.folder && g.match(rel) {
			return true
		}
	}
	return false
}

// matchFolder reports whether a pattern names this very folder.
func (gs globs) matchFolder(rel string) bool {
	if len(gs) == 0 {
		return false
	}
	rel = fold(rel)
	for _, g := range gs {
		if g.folder && g.match(rel) {
			return true
		}
	}
	return false
}

func (g glob) matchAnyParent(rel string) bool {
	for i := range len(rel) {
		if rel[i] == '/' && g.match(rel[:i]) {
			return true
		}
	}
	return false
}

func (g glob) match(rel string) bool {
	if g.baseOnly {
		rel = rel[strings.LastIndexByte(rel, '/')+1:]
	}
	return doublestar.MatchUnvalidated(g.pattern, rel)
}

// fold makes names comparable: cameras write .JPG and people write .jpg, and a
// Mac writes é as two characters where others write one.
func fold(s string) string { return norm.NFC.String(strings.ToLower(s)) }

// checkPattern says what is wrong with a pattern, and at which character.
func checkPattern(p string) error {
	at, what := fault(p)
	switch {
	case what != "":
		return fmt.Errorf("column %d: %s", utf8.RuneCountInString(p[:at])+1, what)
	case !doublestar.ValidatePattern(p):
		return doublestar.ErrBadPattern
	case strings.Trim(plainSlashes(p), "/") == "":
		return errors.New("names nothing")
	}
	return nil
}

// fault finds the byte at which a pattern goes wrong. doublestar decides what a
// good pattern is but only says yes or no; this says where to look.
func fault(p string) (at int, what string) {
	var open []int // where the braces began that are still open
	for i := 0; i < len(p); i++ {
		switch p[i] {
		case '\\':
			if i+1 == len(p) {
				return i, `nothing follows the \`
			}
			i++
		case '[':
			end, what := classEnd(p, i)
			if what != "" {
				return i, what
			}
			i = end
		case '{':
			open = append(open, i)
		case '}':
			if len(open) == 0 {
				return i, "} without a {"
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return open[len(open)-1], "{ is never closed"
	}
	return 0, ""
}

// classEnd finds the ] that closes the class that begins at start.
func classEnd(p string, start int) (end int, what string) {
	i := start + 1
	if i < len(p) && (p[i] == '^' || p[i] == '!') {
		i++
	}
	if i < len(p) && p[i] == ']' {
		return 0, `[ ] is empty; write \] for the bracket itself`
	}
	for ; i < len(p); i++ {
		switch p[i] {
		case '\\':
			i++
		case ']':
			return i, ""
		}
	}
	return 0, "[ is never closed"
}

// Excludes reports whether patterns, as in WalkConfig.Exclude, leave out the folder with this slash-separated path below the root. Patterns that
// cannot be read leave out nothing.
func Excludes(patterns []string, rel string) bool {
	gs, err := compile("Exclude", patterns)
	return err == nil && gs.matchFile(rel+"/any")
}
