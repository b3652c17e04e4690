// Package report says how a run ended: counts that add up, and every file's end.
//
// A [Tally] counts while the run goes on and makes the [Report] at its end. Every file that was found has exactly one [End];
// [Report.Check] proves it. What a report says about time and bytes is what was counted, never an estimate.
package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// End is how one file ended.
type End string

// The ends. Every file that was found has exactly one.
const (
	Uploaded     End = "uploaded"      // this run made its media item
	AlreadyThere End = "already there" // the service had its media item before this run, which at most added that to an album
	Duplicate    End = "duplicate"     // another file of this run has the same content
	Skipped      End = "skipped"       // not for the service; the reason says why
	Failed       End = "failed"
	Unfinished   End = "unfinished" // the run ended first; the next one goes on
)

// Ends lists all ends in the order in which a report shows them.
func Ends() []End { return []End{Uploaded, AlreadyThere, Duplicate, Skipped, Failed, Unfinished} }

// File is one file's end.
type File struct {
	Path        string   `json:"path"` // as text, see [Text]
	Size        int64    `json:"size"` // bytes
	End         End      `json:"end"`
	Reason      string   `json:"reason,omitempty"`         // for skipped and failed
	Album       string   `json:"album,omitempty"`          // title
	Further     []string `json:"further_albums,omitempty"` // titles of further albums that it is wanted in, if it ended there alike
	ID          string   `json:"id,omitempty"`             // media item id
	DuplicateOf string   `json:"duplicate_of,omitempty"`   // path
	Notes       []string `json:"notes,omitempty"`          // what was done to fit the service's limits

	Captured  time.Time `json:"-"` // wall clock, as UTC; zero is not known
	Permanent bool      `json:"-"` // a failure that would come again, until the file is another one
	SkippedBy string    `json:"-"` // what a skipped file is counted by, where Reason is about this one alone; "" is by Reason
}

// Bytes are the bytes that a run moved.
type Bytes struct {
	Sent        int64 `json:"sent"`         // to the service, all attempts
	Read        int64 `json:"read"`         // contents, once for each file
	Headers     int64 `json:"headers"`      // read ahead for capture facts
	Resumed     int64 `json:"resumed"`      // that the service had of uploads that were broken off before, and that were not sent again
	HashedFirst int64 `json:"hashed_first"` // large files read once more, because their size was known already
}

// Plus adds up the bytes of two runs.
func (b Bytes) Plus(o Bytes) Bytes {
	return Bytes{
		Sent: b.Sent + o.Sent, Read: b.Read + o.Read, Headers: b.Headers + o.Headers, Resumed: b.Resumed + o.Resumed, HashedFirst: b.HashedFirst + o.HashedFirst,
	}
}

// Requests are the calls that a run made, by method.
type Requests struct {
	Uploads      int `json:"uploads"`
	BatchCreates int `json:"batch_creates"`
	AlbumCreates int `json:"album_creates"`
	AlbumLists   int `json:"album_lists"`
	AlbumGets    int `json:"album_gets"` // to find out whether an album is full
	BatchGets    int `json:"batch_gets"`
	BatchAdds    int `json:"batch_adds"`      // of media items that the library had, to an album
	Searches     int `json:"searches"`        // pages of what an album holds
	Edits        int `json:"edits,omitempty"` // descriptions, titles and covers changed, items taken out of albums

	AddEnrichments int `json:"add_enrichments"` // headings
}

// Total is the number that counts against the day's quota.
func (r Requests) Total() int {
	return r.Uploads + r.BatchCreates + r.AlbumCreates + r.AlbumLists + r.AlbumGets + r.BatchGets + r.BatchAdds + r.Searches + r.Edits + r.AddEnrichments
}

// Plus adds up the calls of two runs.
func (r Requests) Plus(o Requests) Requests {
	return Requests{
		Uploads: r.Uploads + o.Uploads, BatchCreates: r.BatchCreates + o.BatchCreates, AlbumCreates: r.AlbumCreates + o.AlbumCreates,
		AlbumLists: r.AlbumLists + o.AlbumLists, AlbumGets: r.AlbumGets + o.AlbumGets, BatchGets: r.BatchGets + o.BatchGets,
		BatchAdds: r.BatchAdds + o.BatchAdds, Searches: r.Searches + o.Searches, Edits: r.Edits + o.Edits,
		AddEnrichments: r.AddEnrichments + o.AddEnrichments,
	}
}

// Album is what a run put into one album.
type Album struct {
	Title string `json:"title"`
	ID    string `json:"id"`
	New   bool   `json:"new"`
	Added int    `json:"added"`
}

// Report is how a run ended.
type Report struct {
	Run       int64          `json:"run"`
	Started   time.Time      `json:"started"`
	Ended     time.Time      `json:"ended"`
	Endpoint  string         `json:"endpoint"`
	Account   string         `json:"account"`
	Found     int            `json:"found"`
	Ends      map[End]int    `json:"ends"`
	SkippedBy map[string]int `json:"skipped_by"` // reason -> files
	Albums    []Album        `json:"albums"`
	Headings  int            `json:"headings"`         // that were added
	Resend    *Resend        `json:"resend,omitempty"` // nil: the service was not asked first
	Bytes     Bytes          `json:"bytes"`
	Requests  Requests       `json:"requests"`
	Failures  []File         `json:"failures"`        // the first [MostShown]
	Notes     []File         `json:"notes"`           // the first [MostShown] files with notes
	Noted     int            `json:"noted"`           // files with notes
	Warnings  []string       `json:"warnings"`        // what concerns more than one file, and that the user may want to do something about
	Cause     string         `json:"cause,omitempty"` // why the run ended before its work was done

	Confirmation *Confirmation `json:"confirmation,omitempty"` // nil: the service was not asked again
}

