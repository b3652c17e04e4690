package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/report"
)

// End is how an ingest ended for one file of the card.
type End string

// The ends. Every file that was found has exactly one.
const (
	Copied     End = "copied"         // this ingest made at least one copy of it
	There      End = "already copied" // its copies are of an earlier ingest
	Left       End = "not copied"     // no copies were asked for
	Ignored    End = "ignored"        // nobody needs it; its class says why
	Failed     End = "failed"         // it, or one of its copies
	Unfinished End = "unfinished"     // the ingest ended first; the next one goes on
)

// Ends lists all ends in the order in which a report shows them.
func Ends() []End { return []End{Copied, There, Left, Ignored, Failed, Unfinished} }

// File is what became of one file of the card.
type File struct {
	Path    string     `json:"path"` // below the mount, as text
	Size    int64      `json:"size"` // bytes
	ModTime time.Time  `json:"mtime"`
	Class   card.Class `json:"class"`
	Why     string     `json:"why,omitempty"` // it is of this class
	End     End        `json:"end"`
	Reason  string     `json:"reason,omitempty"`
	SHA256  string     `json:"sha256,omitempty"` // of the bytes that were read; hexadecimal, as XXH64
	XXH64   string     `json:"xxh64,omitempty"`
	Copies  []Copy     `json:"copies,omitempty"`
	Upload  *Upload    `json:"upload,omitempty"` // nil: it was not to be sent
}

// Copy is one copy of a file.
type Copy struct {
	Dir      string `json:"dir"`  // the destination
	Path     string `json:"path"` // below it, as text
	New      bool   `json:"new"`  // this ingest made it
	Verified bool   `json:"verified"`
	Reason   string `json:"reason,omitempty"` // why it is not

	path string // as the system has it
}

// Upload is what became of a file on its way to the service.
type Upload struct {
	End    report.End `json:"end"`
	Reason string     `json:"reason,omitempty"`
	Album  string     `json:"album,omitempty"`
	ID     string     `json:"id,omitempty"`     // media item id
	Answer string     `json:"answer,omitempty"` // of the service, when it was asked again: "confirmed", or why not
}

// Sum counts files and their bytes.
type Sum struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

func (s Sum) plus(size int64) Sum { return Sum{s.Files + 1, s.Bytes + size} }

// Card is which card it was.
type Card struct {
	Mount string `json:"mount"`
	Kind  string `json:"kind,omitempty"`   // the folders that say that it is one
	Type  string `json:"type,omitempty"`   // of its file system
	FSID  string `json:"fsid,omitempty"`   // of its file system
	Label string `json:"label,omitempty"`  //
	Size  int64  `json:"size,omitempty"`   // bytes
	Below string `json:"folder,omitempty"` // of a card that is a folder of a larger disk
	Last  *Seen  `json:"last_seen,omitempty"`
}

// Place is what one destination got.
type Place struct {
	Dir      string `json:"dir"`
	New      Sum    `json:"new"`      // copies that this ingest made
	Known    Sum    `json:"known"`    // copies of earlier ingests
	Verified int    `json:"verified"` // of both
	Wanted   int    `json:"wanted"`   // files that are to have a copy here
	Warm     int    `json:"warm"`     // copies that may have been read back from memory and not from the disk
	Memory   bool   `json:"memory"`   // there is no disk: what lies there is gone with the power
}

// Uploads is what was sent, by all the runs that it took.
type Uploads struct {
	Found     int                `json:"found"` // files that were handed over
	Ends      map[report.End]int `json:"ends"`
	SkippedBy map[string]int     `json:"skipped_by"`
	Albums    []report.Album     `json:"albums"`
	Answers   map[string]int     `json:"answers,omitempty"` // of the service, when it was asked again -> files
	Requests  report.Requests    `json:"requests"`
	Bytes     report.Bytes       `json:"bytes"`
	Runs      []int64            `json:"runs"` // as history names them
	Cause     string             `json:"cause,omitempty"`
}

// Report is how an ingest ended.
type Report struct {
	Visit     int64              `json:"visit"`
	DryRun    bool               `json:"dry_run"`
	Started   time.Time          `json:"started"`
	Ended     time.Time          `json:"ended"`
	Card      Card               `json:"card"`
	Found     Sum                `json:"found"`
	Classes   map[card.Class]Sum `json:"classes"`
	Ends      map[End]Sum        `json:"ends"`
	IgnoredBy map[string]int     `json:"ignored_by"` // reason -> files
	New       int                `json:"new"`        // files that the history did not know
	Depth     offload.Depth      `json:"verify"`
	Places    []Place            `json:"places"`
	Upload    *Uploads           `json:"upload,omitempty"` // nil: nothing was to be sent
	Read      int64              `json:"bytes_read"`       // from the card, to copy and to prove
	Warm      int                `json:"warm"`             // files that may have been read again from memory and not from the card
	Failures  []File             `json:"failures"`         // the first [report.MostShown]
	FailedBy  map[string]int     `json:"failed_by"`        // reason -> files, of the first [report.MostShown] reasons
	Warnings  []string           `json:"warnings"`
	Cause     string             `json:"cause,omitempty"` // why it ended before its work was done
	Verdict   Verdict            `json:"verdict"`
}

