package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/media"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/upload"
)

// parcel is one pending file on its way from the ledger to its media item. It belongs to one goroutine at a time.
type parcel struct {
	ledger.Pending
	album  *ledger.PendingAlbum
	place  batch.Place
	behind string // the media item that it comes after in its album; "" if it is the first
	claim  *claim
	held   int64 // bytes of the memory budget that its body may take
	paid   int   // requests that are held back to send its bytes, and were not made yet

	bytesSent bool   // its bytes were sent, not just found to be there
	left      bool   // the intake ended before its bytes were sent; the next run takes it
	lookedAt  bool   // it changed once while it was read, and was looked at again
	oldToken  bool   // its upload token has been used before, or is from an earlier run
	renewed   bool   // its token was stale, and its bytes are sent again
	full      string // the album that it would be in if that were not full; "" if it is in its own
	around    bool   // of its album, what may stand there already goes first, and its place is found when that is known
	doubt     string // the heading that it belongs behind and may stand before; "" if there is none
	doubled   bool   // the service took it for a copy of another item of the same call
	tries     int    // how often it was created in vain

	// What the upload stage found, exactly one of:
	token  string // an upload token, and when it was issued
	issued time.Time
	adds   string      // a media item of the library that the album is to get
	twin   *claim      // a file of this run that brings the same content into the same album
	fate   *ledger.End // an end without a batch
	sum    *hash       // with fate or adds: the content, if it was read
	why    report.End  // with fate: the end as the report names it
	dupOf  string      // with fate: path of the file with the same content
}

// live tells whether its upload token is still trusted. A machine may have slept since it was won.
func (p *parcel) live(now time.Time) bool {
	return upload.Token{Value: p.token, Issued: p.issued}.Live(now)
}

// path is in no need of cleaning: there is one for each file of an import.
func (p *parcel) path() string {
	if os.IsPathSeparator(p.Dir[len(p.Dir)-1]) { // a root
		return p.Dir + p.Name
	}
	return p.Dir + string(filepath.Separator) + p.Name
}

// end makes the file's line in the report.
func (p *parcel) end(e report.End, reason string) File {
	return File{Path: report.Text(p.path()), Size: p.Size, End: e, Reason: reason, Album: p.album.Title, Captured: p.Captured}
}

// finish gives the parcel an end without a batch.
func (p *parcel) finish(state ledger.State, e report.End, reason string, permanent bool) {
	p.fate = &ledger.End{Item: p.Item, State: state, Reason: reason, Permanent: permanent, SHA256: p.sum, Size: p.Size}
	p.why = e
}

// item makes the batch's form of the parcel.
func (p *parcel) item(key string) batch.Item {
	return batch.Item{
		Key: key, Token: p.token, FileName: batch.FitFileName(p.Name), Description: batch.FitDescription(p.Description),
		Album: p.album.Title, Place: p.place,
	}
}

// notes say what had to be done to fit the service's limits.
func (p *parcel) notes() []string {
	var notes []string
	if p.full != "" {
		notes = append(notes, p.lateNote())
	}
	if p.doubt != "" {
		notes = append(notes, fmt.Sprintf("it may stand before its heading %q, of which nobody knows whether it is there", p.doubt))
	}
	if batch.FitFileName(p.Name) != p.Name {
		notes = append(notes, "file name changed to fit: "+batch.FitFileName(p.Name))
	}
	if batch.FitDescription(p.Description) != p.Description {
		notes = append(notes, "description cut to fit")
	}
	if named, ok := media.ByName(p.Name); ok && p.MediaType != "" && named.MIME != p.MediaType {
		notes = append(notes, fmt.Sprintf("named %s, but its content is %s", filepath.Ext(p.Name), p.MediaType))
	}
	return notes
}
