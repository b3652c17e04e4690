package tape

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"hash/maphash"
	"iter"
	"mime"
	"strings"
)

// key tells requests that ask for the same from others.
type key [sha256.Size]byte

// keyOf takes of a request what decides about its answer. Of a body that did not come to its end nothing is known: any will do.
func keyOf(r Request) key {
	r.Header = keyHeader(r.Header)
	switch b := r.Body; {
	case b == nil:
	case b.Cut:
		r.Body = &Body{Cut: true}
	case b.SHA256 == "":
		r.Body = &Body{JSON: b.JSON, Form: b.Form, Text: b.Text} // its length is that of its secrets, too
	}
	return sha256.Sum256(encode(r))
}

// withoutBody is the key of a request whose body is not known.
func withoutBody(r Request) key {
	r.Body = &Body{Cut: true}
	return keyOf(r)
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers of ours
	}
	return b
}

// keyHeader is the header fields that say what is wanted.
func keyHeader(h map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range h {
		switch {
		case name == "Content-Type":
			if kind, _, err := mime.ParseMediaType(value); err == nil {
				value = kind
			}
			out[name] = value
		case strings.HasPrefix(name, "X-Goog-"):
			out[name] = value
		}
	}
	return out
}

// issued is the placeholders that have come in an answer. A client that has others brought them, and brings its own.
type issued struct {
	seed maphash.Seed
	have map[uint64]struct{}
}

func newIssued() *issued { return &issued{maphash.MakeSeed(), map[uint64]struct{}{}} }

// add takes up those of an answer.
func (i *issued) add(a *Answer) {
	if a == nil {
		return
	}
	for p := range placeholdersIn(encode(a)) {
		i.have[maphash.Bytes(i.seed, p.text)] = struct{}{}
	}
}

// only makes of all other placeholders in a request just their kind.
func (i *issued) only(r Request) Request {
	text := encode(r)
	var clean []byte
	done := 0
	for p := range placeholdersIn(text) {
		if _, found := i.have[maphash.Bytes(i.seed, p.text)]; !found {
			clean = append(append(clean, text[done:p.number]...), '?')
			done = p.end
		}
	}
	if done == 0 {
		return r
	}
	var out Request
	if err := json.Unmarshal(append(clean, text[done:]...), &out); err != nil {
		panic(err) // it was JSON before
	}
	return out
}

// found is a placeholder inside of a text.
type found struct {
	text        []byte
	number, end int // where its number is
}

// placeholdersIn finds them faster than the expression does: a long recording has a million.
func placeholdersIn(text []byte) iter.Seq[found] {
	return func(yield func(found) bool) {
		for at := 0; ; {
			dash := bytes.IndexByte(text[at:], '-')
			if dash < 0 {
				return
			}
			at += dash + 1
			end := at
			for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '?') {
				end++
			}
			if kind := kindBefore(text[:at-1]); end > at && kind != "" && !yield(found{text[at-1-len(kind) : end], at, end}) {
				return
			}
		}
	}
}

// kindBefore is the kind of secret whose name a text ends with, as a word.
func kindBefore(text []byte) string {
	for _, kind := range kinds {
		if n := len(text) - len(kind); n >= 0 && string(text[n:]) == kind && (n == 0 || !isWord(text[n-1])) {
			return kind
		}
	}
	return ""
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
