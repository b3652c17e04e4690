package album

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TemplateError says what is wrong with a template, and where.
type TemplateError struct {
	Template string
	At       int // bytes before the place
	Problem  string
}

// Column is the place in characters, from 1 on.
func (e *TemplateError) Column() int { return utf8.RuneCountInString(e.Template[:e.At]) + 1 }

// Error shows the template with a mark under the place.
func (e *TemplateError) Error() string {
	shown := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, e.Template)
	return fmt.Sprintf("column %d: %s\n   %s\n   %s^", e.Column(), e.Problem, shown, strings.Repeat(" ", e.Column()-1))
}

// ParseTemplate reads a template such as
//
//	{job|event|folder|date:%Y-%m-%d}
//
// A group in braces stands for the first of its choices, separated by |, that has a value for the file. A choice is a token, or a text in single or
// double quotes. Behind a token, each after a colon, come its argument and filters: {folder:-2:upper}. An argument in quotes may hold any sign.
// Outside of groups, {{ and }} stand for one brace. If a group has no value, the file has no title.
//
// The tokens are camera; date and event, with a format of [strftime]'s directives, such as %Y-%m, whose days begin at Options.DayStart if it shows no time
// of day; ext; folder, with the number of one (1 = the first below the root, 0 = the root, -1 = the one that the file lies in, -2 = the one around it); job;
// make; model; path, with a number of folders as in Options.Depth; and stem, the file's name without ext. The filters are upper, lower, title, trim, max:N,
// cut:N, and replace:OLD:NEW.
//
// What cannot be is refused with a [*TemplateError].
//
// [strftime]: https://pubs.opengroup.org/onlinepubs/9699919799/functions/strftime.html
func ParseTemplate(text string) (Template, error) {
	t, err := parser{text: text}.all()
	if err != nil {
		return Template{}, err
	}
	return t, t.visible()
}

// all reads the whole template.
func (p parser) all() (Template, error) {
	t := Template{text: p.text}
	for p.at < len(p.text) {
		next, err := p.part()
		if err != nil {
			return Template{}, err
		}
		t.parts = append(t.parts, next)
	}
	return t, nil
}

// visible refuses a template that names no album at all.
func (t Template) visible() error {
	var words strings.Builder
	for _, p := range t.parts {
		if p.group != nil {
			return nil
		}
		words.WriteString(p.text)
	}
	if CleanTitle(words.String()) == "" {
		return &TemplateError{t.text, 0, "a template without a visible character"}
	}
	return nil
}

// parser reads a template from its beginning to its end.
type parser struct {
	text string
	at   int
	path bool // it is a [PathTemplate]
	card bool // it is one for files of a card
}

// tokens are those that the template may have.
func (p *parser) tokens() []string {
	switch {
	case p.card:
		return CardTokens()
	case p.path:
		return PathTokens()
	}
	return Tokens()
}

// plain is a token that takes no argument.
func (p *parser) plain(name string) (value func(File, Options) string, ok bool) {
	switch {
	case p.card:
		return cardToken(name)
	case p.path:
		return pathToken(name)
	}
	return plainToken(name)
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &TemplateError{p.text, at, fmt.Sprintf(format, args...)}
}

// takes goes over a piece of text if it comes next.
func (p *parser) takes(s string) bool {
	ok := strings.HasPrefix(p.text[p.at:], s)
	if ok {
		p.at += len(s)
	}
	return ok
}

// part reads text up to a group, or a group.
func (p *parser) part() (part, error) {
	begin := p.at
	switch {
	case p.takes("{{"):
		return part{text: "{"}, nil
	case p.takes("}}"):
		return part{text: "}"}, nil
	case p.takes("{"):
		return p.group(begin)
	case p.takes("}"):
		return part{}, p.fail(begin, "a } that closes nothing; }} stands for the sign itself")
	}
	if n := strings.IndexAny(p.text[begin:], "{}"); n >= 0 {
		p.at = begin + n
	} else {
		p.at = len(p.text)
	}
	return part{text: p.text[begin:p.at]}, nil
}

// group reads the choices behind a brace, up to the one that closes it.
func (p *parser) group(begin int) (part, error) {
	var choices []choice
	for {
		words, err := p.words(begin)
		if err != nil {
			return part{}, err
		}
		c, err := p.choice(words)
		if err != nil {
			return part{}, err
		}
		choices = append(choices, c)
		if p.takes("}") {
			return part{text: p.text[begin:p.at], group: choices}, nil
		}
		p.at++ // |
	}
}

// word is what stands between two colons.
type word struct {
	text   string
	at     int
	quoted bool
}

