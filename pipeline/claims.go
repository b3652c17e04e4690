package pipeline

import (
	"context"
	"crypto/sha256"
	"sync"

	"github.com/albumwright/albumwright/internal/flow"
	"github.com/albumwright/albumwright/internal/ledger"
)

type hash = [sha256.Size]byte

// claims settle who sends a content that several files in flight have: the first of them in the plan. A claim is entered for every file as it
// is dispatched, in order; it is made when the file's hash is known, in order among files of one size (others cannot be equal); and it is
// released when the ledger knows the outcome and answers in its stead.
type claims struct {
	mu     sync.Mutex
	sizes  map[int64]*claim // guarded by mu; the last file of a size that is in flight
	owners map[hash]*claim  // guarded by mu; who sends a content that is in flight
}

// claim is one file's part. Its fields are written by the file's own lane.
type claim struct {
	item   ledger.ItemID
	album  ledger.AlbumID
	path   string
	size   int64
	before *claim        // the file of the same size that was dispatched before it; nil once its hash is known
	made   chan struct{} // closed when the hash is known, or never will be
	sent   chan struct{} // closed when the owner has a token, or has failed
	token  ledger.Content
	ok     bool // there is a token; read after sent is closed
	sum    hash
	owns   bool

	contested bool // a file of the same size was in flight when this one was dispatched
}

func newClaims() *claims {
	return &claims{sizes: map[int64]*claim{}, owners: map[hash]*claim{}}
}

// enter makes the claim of a file. It is called by one goroutine, in the order of the plan.
func (c *claims) enter(p *parcel) *claim {
	c.mu.Lock()
	defer c.mu.Unlock()
	cl := &claim{
		item: p.Item, album: p.album.ID, path: p.path(), size: p.Size, before: c.sizes[p.Size],
		made: make(chan struct{}), sent: make(chan struct{}),
	}
	cl.contested = cl.before != nil
	c.sizes[p.Size] = cl
	return cl
}

// turn waits until every earlier file of the same size has made its claim.
func (c *claims) turn(ctx context.Context, cl *claim) error {
	if cl.before == nil {
		return nil
	}
	_, _, err := flow.Receive(ctx, cl.before.made)
	cl.before = nil
	return err
}

// own claims a content. It returns nil if the file is now the one to send it, or else the file that is.
func (c *claims) own(ctx context.Context, cl *claim, sum hash) (*claim, error) {
	if err := c.turn(ctx, cl); err != nil {
		return nil, err
	}
	for {
		c.mu.Lock()
		owner := c.owners[sum]
		if owner == nil {
			c.owners[sum], cl.sum, cl.owns = cl, sum, true
		}
		c.mu.Unlock()
		c.settle(cl)
		if owner == nil {
			return nil, nil
		}
		if _, _, err := flow.Receive(ctx, owner.sent); err != nil {
			return nil, err
		}
		if owner.ok {
			return owner, nil
		}
	}
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

// won tells those who wait that the content has a token.
func (c *claims) won(cl *claim, content ledger.Content) {
	cl.token, cl.ok = content, true
	close(cl.sent)
}

// lost gives the content up, so that another file with the same bytes can try.
func (c *claims) lost(cl *claim) {
	c.settle(cl)
	if owned := c.disown(cl); owned {
		close(cl.sent)
	}
}

// leave ends a file's part: from here on the ledger knows its outcome.
func (c *claims) leave(cl *claim) {
	c.disown(cl)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sizes[cl.size] == cl {
		delete(c.sizes, cl.size)
	}
}

func (c *claims) disown(cl *claim) (owned bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if owned = cl.owns; owned {
		delete(c.owners, cl.sum)
		cl.owns = false
	}
	return owned
}
