package download

import (
	"fmt"
	"sync/atomic"
)

// End is how a media item ended.
type End string

// The ends. Every media item that was named has exactly one.
const (
	Downloaded   End = "downloaded"    // this run wrote at least one of its files
	AlreadyThere End = "already there" // an earlier run wrote them all; what a person changed since is left as it is
	Failed       End = "failed"        // the reason says why; the next run tries again
	Unfinished   End = "unfinished"    // the run ended first; the next one goes on
)

// Ends lists all ends in the order in which a report shows them.
func Ends() []End { return []End{Downloaded, AlreadyThere, Failed, Unfinished} }

// Item is one media item's end.
type Item struct {
	ID     string   `json:"id"`
	Name   string   `json:"filename,omitempty"` // as the service has it
	End    End      `json:"end"`
	Files  []string `json:"files,omitempty"`  // paths below the folder, with slashes
	Bytes  int64    `json:"bytes,omitempty"`  // of the files that this run wrote
	Reason string   `json:"reason,omitempty"` // of a failure, or what there is to say
}

// Report is how a download ended.
type Report struct {
	DryRun   bool        `json:"dry_run,omitempty"`
	Found    int         `json:"found"` // media items that were named, repeated ones once
	Ends     map[End]int `json:"ends"`
	Files    int         `json:"files"`           // written by this run, sidecars not counted
	Bytes    int64       `json:"bytes"`           // loaded by this run
	Resumed  int64       `json:"resumed"`         // bytes that were there of files that an earlier run had begun
	Failures []Item      `json:"failures"`        // the first ones
	Cause    string      `json:"cause,omitempty"` // why not all was done
}

// mostFailures bounds the list of a report.
const mostFailures = 1000

// Check reports a sum that does not come out.
func (r Report) Check() error {
	sum := 0
	for _, n := range r.Ends {
		sum += n
	}
	if sum != r.Found {
		return fmt.Errorf("download: the report does not add up: %d found, but %d ended", r.Found, sum)
	}
	return nil
}

// Progress is how far a run is. It may be read at any time.
type Progress struct {
	Found, Done atomic.Int64 // media items
	Bytes       atomic.Int64 // loaded
}
