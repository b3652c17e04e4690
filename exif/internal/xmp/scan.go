package xmp

import "bytes"

// kind is what a mark is.
type kind uint8

const (
	opening kind = iota // a start tag
	closing             // an end tag
	chars               // characters between tags
)

// mark is one piece of an XML text. Its slices point into the text.
type mark struct {
	kind  kind
	name  []byte // of a tag, with its prefix
	attrs []byte // of a start tag, as they are written
	empty bool   // a start tag that is its own end
	chars []byte
	plain bool // characters without entities, from a CDATA section
}

// scanner goes through the marks of an XML text, each byte once. Comments,
// instructions and document types are passed over, with all entities that they
// may declare. What is no XML counts as characters, so far as the marks around it
// can still be told.
type scanner struct {
	rest []byte
	mark mark // the last one found
}

// next finds the next mark; false at the end.
func (s *scanner) next() bool {
	for len(s.rest) > 0 {
		switch {
		case s.rest[0] != '<':
			return s.chars(bytes.IndexByte(s.rest, '<'))
		case s.tag():
			return true
		case bytes.HasPrefix(s.rest, []byte("<!--")):
			s.past("-->")
		case bytes.HasPrefix(s.rest, []byte("<![CDATA[")):
			s.mark = mark{kind: chars, chars: s.past("]]>")[len("<![CDATA["):], plain: true}
			return true
		case bytes.HasPrefix(s.rest, []byte("<?")):
			s.past("?>")
		case bytes.HasPrefix(s.rest, []byte("<!")):
			s.past(">")
		default:
			return s.chars(1)
		}
	}
	return false
}

// chars takes the next n characters, or all if n is less than zero.
func (s *scanner) chars(n int) bool {
	if n < 0 {
		n = len(s.rest)
	}
	s.mark = mark{kind: chars, chars: s.rest[:n]}
	s.rest = s.rest[n:]
	return true
}

// past steps over the next end and returns what stands in front of it. Without
// an end that is everything.
func (s *scanner) past(end string) []byte {
	before, after, _ := bytes.Cut(s.rest, []byte(end))
	s.rest = after
	return before
}

// tag takes the tag at the current position; false if it is none.
func (s *scanner) tag() bool {
	kind, at := opening, 1
	if len(s.rest) > 1 && s.rest[1] == '/' {
		kind, at = closing, 2
	}
	if len(s.rest) <= at || !beginsName(s.rest[at]) {
		return false
	}
	n := tagEnd(s.rest[at:])
	if n < 0 {
		return false
	}
	body := s.rest[at : at+n]
	s.rest = s.rest[at+n+1:]
	empty := kind == opening && body[n-1] == '/'
	if empty {
		body = body[:n-1]
	}
	name, attrs := cutName(body)
	s.mark = mark{kind: kind, name: name, attrs: attrs, empty: empty}
	return true
}

// tagEnd is the place of the character that closes the tag whose name begins b;
// the same one may also stand in an attribute's quotes. The one that opens a tag
// may not, so a quote without end costs no more than this tag.
func tagEnd(b []byte) int {
	quote := byte(0)
	for i, c := range b {
		switch {
		case c == '<':
			return -1
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

// cutName cuts b behind the name of a tag or attribute.
func cutName(b []byte) (name, rest []byte) {
	for i, c := range b {
		if c == '=' || isBlank(c) {
			return b[:i], b[i:]
		}
	}
	return b, nil
}

// beginsName tells the first character of a tag's name.
func beginsName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func skipBlanks(b []byte) []byte {
	for len(b) > 0 && isBlank(b[0]) {
		b = b[1:]
	}
	return b
}

// eachAttribute calls f for the attributes of a start tag, in order.
func eachAttribute(attrs []byte, f func(name, value []byte)) {
	for {
		name, rest := cutName(skipBlanks(attrs))
		rest, ok := bytes.CutPrefix(skipBlanks(rest), []byte("="))
		rest = skipBlanks(rest)
		if !ok || len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return
		}
		n := bytes.IndexByte(rest[1:], rest[0])
		if n < 0 {
			return
		}
		f(name, rest[1:1+n])
		attrs = rest[n+2:]
	}
}
