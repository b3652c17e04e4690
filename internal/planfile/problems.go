package planfile

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/albumwright/albumwright/internal/nearest"
)

// Problem is one thing that is wrong, and where.
type Problem struct {
	Line, Column int // from 1; both 0 where it is not known
	Text         string
}

// Error implements error.
func (p Problem) Error() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Text)
}

// Problems are all things that are wrong with a plan file.
type Problems []Problem

// most is how many problems are told one by one.
const most = 20

// Error implements error: a line for each problem.
func (p Problems) Error() string {
	var b strings.Builder
	for i, one := range p {
		if i == most {
			fmt.Fprintf(&b, "\n  and %d more", len(p)-most)
			break
		}
		fmt.Fprintf(&b, "\n  %v", one)
	}
	return b.String()[1:]
}

func (in *reader) problem(at *yaml.Node, format string, args ...any) {
	in.problems = append(in.problems, Problem{at.Line, at.Column, fmt.Sprintf(format, args...)})
}

// syntax notes that a text is no YAML. Other errors are not the text's fault.
func (in *reader) syntax(err error) error {
	var load *yaml.LoadError
	switch {
	case !errors.As(err, &load):
		return err
	case load.Stage == yaml.ReaderStage && errors.As(err, new(*fs.PathError)):
		return load.Unwrap()
	case load.Stage == yaml.ReaderStage:
		in.problems = append(in.problems, Problem{Text: "this is no text in UTF-8, as which your editor can save it: " + load.Message})
		return nil
	}
	in.problems = append(in.problems, Problem{max(load.Mark.Line, 1), max(load.Mark.Column, 1), "not YAML: " + load.Message})
	return nil
}

// mapping takes a mapping apart, and refuses keys that are unknown or there twice.
func (in *reader) mapping(node *yaml.Node, known ...string) (map[string]*yaml.Node, bool) {
	if node.Kind != yaml.MappingNode {
		in.problem(node, "this must have keys: %s", strings.Join(known, ", "))
		return nil, false
	}
	keys := map[string]*yaml.Node{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		switch {
		case !slices.Contains(known, key.Value):
			in.unknown(node, key, value, known)
		case keys[key.Value] != nil:
			in.problem(key, "%s is given twice, first in line %d", key.Value, keys[key.Value].Line)
		default:
			keys[key.Value] = value
			in.uncut(key, value)
		}
	}
	return keys, true
}

// unknown refuses a key. One without a value, between commas, is what stands behind a comma of somebody's words.
func (in *reader) unknown(node, key, value *yaml.Node, known []string) {
	name, _, colon := strings.Cut(key.Value, ":")
	switch alone := node.Style&yaml.FlowStyle != 0 && value.Value == ""; {
	case alone && colon && slices.Contains(known, name):
		in.problem(key, "a blank is missing behind %s:", name)
	case alone:
		in.problem(key, "%q is no key; if it belongs to the text before it, put that in quotation marks, because there is a comma in it", key.Value)
	default:
		in.problem(key, "unknown key %q; did you mean %q?", key.Value, nearest.Of(key.Value, known, 1)[0])
	}
}

// uncut refuses a text that a # ends: who writes #1 means no comment.
func (in *reader) uncut(key, value *yaml.Node) {
	comment := cmp.Or(key.LineComment, value.LineComment)
	if value.Kind == yaml.ScalarNode && value.Style == 0 && len(comment) > 1 && comment[1] != ' ' && comment[1] != '#' {
		in.problem(value, "%s is a comment; a text with a # in it stands in quotation marks", strings.Fields(comment)[0])
	}
}

// need refuses a mapping without these keys.
func (in *reader) need(node *yaml.Node, keys map[string]*yaml.Node, names ...string) bool {
	all := true
	for _, name := range names {
		if keys[name] == nil {
			in.problem(node, "%s is missing", name)
			all = false
		}
	}
	return all
}

// list are the entries of a list; nothing at all is an empty one.
func (in *reader) list(node *yaml.Node) []*yaml.Node {
	switch {
	case node == nil, node.Kind == yaml.ScalarNode && node.Tag == "!!null":
		return nil
	case node.Kind != yaml.SequenceNode:
		in.problem(node, "this must be a list, each line with a - before it")
		return nil
	}
	return node.Content
}

// text is a scalar as it was written; nothing at all is "".
func (in *reader) text(node *yaml.Node) string {
	switch {
	case node == nil, node.Kind == yaml.ScalarNode && node.Tag == "!!null":
		return ""
	case node.Kind != yaml.ScalarNode:
		in.problem(node, "this must be a text")
		return ""
	case node.Tag == "!!binary":
		raw, err := base64.StdEncoding.DecodeString(node.Value)
		if err != nil {
			in.problem(node, "this is no base64")
		}
		return string(raw)
	}
	return node.Value
}
