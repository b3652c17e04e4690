package upload

import "context"

// Lanes bounds the number of uploads at a time. *ratelimit.Lanes is one that follows the link.
type Lanes interface {
	// Enter waits for a lane. The uploader gives it back by leave, once, with the error that its upload ended with, or nil.
	Enter(ctx context.Context) (leave func(error), err error)
	// Moved is told of bytes as they leave.
	Moved(n int)
}

// fixedLanes is a number of lanes that does not change; it holds one value for each upload under way.
type fixedLanes chan struct{}

// Enter waits for a lane.
func (f fixedLanes) Enter(ctx context.Context) (leave func(error), err error) {
	select {
	case f <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if ctx.Err() != nil { // select picks at random when both are ready
		<-f
		return nil, context.Cause(ctx)
	}
	return func(error) { <-f }, nil
}

// Moved is of no interest here.
func (fixedLanes) Moved(int) {}
