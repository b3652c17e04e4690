package verify

import (
	"fmt"
	"strings"
	"time"
)

// Report is what a verification found.
type Report struct {
	Started   time.Time      `json:"started"`
	Ended     time.Time      `json:"ended"`
	Remote    bool           `json:"remote"` // the service was asked again
	Found     int            `json:"found"`
	States    map[State]int  `json:"states"`
	SkippedBy map[string]int `json:"skipped_by"` // reason -> files
	Bytes     int64          `json:"bytes"`      // of the files that were read
	Requests  int            `json:"requests"`   // batchGet
	Missing   []File         `json:"missing"`    // the first [MostShown] files of which it is not certain that they are in the service
}

// MostShown bounds the list in a report.
const MostShown = 100

func newReport(remote bool) Report {
	r := Report{Started: time.Now(), Remote: remote, States: map[State]int{}, SkippedBy: map[string]int{}, Missing: []File{}}
	for _, s := range States() {
		r.States[s] = 0 // a report names every state
	}
	return r
}

func (r *Report) add(f File) {
	r.Found++
	r.States[f.State]++
	if f.SHA256 != "" {
		r.Bytes += f.Size
	}
	switch {
	case f.State == Skipped:
		r.SkippedBy[f.Reason]++
	case !r.isThere(f.State) && len(r.Missing) < MostShown:
		r.Missing = append(r.Missing, f)
	}
}

// isThere tells whether a file in this state is in the service, as far as was asked.
func (r Report) isThere(s State) bool {
	if r.Remote {
		return s == Confirmed
	}
	return s == Accepted
}

// There counts the files that are in the service, Wanted those that should be: all but the skipped ones.
func (r Report) There() int {
	if r.Remote {
		return r.States[Confirmed]
	}
	return r.States[Accepted]
}

// Wanted counts the files that should be in the service.
func (r Report) Wanted() int { return r.Found - r.States[Skipped] }

// All tells whether there are files that the service takes, and all of them are there.
func (r Report) All() bool { return r.Wanted() > 0 && r.There() == r.Wanted() }

// Check proves that every file that was found has exactly one state.
func (r Report) Check() error {
	sum, skipped := 0, 0
	for _, n := range r.States {
		sum += n
	}
	for _, n := range r.SkippedBy {
		skipped += n
	}
	if sum != r.Found || skipped != r.States[Skipped] {
		return fmt.Errorf("the report does not add up: %d files found, but %v, of them skipped %v", r.Found, r.States, r.SkippedBy)
	}
	return nil
}

// Verdict is the answer in a line.
func (r Report) Verdict() string {
	beside := ""
	if n := r.States[Skipped]; n > 0 {
		beside = fmt.Sprintf("; skipped beside them: %d", n)
	}
	switch wanted := r.Wanted(); {
	case wanted == 0:
		return "nothing to verify: there is no file here that the service takes" + beside
	case r.All():
		return fmt.Sprintf("all %d files are in the service%s", wanted, beside)
	}
	var parts []string
	for _, s := range States() {
		if n := r.States[s]; n > 0 && s != Skipped && !r.isThere(s) {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	return fmt.Sprintf("not all: %d of %d files are in the service, %s%s", r.There(), r.Wanted(), strings.Join(parts, ", "), beside)
}