// words reads one choice, up to the | or } behind it.
func (p *parser) words(group int) ([]word, error) {
	var words []word
	for {
		w, err := p.word(group)
		if err != nil {
			return nil, err
		}
		words = append(words, w)
		if !p.takes(":") {
			return words, nil
		}
	}
}

func (p *parser) word(group int) (word, error) {
	begin := p.at
	rest := strings.TrimLeft(p.text[begin:], " ")
	if rest != "" && (rest[0] == '\'' || rest[0] == '"') {
		return p.quoted(len(p.text) - len(rest))
	}
	n := strings.IndexAny(p.text[begin:], ":|}{")
	if n < 0 {
		return word{}, p.fail(group, "a { that is not closed; {{ stands for the sign itself")
	}
	p.at = begin + n
	if p.text[p.at] == '{' {
		return word{}, p.fail(p.at, "a { inside of braces; put it in quotes if it is meant as a sign")
	}
	return word{text: p.text[begin:p.at], at: begin}, nil
}

// quoted reads a text in quotes.
func (p *parser) quoted(begin int) (word, error) {
	n := strings.IndexByte(p.text[begin+1:], p.text[begin])
	if n < 0 {
		return word{}, p.fail(begin, "a quote that is not closed")
	}
	end := begin + 1 + n
	p.at = end + 1
	for p.takes(" ") {
		continue
	}
	if p.at == len(p.text) || !strings.ContainsRune(":|}", rune(p.text[p.at])) {
		return word{}, p.fail(p.at, "something behind a text in quotes; what can follow is : or | or }")
	}
	return word{text: p.text[begin+1 : end], at: begin, quoted: true}, nil
}

// choice makes a choice of its words: the token, its argument, and its filters.
func (p *parser) choice(words []word) (choice, error) {
	first := words[0]
	last := words[len(words)-1]
	c := choice{text: strings.TrimSpace(p.text[first.at:max(p.at, last.at)])}
	if first.quoted {
		c.value = func(File, Options) string { return first.text }
		return c, p.filters(&c, words[1:])
	}
	name := strings.TrimSpace(first.text)
	at := first.at + len(first.text) - len(strings.TrimLeft(first.text, " "))
	var err error
	rest := words[1:]
	switch value, plain := p.plain(name); {
	case plain:
		c.value, c.album = value, name == "album"
	case name == "date", name == "event" && !p.path:
		c.event, c.time = name == "event", true
		rest, err = p.date(&c, rest)
	case !p.path && (name == "folder" || name == "path"):
		rest, err = p.numbered(&c, name, rest)
	case name == "":
		err = p.fail(at, "a token is missing; the tokens are %s", oneOf(p.tokens()))
	default:
		err = p.fail(at, "unknown token %q; the tokens are %s", name, oneOf(p.tokens()))
	}
	if err != nil {
		return c, err
	}
	return c, p.filters(&c, rest)
}

// numbered reads a folder or a path, which may have a number.
func (p *parser) numbered(c *choice, name string, words []word) ([]word, error) {
	number, given := 0, false
	if len(words) > 0 {
		if n, err := strconv.Atoi(strings.TrimSpace(words[0].text)); err == nil {
			number, given, words = n, true, words[1:]
		}
	}
	switch {
	case name == "folder" && !given:
		c.value = func(f File, _ Options) string { return f.folder(-1) }
	case name == "folder":
		c.value = func(f File, _ Options) string { return f.folder(number) }
	case !given:
		c.value = func(f File, o Options) string { return f.path(o, o.Depth) }
	default:
		c.value = func(f File, o Options) string { return f.path(o, number) }
	}
	return words, nil
}

// isFilter tells whether a word is a filter's name.
func isFilter(w word) bool {
	_, ok := filterNamed(strings.TrimSpace(w.text))
	return ok && !w.quoted
}

// filters reads filters with their arguments.
func (p *parser) filters(c *choice, words []word) error {
	for len(words) > 0 {
		w := words[0]
		name := strings.TrimSpace(w.text)
		if !isFilter(w) {
			return p.fail(w.at, "unknown filter %q; the filters are %s", name, oneOf(filterUses()))
		}
		f, _ := filterNamed(name)
		args := words[1:]
		if len(args) < f.args {
			return p.fail(w.at, "the filter %s lacks what comes behind it: %s", name, f.use)
		}
		texts := make([]string, f.args)
		for i := range texts {
			texts[i] = args[i].text
		}
		apply, err := f.make(texts)
		if err != nil {
			return p.fail(args[0].at, "the filter %s: %v", name, err)
		}
		c.filters = append(c.filters, apply)
		words = slices.Clone(args[f.args:])
	}
	return nil
}
