package pipeline

import (
	"slices"
	"strings"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/order"
)

// Order says how albums stand, Pairs which files of pairs are taken.
type (
	Order = order.By
	Pairs = order.Choice
)

// sortKey is a file's place in its album as bytes that sort, as far as the file alone tells; the others of its folder may give it another one.
func (r *run) sortKey(dir, name string, f ledger.Facts) []byte {
	return r.cfg.Order.Key(orderFile(dir, name, f))
}

// orderFile is what order sees of a file.
func orderFile(dir, name string, f ledger.Facts) order.File {
	return order.File{
		Dir: dir, Name: name, Kind: orderKind(f.MediaType), Captured: f.Captured, Guessed: exif.Source(f.CaptureSource) == exif.SourceModTime,
		Make: f.Make, Model: f.Model, Serial: f.Serial, ContentID: f.ContentID, Duration: f.Duration,
	}
}

func orderKind(mime string) order.Kind {
	switch {
	case mime == "image/jpeg":
		return order.JPEG
	case mime == "image/heic":
		return order.HEIC
	case strings.HasPrefix(mime, "image/x-"): // what cameras call their own
		return order.Raw
	case strings.HasPrefix(mime, "video/"):
		return order.Video
	}
	return order.Photo
}

// places tells, for files of one album in their order, where each goes among what the album held before the run.
type places struct {
	held []ledger.Placement // in order
	at   int                // held[:at] sort before the last file asked about

	headings []ledger.Heading // that stand in the album, or may, in order
	above    int              // headings[:above] stand before the last file asked about
}

// before is the media item that the last file asked about comes after, whatever stands between them; "" if it is the first.
func (p *places) before() string {
	if p.at == 0 {
		return ""
	}
	return p.held[p.at-1].MediaItem
}

// next takes the files' sort keys in their order. Doubt is the text of a heading that the file belongs behind, if nobody knows whether it is there.
func (p *places) next(sort []byte) (place batch.Place, doubt string) {
	for p.at < len(p.held) && string(p.held[p.at].Sort) < string(sort) {
		p.at++
	}
	for p.above < len(p.headings) && string(p.headings[p.above].Sort) <= string(sort) {
		p.above++
	}
	place = batch.Place{Last: len(p.held) == 0 || string(p.held[len(p.held)-1].Sort) <= string(sort)}
	place.After = p.before()
	for _, h := range slices.Backward(p.headings[:p.above]) {
		if p.at > 0 && string(p.held[p.at-1].Sort) >= string(h.Sort) {
			break
		}
		if h.State == ledger.HeadingThere {
			place.After, place.AfterHeading = "", h.Enrichment
			break
		}
		doubt = h.Text
	}
	return place, doubt
}
