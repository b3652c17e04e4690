package tape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
)

// Player answers as was recorded: each request with the answer to the recorded one that asks the same, in their order. It is safe for
// concurrent use. It knows where each exchange stands in the recording and reads it when it is asked for: some hundred bytes of memory each.
//
// A secret that was recorded is its placeholder now: the player issues "upload-token-1", and takes it back. One that the client brings
// itself, such as its refresh token, may be any.
type Player struct {
	src   io.ReaderAt
	scrub *scrub
	ours  *issued

	head      Head
	exchanges int
	truncated bool

	mu         sync.Mutex // guards everything below
	queues     map[key]*queue
	unexpected []string
	more       int // beyond those that are listed
}

// queue is the exchanges of one key, in their order.
type queue struct {
	at   []place
	next int
}

// place is where an exchange stands.
type place struct {
	at   int64
	size int32
	line int32
}

// maxListed bounds the lists of what was asked or not.
const maxListed = 1000

// Load reads a recording. An error names what is wrong with it and where; see [Reader].
func Load(src io.ReaderAt, size int64) (*Player, error) {
	in, err := NewReader(io.NewSectionReader(src, 0, size))
	if err != nil {
		return nil, err
	}
	p := &Player{src: src, head: in.Head, scrub: newScrub(in.Head.Words), ours: newIssued(), queues: map[key]*queue{}}
	p.scrub.replay = true
	for {
		at := in.at
		e, err := in.Next()
		if errors.Is(err, io.EOF) {
			p.truncated = in.Truncated()
			return p, nil
		}
		if err != nil {
			return nil, err
		}
		k := keyOf(p.ours.only(e.Request))
		p.ours.add(e.Answer)
		if p.queues[k] == nil {
			p.queues[k] = &queue{}
		}
		p.queues[k].at = append(p.queues[k].at, place{at, int32(in.at - at), int32(in.line)})
		p.exchanges++
	}
}

// Head is the first line of the recording.
func (p *Player) Head() Head { return p.head }

// Exchanges is how many there are in the recording.
func (p *Player) Exchanges() int { return p.exchanges }

// Truncated reports that the recording ends in the middle of a line: whoever recorded was killed. That exchange is not there.
func (p *Player) Truncated() bool { return p.truncated }

// take finds the recorded exchange of a request; nil: there is none, and that is noted.
func (p *Player) take(r Request) (*Exchange, error) {
	r = p.ours.only(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	exact, loose := p.queues[keyOf(r)], (*queue)(nil)
	if r.Body != nil {
		loose = p.queues[withoutBody(r)]
	}
	q := earlier(exact, loose)
	if q == nil {
		p.note(r, exact)
		return nil, nil
	}
	e, err := p.read(q.at[q.next])
	if err != nil {
		return nil, err
	}
	q.next++
	return &e, nil
}

// earlier is the queue whose next exchange was recorded first; nil: neither has one.
func earlier(a, b *queue) *queue {
	switch {
	case !a.hasMore() && !b.hasMore():
		return nil
	case !a.hasMore():
		return b
	case !b.hasMore():
		return a
	case b.at[b.next].at < a.at[a.next].at:
		return b
	}
	return a
}

func (q *queue) hasMore() bool { return q != nil && q.next < len(q.at) }

func (p *Player) read(at place) (Exchange, error) {
	line := make([]byte, at.size)
	if n, err := p.src.ReadAt(line, at.at); err != nil && n < len(line) {
		return Exchange{}, fmt.Errorf("line %d of the recording: %w", at.line, err)
	}
	return decode(bytes.TrimSpace(line))
}

// note keeps what was asked in vain. p.mu is held.
func (p *Player) note(r Request, same *queue) {
	if len(p.unexpected) == maxListed {
		p.more++
		return
	}
	why := "is not in the recording"
	if same != nil {
		why = fmt.Sprintf("was asked more often than the %d times of the recording", len(same.at))
	}
	p.unexpected = append(p.unexpected, describe(r)+" "+why)
}

// Unexpected is what was asked that is not in the recording, a line each, secrets left out; a thousand at most, then how many more.
func (p *Player) Unexpected() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return andMore(slices.Clone(p.unexpected), p.more)
}

// NeverAsked is the recorded requests that no client has made yet, as Unexpected has them, in the order of the recording.
func (p *Player) NeverAsked() ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []place
	for _, q := range p.queues {
		left = append(left, q.at[q.next:]...)
	}
	slices.SortFunc(left, func(a, b place) int { return int(a.line - b.line) })
	var lines []string
	for _, at := range left[:min(len(left), maxListed)] {
		e, err := p.read(at)
		if err != nil {
			return nil, err
		}
		lines = append(lines, fmt.Sprintf("line %d: %s", at.line, describe(e.Request)))
	}
	return andMore(lines, len(left)-len(lines)), nil
}

func andMore(lines []string, more int) []string {
	if more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return lines
}

// describe is a request in a line.
func describe(r Request) string {
	out := r.Method + " " + r.Path
	if len(r.Query) > 0 {
		out += " " + string(encode(r.Query))
	}
	if c := r.Header["X-Goog-Upload-Command"]; c != "" {
		out += " (" + c + ")"
	}
	switch b := r.Body; {
	case b == nil:
	case b.SHA256 != "":
		out += fmt.Sprintf(" with %d bytes of SHA-256 %.12s…", b.Bytes, b.SHA256)
	default:
		out += " " + short(string(encode(struct {
			JSON json.RawMessage     `json:"json,omitempty"`
			Form map[string][]string `json:"form,omitempty"`
			Text string              `json:"text,omitempty"`
		}{b.JSON, b.Form, b.Text})))
	}
	return out
}

// short ends a text where it becomes long.
func short(text string) string {
	const most = 400
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > 0 && text[cut]&0xC0 == 0x80 { // not in the middle of a letter
		cut--
	}
	return text[:cut] + "…"
}
