package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// unruly is the JSON of a body as [Hostility].ShuffleFields wants it. Readers of
// JSON must neither count on an order nor stumble over names that they do not
// know; that members of known names have known types still holds.
func (h Hostility) unruly(body any, strange bool) json.RawMessage {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err) // the wire types are ours: they marshal
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		panic(err)
	}
	w := unrulyWriter{h: h, strange: strange}
	w.value(v, "")
	return w.out.Bytes()
}

type unrulyWriter struct {
	h       Hostility
	strange bool // with unknown members
	out     bytes.Buffer
}

// value writes v; at is where it stands.
func (w *unrulyWriter) value(v any, at string) {
	switch v := v.(type) {
	case map[string]any:
		w.object(v, at)
	case []any:
		w.out.WriteByte('[')
		for i, element := range v {
			w.comma(i)
			w.value(element, at+"["+strconv.Itoa(i)+"]")
		}
		w.out.WriteByte(']')
	default:
		w.plain(v)
	}
}

// object writes the members in an order that depends on their names and on where
// the object stands, not on their values: ids are random.
func (w *unrulyWriter) object(members map[string]any, at string) {
	names := slices.Sorted(maps.Keys(members))
	lots := rand.New(rand.NewPCG(w.h.draw("object "+at+" "+strings.Join(names, ",")), 0))
	if w.strange && !strings.HasSuffix(at, ".metadata") { // that of an error is a map of texts
		for i := range lots.IntN(3) {
			name := fmt.Sprintf("unheardOf%d", i+1)
			members[name] = strangeValues[lots.IntN(len(strangeValues))]
			names = append(names, name)
		}
	}
	lots.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	w.out.WriteByte('{')
	for i, name := range names {
		w.comma(i)
		w.plain(name)
		w.out.WriteByte(':')
		if strings.HasPrefix(name, "unheardOf") {
			w.plain(members[name])
			continue
		}
		w.value(members[name], at+"."+name)
	}
	w.out.WriteByte('}')
}

// strangeValues are those of unknown members. Read only.
var strangeValues = []any{
	nil, true, json.Number("7"), json.Number("-1.5e300"), "text", []any{}, []any{map[string]any{}, "text", nil},
	map[string]any{"id": "not the id", "nextPageToken": "no token", "code": 13},
}

func (w *unrulyWriter) comma(i int) {
	if i > 0 {
		w.out.WriteByte(',')
	}
}

func (w *unrulyWriter) plain(v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // it came from JSON, or from the list above
	}
	w.out.Write(raw)
}
