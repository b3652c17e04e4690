package captions

import (
	"bytes"
	"cmp"
	"errors"
	"strings"

	"go.yaml.in/yaml/v4"
)

// yaml reads one mapping of names to texts. Each text counts as it is written: 2024 and yes are texts, too.
func (p *parser) yaml(content []byte) error {
	if isBlank(content) {
		return nil
	}
	var doc yaml.Node
	if err := yaml.Load(content, &doc); err != nil {
		return p.notYAML(content, err)
	}
	root := &doc
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
		root = doc.Content[0]
	}
	if root.Kind != yaml.MappingNode {
		return p.wrong(root.Line, root.Column, "it must be lines of NAME: TEXT")
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		name, value := root.Content[i], root.Content[i+1]
		if !plain(name) || name.Tag == "!!merge" || name.Tag == "!!null" {
			return p.wrong(name.Line, name.Column, "the name of a file must be a plain text")
		}
		if !plain(value) {
			return p.wrong(value.Line, value.Column, "the caption of %q must be a plain text, not a list or a mapping", name.Value)
		}
		if cut := cutOff(name, value); cut != "" {
			return p.wrong(value.Line, value.Column, "%s is a comment; a text with a # in it stands in quotation marks", cut)
		}
		said := value.Value
		if value.Tag == "!!null" {
			said = ""
		}
		if err := p.add(name.Line, name.Column, name.Value, said); err != nil {
			return err
		}
	}
	return nil
}

// plain is a text without anything that would make it another one.
func plain(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&yaml.TaggedStyle == 0
}

// cutOff is the word that a # has made the beginning of a comment, of a text that stands in no quotation marks: who writes #1 means no comment.
func cutOff(name, value *yaml.Node) string {
	comment := cmp.Or(name.LineComment, value.LineComment)
	if value.Style != 0 || len(comment) < 2 || comment[1] == ' ' || comment[1] == '#' {
		return ""
	}
	return strings.Fields(comment)[0]
}

// isBlank tells of a file in which nothing stands, or only comments.
func isBlank(content []byte) bool {
	for line := range bytes.Lines(content) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}

func (p *parser) notYAML(content []byte, err error) error {
	if bad := (*yaml.LoadError)(nil); errors.As(err, &bad) {
		for _, at := range []yaml.Mark{bad.Mark, bad.ContextMark} {
			if at.Line > 0 {
				return p.wrong(at.Line, max(at.Column, 1), "it is not YAML: %s; a text with : or # in it stands in quotation marks, and no line begins with a tab", bad.Message)
			}
		}
	}
	var first, second yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(content))
	if documents.Decode(&first) == nil && documents.Decode(&second) == nil {
		return p.wrong(second.Line, second.Column, "it must be one YAML document")
	}
	return p.wrong(1, 1, "it is not YAML: %v", err)
}
