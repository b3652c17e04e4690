package pipeline

import (
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

	sum    hash           // written before senders or firsts know the claim
	sends  bool           // guarded by claims.mu; it stands in senders
	places bool           // guarded by claims.mu; it stands in firsts
	token  ledger.Content // read after sent is closed, if ok
	ok     bool
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

// share is what a claim found out: exactly one is set, or none if the file is the one to send.
type share struct {
	twin  *claim // this file of the same album brings the content
	token *claim // this file of another album has a token for it
}

// make claims a content for a file. It waits for earlier files of the same size, and for those with the same content until they have a token.
func (c *claims) make(ctx context.Context, cl *claim, sum hash) (share, error) {
	if cl.before != nil {
		if _, _, err := flow.Receive(ctx, cl.before.made); err != nil {
			return share{}, err
		}
		cl.before = nil
	}
	cl.sum = sum
	for {
		other, found := c.try(cl)
		c.settle(cl)
		if other == nil {
			return share{}, nil
		}
		if _, _, err := flow.Receive(ctx, other.sent); err != nil {
			return share{}, err
		}
		if other.ok {
			return found, nil
		}
	}
}

// try takes what is free: the content's place in the album, then the sending. If somebody has one of them, it returns who, and what that means once
// that one has a token.
func (c *claims) try(cl *claim) (*claim, share) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := placing{cl.album, cl.sum}
	if first := c.firsts[at]; first != nil && first != cl {
		return first, share{twin: first}
	}
	c.firsts[at], cl.places = cl, true
	if cl.adds {
		return nil, share{}
	}
	if sender := c.senders[cl.sum]; sender != nil {
		return sender, share{token: sender}
	}
	c.senders[cl.sum], cl.sends = cl, true
	return nil, share{}
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
func (c *claims) won(cl *claim, content ledger.Content) {
	select {
	case <-cl.sent: // a token was won before, and is replaced
	default:
		cl.token, cl.ok = content, true
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
