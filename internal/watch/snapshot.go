// Package watch keeps folders and the service's library the same, for as long as it is let: what becomes complete in a folder is imported, in runs of the
// pipeline, one after the other.
//
// All that a person or a machine can ask about it is one [Snapshot]; the page, the control socket, the service manager and the log are views of it. All that
// they can tell it is [Control].
package watch

import (
	"context"
	"time"

	"github.com/albumwright/albumwright/internal/report"
)

// Control is what may be asked of a watch that goes on, and what it may be told. All of it is safe for concurrent use.
type Control interface {
	Snapshot() Snapshot
	// Changed is closed when Snapshot says something new; then it is another channel. Changes are gathered for a quarter of a second.
	Changed() <-chan struct{}
	// Pause lets what is being sent end, and begins nothing more until Resume. Folders are watched on. It outlives a restart.
	Pause(ctx context.Context) error
	Resume(ctx context.Context) error
	// Retry tries failed files again, now: the one at path, or all for "". It returns how many.
	Retry(ctx context.Context, path string) (int, error)
	// Rescan looks at all folders now.
	Rescan()
}

// State is what the watch as a whole is doing.
type State string

// The states.
const (
	Starting State = "starting" // the folders are looked at for the first time
	Idle     State = "idle"     // all that is complete is in the library
	Settling State = "settling" // files are not complete yet, or wait for others of their batch
	Sending  State = "sending"
	Waiting  State = "waiting" // Trouble says for what
	Paused   State = "paused"
	Draining State = "draining" // what is being sent is finished, then it ends
)

// Snapshot is what a watch is doing at one moment.
type Snapshot struct {
	Time    time.Time `json:"time"`
	Since   time.Time `json:"since"` // when it was started
	State   State     `json:"state"`
	Trouble []Trouble `json:"trouble"` // what keeps it from working; none is well
	Folders []Folder  `json:"folders"`
	Stages  []Stage   `json:"stages"` // the funnel, in the order of the way of a file
	// Found is the number of files seen since the start; Ends add up to it together with Open, the files that are still on their way.
	Found  int                `json:"found"`
	Open   int                `json:"open"`
	Ends   map[report.End]int `json:"ends"`
	Budget []Budget           `json:"budget"` // one for each project
	// Failures are the files that failed and are not mended, the newest first, at most 1,000; FailureCount is of all.
	Failures     []Failure `json:"failures"`
	FailureCount int       `json:"failure_count"`
	Last         []Item    `json:"last"`    // files that ended, the newest first, at most 60
	Current      []string  `json:"current"` // paths that are being sent
	Rates        []Rate    `json:"rates"`   // one for each ten seconds of the last half hour, the oldest first
	Times        []Taken   `json:"times"`   // of the last 5,000 files that ended: the timeline
	Moved        time.Time `json:"moved"`   // when anything happened last
	LastRun      time.Time `json:"last_run"`
	NextRun      time.Time `json:"next_run"` // when something will be due, if nothing else comes; zero is not known
}

// Trouble is something that keeps a watch, or one of its folders, from working as it should.
type Trouble struct {
	Kind  string    `json:"kind"`  // "sign-in", "quota", "storage full", "network", "disk full", "locked", "offline", "stalled", "failures", "error"
	What  string    `json:"what"`  // in words for a person
	Do    string    `json:"do"`    // what a person can do; "" is nothing but to wait
	Until time.Time `json:"until"` // when it is tried again; zero is as soon as it is mended
	Since time.Time `json:"since"`
}

// Folder is one watched folder.
type Folder struct {
	Path     string    `json:"path"`
	Account  string    `json:"account"`
	Rule     string    `json:"rule"`  // in words: "an album for each folder"
	State    string    `json:"state"` // as watcher.RootState: "starting", "watching", "polling", "offline"
	Why      string    `json:"why"`
	Files    int64     `json:"files"`    // seen in it
	Settling int       `json:"settling"` // not complete yet
	Ready    int       `json:"ready"`    // complete, and waiting for a run
	LastScan time.Time `json:"last_scan"`
	Scanning bool      `json:"scanning"`
}

// Stage is one stage of the funnel.
type Stage struct {
	Name  string `json:"name"`  // "settle", "ready", "look", "upload", "create"
	Queue int    `json:"queue"` // files that wait in it or are at work
	Done  int    `json:"done"`  // files that have left it since the start
	Bytes int64  `json:"bytes"` // for "upload": sent since the start
}

// Budget is the day's requests of one project.
type Budget struct {
	Project string    `json:"project"`
	Used    int       `json:"used"`
	Limit   int       `json:"limit"`
	Resets  time.Time `json:"resets"`
}

// Failure is a file that failed.
type Failure struct {
	Path   string    `json:"path"`
	Stage  string    `json:"stage"`
	Reason string    `json:"reason"`
	Tries  int       `json:"tries"`
	Failed time.Time `json:"failed"` // the last time that it did
	Next   time.Time `json:"next"`   // when it is tried again; zero is only when it changes or a person asks
}

// Item is a file that ended.
type Item struct {
	report.File
	Ended    time.Time `json:"ended"`
	Captured time.Time `json:"captured"` // wall clock, as UTC
}

// Taken is when one file was taken, for the timeline.
type Taken struct {
	At    time.Time `json:"at"` // wall clock, as UTC
	Album string    `json:"album"`
}

// Rate is what happened within ten seconds.
type Rate struct {
	At      time.Time     `json:"at"`
	Bytes   int64         `json:"bytes"`
	Items   int           `json:"items"`
	Waited  time.Duration `json:"waited"`  // of the ten seconds, for rate limits and quotas
	Limited int           `json:"limited"` // answers 429
}
