package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// entry is a key and its value.
type entry struct{ key, value *yaml.Node }

type entries []entry

// take takes the entries of a key out: one, or none.
func (e *entries) take(key string) entries {
	var taken entries
	*e = slices.DeleteFunc(*e, func(it entry) bool {
		if it.key.Value == key {
			taken = append(taken, it)
		}
		return it.key.Value == key
	})
	return taken
}

// keys are the entries of a block whose keys are known and there for the first time. Without any known key all are.
func (r *reader) keys(n *yaml.Node, what string, known []string) (all entries) {
	if r.odd(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.at(n, "%s is made of lines such as \"key: value\"", what)
		return nil
	}
	seen := make(map[string]int)
	for i := 0; i+1 < len(n.Content); i += 2 {
		e := entry{n.Content[i], n.Content[i+1]}
		name := e.key.Value
		switch first, twice := seen[name]; {
		case e.key.Kind != yaml.ScalarNode || e.key.Value == "":
			r.at(e.key, "a key is a word")
		case name == "<<" || r.odd(e.key):
			if name == "<<" {
				r.at(e.key, "merge keys (<<) are not understood here: write it out")
			}
		case twice:
			r.at(e.key, "%q is there already, in line %d: of two only one could count", name, first)
		case known != nil && !slices.Contains(known, name):
			r.at(e.key, "%s", r.unknown(name, what, known))
		default:
			all = append(all, e)
		}
		if seen[name] == 0 {
			seen[name] = e.key.Line
		}
	}
	return all
}

// unknown says what may be meant by a key that there is none of here.
func (r *reader) unknown(name, what string, known []string) string {
	if instead := secret(name); instead != "" {
		return "\"" + name + "\" does not belong here: this file keeps no secrets; " + instead
	}
	if slices.Contains(r.schema.Spoken, name) {
		return "\"" + name + "\" does not belong here: it is said with the call that it is meant for"
	}
	if _, ok := r.schema.setting(name); ok {
		return "\"" + name + "\" is no setting of " + what + ": it belongs to the top of the file"
	}
	return "unknown key \"" + name + "\"" + didYouMean(name, known)
}

// secret tells of a key that names something secret where that belongs; "" if it does not.
func secret(name string) string {
	plain := strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(name))
	switch {
	case strings.HasSuffix(plain, "control-token"):
		return "use the environment variable ALBUMWRIGHT_CONTROL_TOKEN"
	case strings.HasSuffix(plain, "access-token"), plain == "token":
		return "use the environment variable ALBUMWRIGHT_ACCESS_TOKEN"
	case plain == "webhook":
		return "use the environment variable ALBUMWRIGHT_WEBHOOK"
	case strings.HasSuffix(plain, "passphrase"):
		return "use the environment variable ALBUMWRIGHT_TOKEN_PASSPHRASE, or ALBUMWRIGHT_TOKEN_PASSPHRASE_FILE"
	}
	for _, word := range []string{"token", "secret", "password", "credential", "api-key"} {
		if strings.HasSuffix(plain, word) || strings.HasSuffix(plain, word+"s") {
			return "use the file or the environment variable that the command asks for"
		}
	}
	return ""
}