// Check proves that the sums add up: every file that was found has one class and one end.
func (r Report) Check() error {
	total := func(parts map[string]Sum) (out Sum) {
		for _, p := range parts {
			out.Files, out.Bytes = out.Files+p.Files, out.Bytes+p.Bytes
		}
		return out
	}
	if c, e := total(named(r.Classes)), total(named(r.Ends)); c != r.Found || e != r.Found {
		return fmt.Errorf("the report does not add up: found %v, but classes %v and ends %v", r.Found, c, e)
	}
	ignored := 0
	for _, n := range r.IgnoredBy {
		ignored += n
	}
	if ignored != r.Ends[Ignored].Files {
		return fmt.Errorf("the report does not add up: %d files ignored, but reasons for %d", r.Ends[Ignored].Files, ignored)
	}
	for _, p := range r.Places {
		if p.New.Files+p.Known.Files > p.Wanted || p.Verified > p.New.Files+p.Known.Files {
			return fmt.Errorf("the report does not add up: in %s %d copies of %d wanted, %d verified", p.Dir, p.New.Files+p.Known.Files, p.Wanted, p.Verified)
		}
	}
	return r.Upload.check()
}

func (u *Uploads) check() error {
	if u == nil {
		return nil
	}
	sum := 0
	for _, n := range u.Ends {
		sum += n
	}
	if sum != u.Found {
		return fmt.Errorf("the report does not add up: %d files were to be sent, but %d ends %v", u.Found, sum, u.Ends)
	}
	return nil
}

func named[K ~string](m map[K]Sum) map[string]Sum {
	out := make(map[string]Sum, len(m))
	for k, s := range m {
		out[string(k)] = s
	}
	return out
}

// count makes the counts of a report of its files.
func (r *Report) count(rows []File, dirs []string) {
	r.Classes, r.Ends, r.IgnoredBy, r.Failures, r.FailedBy = map[card.Class]Sum{}, map[End]Sum{}, map[string]int{}, []File{}, map[string]int{}
	for _, dir := range dirs {
		r.Places = append(r.Places, Place{Dir: dir})
	}
	for _, f := range rows {
		r.Found = r.Found.plus(f.Size)
		r.Classes[f.Class] = r.Classes[f.Class].plus(f.Size)
		r.Ends[f.End] = r.Ends[f.End].plus(f.Size)
		switch {
		case f.End == Ignored:
			r.IgnoredBy[f.Why]++
			continue
		case f.End == Failed:
			r.failed(f)
		}
		for i := range r.Places {
			r.Places[i].count(f)
		}
	}
}

func (r *Report) failed(f File) {
	if len(r.Failures) < report.MostShown {
		r.Failures = append(r.Failures, f)
	}
	if _, known := r.FailedBy[f.Reason]; known || len(r.FailedBy) < report.MostShown {
		r.FailedBy[f.Reason]++
	}
}

func (p *Place) count(f File) {
	p.Wanted++
	for _, c := range f.Copies {
		if c.Dir != p.Dir || c.Path == "" {
			continue
		}
		if c.New {
			p.New = p.New.plus(f.Size)
		} else {
			p.Known = p.Known.plus(f.Size)
		}
		if c.Verified {
			p.Verified++
		}
	}
}

// add takes the report of one more run of the pipeline.
func (u *Uploads) add(r report.Report) {
	if r.Run == 0 {
		return // it did not begin
	}
	u.Runs = append(u.Runs, r.Run)
	for _, a := range r.Albums {
		i := slices.IndexFunc(u.Albums, func(b report.Album) bool { return b.Title == a.Title })
		if i < 0 {
			u.Albums = append(u.Albums, a)
			continue
		}
		u.Albums[i].Added += a.Added
		u.Albums[i].New = u.Albums[i].New || a.New
	}
	slices.SortFunc(u.Albums, func(a, b report.Album) int { return strings.Compare(a.Title, b.Title) })
	u.Requests = u.Requests.Plus(r.Requests)
	u.Bytes = u.Bytes.Plus(r.Bytes)
}

// count makes the counts of the files' ends.
func (u *Uploads) count(rows []File) {
	u.Ends, u.SkippedBy, u.Answers = map[report.End]int{}, map[string]int{}, map[string]int{}
	for _, f := range rows {
		if f.Upload == nil {
			continue
		}
		u.Found++
		u.Ends[f.Upload.End]++
		if f.Upload.End == report.Skipped {
			u.SkippedBy[f.Upload.Reason]++
		}
		if f.Upload.Answer != "" {
			u.Answers[f.Upload.Answer]++
		}
	}
}

// complete tells whether all that was to be sent is in the service.
func (u *Uploads) complete() bool {
	return u == nil || u.Cause == "" && u.Ends[report.Failed] == 0 && u.Ends[report.Unfinished] == 0
}

// Complete tells whether all that was asked for was done.
func (r Report) Complete() bool {
	return r.Cause == "" && r.Ends[Failed].Files == 0 && r.Ends[Unfinished].Files == 0 && r.Upload.complete()
}

// Speed is how fast bytes came from the card; 0 if that cannot be told.
func (r Report) Speed() float64 {
	if s := r.Ended.Sub(r.Started).Seconds(); s > 0 {
		return float64(r.Read) / s
	}
	return 0
}

// sortedKeys are the keys of counts, for a sum that reads the same each time.
func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
