package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// message reads one JSON object of a request body by the rules of proto3 JSON
// (contract 1): names in camelCase or snake_case, int32 as number or quoted
// string, enums by name or number, null is absent, unknown names are refused.
//
// Read fields with its methods, then ask [message.end]. The first thing that
// is wrong is kept and returned there, as the service names one at a time.
type message struct {
	path   string // proto path, "" at the top
	fields map[string]any
	err    **apiError // of the whole body
}

// parseBody reads a body as a message. An empty body is an empty message.
func parseBody(raw []byte) (message, *apiError) {
	m := message{fields: map[string]any{}, err: new(*apiError)}
	if len(bytes.TrimSpace(raw)) == 0 {
		return m, nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var top any
	err := dec.Decode(&top)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("text after the object")
		}
	}
	if err != nil || !utf8.Valid(raw) {
		return m, errInvalid("Invalid JSON payload received. Unexpected token.\n%s", excerpt(raw, dec.InputOffset()))
	}
	fields, ok := top.(map[string]any)
	if !ok {
		return m, errInvalid("Invalid JSON payload received. Unknown name \"\": Root element must be a message.")
	}
	m.fields = fields
	return m, nil
}

// excerpt shows the line at which a parser gave up, with a mark below it.
func excerpt(raw []byte, at int64) string {
	from := max(0, min(int(at), len(raw))-20)
	line := string(raw[from:min(len(raw), from+40)])
	line = strings.ToValidUTF8(strings.ReplaceAll(line, "\n", " "), "?")
	return line + "\n^"
}

// take removes a field, under either of its names. Both at once are refused.
func (m message) take(name string) (any, bool) {
	v, found := m.fields[name]
	delete(m.fields, name)
	if proto := snake(name); proto != name {
		if w, also := m.fields[proto]; also {
			delete(m.fields, proto)
			if found {
				m.fail(m.at(name), "Invalid value at '%s' (oneof), oneof field '%s' is already set.", m.at(name), proto)
			}
			v, found = w, true
		}
	}
	return v, found && v != nil
}

// at is the proto path of a field.
func (m message) at(name string) string {
	if m.path == "" {
		return snake(name)
	}
	return m.path + "." + snake(name)
}

// fail keeps the first complaint about the body.
func (m message) fail(field, format string, args ...any) {
	if *m.err == nil {
		*m.err = errField(field, format, args...)
	}
}

// mistyped is the service's complaint about a value of the wrong kind.
func (m message) mistyped(name, kind string, v any) {
	shown, _ := json.Marshal(v)
	m.fail(m.at(name), "Invalid value at '%s' (%s), %s", m.at(name), kind, shown)
}

// text is a string field.
func (m message) text(name string) string {
	v, ok := m.take(name)
	if !ok {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		m.mistyped(name, "TYPE_STRING", v)
	}
	return s
}

// number is an int32 field, as a number or in quotes.
func (m message) number(name string) int {
	v, ok := m.take(name)
	if !ok {
		return 0
	}
	n, err := strconv.ParseFloat(fmt.Sprint(v), 64) // 1e2 and 100.0 are numbers too
	if _, isBool := v.(bool); isBool || err != nil || n != math.Trunc(n) || math.Abs(n) > math.MaxInt32 {
		m.mistyped(name, "TYPE_INT32", v)
		return 0
	}
	return int(n)
}

// double is a double field, as a number or in quotes.
func (m message) double(name string) float64 {
	v, ok := m.take(name)
	if !ok {
		return 0
	}
	n, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	if _, isBool := v.(bool); isBool || err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		m.mistyped(name, "TYPE_DOUBLE", v)
		return 0
	}
	return n
}

// flag is a bool field. In quotes it is taken too, as the guide to sharing
// writes it.
func (m message) flag(name string) bool {
	v, ok := m.take(name)
	if !ok {
		return false
	}
	switch v {
	case true, "true":
		return true
	case false, "false":
		return false
	}
	m.mistyped(name, "TYPE_BOOL", v)
	return false
}

// list is the values of a repeated field; of an absent one there are none.
func (m message) list(name, kind string) []any {
	v, ok := m.take(name)
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		m.mistyped(name, kind, v)
	}
	return list
}

// texts is a repeated string field.
func (m message) texts(name string) []string {
	var all []string
	for i, v := range m.list(name, "TYPE_STRING") {
		s, ok := v.(string)
		if !ok {
			m.mistyped(fmt.Sprintf("%s[%d]", name, i), "TYPE_STRING", v)
		}
		all = append(all, s)
	}
	return all
}

// enum is the number of an enum value, given by name or number. names[i] is
// the name of value i; kind is the enum's proto name.
func (m message) enum(name, kind string, names []string) int {
	v, ok := m.take(name)
	if !ok {
		return 0
	}
	i := enumValue(v, names)
	if i < 0 {
		m.mistyped(name, "type.googleapis.com/"+kind, v)
		return 0
	}
	return i
}

// enums is a repeated enum field.
func (m message) enums(name, kind string, names []string) []int {
	var all []int
	for i, v := range m.list(name, "type.googleapis.com/"+kind) {
		n := enumValue(v, names)
		if n < 0 {
			m.mistyped(fmt.Sprintf("%s[%d]", name, i), "type.googleapis.com/"+kind, v)
			continue
		}
		all = append(all, n)
	}
	return all
}

// enumValue is the number of an enum value; -1: there is no such value.
func enumValue(v any, names []string) int {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil && i >= 0 && i < int64(len(names)) {
			return int(i)
		}
	case string:
		return slices.Index(names, v)
	}
	return -1
}

// object is a message field. Of an absent one all fields are absent; found
// tells them apart.
func (m message) object(name, kind string) (sub message, found bool) {
	sub = message{path: m.at(name), err: m.err}
	v, ok := m.take(name)
	if !ok {
		return sub, false
	}
	if sub.fields, ok = v.(map[string]any); !ok {
		m.mistyped(name, "type.googleapis.com/"+kind, v)
	}
	return sub, true
}

// objects is a repeated message field.
func (m message) objects(name, kind string) []message {
	var subs []message
	for i, v := range m.list(name, "type.googleapis.com/"+kind) {
		fields, ok := v.(map[string]any)
		if !ok {
			m.mistyped(fmt.Sprintf("%s[%d]", name, i), "type.googleapis.com/"+kind, v)
		}
		subs = append(subs, message{path: fmt.Sprintf("%s[%d]", m.at(name), i), err: m.err, fields: fields})
	}
	return subs
}

// ignore takes fields that exist and that the method does not read.
func (m message) ignore(names ...string) {
	for _, n := range names {
		m.take(n)
	}
}

// end refuses names that nobody took, and returns the first complaint about
// the whole body.
func (m message) end() *apiError {
	left := make([]string, 0, len(m.fields))
	for name := range m.fields {
		left = append(left, name)
	}
	slices.Sort(left)
	for _, name := range left {
		where := ""
		if m.path != "" {
			where = fmt.Sprintf(" at '%s'", m.path)
		}
		m.fail(m.path, "Invalid JSON payload received. Unknown name %q%s: Cannot find field.", name, where)
	}
	return *m.err
}
