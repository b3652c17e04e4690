package rehearse

import (
	"context"
	"sync"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// leash keeps uploads from running ahead of the creates. In the real run bytes take their time, and a batch is created as soon as it is sent; here an upload
// takes next to none and would be followed by many others, whose bytes then move the clock before the batch has its turn. So when a batch must be full,
// the next upload waits until it is created.
type leash struct {
	patience time.Duration // real time; after it, whatever is not created is not waited for

	mu    sync.Mutex
	out   int           // guarded by mu; files that are sent and have no end yet
	moved chan struct{} // guarded by mu; closed at the next end
}

func newLeash() *leash { return &leash{patience: time.Second, moved: make(chan struct{})} }

// begin forgets what an earlier run has left.
func (l *leash) begin() { l.change(func() { l.out = 0 }) }

func (l *leash) sent() { l.change(func() { l.out++ }) }

func (l *leash) ended() {
	l.change(func() {
		l.out = max(l.out-1, 0)
		close(l.moved)
		l.moved = make(chan struct{})
	})
}

func (l *leash) change(what func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	what()
}

// wait returns when a batch can take another file. If nothing moves, the file that the others wait for may be this very one: then it goes.
func (l *leash) wait(ctx context.Context) {
	timer := time.NewTimer(l.patience)
	defer timer.Stop()
	for {
		l.mu.Lock()
		out, moved := l.out, l.moved
		l.mu.Unlock()
		if out < photos.MaxBatch {
			return
		}
		select {
		case <-moved:
			timer.Reset(l.patience)
		case <-ctx.Done():
			return
		case <-timer.C:
			l.begin()
			return
		}
	}
}
