package pipeline

import (
	"context"
	"errors"
	"sync"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// Budget holds back requests of a day for what is begun. What goes out is counted elsewhere, in the transport, and uses up what is held. It is safe for
// concurrent use.
type Budget interface {
	// Reserve holds n more requests, or says why there is no room.
	Reserve(ctx context.Context, n int) error
	// Release gives back n that turned out not to be needed.
	Release(n int)
}

// unlimited is the Budget of a Config without one.
type unlimited struct{}

func (unlimited) Reserve(context.Context, int) error { return nil }
func (unlimited) Release(int)                        {}

// purse holds requests back for files as they are dispatched, in the order of the plan: those that send a file's bytes, and those that make media items of
// what was sent. So the day never ends with an upload token that cannot be used.
type purse struct {
	budget Budget
	groups batch.Grouper           // belongs to the goroutine that dispatches, as around and opened
	around bool                    // of the last file
	opened map[ledger.AlbumID]bool // albums whose finding or making is paid for

	mu      sync.Mutex
	batches map[ledger.AlbumID]int // guarded by mu; held back to create items of an album, until it is done
	ready   int                    // guarded by mu; held back ahead, for files to come
	closed  bool                   // guarded by mu; there are none to come
	refused error                  // guarded by mu; why nothing more was begun
}

// aheadOfFiles is how many requests are held back at a time, where there is room: each time is a transaction.
const aheadOfFiles = 50

// owe holds back what it takes to use the upload tokens that an earlier run has won.
func (p *purse) owe(ctx context.Context, albums []ledger.PendingAlbum) error {
	for _, a := range albums {
		if a.Sent == 0 || p.spent() != nil {
			continue
		}
		n := (a.Sent + photos.MaxBatch - 1) / photos.MaxBatch
		held, err := p.reserve(ctx, n+p.open(&a))
		if err != nil {
			return err
		}
		if held {
			p.foresee(a.ID, n)
		}
	}
	return nil
}

// foresee notes that a number of batches of an album is paid for.
func (p *purse) foresee(album ledger.AlbumID, batches int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.batches[album] += batches
}

// done gives back what was held for batches of an album that is complete: some of its files turned out to be there, to be added, or to fail.
func (p *purse) done(album ledger.AlbumID, begun int) {
	p.mu.Lock()
	unused := p.batches[album] - begun
	delete(p.batches, album)
	p.mu.Unlock()
	if unused > 0 {
		p.budget.Release(unused)
	}
}

// begin holds back what a file takes, of which uploads to send its bytes. Its lane gives back what it does not send. When there is no more room only files
// go on whose bytes the service has already: what they take is held back since the beginning.
// What adds it to its album is held back just before it is asked for.
func (p *purse) begin(ctx context.Context, parcel *parcel, uploads int, adds bool) (paid bool, err error) {
	if p.spent() != nil {
		return uploads == 0, nil
	}
	batches := 0
	if !adds && p.startsBatch(parcel) {
		batches = 1
	}
	parcel.paid = uploads
	held, err := p.reserve(ctx, p.open(parcel.album)+batches+uploads)
	if held {
		p.foresee(parcel.album.ID, batches)
	}
	return err == nil && (held || uploads == 0), err
}

// startsBatch tells whether a file is the first of a batch, if all before it are created.
func (p *purse) startsBatch(parcel *parcel) bool {
	if parcel.around && !p.around {
		p.groups.Break()
	}
	p.around = parcel.around
	starts, _ := p.groups.Next(parcel.album.Title, parcel.place)
	return starts
}

// another holds back what is missing of the uploads that another try takes, so that it takes nothing of what other files have won their tokens for.
func (p *purse) another(ctx context.Context, parcel *parcel, uploads int) error {
	missing := uploads - parcel.paid
	if missing <= 0 {
		return nil
	}
	held, err := p.reserve(ctx, missing)
	if err == nil && !held {
		err = p.spent()
	}
	if err == nil {
		parcel.paid = uploads
	}
	return err
}

// open is what it takes to have an album, the first time that it is asked for: to list the service's, if that was not done, and to create it.
func (p *purse) open(a *ledger.PendingAlbum) int {
	if a.ID == ledger.Library || a.Remote || p.opened[a.ID] {
		return 0
	}
	listing := 0
	if len(p.opened) == 0 {
		listing = 1
	}
	p.opened[a.ID] = true
	return listing + 1
}

// reserve takes n of what is held back ahead, and holds back more if it must. When the day draws to its end only what is needed is.
func (p *purse) reserve(ctx context.Context, n int) (held bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n <= p.ready {
		p.ready -= n
		return true, nil
	}
	if more := max(n-p.ready, aheadOfFiles); !p.closed && p.budget.Reserve(ctx, more) == nil {
		p.ready += more - n
		return true, nil
	}
	err = p.budget.Reserve(ctx, n-p.ready)
	if err == nil {
		p.ready = 0
		return true, nil
	}
	if photos.Classify(err) == photos.ClassDailyQuota {
		p.refused = err
		return false, nil
	}
	return false, err
}

// spent is why nothing more was begun, nil if there was no reason.
func (p *purse) spent() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refused
}

// addsUnread tells whether it is known before a file is read that nothing has to be sent or created for it.
func (r *run) addsUnread(p *parcel) bool { return p.Content != nil && r.inLibrary(p, *p.Content) }

// uploadsFor is the least number of requests that send a file's bytes, as far as one knows before they are read.
func (r *run) uploadsFor(p *parcel) int {
	if r.addsUnread(p) {
		return 0
	}
	if c := p.Content; c != nil && (upload.Token{Value: c.Token, Issued: c.Issued}).Live(r.now()) {
		return 0
	}
	return r.sending.Requests(p.Size)
}

// close gives back what was held ahead in vain.
func (p *purse) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ready > 0 {
		p.budget.Release(p.ready)
	}
	p.ready, p.closed = 0, true
}

// hold holds requests back that nobody has foreseen; the error says that the day has no room for them.
func (r *run) hold(ctx context.Context, n int) error {
	held, err := r.purse.reserve(ctx, n)
	if err == nil && !held {
		err = r.purse.spent()
	}
	return err
}

// spent is why nothing more was begun although there was more to do, nil if all was begun.
func (r *run) spent() error { return r.purse.spent() }

// noRoom tells whether a file is not sent because the budget has no room for it; then nothing more is begun.
func (r *run) noRoom(err error) bool {
	why := photos.DailyQuota(nil)
	if !errors.As(err, &why) {
		return false
	}
	r.purse.mu.Lock()
	defer r.purse.mu.Unlock()
	r.purse.refused = why
	return true
}

// refund gives back what a file did not send after all.
func (r *run) refund(p *parcel) {
	if p.paid > 0 {
		r.purse.budget.Release(p.paid)
	}
	p.paid = 0
}
