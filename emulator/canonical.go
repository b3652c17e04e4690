package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// canonize gives requests that say the same the same key, in this run of the
// emulator and in any other. What is random in a request, such as ids and
// tokens, is replaced by what it stands for. s.mu is held.
func (s *Server) canonize(op operation, seen *subject) {
	switch {
	case op.bare:
		seen.key = seen.said
	case op.name == batchCreate:
		s.canonizeBatch(seen)
	default:
		form := map[string]any{}
		for name, values := range seen.form {
			if !slices.Contains(standardQuery, name) {
				form[camel(name)] = s.plain(strings.Join(values, "\x00"), camel(name))
			}
		}
		raw, err := json.Marshal([]any{s.plain(seen.id, "id"), form, s.plain(seen.body, "")})
		if err != nil {
			panic(err) // it came from JSON
		}
		seen.key = string(raw)
	}
}

// canonizeBatch: a batchCreate is the set of its contents and its album, in
// whatever order and at whatever place; an entry is its content and the album.
func (s *Server) canonizeBatch(seen *subject) {
	albumID, _ := member(seen.body, "albumId").(string)
	into := s.standsFor(albumID)
	var contents []string
	for i := range seen.entries {
		e := &seen.entries[i]
		content := s.standsFor(e.token)
		e.key = into + "\x00" + content
		contents = append(contents, content)
	}
	slices.Sort(contents)
	seen.key = into + "\x00" + strings.Join(slices.Compact(contents), "\x00")
}

// plain is a JSON value with what its strings stand for. s.mu is held.
func (s *Server) plain(v any, field string) any {
	switch v := v.(type) {
	case map[string]any:
		same := map[string]any{}
		for name, member := range v {
			same[camel(name)] = s.plain(member, camel(name))
		}
		return same
	case []any:
		var same []any
		for _, element := range v {
			same = append(same, s.plain(element, field))
		}
		return same
	case string:
		switch field {
		case "pageToken":
			return cursorOf(v)
		case "relativeEnrichmentItemId":
			return s.enrichmentStandsFor(v)
		case "mediaItemIds":
			var same []string
			for id := range strings.SplitSeq(v, "\x00") {
				same = append(same, s.standsFor(id))
			}
			return same
		default:
			return s.standsFor(v)
		}
	default:
		return v
	}
}

// standsFor is what an id or a token names: an album's title or a content's
// hash. Any other text stands for itself. s.mu is held.
func (s *Server) standsFor(text string) string {
	if a := s.albumID[text]; a != nil {
		return "album " + a.title
	}
	if a := s.sharedAs(text); a != nil {
		return "shared album " + a.title
	}
	if it := s.itemID[text]; it != nil {
		return "item " + hex.EncodeToString(it.content.hash[:])
	}
	switch u := s.tokens[text]; {
	case u == nil:
		return text
	case u.content == nil:
		return "stale upload"
	default:
		return "upload " + hex.EncodeToString(u.content.hash[:])
	}
}

// enrichmentStandsFor is standsFor of an enrichment's id: what it shows.
// s.mu is held.
func (s *Server) enrichmentStandsFor(id string) string {
	for _, a := range s.albums {
		for _, p := range a.order {
			if p.enrichment != nil && p.enrichment.id == id {
				return p.enrichment.kind + " " + p.enrichment.text
			}
		}
	}
	return id
}

// cursorOf is a page token without its seal, whose key is random.
func cursorOf(token string) string {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < sha256.Size {
		return token
	}
	return "page " + hex.EncodeToString(raw[sha256.Size:])
}
