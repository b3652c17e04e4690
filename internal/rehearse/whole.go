package rehearse

import (
	"crypto/sha256"
	"maps"
	"slices"
	"time"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
)

// whole makes one report of the runs of all days: each file counts with its first end. It is used by one run at a time, whose observer is never told two
// things at once.
type whole struct {
	tally  *report.Tally
	began  time.Time
	ended  map[[16]byte]bool       // files, by the hash of their path
	albums map[string]report.Album // by title
}

func newWhole(cfg Config) *whole {
	return &whole{
		tally: report.NewTally(1, cfg.Import.Endpoint, cfg.Import.Account), began: cfg.Clock.Now(),
		ended: map[[16]byte]bool{}, albums: map[string]report.Album{},
	}
}

// end counts a file's end, if it is its first one.
func (w *whole) end(f report.File) bool {
	sum := sha256.Sum256([]byte(f.Path))
	key := [16]byte(sum[:])
	if w.ended[key] {
		return false
	}
	w.ended[key] = true
	w.tally.Found()
	w.tally.End(f)
	return true
}

// add takes what a run counted beside ends.
func (w *whole) add(r pipeline.Report) {
	w.tally.Bytes(func(b *report.Bytes) {
		b.Sent += r.Bytes.Sent
		b.Read += r.Bytes.Read
		b.Headers += r.Bytes.Headers
		b.Resumed += r.Bytes.Resumed
		b.HashedFirst += r.Bytes.HashedFirst
	})
	w.tally.Requests(func(q *report.Requests) {
		q.Uploads += r.Requests.Uploads
		q.BatchCreates += r.Requests.BatchCreates
		q.AlbumCreates += r.Requests.AlbumCreates
		q.AlbumLists += r.Requests.AlbumLists
		q.AlbumGets += r.Requests.AlbumGets
		q.AddEnrichments += r.Requests.AddEnrichments
		q.BatchGets += r.Requests.BatchGets
		q.BatchAdds += r.Requests.BatchAdds
		q.Searches += r.Requests.Searches
		q.Edits += r.Requests.Edits
	})
	for _, a := range r.Albums {
		known := w.albums[a.Title]
		a.New, a.Added = a.New || known.New, a.Added+known.Added
		w.albums[a.Title] = a
	}
}

// report ends the count. Of the last run it has what only that can know.
func (w *whole) report(last pipeline.Report, cause error) report.Report {
	unfinished := last.Ends[report.Unfinished]
	w.tally.FoundMany(unfinished)
	r := w.tally.Report(unfinished, cause)
	for _, title := range slices.Sorted(maps.Keys(w.albums)) {
		r.Albums = append(r.Albums, w.albums[title])
	}
	r.Started, r.Confirmation = w.began, last.Confirmation
	return r
}
