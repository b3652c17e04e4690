package album

import (
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// Template makes a title of a file's facts; [ParseTemplate] reads one.
type Template struct {
	text  string
	parts []part
}

// part is text, or a group of choices of which the first that has a value counts.
type part struct {
	text  string
	group []choice
}

// choice is one token of a group, or a text of the user's.
type choice struct {
	text    string // as it is written
	event   bool   // it asks for the file's event
	time    bool   // it asks for a time: of the event, or of the file
	album   bool   // it asks for the album that a media item is in
	value   func(File, Options) string
	filters []func(string) string
}

// Named is what a rule makes of a file.
type Named struct {
	Rule    string // the template, or the one album's title
	Title   string // "" = no album
	Used    []Used // what each group's value came from, in order
	Missing string // the first group that nothing gave a value; then there is no title
}

// Used is a choice that gave a value.
type Used struct {
	Token string `json:"token"` // as it is written
	Value string `json:"value"`
}

// name makes the title of a file, and says how.
func (t Template) name(f File, o Options) Named {
	out := Named{Rule: t.text}
	out.Title, out.Missing = t.title(f, o, func(u Used) { out.Used = append(out.Used, u) })
	return out
}

// title makes the title of a file, of choices that it tells. A title with a hole in it is none, and missing is the hole: half of it would put files together
// that have nothing in common.
func (t Template) title(f File, o Options, tell func(Used)) (title, missing string) {
	for _, p := range t.parts {
		if p.group == nil {
			title += p.text
			continue
		}
		used, ok := p.choose(f, o)
		if !ok {
			return "", p.text
		}
		tell(used)
		title += used.Value
	}
	return CleanTitle(title), ""
}

// choose takes the first choice that has a value.
func (p part) choose(f File, o Options) (Used, bool) {
	for _, c := range p.group {
		if v := c.of(f, o); CleanTitle(v) != "" {
			return Used{Token: c.text, Value: v}, true
		}
	}
	return Used{}, false
}

// of is the choice's value for a file.
func (c choice) of(f File, o Options) string {
	v := strings.ToValidUTF8(c.value(f, o), string(utf8.RuneError))
	for _, filter := range c.filters {
		v = filter(v)
	}
	return v
}

func (t Template) byEvent() bool { return t.has(func(c choice) bool { return c.event }) }

func (t Template) byTime() bool { return t.has(func(c choice) bool { return c.time }) }

func (t Template) has(is func(choice) bool) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool { return slices.ContainsFunc(p.group, is) })
}

// Tokens lists what templates know of a file.
func Tokens() []string {
	return []string{"camera", "date", "event", "ext", "folder", "job", "make", "model", "path", "stem"}
}

// plainToken is a token's value, of those that take no argument; ok is false for any other.
func plainToken(name string) (value func(File, Options) string, ok bool) {
	switch name {
	case "camera":
		return func(f File, _ Options) string { return f.camera() }, true
	case "ext":
		return func(f File, _ Options) string { return strings.ToLower(strings.TrimPrefix(filepath.Ext(f.Path), ".")) }, true
	case "job":
		return func(_ File, o Options) string { return o.Job }, true
	case "make":
		return func(f File, _ Options) string { return f.Make }, true
	case "model":
		return func(f File, _ Options) string { return f.Model }, true
	case "stem":
		return func(f File, _ Options) string {
			return strings.TrimSuffix(filepath.Base(f.Path), filepath.Ext(f.Path))
		}, true
	}
	return nil, false
}
