// Package control is how other processes ask a running watch what it does, and tell it what to do: over a Unix socket that nobody but its user can reach.
//
// A watch is found by a ledger that it works for, which it holds for as long as it lives: [Listen] refuses a second watch of one ledger. The caller's side is
// [Find]. A call is a connection: one line of JSON each way, a [request] and an [answer], both with the version of what is spoken.
package control

import (
	"errors"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

// What keeps a call from its answer, or a watch from its place; found with errors.Is.
var (
	ErrNone    = errors.New("no watch is running")
	ErrRunning = errors.New("a watch is running already")
	ErrSilent  = errors.New("the watch does not answer")
)

// version is what both sides speak. It grows when an older side would misunderstand; fields may be added without.
const version = 1

const (
	maxRequest = 64 << 10 // bytes: a path, and little else
	maxAnswer  = 16 << 20 // bytes: a snapshot is bounded, and a tenth of this at the most
	maxCalls   = 16       // at a time; others wait in line

	// patience is how long one side waits for the other. A watch answers at once, but for Retry, which asks the ledger.
	patience = 10 * time.Second
)

// The commands.
const (
	status = "status"
	pause  = "pause"
	resume = "resume"
	retry  = "retry"
	rescan = "rescan"
)

// request is one line from a caller.
type request struct {
	Version int    `json:"version"`
	Command string `json:"command"`
	Path    []byte `json:"path,omitempty"` // of retry; base64, since a path need not be UTF-8
}

// answer is one line from the watch.
type answer struct {
	Version  int             `json:"version"`
	Error    string          `json:"error,omitempty"`
	Files    int             `json:"files,omitempty"`    // of retry
	Snapshot *watch.Snapshot `json:"snapshot,omitempty"` // of status
}
