package rebuild

import (
	"fmt"
	"time"
)

// State is what became of one file.
type State string

// The states. Every file that was found has exactly one.
const (
	Matched    State = "matched"    // it is taken for a media item, and is in the ledger
	Known      State = "known"      // the ledger knows where it is, or its upload has begun; that was left as it is
	Unknown    State = "unknown"    // no media item can be told to be it; the reason says why. The next import sends it
	Unreadable State = "unreadable" // the system refused to read it, or it changed meanwhile
	Skipped    State = "skipped"    // not for the service; the reason says why
	Unasked    State = "unasked"    // the run ended before its turn came
)

// States lists all states in the order in which a report shows them.
func States() []State { return []State{Matched, Known, Unknown, Unreadable, Skipped, Unasked} }

// File is one file with its state.
type File struct {
	Path   string `json:"path"` // as text, see report.Text
	Size   int64  `json:"size"` // bytes
	Album  string `json:"album,omitempty"`
	State  State  `json:"state"`
	Reason string `json:"reason,omitempty"`
	SHA256 string `json:"sha256,omitempty"` // of a matched file that was read
	ID     string `json:"id,omitempty"`     // media item id
}

// Requests are the calls that were made, by method.
type Requests struct {
	AlbumLists int `json:"album_lists"`
	Searches   int `json:"searches"`
	ItemLists  int `json:"item_lists"`
}

// Total is the number that counts against the day's quota.
func (r Requests) Total() int { return r.AlbumLists + r.Searches + r.ItemLists }

// Report is what a rebuild found.
type Report struct {
	Started   time.Time      `json:"started"`
	Ended     time.Time      `json:"ended"`
	DryRun    bool           `json:"dry_run"` // nothing was written, and only what had to be told apart was read
	Found     int            `json:"found"`
	States    map[State]int  `json:"states"`
	UnknownBy map[string]int `json:"unknown_by"` // reason -> files
	SkippedBy map[string]int `json:"skipped_by"` // reason -> files
	Albums    int            `json:"albums"`     // that files are wanted in and the service has
	Items     int            `json:"items"`      // media items that the service showed
	Bytes     int64          `json:"bytes"`      // read for their hash
	Requests  Requests       `json:"requests"`
	Unknown   []File         `json:"unknown"` // the first [MostShown] files that were not found
}

// MostShown bounds the list in a report.
const MostShown = 100

// NewReport is the report of a rebuild that begins now.
func NewReport(dry bool) Report {
	r := Report{Started: time.Now(), DryRun: dry, States: map[State]int{}, UnknownBy: map[string]int{}, SkippedBy: map[string]int{}, Unknown: []File{}}
	for _, s := range States() {
		r.States[s] = 0 // a report names every state
	}
	return r
}

// Add counts a file's end.
func (r *Report) Add(f File) {
	r.Found++
	r.States[f.State]++
	switch f.State {
	case Unknown:
		if r.UnknownBy[f.Reason]++; len(r.Unknown) < MostShown {
			r.Unknown = append(r.Unknown, f)
		}
	case Skipped:
		r.SkippedBy[f.Reason]++
	}
}

// Join adds what was found before: in files that are not looked for.
func (r *Report) Join(before Report) {
	r.Started = before.Started
	r.Found += before.Found
	for s, n := range before.States {
		r.States[s] += n
	}
	for reason, n := range before.SkippedBy {
		r.SkippedBy[reason] += n
	}
}

// Wanted counts the files that were looked for in the service.
func (r Report) Wanted() int { return r.Found - r.States[Skipped] - r.States[Known] }

// Verdict is the answer in a line.
func (r Report) Verdict() string {
	if r.Wanted() == 0 {
		return "nothing to look for: the ledger knows every file here that the service takes"
	}
	return fmt.Sprintf("%d of %d files were found in the service by name, time and size; the service cannot prove that the bytes are equal",
		r.States[Matched], r.Wanted())
}
