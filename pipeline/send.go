package pipeline

import (
	"context"
	"crypto/sha256"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/flow"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
	"github.com/albumwright/albumwright/watcher"
)

const (
	// pageSize is how many pending files are in memory beside those in flight.
	pageSize = 500
	// ahead is how many finished uploads may wait for a slower one before them: two batches, so that the committer never runs dry.
	ahead = 2 * photos.MaxBatch
	// preparing is how many files, beside those that are being sent, are read, hashed, or looked up in the ledger.
	preparing = 32
	// inMemory is the size up to which a file is read in one go; hash, decision and body come from the same buffer.
	inMemory = 4 << 20
	// memoryForBodies bounds all such buffers together.
	memoryForBodies = 32 << 20
)

// dispatch sends a parcel on its way. Its claim is entered and its memory taken here, in the order of the plan: a file that waits for an earlier
// one must not hold what the earlier one needs.
func (r *run) dispatch(ctx context.Context, p *parcel, out chan<- *parcel) error {
	if r.cfg.Intake.Err() != nil {
		return errStopped
	}
	r.bad.fate(p)
	if p.fate == nil && p.Content == nil && p.Size <= inMemory {
		if err := r.memory.Acquire(ctx, p.Size); err != nil {
			return err
		}
		p.held = p.Size
	}
	if p.fate == nil {
		if paid, err := r.purse.begin(ctx, p, r.uploadsFor(p), r.addsUnread(p)); err != nil || !paid {
			r.memory.Release(p.held)
			return err
		}
	}
	p.claim = r.claims.enter(p)
	return flow.Send(ctx, out, p)
}

// upload turns parcels into upload tokens; they leave in the order in which they came. The uploader sees to it that Transfers are sent at a time.
func (r *run) upload(ctx context.Context, g *errgroup.Group, in <-chan *parcel) <-chan *parcel {
	return flow.Ordered(ctx, g, r.cfg.Transfers+preparing, ahead, in, func(ctx context.Context, p *parcel) (*parcel, error) {
		err := r.deliver(ctx, p)
		r.memory.Release(p.held)
		p.held = 0
		r.refund(p)
		if p.token == "" {
			r.claims.lost(p.claim)
		}
		if err != nil {
			return nil, err
		}
		r.events.progress(StageUpload, func(pr *Progress) {
			pr.Done++
			if !p.bytesSent {
				pr.TotalBytes -= p.Size
			}
		})
		return p, nil
	})
}

// deliver sees to it that the service has a parcel's bytes, and sends them only if it must. An error ends the run; what is wrong with one file
// becomes its fate.
func (r *run) deliver(ctx context.Context, p *parcel) error {
	if p.fate != nil {
		return nil
	}
	if p.Content != nil { // read before
		if err := untouched(p.path(), p.Pending); err != nil {
			return r.judge(ctx, p, err)
		}
		return r.decide(ctx, p, p.Content.SHA256, nil)
	}
	body, sum, err := r.read(ctx, p)
	if err != nil {
		return r.judge(ctx, p, err)
	}
	if sum == nil { // large and of a size never seen: hashed while it is sent
		return r.transfer(ctx, p, nil, nil)
	}
	return r.decide(ctx, p, *sum, body)
}

// read hashes a file without sending it. Small files come back as a body; of large ones only those are read that are probably known already.
func (r *run) read(ctx context.Context, p *parcel) (body []byte, sum *hash, err error) {
	if p.Size <= inMemory {
		if body, err = readFile(p.path(), p.Pending); err != nil {
			return nil, nil, err
		}
		r.tally.Bytes(func(b *report.Bytes) { b.Read += int64(len(body)) })
		s := sha256.Sum256(body)
		return body, &s, nil
	}
	seen, err := r.ledger.HasSize(ctx, p.Size)
	if err != nil || !seen && !p.claim.contested {
		return nil, nil, err
	}
	s, err := hashFile(ctx, p.path(), p.Pending)
	r.tally.Bytes(func(b *report.Bytes) { b.HashedFirst += p.Size })
	return nil, &s, err
}

// decide says what is to be done with a content that was hashed before it is sent.
func (r *run) decide(ctx context.Context, p *parcel, sum hash, body []byte) error {
	if done, err := r.known(ctx, p, sum); done || err != nil {
		return err
	}
	return r.transfer(ctx, p, &sum, body)
}

// known claims a content, so that of several files in flight one decides for all, and finds out whether it need not be sent, or need not have been.
func (r *run) known(ctx context.Context, p *parcel, sum hash) (done bool, err error) {
	p.sum = &sum
	c, known, err := r.ledger.Content(ctx, sum)
	if err != nil {
		return false, err
	}
	p.claim.adds = known && r.inLibrary(p, c)
	if p.twin, err = r.claims.make(ctx, p.claim, sum); p.twin != nil || err != nil {
		return true, err
	}
	c, known, err = r.ledger.Content(ctx, sum) // once more: the claim may have waited until another file had a token for it
	if err != nil || !known {
		return false, err
	}
	return r.settled(ctx, p, c)
}

