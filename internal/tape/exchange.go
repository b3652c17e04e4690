// Package tape records what a client and the service say to each other, secrets left out, and plays it back.
//
// A recording is a file of JSON lines: a [Head], then one [Exchange] a line, in the order in which the exchanges ended. Make one with [New]
// or [Create] and put its [Recorder] around a server ([Recorder.Handler]) or under a client ([Recorder.Transport]). [Load] makes a [Player] of a
// recording, which answers as was recorded and tells what was asked that is not in it: a trouble report becomes a test. [Check] asks another
// server the same and compares the answers.
//
// What is recorded is what is known to be harmless: headers, query fields, paths and JSON fields by name, all else is dropped or blanked.
// Secrets (tokens, codes, addresses that are credentials) become placeholders such as "upload-token-1": the same secret the same one. Bytes of
// media become their number and their SHA-256. The user's own words are blanked, unless [Config].Words keeps them: file names, descriptions,
// titles, places. What stays is what happened when: times, sizes, media types, ids, statuses, the service's own words.
//
// It knows the API by its own tables, not by the types of package photos: what the client misreads is still recorded as it was.
package tape

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// Version is the version of the format that is written, and the newest that is read.
const Version = 1

// format names the format in the first line.
const format = "albumwright"

// Head is the first line of a recording.
type Head struct {
	Recording string    `json:"recording"` // "albumwright"
	Version   int       `json:"version"`   // [Version]
	Program   string    `json:"program,omitempty"`
	Began     time.Time `json:"began"`
	Words     bool      `json:"words"` // the user's own words are in it; false: they are blanked
}

// Exchange is a request and what came of it.
type Exchange struct {
	At      Seconds `json:"at"`   // when it began, since Head.Began
	Took    Seconds `json:"took"` // until the last byte of the answer
	Request Request `json:"request"`
	Answer  *Answer `json:"answer,omitempty"` // nil: none came
	Error   string  `json:"error,omitempty"`  // what broke the connection, where one did
}

// Request is what the client asked.
type Request struct {
	Method string              `json:"method"`
	Path   string              `json:"path"`
	Query  map[string][]string `json:"query,omitempty"`
	Header map[string]string   `json:"header,omitempty"`
	Body   *Body               `json:"body,omitempty"` // nil: none
}

// Answer is what the service said.
type Answer struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header,omitempty"`
	Body   *Body             `json:"body,omitempty"` // nil: none
}

// Body is what is known of a body: its JSON, form or text with the secrets left out, or, of all others, the SHA-256 of its bytes.
type Body struct {
	Bytes  int64               `json:"bytes"` // its length as it was on the wire
	JSON   json.RawMessage     `json:"json,omitempty"`
	Form   map[string][]string `json:"form,omitempty"`
	Text   string              `json:"text,omitempty"`
	SHA256 string              `json:"sha256,omitempty"` // in hex
	Cut    bool                `json:"cut,omitempty"`    // it did not come, or was not read, to its end
}

// Seconds is a duration, in JSON a number of seconds to the microsecond.
type Seconds time.Duration

// MarshalJSON implements json.Marshaler.
func (s Seconds) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, math.Round(time.Duration(s).Seconds()*1e6)/1e6, 'f', -1, 64), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	var n float64
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*s = Seconds(n * float64(time.Second))
	return nil
}
