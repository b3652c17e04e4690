package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"sync"

	"github.com/albumwright/albumwright/internal/flow"
	"github.com/albumwright/albumwright/internal/ledger"
)

type hash = [sha256.Size]byte

// claims settle, for files in flight with the same content, who sends it and who brings it into which album: the first of them in the plan. A claim
// is entered for every file as it is dispatched, in order; it is made when the file's hash is known, in order among files of one size (others cannot
// be equal); and it is left when the ledger knows the outcome and answers in its stead.
type claims struct {
	mu      sync.Mutex
	sizes   map[int64]*claim   // guarded by mu; the last file of a size that is in flight
	senders map[hash]*claim    // guarded by mu; who sends a content
	firsts  map[placing]*claim // guarded by mu; who brings a content into an album
}

// placing is a content in an album.
type placing struct {
	album ledger.AlbumID
	sum   hash
}

// claim is one file's part.
type claim struct {
	item   ledger.ItemID
	album  ledger.AlbumID
	path   string
	size   int64
	before *claim        // the file of the same size that was dispatched before it; owned by the file's lane
	made   chan struct{} // closed when the hash is known, or never will be
	sent   chan struct{} // closed when the file has a token, or has failed

	adds      bool // it needs no token, and shares none: written before the claim is made
	contested bool // a file of the same size was in flight when this one was dispatched

	sum    hash // written before senders or firsts know the claim
	sends  bool // guarded by claims.mu; it stands in senders
	places bool // guarded by claims.mu; it stands in firsts
	ok     bool // read after sent is closed
}

func newClaims() *claims {
	return &claims{sizes: map[int64]*claim{}, senders: map[hash]*claim{}, firsts: map[placing]*claim{}}
}

// enter makes the claim of a file. It is called by one goroutine, in the order of the plan.
func (c *claims) enter(p *parcel) *claim {
	cl := c.late(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	cl.before = c.sizes[p.Size]
	cl.contested = cl.before != nil
	c.sizes[p.Size] = cl
	return cl
}

// late makes a claim without a place in the order, for a file that became another one after it was dispatched.
func (c *claims) late(p *parcel) *claim {
	return &claim{
		item: p.Item, album: p.album.First, path: p.path(), size: p.Size, made: make(chan struct{}), sent: make(chan struct{}),
	}
}

// make claims a content for a file. It waits for earlier files of the same size, and for those with the same content until they have a token. The twin is
// the file that brings the content into the album; without one this file does, with the token that is in the ledger by now, or that it is the one to win.
func (c *claims) make(ctx context.Context, cl *claim, sum hash) (twin *claim, err error) {
	if cl.before != nil {
		if _, _, err := flow.Receive(ctx, cl.before.made); err != nil {
			return nil, err
		}
		cl.before = nil
	}
	cl.sum = sum
	for {
		first, sender := c.try(cl)
		c.settle(cl)
		other := cmp.Or(first, sender)
		if other == nil {
			return nil, nil
		}
		if _, _, err := flow.Receive(ctx, other.sent); err != nil {
			return nil, err
		}
		if other.ok {
			return first, nil
		}
	}
}

// try takes what is free: the content's place in the album, then the sending. If somebody has one of them, it returns who.
func (c *claims) try(cl *claim) (first, sender *claim) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := placing{cl.album, cl.sum}
	if first := c.firsts[at]; first != nil && first != cl {
		return first, nil
	}
	c.firsts[at], cl.places = cl, true
	if cl.adds {
		return nil, nil
	}
	if sender := c.senders[cl.sum]; sender != nil {
		return nil, sender
	}
	c.senders[cl.sum], cl.sends = cl, true
	return nil, nil
}

// settle says that the file's hash is known or never will be, so that later files of its size need not wait.
func (c *claims) settle(cl *claim) {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-cl.made:
	default:
		close(cl.made)
	}
}

// won tells those who wait that the file has a token.
func (c *claims) won(cl *claim) {
	select {
	case <-cl.sent: // a token was won before, and is replaced
	default:
		cl.ok = true
		close(cl.sent)
	}
}

// lost gives up what the file has claimed, so that another file with the same bytes can try. It does nothing after won.
func (c *claims) lost(cl *claim) {
	c.settle(cl)
	if cl.ok {
		return
	}
	c.leave(cl)
	select {
	case <-cl.sent:
	default:
		close(cl.sent)
	}
}

// leave ends a file's part: from here on the ledger knows its outcome.
func (c *claims) leave(cl *claim) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cl.sends {
		delete(c.senders, cl.sum)
	}
	if cl.places {
		delete(c.firsts, placing{cl.album, cl.sum})
	}
	cl.sends, cl.places = false, false
	if c.sizes[cl.size] == cl {
		delete(c.sizes, cl.size)
	}
}