// MostShown bounds the lists in a report; the file list (--report) has them all.
const MostShown = 100

// Check proves that every file that was found has exactly one end.
func (r Report) Check() error {
	sum := 0
	for _, n := range r.Ends {
		sum += n
	}
	skipped := 0
	for _, n := range r.SkippedBy {
		skipped += n
	}
	if sum != r.Found || skipped != r.Ends[Skipped] {
		return fmt.Errorf("the report does not add up: %d files found, but %d ends %v, of them skipped %v", r.Found, sum, r.Ends, r.SkippedBy)
	}
	return nil
}

// Complete tells whether the run did all of its work, no file failed, and the service confirmed all that it was asked about.
func (r Report) Complete() bool {
	return r.Cause == "" && r.Ends[Failed] == 0 && r.Ends[Unfinished] == 0 && (r.Confirmation == nil || r.Confirmation.Failed == 0)
}

// Tally counts while a run goes on. It is safe for concurrent use.
type Tally struct {
	mu     sync.Mutex
	report Report            // guarded by mu
	albums map[string]*Album // guarded by mu; by title
}

// NewTally begins to count.
func NewTally(run int64, endpoint, account string) *Tally {
	return &Tally{
		report: Report{
			Run: run, Started: time.Now(), Endpoint: endpoint, Account: account, Ends: map[End]int{}, SkippedBy: map[string]int{},
			Failures: []File{}, Notes: []File{}, Warnings: []string{}, // lists in JSON, also when empty
		},
		albums: map[string]*Album{},
	}
}

// Found counts a file that was found.
func (t *Tally) Found() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.report.Found++
	return t.report.Found
}

// FoundMany counts files that were found together.
func (t *Tally) FoundMany(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.report.Found += n
}

// End counts a file's end.
func (t *Tally) End(f File) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := &t.report
	r.Ends[f.End]++
	switch f.End {
	case Skipped:
		r.SkippedBy[cmp.Or(f.SkippedBy, f.Reason)]++
	case Failed:
		if len(r.Failures) < MostShown {
			r.Failures = append(r.Failures, f)
		}
	}
	if len(f.Notes) > 0 {
		if r.Noted++; len(r.Notes) < MostShown {
			r.Notes = append(r.Notes, f)
		}
	}
}

// Album notes an album that this run puts something into.
func (t *Tally) Album(a Album) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.albums[a.Title]
	switch {
	case known == nil:
		t.albums[a.Title] = &a
	case a.New: // made anew
		known.ID, known.New = a.ID, true
	}
}

// Added counts a media item that an album got.
func (t *Tally) Added(title string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if a := t.albums[title]; a != nil {
		a.Added++
	}
}

// Warn notes what concerns more than one file, once.
func (t *Tally) Warn(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Contains(t.report.Warnings, text) {
		t.report.Warnings = append(t.report.Warnings, text)
	}
}

// Heading counts a heading that was added.
func (t *Tally) Heading() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.report.Headings++
}

// Bytes and Requests change the counts of what was moved.
func (t *Tally) Bytes(add func(*Bytes)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	add(&t.report.Bytes)
}

// Requests counts calls.
func (t *Tally) Requests(add func(*Requests)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	add(&t.report.Requests)
}

// Report ends the count. Unfinished is the number of files that have no end yet, counted apart from everything else.
func (t *Tally) Report(unfinished int, cause error) Report {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.report
	r.Ends, r.SkippedBy = maps.Clone(r.Ends), maps.Clone(r.SkippedBy)
	r.Confirmation = r.Confirmation.clone()
	r.Albums, r.Failures, r.Notes, r.Warnings = []Album{}, slices.Clone(r.Failures), slices.Clone(r.Notes), slices.Clone(r.Warnings)
	for _, e := range Ends() {
		r.Ends[e] += 0 // a report names every end
	}
	r.Ends[Unfinished] += unfinished
	r.Ended = time.Now()
	for _, a := range t.albums {
		r.Albums = append(r.Albums, *a)
	}
	slices.SortFunc(r.Albums, func(a, b Album) int { return strings.Compare(a.Title, b.Title) })
	if cause != nil {
		r.Cause = cause.Error()
	}
	return r
}

// Text makes a path or name printable: what is not UTF-8, and control characters, stand as in a Go string.
func Text(path string) string {
	if plain(path) || utf8.ValidString(path) && !strings.ContainsFunc(path, invisible) {
		return path
	}
	quoted := strconv.Quote(path)
	return quoted[1 : len(quoted)-1]
}

// plain tells of most paths, and quickly, that nothing about them is special.
func plain(path string) bool {
	for _, b := range []byte(path) {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return true
}

// invisible tells of control and format characters; the one that joins emoji is no trick.
func invisible(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) && r != '\u200d' }
