package describe

import (
	"time"
)

// State is what became of one file.
type State string

// The states. Every file that was found has exactly one.
const (
	Changed     State = "changed"     // its media item was given these words; in a dry run it would be
	Same        State = "same"        // its media item has them
	Wordless    State = "wordless"    // nothing says anything about it
	Kept        State = "kept"        // somebody wrote the description in Google Photos, or in a plan, and it is left as it is
	Another     State = "another"     // it is another file since it was delivered
	Undelivered State = "undelivered" // the service does not have it, as far as the ledger knows
	Missing     State = "missing"     // the ledger knows it, and it is not there now
	Skipped     State = "skipped"     // not for the service; the reason says why
	Failed      State = "failed"      // the reason says why
	Unasked     State = "unasked"     // the run ended before its turn came
)

// States lists all states in the order in which a report shows them.
func States() []State {
	return []State{Changed, Same, Wordless, Kept, Another, Undelivered, Missing, Skipped, Failed, Unasked}
}

// File is one file with its state.
type File struct {
	Path   string  `json:"path"` // as text, see report.Text
	State  State   `json:"state"`
	Reason string  `json:"reason,omitempty"`
	ID     string  `json:"id,omitempty"`  // media item id
	Old    *string `json:"old,omitempty"` // the description that the media item had; missing if nobody knows
	New    *string `json:"new,omitempty"` // the words that it was to get
}

// Requests are the calls that were made, or in a dry run those that would be made at most.
type Requests struct {
	BatchGets int `json:"batch_gets"`
	Patches   int `json:"patches"`
}

// Total is the number that counts against the day's quota.
func (r Requests) Total() int { return r.BatchGets + r.Patches }

// Report is what came of it.
type Report struct {
	Started   time.Time      `json:"started"`
	Ended     time.Time      `json:"ended"`
	DryRun    bool           `json:"dry_run"` // nothing was asked and nothing written
	Found     int            `json:"found"`
	States    map[State]int  `json:"states"`
	SkippedBy map[string]int `json:"skipped_by"` // reason -> files
	Requests  Requests       `json:"requests"`
	Shown     []File         `json:"shown"` // the first [MostShown] that were kept, or failed
	Warnings  []string       `json:"warnings,omitempty"`
	Cause     string         `json:"cause,omitempty"` // why it ended before its work was done
}

// MostShown bounds the list in a report.
const MostShown = 100

func newReport(dry bool) Report {
	r := Report{Started: time.Now(), DryRun: dry, States: map[State]int{}, SkippedBy: map[string]int{}, Shown: []File{}}
	for _, s := range States() {
		r.States[s] = 0 // a report names every state
	}
	return r
}

func (r *Report) add(f File) {
	r.Found++
	r.States[f.State]++
	switch f.State {
	case Skipped:
		r.SkippedBy[f.Reason]++
	case Kept, Failed:
		if len(r.Shown) < MostShown {
			r.Shown = append(r.Shown, f)
		}
	}
}
