package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// subject is what a request is about, as far as faults ask.
type subject struct {
	sum     string // hexadecimal SHA-256 of an upload's body; "" = not read
	said    string // what a request of an upload says, if its body was read
	names   []string
	entries []entrySubject // of a batchCreate

	body any // of JSON; nil = none, or not read
	id   string
	form url.Values

	key string // the same for requests that say the same; see canonize
}

// entrySubject is one entry of a batchCreate.
type entrySubject struct {
	names []string
	token string
	key   string
}

// naming are the fields whose values a Match is looked for in.
var naming = []string{
	"fileName", "description", "uploadToken", "title", "albumId", "relativeMediaItemId", "mediaItemIds",
	"coverPhotoMediaItemId", "relativeEnrichmentItemId", "text", "locationName", "shareToken",
}

// look finds out what a request is about, reading its body if it must.
func (s *Server) look(op operation, c *call) (seen subject, err *apiError) {
	seen.id, seen.form = c.id, c.r.URL.Query()
	if op.bare {
		return s.lookAtUpload(op, c)
	}
	if s.asksForBody(op, nil) && c.r.Method != http.MethodGet {
		seen.body = peekJSON(c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name(op, &seen)
	return seen, nil
}

// asksForBody reports whether chaos, or a fault that is not over, looks into
// the request. known is what can be told without.
func (s *Server) asksForBody(op operation, known []string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chaos.Rate > 0 || slices.ContainsFunc(s.plan, func(f *plannedFault) bool {
		asks := f.Match != "" && !anyContains(known, f.Match) || f.Effect.strikesEntries()
		return f.concerns(op) && asks && !f.over()
	})
}

// peekJSON reads a JSON body and leaves it to be read again. One that is no
// JSON, or too long, is for the operation to refuse.
func peekJSON(c *call) (v any) {
	raw, err := io.ReadAll(io.LimitReader(c.r.Body, maxRequestBody+1))
	if err != nil {
		panic(http.ErrAbortHandler) // the client broke off: nothing has happened yet
	}
	c.replaceBody(struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(raw), c.r.Body), c.r.Body})
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return string(raw)
	}
	return v
}

// replaceBody leaves the caller's request as it was.
func (c *call) replaceBody(body io.ReadCloser) {
	c.r = c.r.WithContext(c.r.Context())
	c.r.Body = body
}

// name collects what a Match is looked for in. s.mu is held.
func (s *Server) name(op operation, seen *subject) {
	if seen.id != "" {
		seen.names = append(seen.names, seen.id)
	}
	for field, values := range seen.form {
		if slices.Contains(naming, camel(field)) {
			seen.names = append(seen.names, values...)
		}
	}
	seen.names = append(seen.names, namesIn(seen.body, "")...)
	for _, name := range seen.names {
		if a := cmp.Or(s.albumID[name], s.sharedAs(name)); a != nil {
			seen.names = append(seen.names, a.title)
		}
	}
	if op.name != batchCreate {
		return
	}
	list, _ := member(seen.body, "newMediaItems").([]any)
	for _, entry := range list {
		token, _ := member(member(entry, "simpleMediaItem"), "uploadToken").(string)
		seen.entries = append(seen.entries, entrySubject{names: namesIn(entry, ""), token: token})
	}
}

// namesIn are the strings below v that stand in naming fields.
func namesIn(v any, field string) (names []string) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			names = append(names, namesIn(member, camel(name))...)
		}
	case []any:
		for _, element := range v {
			names = append(names, namesIn(element, field)...)
		}
	case string:
		if slices.Contains(naming, field) {
			names = append(names, v)
		}
	}
	return names
}

// member is a field of a JSON object, under either of its names.
func member(v any, name string) any {
	fields, _ := v.(map[string]any)
	if m, found := fields[name]; found {
		return m
	}
	return fields[snake(name)]
}

// fits reports whether a request is one of those that a fault counts.
func (seen subject) fits(f Fault) bool {
	if f.Effect.strikesEntries() && len(seen.struckBy(f)) == 0 {
		return false // it has no such entry
	}
	return f.Match == "" || anyContains(seen.names, f.Match) ||
		seen.sum != "" && strings.HasPrefix(seen.sum, strings.ToLower(f.Match))
}

// struckBy are the entries of a batchCreate that a fault strikes.
func (seen subject) struckBy(f Fault) []int {
	var struck []int
	for i, e := range seen.entries {
		if f.Match != "" && anyContains(e.names, f.Match) {
			struck = append(struck, i)
		}
	}
	if struck == nil && f.Effect.Entry < len(seen.entries) {
		return []int{f.Effect.Entry}
	}
	return struck
}

func anyContains(texts []string, part string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, part) })
}