// settled deals with a content of which the service already has something.
func (r *run) settled(ctx context.Context, p *parcel, c ledger.Content) (bool, error) {
	v, err := r.verdict(ctx, p, c)
	if err != nil {
		return false, err
	}
	switch v {
	case mustSend:
		return false, nil
	case hasToken:
		p.oldToken = true
		return true, r.sent(ctx, p, c)
	case toAdd:
		p.adds = c.MediaItem
		r.claims.won(p.claim)
	case duplicate:
		if p.dupOf, err = r.ledger.Holder(ctx, p.album.ID, c.ID); err != nil {
			return false, err
		}
		p.finish(ledger.Duplicate, report.Duplicate, "", false)
	case alreadyThere:
		p.finish(ledger.Already, report.AlreadyThere, "", false)
	case failed:
		p.finish(ledger.Failed, report.Failed, c.Refused, true)
	}
	return true, nil
}

// sent records that the service has the bytes.
func (r *run) sent(ctx context.Context, p *parcel, c ledger.Content) error {
	if err := r.ledger.Sent(context.WithoutCancel(ctx), p.Item, c); err != nil {
		return err
	}
	p.token, p.issued = c.Token, c.Issued
	r.claims.won(p.claim)
	return nil
}

// transfer sends the bytes: from the buffer if there is one, else from the file.
func (r *run) transfer(ctx context.Context, p *parcel, sum *hash, body []byte) error {
	res, err := r.sendBytes(ctx, p, sum, body, func(res upload.Result) error {
		if sum == nil { // whose content it is has to be asked first, and that can take until other files are sent
			return nil
		}
		return r.sent(ctx, p, p.won(res))
	})
	if err != nil {
		return r.judge(ctx, p, err)
	}
	p.bytesSent = true
	if sum != nil {
		return nil
	}
	if done, err := r.known(ctx, p, res.SHA256); done || err != nil {
		return err
	}
	return r.sent(ctx, p, p.won(res))
}

// won is the content of a file whose bytes the service has.
func (p *parcel) won(res upload.Result) ledger.Content {
	return ledger.Content{SHA256: res.SHA256, Size: p.Size, Token: res.Token.Value, Issued: res.Token.Issued}
}

// judge turns an error into a parcel's fate, unless it concerns more than this one file.
func (r *run) judge(ctx context.Context, p *parcel, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, errStopped), r.noRoom(err), ownFault(err) && r.away(p.path()):
		p.left = true
		return nil
	case errors.Is(err, upload.ErrChanged) && !p.lookedAt && r.planned == nil: // a plan is of the file that it was made of
		return r.lookAgain(ctx, p)
	case !ownFault(err):
		return err
	}
	p.finish(ledger.Failed, report.Failed, cause(err), false)
	return nil
}

// ownFault tells whether an error lies with one file: what the file system said about it, or what the service will not have of it.
func ownFault(err error) bool {
	if errors.As(err, new(errPoison)) {
		return true
	}
	if endsRun(err) {
		return false
	}
	switch photos.Classify(err) {
	case photos.ClassUnknown, photos.ClassInvalid, photos.ClassNotFound:
		return true
	}
	return false
}

// lookAgain deals with a file that changed between the look and the end of its upload: it is a new file, which is looked at and sent once more. If its
// place in the album is another one now, the next run takes it.
func (r *run) lookAgain(ctx context.Context, p *parcel) error {
	p.lookedAt = true
	f, err := watcher.Stat(p.Dir, p.path())
	if err != nil {
		return r.judge(ctx, p, err)
	}
	s := sighting{path: p.path(), Sighting: seen(f, p.album.Title)}
	if err := r.readFacts(&s); err != nil {
		return r.judge(ctx, p, err)
	}
	r.caption(&s, r.rootOf(s.path, p.Dir))
	if s.Skip != "" || s.Size == 0 || !s.Facts.Captured.Equal(p.Captured) {
		return r.judge(ctx, p, errOtherFile)
	}
	s.Sort = p.Sort
	if err := r.ledger.Record(ctx, r.id, []ledger.Sighting{s.Sighting}); err != nil {
		return err
	}
	r.claims.lost(p.claim)
	p.claim = r.claims.late(p)
	return r.sendAnew(ctx, p, s)
}

// sendAnew sends what a file became since it was looked at. If it was read before, it is read first: perhaps only its times are others.
func (r *run) sendAnew(ctx context.Context, p *parcel, s sighting) error {
	read := p.Content != nil
	p.Size, p.ModTime, p.Changed, p.MediaType, p.Description = s.Size, s.ModTime, s.Changed, s.Facts.MediaType, s.Facts.Description
	p.Content, p.sum, p.Session = nil, nil, nil // the other file's
	if !read {
		return r.transfer(ctx, p, nil, nil)
	}
	sum, err := hashFile(ctx, p.path(), p.Pending)
	r.tally.Bytes(func(b *report.Bytes) { b.HashedFirst += p.Size })
	if err != nil {
		return r.judge(ctx, p, err)
	}
	return r.decide(ctx, p, sum, nil)
}

// errOtherFile is why a file fails that became another photo since it was looked at, or none: its album and its place there are an import's to find.
var errOtherFile = errors.New("it is another file than the one that was looked at; the next import takes it")
