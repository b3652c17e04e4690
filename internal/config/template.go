package config

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// WriteTemplate writes a file in which every setting stands at its default, commented out, with a line that says what it is.
func WriteTemplate(w io.Writer, schema Schema) error {
	var b strings.Builder
	b.WriteString("# The configuration of albumwright. Take the # away before a setting to change it; what stays commented out has the value shown.\n" +
		"# A setting is the flag of the same name; a flag wins over its environment variable, that one over this file.\n" +
		"# \"albumwright config check\" finds mistakes, \"albumwright config show --effective\" says what holds and why.\n")
	for _, it := range schema.Settings {
		fmt.Fprintf(&b, "\n# %s\n# Of: %s\n#%s: %s\n", strings.ReplaceAll(it.Usage, "\n", " "), strings.Join(it.Commands, ", "), it.Name, it.shown())
	}
	b.WriteString("\n# Settings that hold for one account only, such as\n#accounts:\n#  family:\n#    transfers: \"4\"\n" +
		"\n# Folders that are looked after, each with settings of its own, such as\n#folders:\n#  - path: ~/Pictures/Camera\n#    settle: 10s\n#    album-by: [month]\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// shown is a setting's default as YAML.
func (it Setting) shown() string {
	if it.Kind == Texts {
		quoted := make([]string, len(it.Default))
		for i, text := range it.Default {
			quoted[i] = Quote(text)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	text := strings.Join(it.Default, "")
	if it.Kind == Text {
		return Quote(text)
	}
	return text
}

// plain is what YAML takes for the text that it is: no number, no time, nothing that begins or ends anything.
var plain = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./:+-]*[A-Za-z0-9_/]$`)

// Quote is a text as YAML.
func Quote(text string) string {
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "null":
	default:
		if plain.MatchString(text) {
			return text
		}
	}
	return strconv.Quote(text) // what Go escapes YAML escapes alike
}
