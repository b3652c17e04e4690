// Package flow holds the one pattern of concurrency that the pipeline's stages share: many at a time, results in order.
//
// [Ordered] starts goroutines in the caller's errgroup, so that their end is waited for where the run ends. Channels are closed by who sends
// on them, when its own input is done.
package flow

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Ordered runs work for each input on a number of lanes, and sends the results in the order of the inputs: a queue of futures, so that no sorting
// is needed afterwards. At most lanes+ahead results wait behind a slow one; then no more input is taken. The returned channel is closed when the
// input is done and all results were sent. An error from work, or the end of ctx, ends all lanes.
func Ordered[In, Out any](ctx context.Context, g *errgroup.Group, lanes, ahead int, in <-chan In, work func(context.Context, In) (Out, error)) <-chan Out {
	type job struct {
		in  In
		out chan Out // the future, with room for its one result
	}
	jobs := make(chan job)
	futures := make(chan chan Out, lanes+ahead)
	out := make(chan Out)

	g.Go(func() error { // hands the work out
		defer close(jobs)
		defer close(futures)
		for {
			x, ok, err := Receive(ctx, in)
			if !ok || err != nil {
				return err
			}
			j := job{in: x, out: make(chan Out, 1)}
			if err := Send(ctx, futures, j.out); err != nil {
				return err
			}
			if err := Send(ctx, jobs, j); err != nil {
				return err
			}
		}
	})
	for range lanes {
		g.Go(func() error {
			for j := range jobs {
				result, err := work(ctx, j.in)
				if err != nil {
					return err
				}
				j.out <- result
			}
			return nil
		})
	}
	g.Go(func() error { // collects the results
		defer close(out)
		for future := range futures {
			result, ok, err := Receive(ctx, future)
			if !ok || err != nil {
				return err
			}
			if err := Send(ctx, out, result); err != nil {
				return err
			}
		}
		return nil
	})
	return out
}

// Send gives a value to a channel, unless ctx ends first.
func Send[T any](ctx context.Context, to chan<- T, v T) error {
	if ctx.Err() != nil { // select picks at random when both are ready
		return context.Cause(ctx)
	}
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Receive takes a value from a channel, unless ctx ends first. It is not ok when the channel is closed and empty.
func Receive[T any](ctx context.Context, from <-chan T) (v T, ok bool, err error) {
	if ctx.Err() != nil {
		return v, false, context.Cause(ctx)
	}
	select {
	case v, ok = <-from:
		return v, ok, nil
	case <-ctx.Done():
		return v, false, context.Cause(ctx)
	}
}
