// Package plan says what a run will do: which albums, which files in them in which order, how many requests and bytes.
//
// A [Plan] is exact as far as the ledger goes. What only the service knows is marked: whether it has an album of a title that the ledger does
// not know, how many pages its albums fill, and whether it refuses a file.
package plan

import (
	"cmp"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/internal/report"
)

// Plan is what a run will do.
type Plan struct {
	Found     int                `json:"found"`
	Ends      map[report.End]int `json:"ends"` // how the files will end, if the service takes them all
	SkippedBy map[string]int     `json:"skipped_by"`
	Albums    []Album            `json:"albums"` // those into which something goes, in the order of the work
	Requests  report.Requests    `json:"requests"`
	Bytes     int64              `json:"bytes"` // to be sent
	Warnings  []string           `json:"warnings,omitempty"`
	// ListsAtLeast says that Requests.AlbumLists is the least: 50 albums fill a page, and only the service knows how many it has.
	ListsAtLeast bool `json:"lists_at_least,omitempty"`
}

// Album is one album and what goes into it.
type Album struct {
	Title string `json:"title"` // "" is the library only
	// Continues is the title that this album is a further volume of, since one album cannot hold all; "" if it is that one itself.
	Continues string `json:"continues,omitempty"`

	New     bool `json:"new,omitempty"`    // will be created, unless Unsure
	Unsure  bool `json:"unsure,omitempty"` // the service may have one of this title already, which is then used
	Batches int  `json:"batches"`          // batchCreate calls
	Adds    int  `json:"adds,omitempty"`   // batchAddMediaItems calls
	// PutBack counts what the album held when it was lost, and gets back.
	PutBack int    `json:"put_back,omitempty"`
	Items   []Item `json:"items"` // in album order
}

// Wanted is the title that the files are wanted in: that of the album, or the one that it continues.
func (a Album) Wanted() string { return cmp.Or(a.Continues, a.Title) }

// Place says where among what the album holds its i-th item goes; "" if as the one before, or if all that it holds is new.
func (a Album) Place(i int) string {
	it := a.Items[i]
	switch {
	case a.New || a.Title == "" || i > 0 && it.Last == a.Items[i-1].Last && it.Behind == a.Items[i-1].Behind:
		return ""
	case it.Last:
		return "at the end"
	case it.Behind != "":
		return "after " + filepath.Base(it.Behind) + ", which is there"
	}
	return "before all that is there"
}

// Item is one file that becomes a media item.
type Item struct {
	Path        string    `json:"path"` // printable
	File        string    `json:"-"`    // the path as the system has it
	Size        int64     `json:"size"` // bytes
	ModTime     time.Time `json:"-"`
	Captured    time.Time `json:"-"` // wall clock, in UTC only by form
	Source      string    `json:"capture_source"`
	Sent        bool      `json:"sent"`            // its bytes have to be sent; otherwise the service has them already
	Added       bool      `json:"added,omitempty"` // the library has its media item, and the album gets it
	Description string    `json:"description,omitempty"`
	Notes       []string  `json:"notes,omitempty"` // what is done to fit the service's limits
	// Last says that it goes to the end of what the album holds; otherwise it goes behind the file Behind, printable, or to the front if that is "".
	Last   bool   `json:"-"`
	Behind string `json:"-"`
}

// Remarks are what is to be known about an item beside its own facts: what is not sent, and what is done to fit the service's limits.
func (it Item) Remarks() []string {
	switch {
	case it.Added:
		return append([]string{"added: the service has the media item"}, it.Notes...)
	case !it.Sent:
		return append([]string{"not sent: the service has the bytes"}, it.Notes...)
	}
	return it.Notes
}
