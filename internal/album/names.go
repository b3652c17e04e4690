package album

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
)

// DefaultJoiner stands between the folders of a title by path, and DefaultEventGap is the longest pause within an event, where [Options] do not say.
const (
	DefaultJoiner   = " / "
	DefaultEventGap = time.Hour
)

// Options are what rules have in common. The zero value works.
type Options struct {
	EventGap time.Duration // the longest pause within an event; 0 = [DefaultEventGap]
	DayStart time.Duration // when a day begins, after midnight: with 3 h a photo of 00:30 belongs to the day before
	Joiner   string        // between the folders of a title by path; "" = [DefaultJoiner]
	Depth    int           // how many folders of a path count, the first ones; negative: the last ones; 0 = all
	Job      string        // what the files are of, in the user's words; events of different jobs have nothing to do with each other
}

// Valid refuses what cannot be, with the field named.
func (o Options) Valid() error {
	switch {
	case o.EventGap < 0:
		return fmt.Errorf("EventGap is %s, but must be positive", o.EventGap)
	case o.DayStart < 0 || o.DayStart >= 24*time.Hour:
		return fmt.Errorf("DayStart is %s, but must be at least 0 and less than 24 hours", o.DayStart)
	}
	return nil
}

func (o Options) withDefaults() Options {
	if o.EventGap == 0 {
		o.EventGap = DefaultEventGap
	}
	if o.Joiner == "" {
		o.Joiner = DefaultJoiner
	}
	o.Job = CleanTitle(o.Job)
	return o
}

// File is what rules see of a file. What is not known is zero.
type File struct {
	Root, Path  string    // absolute; a root may be the file itself
	Captured    time.Time // wall clock, in UTC only by form
	DayOnly     bool      // Captured is a day, without a time of day
	Make, Model string    // of the camera
	Event       time.Time // wall clock of the beginning of the file's event
	Item        Item      // what it is in the service, for a [PathTemplate]
}

// InTime tells whether it is known to the minute when a file was taken: only then can it be part of an event.
func (f File) InTime() bool { return !f.Captured.IsZero() && !f.DayOnly }

// Names names the albums of files. It is safe for concurrent use.
type Names struct {
	templates []Template
	options   Options
}

// Compile makes the names of rules: a file belongs to the albums that all of them name.
func Compile(rules []Rule, o Options) (Names, error) {
	if err := o.Valid(); err != nil {
		return Names{}, err
	}
	n := Names{options: o.withDefaults()}
	for _, r := range rules {
		t, err := r.parse()
		if err != nil {
			return Names{}, err
		}
		n.templates = append(n.templates, t)
	}
	return n, nil
}

// ByEvent tells whether a rule asks for a file's event.
func (n Names) ByEvent() bool {
	return slices.ContainsFunc(n.templates, Template.byEvent)
}

// ByTime tells whether a rule asks for a file's time, or its event's: if none does, it is all the same when a day begins.
func (n Names) ByTime() bool {
	return slices.ContainsFunc(n.templates, Template.byTime)
}

// EventGap is the longest pause within an event.
func (n Names) EventGap() time.Duration { return n.options.EventGap }

// Scope is what files must have in common to have events in common: the job, and how events are cut.
func (n Names) Scope() string { return n.options.EventGap.String() + " " + n.options.Job }

// Titles are the albums that a file belongs to, each once, in the order of the rules. A file of none is in the library only, whose title is "".
func (n Names) Titles(f File) []string {
	var titles []string
	for _, t := range n.templates {
		title, _ := t.title(f, n.options, func(Used) {})
		if title != "" && !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	if titles == nil {
		return []string{""}
	}
	return titles
}

// Explain tells for each rule what it makes of a file, and why.
func (n Names) Explain(f File) []Named {
	named := make([]Named, len(n.templates))
	for i, t := range n.templates {
		named[i] = t.name(f, n.options)
	}
	return named
}

// folders are the names of the folders that a file lies in, the root's own first.
func (f File) folders() []string {
	dir, root := filepath.Dir(f.Path), f.Root
	below, err := filepath.Rel(root, dir)
	switch {
	case err != nil || !filepath.IsLocal(below):
		return []string{filepath.Base(dir)}
	case below == ".":
		return []string{filepath.Base(root)}
	}
	return append([]string{filepath.Base(root)}, strings.Split(filepath.ToSlash(below), "/")...)
}

// folder is the name of one folder: 0 the root, 1 the first below it; -1 the one that the file lies in, -2 the one around that.
func (f File) folder(at int) string {
	if at == -1 { // which most rules ask for, of each file
		return filepath.Base(filepath.Dir(f.Path))
	}
	all := f.folders()
	if at < 0 {
		at += len(all)
	}
	if at < 0 || at >= len(all) {
		return ""
	}
	return all[at]
}

// path joins the folders below the root.
func (f File) path(o Options, depth int) string {
	all := f.folders()
	if len(all) > 1 {
		all = all[1:]
	}
	switch {
	case depth > 0:
		all = all[:min(depth, len(all))]
	case depth < 0:
		all = all[max(len(all)+depth, 0):]
	}
	return strings.Join(all, o.Joiner)
}

// camera is the camera's model, after its make's first word if the model does not name the make itself.
func (f File) camera() string {
	brand, model := CleanTitle(f.Make), CleanTitle(f.Model)
	if brand == "" || model == "" {
		return brand + model
	}
	begins := strings.Fields(strings.ToLower(model))[0]
	words := strings.FieldsFunc(brand, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
	if len(words) == 0 || slices.Contains(strings.Fields(strings.ToLower(brand)), begins) {
		return model
	}
	return words[0] + " " + model
}

// moment is a time as a template shows it: its clock, and its day, which begins when the user says.
type moment struct{ clock, day time.Time }

// captured is when a file was taken; ok is false if that is not known.
func (f File) captured(o Options) (m moment, ok bool) {
	m = moment{f.Captured, f.Captured}
	if !f.DayOnly {
		m.day = m.clock.Add(-o.DayStart)
	}
	return m, !f.Captured.IsZero()
}

// event is when a file's event began.
func (f File) event(o Options) (m moment, ok bool) {
	return moment{f.Event, f.Event.Add(-o.DayStart)}, !f.Event.IsZero()
}
