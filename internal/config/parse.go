package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Parse reads a file. Its error is an [InvalidError] with all that is wrong; after a breach of YAML's own rules the rest cannot be read, and is not
// judged. An empty file says nothing, and is good.
func Parse(name string, data []byte, schema Schema) (*File, error) {
	r := &reader{schema: schema}
	f := &File{Name: name, Settings: Block{}, choices: schema.Choices}
	if root := r.load(data); root != nil {
		r.file(root, f)
	}
	if len(r.problems) > 0 {
		return nil, &InvalidError{File: name, Problems: r.sorted()}
	}
	return f, nil
}

// load makes nodes of the bytes; nil if there are none, or if it is no YAML.
func (r *reader) load(data []byte) *yaml.Node {
	if len(data) > MaxSize {
		r.problem(Problem{Text: fmt.Sprintf("it has more than %d KiB: that is no configuration of albumwright", MaxSize>>10)})
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if p, bad := notText(data); bad {
		r.problem(p)
		return nil
	}
	documents, err := load(data)
	if err != nil {
		r.problem(syntax(err, data))
		return nil
	}
	if len(documents) == 0 {
		return nil
	}
	if len(documents) > 1 {
		r.at(documents[1], "a second document begins here (---): all belongs into one")
	}
	return documents[0].Content[0]
}

// load gives a node for each document.
func load(data []byte) (documents []*yaml.Node, err error) {
	l, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	for {
		n := &yaml.Node{}
		if err := l.Load(n); errors.Is(err, io.EOF) {
			return documents, nil
		} else if err != nil {
			return nil, err
		}
		documents = append(documents, n)
	}
}

// notText finds the first byte that is no text.
func notText(data []byte) (Problem, bool) {
	line, column := 1, 1
	for rest := data; len(rest) > 0; {
		c, n := utf8.DecodeRune(rest)
		switch {
		case c == utf8.RuneError && n == 1:
			return Problem{line, column, "this is no UTF-8: save the file in that encoding"}, true
		case c < ' ' && c != '\t' && c != '\n' && c != '\r', c == 0x7f:
			return Problem{line, column, fmt.Sprintf("there is a control character (%#02x): this is no text file", c)}, true
		}
		if column++; c == '\n' {
			line, column = line+1, 1
		}
		rest = rest[n:]
	}
	return Problem{}, false
}

// syntax says in our words what breaks YAML's rules. The text of the file is not repeated: something secret may have strayed into it.
func syntax(err error, data []byte) Problem {
	broken := (*yaml.LoadError)(nil)
	if !errors.As(err, &broken) {
		return Problem{Text: "it is no YAML"}
	}
	p := Problem{Line: broken.Mark.Line, Column: broken.Mark.Column}
	lines := strings.Split(string(data), "\n")
	within := ""
	if p.Line >= 1 && p.Line <= len(lines) {
		within = lines[p.Line-1]
	}
	indent := within[:len(within)-len(strings.TrimLeft(within, " \t"))]
	at := byte(0)
	if p.Column >= 1 && p.Column <= len(within) {
		at = within[p.Column-1]
	}
	switch {
	case strings.Contains(indent, "\t"):
		p.Column = strings.IndexByte(indent, '\t') + 1
		p.Text = "there is a tab before the text: YAML indents with spaces only"
	case strings.Contains(broken.Message, "mapping values are not allowed"):
		p.Text = "a second \": \" on one line, or a line that is indented too far: put a value with \": \" in it in quotes"
	case strings.Contains(broken.Message, "unknown anchor"):
		p.Text = "a value that begins with * must be in quotes"
	case strings.Contains(broken.Message, "cannot start any token") && at != 0:
		p.Text = fmt.Sprintf("a value that begins with %c must be in quotes", at)
	case strings.Contains(broken.Message, "end of stream"):
		p.Line, p.Column = broken.ContextMark.Line, broken.ContextMark.Column
		p.Text = "the quote that begins here is not closed"
	case strings.Contains(broken.Message, "expected key"), strings.Contains(broken.Message, "block end"), strings.Contains(broken.Message, "document start"):
		p.Text = "this line is indented neither like the ones before it nor like a new block"
	default:
		p.Text = "it is no YAML: " + broken.Message
	}
	return p
}
