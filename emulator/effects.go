package emulator

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Effect is what a fault does to a request. Make one with a function such as
// [Refuse] or [CutBefore], or write it out; Name says what it does, and the
// other fields are for the effects that are named beside them.
type Effect struct {
	// Name is one of [EffectNames].
	Name string `json:"name"`

	// Apply carries the request out before it is answered as if it had not been:
	// all refusals, "html", "empty" and "item".
	Apply bool `json:"apply,omitempty"`

	// RetryAfter is the Retry-After header in seconds: all refusals. 0: none,
	// as the service sends none (contract 0 #11).
	RetryAfter int `json:"retryAfter,omitempty"`

	// Delay is how late the answer comes, "slow", or how long none does until the
	// connection breaks, "stall"; there, 0 waits for the client to give up.
	Delay Duration `json:"delay,omitempty"`

	// At is the number of bytes that still pass: "cut-request", "cut-answer".
	At int64 `json:"at,omitempty"`

	// Entry is the index of the entry of a batchCreate that is struck, where
	// Fault.Match names none by its file name, description or upload token:
	// "item", "missing", "400-token".
	Entry int `json:"entry,omitempty"`

	// NameEntry makes "400-token" say which entry is to blame.
	NameEntry bool `json:"nameEntry,omitempty"`

	// Code and Message are the status of the entry: "item". An empty message is
	// the service's own, "Failed: ...".
	Code    int    `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// Duration is a time.Duration that JSON shows as "1m30s".
type Duration time.Duration

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}

// The names of the effects that are no refusals.
const (
	effectHTML       = "html"
	effectEmpty      = "empty"
	effectSlow       = "slow"
	effectStall      = "stall"
	effectCutBefore  = "cut-before"
	effectCutAfter   = "apply-then-cut"
	effectCutRequest = "cut-request"
	effectCutAnswer  = "cut-answer"
	effectItem       = "item"
	effectShuffled   = "shuffled"
	effectMissing    = "missing"
	effect207        = "207"
	effectOKText     = "ok-text"
)

// Refuse answers with one of the service's own refusals, in the envelope of the
// operation. The names are those of [EffectNames] that begin with an HTTP
// status above 207; "-old" is the wording of 2019 without details.
func Refuse(name string) Effect { return Effect{Name: name} }

// HTML answers 200 with a web page, as a captive portal does. Nothing is
// carried out.
func HTML() Effect { return Effect{Name: effectHTML} }

// EmptyAnswer answers 200 with nothing. Nothing is carried out.
func EmptyAnswer() Effect { return Effect{Name: effectEmpty} }

// Slow carries the request out and lets its answer wait. A client that gives up
// meanwhile has had its way without knowing.
func Slow(delay time.Duration) Effect { return Effect{Name: effectSlow, Delay: Duration(delay)} }

// Stall takes the request and never answers; when the client gives up, nothing
// has happened. A client that never gives up waits for ever: see Delay.
func Stall() Effect { return Effect{Name: effectStall} }

// CutBefore breaks the connection without reading the request: nothing happens.
func CutBefore() Effect { return Effect{Name: effectCutBefore} }

// ApplyThenCut carries the request out and breaks the connection instead of
// answering.
func ApplyThenCut() Effect { return Effect{Name: effectCutAfter} }

// CutRequest reads that many bytes of the request's body, then breaks the
// connection: nothing happens, except that a resumable upload keeps the bytes.
func CutRequest(at int64) Effect { return Effect{Name: effectCutRequest, At: at} }

// CutAnswer carries the request out and breaks the connection after that many
// bytes of the answer's body. Of an answer that is no longer, nothing is cut.
func CutAnswer(at int64) Effect { return Effect{Name: effectCutAnswer, At: at} }

// FailItem gives one entry of a batchCreate, the one that matches or else the
// first, a status of its own, and creates nothing for it.
func FailItem(code int, message string) Effect {
	return Effect{Name: effectItem, Code: code, Message: message}
}

// ShuffleResults carries a batchCreate out and answers with its results in
// another order.
func ShuffleResults() Effect { return Effect{Name: effectShuffled} }

// DropResult carries a batchCreate out and leaves one result out of the answer,
// that of the entry that matches or else of the first.
func DropResult() Effect { return Effect{Name: effectMissing} }

// MultiStatus carries a batchCreate out and answers 207, whatever became of the
// entries (contract 12 #1).
func MultiStatus() Effect { return Effect{Name: effect207} }

// OKText carries a batchCreate out and says "OK" where it says "Success" today
// (contract 0 #2).
func OKText() Effect { return Effect{Name: effectOKText} }

// effectKind is what an effect is and what can be said about it.
type effectKind struct {
	refusal func(op operation) *apiError // of the effects that are one
	batch   bool                         // for batchCreate only
	fields  []string                     // of Effect, by their JSON names, that it reads
}

// effects is every effect by name. Read only.
var effects = func() map[string]effectKind {
	all := map[string]effectKind{
		effectHTML:       {fields: []string{"apply"}},
		effectEmpty:      {fields: []string{"apply"}},
		effectSlow:       {fields: []string{"delay"}},
		effectStall:      {fields: []string{"delay"}},
		effectCutBefore:  {},
		effectCutAfter:   {},
		effectCutRequest: {fields: []string{"at"}},
		effectCutAnswer:  {fields: []string{"at"}},
		effectItem:       {batch: true, fields: []string{"apply", "entry", "code", "message"}},
		effectShuffled:   {batch: true},
		effectMissing:    {batch: true, fields: []string{"entry"}},
		effect207:        {batch: true},
		effectOKText:     {batch: true},
	}
	for name, refusal := range refusals {
		all[name] = effectKind{refusal: refusal, fields: []string{"apply", "retryAfter"}}
	}
	all[refusedToken] = effectKind{
		refusal: refusals[refusedToken], batch: true,
		fields: []string{"apply", "retryAfter", "entry", "nameEntry"},
	}
	return all
}()

// EffectNames are the names of all effects, sorted.
func EffectNames() []string { return slices.Sorted(maps.Keys(effects)) }

// valid refuses an unknown effect, and fields that it does not read: they would
// be a misunderstanding.
func (e Effect) valid() error {
	kind, known := effects[e.Name]
	if !known {
		return fmt.Errorf("unknown effect %q; known are %s", e.Name, strings.Join(EffectNames(), ", "))
	}
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"apply", e.Apply},
		{"retryAfter", e.RetryAfter != 0},
		{"delay", e.Delay != 0},
		{"at", e.At != 0},
		{"entry", e.Entry != 0},
		{"nameEntry", e.NameEntry},
		{"code", e.Code != 0},
		{"message", e.Message != ""},
	} {
		if f.set && !slices.Contains(kind.fields, f.name) {
			return fmt.Errorf("effect %q has no %s", e.Name, f.name)
		}
	}
	if err := e.inRange(); err != nil {
		return fmt.Errorf("effect %q: %w", e.Name, err)
	}
	return nil
}

func (e Effect) inRange() error {
	switch {
	case e.RetryAfter < 0 || e.RetryAfter > math.MaxInt32:
		return fmt.Errorf("retryAfter is %d, want seconds", e.RetryAfter)
	case e.Delay < 0, e.Delay == 0 && e.Name == effectSlow:
		return fmt.Errorf("delay is %v, want more than 0", time.Duration(e.Delay))
	case e.At < 0:
		return fmt.Errorf("at is %d, want 0 or more bytes", e.At)
	case e.Entry < 0 || e.Entry >= maxBatch:
		return fmt.Errorf("entry is %d, want 0 to %d", e.Entry, maxBatch-1)
	case e.Name == effectItem && (e.Code < 1 || e.Code > 16):
		return fmt.Errorf("code is %d, want a google.rpc.Code of 1 to 16", e.Code)
	case e.Entry != 0 && e.Name == refusedToken && !e.NameEntry:
		return errors.New("entry without nameEntry")
	}
	return nil
}
