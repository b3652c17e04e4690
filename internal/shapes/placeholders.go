package shapes

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// placeholder stands for a value that is another each time.
type placeholder struct {
	form   *regexp.Regexp // of a text; of a number as JSON writes it
	sample any
}

// placeholders is read only.
var placeholders = map[string]placeholder{
	"<id>":        {regexp.MustCompile(`^[A-Za-z0-9_-]{20,}$`), "AH0myBsample-id_0123456789"},
	"<token>":     {regexp.MustCompile(`^[A-Za-z0-9_-]{20,}$`), "AOVP0rsample-token_0123456789"},
	"<url>":       {regexp.MustCompile(`^https://photos\.(google\.com|app\.goo\.gl)/[^ ]+$`), "https://photos.google.com/lr/sample"},
	"<album url>": {regexp.MustCompile(`^https://photos\.google\.com/lr/album/[^ /]+/photo/[^ /]+$`), "https://photos.google.com/lr/album/a/photo/m"},
	"<base url>":  {regexp.MustCompile(`^https?://[^ =]+$`), "https://lh3.googleusercontent.com/p/AF-sample"},
	"<timestamp>": {regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`), "2024-05-01T10:00:00Z"},
	"<words>":     {regexp.MustCompile(`.`), "What the service says."},
	"<details>":   {nil, []any{map[string]any{"@type": "type.googleapis.com/google.rpc.BadRequest"}}},
}

// isPlaceholder: also of a name that there is not.
var isPlaceholder = regexp.MustCompile(`^<[a-z ]+>$`)

// checkPlaceholders finds one that is not known.
func checkPlaceholders(v any) (err error) {
	walk(v, func(s string) any {
		if _, known := placeholders[s]; isPlaceholder.MatchString(s) && !known {
			err = fmt.Errorf("there is no placeholder %s", s)
		}
		return s
	})
	return err
}

// Sample puts a value in place of each placeholder.
func Sample(v any) any {
	return walk(v, func(s string) any {
		if p, ok := placeholders[s]; ok {
			return p.sample
		}
		return s
	})
}

var name = regexp.MustCompile(`\{[a-z0-9.]+\}`)

// Fill puts values in place of {name} in all texts.
func Fill(v any, value func(name string) string) any {
	return walk(v, func(s string) any { return FillText(s, value) })
}

// FillText is Fill for one text.
func FillText(s string, value func(name string) string) string {
	return name.ReplaceAllStringFunc(s, func(n string) string { return value(n[1 : len(n)-1]) })
}

// walk makes a copy of a JSON value with each text in it changed.
func walk(v any, change func(string) any) any {
	switch v := v.(type) {
	case string:
		return change(v)
	case []any:
		made := make([]any, len(v))
		for i := range v {
			made[i] = walk(v[i], change)
		}
		return made
	case map[string]any:
		made := make(map[string]any, len(v))
		for k := range v {
			made[k] = walk(v[k], change)
		}
		return made
	}
	return v
}

// Match compares a JSON value with one that has placeholders, and says where they
// differ: a field too many or too few, a list of another length, another value.
func Match(want, got any) (differences []string) { return match("", want, got) }

func match(at string, want, got any) (differences []string) {
	differs := func(format string, args ...any) []string {
		return []string{at + ": " + fmt.Sprintf(format, args...)}
	}
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return differs("want an object, got %s", text(got))
		}
		fields := maps.Clone(w)
		maps.Copy(fields, g)
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			differences = append(differences, matchField(at+"."+field, field, w, g)...)
		}
		return differences
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return differs("want a list of %d, got %s", len(w), text(got))
		}
		for i := range w {
			differences = append(differences, match(fmt.Sprintf("%s[%d]", at, i), w[i], g[i])...)
		}
		return differences
	case string:
		if p, ok := placeholders[w]; ok {
			s, isText := got.(string)
			if p.form != nil && (!isText || !p.form.MatchString(s)) {
				return differs("want a value like %s, got %s", w, text(got))
			}
			return nil
		}
	}
	if text(want) != text(got) {
		return differs("want %s, got %s", text(want), text(got))
	}
	return nil
}

func matchField(at, field string, want, got map[string]any) []string {
	w, wanted := want[field]
	g, given := got[field]
	switch {
	case !wanted:
		return []string{at + ": not wanted, got " + text(g)}
	case !given:
		return []string{at + ": missing"}
	}
	return match(at, w, g)
}

// text is a value as JSON writes it, shortened for messages.
func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	if s := string(raw); len(s) > 300 {
		return strings.ToValidUTF8(s[:300], "") + "…"
	}
	return string(raw)
}
