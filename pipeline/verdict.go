package pipeline

import (
	"context"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/upload"
)

// verdict is what is to be done with a file whose content is known.
type verdict int

const (
	mustSend     verdict = iota // the service has to be sent the bytes
	hasToken                    // the service has the bytes, and their token is still good
	toAdd                       // the library has the media item since an earlier run, and the album gets it at its end
	alreadyThere                // the album holds the content since an earlier run
	duplicate                   // the album holds the content since this run
	failed                      // the service will not have these bytes
)

// end is how a file with this verdict ends, if all goes well.
func (v verdict) end() report.End {
	switch v {
	case alreadyThere, toAdd:
		return report.AlreadyThere
	case duplicate:
		return report.Duplicate
	case failed:
		return report.Failed
	}
	return report.Uploaded
}

// verdict judges a file by what the ledger knows about its content. An item that is in the library is not uploaded again just to be in the library.
func (r *run) verdict(ctx context.Context, p *parcel, c ledger.Content) (verdict, error) {
	held, placed, err := r.ledger.Placed(ctx, p.album.ID, c.ID)
	switch {
	case err != nil:
		return failed, err
	case placed && held.Run == r.id:
		return duplicate, nil
	case placed, p.album.ID == ledger.Library && c.MediaItem != "":
		return alreadyThere, nil
	case c.Refused != "":
		return failed, nil
	case r.inLibrary(p, c):
		return toAdd, nil
	case (upload.Token{Value: c.Token, Issued: c.Issued}).Live(r.now()):
		return hasToken, nil
	}
	return mustSend, nil
}
