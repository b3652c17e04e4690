package emulator

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// mask is a partial response mask: the wanted names, each with what is wanted
// below it; nil wants all.
type mask map[string]mask

// applyMask keeps of a reply what the query parameter fields asks for, such as
// "albums(id,title),nextPageToken" or "mediaItems/id" (contract 1; 12 #41).
func applyMask(expr string, body any) (any, *apiError) {
	p, m := maskParser{rest: expr}, mask{}
	if !p.list(m, 0) || p.rest != "" {
		return nil, errField("fields", "Request contains an invalid argument: fields=%q is not a field mask.", expr)
	}
	if path := m.unknown(reflect.TypeOf(body)); path != "" {
		return nil, errField("fields", "Error expanding 'fields' parameter. Cannot find matching fields for path '%s'.", path)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err) // the wire types are ours: they marshal
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		panic(err)
	}
	return m.keep(tree), nil
}

// unknown is the first path of the mask that a value of this type never has;
// "" if there is none. Of an empty answer every path is taken.
func (m mask) unknown(t reflect.Type) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	members := make(map[string]reflect.Type)
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
				members[name] = f.Type
			}
		}
		if len(members) == 0 {
			return ""
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		member, found := members[name]
		switch {
		case name == "*":
		case !found:
			return name
		case m[name] != nil:
			if path := m[name].unknown(member); path != "" {
				return name + "/" + path
			}
		}
	}
	return ""
}

// keep drops the members of v that the mask does not name. Lists keep their
// length.
func (m mask) keep(v any) any {
	if m == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			below, wanted := m[name]
			if !wanted {
				below, wanted = m["*"]
			}
			if !wanted {
				delete(v, name)
				continue
			}
			v[name] = below.keep(member)
		}
	case []any:
		for i := range v {
			v[i] = m.keep(v[i])
		}
	}
	return v
}

// maskParser reads a mask from left to right.
type maskParser struct {
	rest string
}

// maxMaskDepth is deeper than any reply.
const maxMaskDepth = 16

// list reads "a,b/c,d(e,f)" into m, up to a closing bracket or the end.
func (p *maskParser) list(m mask, depth int) bool {
	for {
		if !p.item(m, depth) {
			return false
		}
		if !p.skip(",") {
			return true
		}
	}
}

// below is the mask of a name's members, to be added to. Where all of them are
// wanted already, what is added is lost.
func (m mask) below(name string) mask {
	if sub, found := m[name]; found && sub == nil {
		return mask{}
	}
	if m[name] == nil {
		m[name] = mask{}
	}
	return m[name]
}

// item reads one name with what follows it into m.
func (p *maskParser) item(m mask, depth int) bool {
	n := strings.IndexAny(p.rest, ",/()")
	if n < 0 {
		n = len(p.rest)
	}
	name := camel(p.rest[:n])
	p.rest = p.rest[n:]
	if name == "" || depth > maxMaskDepth {
		return false
	}
	switch {
	case p.skip("/"):
		return p.item(m.below(name), depth+1)
	case p.skip("("):
		return p.list(m.below(name), depth+1) && p.skip(")")
	default:
		m[name] = nil
		return true
	}
}

func (p *maskParser) skip(s string) (found bool) {
	p.rest, found = strings.CutPrefix(p.rest, s)
	return found
}

// camel is the JSON name of a proto name; a JSON name stays as it is.
func camel(name string) string {
	parts := strings.Split(strings.TrimSpace(name), "_")
	for i, part := range parts[1:] {
		if part != "" {
			parts[i+1] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return strings.Join(parts, "")
}
