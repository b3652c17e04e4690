package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

// itemTries bounds how often one media item is created whose own status says to try again. The first waits a second, the last a minute.
const itemTries = 6

// gates hold back all calls of one kind when one of them is told to slow down. Bytes and writes have quotas of their own.
type gates struct{ uploads, writes, reads retry.Gate }

// persist makes a call until it succeeds, is refused for good, or was tried often enough.
func (r *run) persist(ctx context.Context, gate *retry.Gate, call func(context.Context) error) error {
	err := retry.Call{
		Gate:  gate,
		Judge: judgeCall,
		Wait: func(err error, until time.Time) {
			r.events.send(Waiting{For: waitReason(err), Until: until})
		},
	}.Do(ctx, call)
	if err == nil {
		r.successes.add(1)
	}
	return err
}

// judgeCall sorts an error for the retry policy.
func judgeCall(err error) retry.Failure {
	var f retry.Failure
	e := (*photos.Error)(nil)
	if errors.As(err, &e) {
		f.After = e.RetryAfter
	}
	switch photos.Classify(err) {
	case photos.ClassTransient:
		f.Kind = retry.Transient
	case photos.ClassRateLimited:
		f.Kind = retry.RateLimited
	case photos.ClassUnauthenticated:
		if !errors.Is(err, photos.ErrNoToken) {
			f.Kind = retry.Stale
		}
	}
	return f
}

func waitReason(err error) string {
	e := (*photos.Error)(nil)
	switch errors.As(err, &e); {
	case e == nil:
		return err.Error()
	case photos.Classify(err) == photos.ClassRateLimited && e.Quota != "":
		return fmt.Sprintf("the service asks to slow down (%s)", e.Quota)
	case photos.Classify(err) == photos.ClassRateLimited:
		return "the service asks to slow down"
	}
	return "trying again after " + e.Error()
}

// hopeless tells whether a call that failed again and again failed because the service cannot be reached at all, and not for its own sake. If nothing
// else has succeeded meanwhile, a read that any service answers decides.
func (r *run) hopeless(ctx context.Context, err error, successesBefore int) bool {
	if photos.Classify(err) != photos.ClassTransient {
		return true
	}
	if r.successes.value() > successesBefore {
		return false
	}
	_, _, err = r.albums.API.ListPage(ctx, "")
	return err != nil && photos.Classify(err) == photos.ClassTransient
}

// steadyMediaItems makes batchCreate calls that are tried again. Repeating one is safe: the same tokens give the same media items.
type steadyMediaItems struct {
	batch.API
	run *run
}

func (s steadyMediaItems) BatchCreate(ctx context.Context, in photos.BatchCreateRequest) (out photos.BatchCreateResponse, err error) {
	before := s.run.successes.value()
	err = s.run.persist(ctx, &s.run.gates.writes, func(ctx context.Context) error {
		out, err = s.API.BatchCreate(ctx, in)
		return err
	})
	if err != nil && ctx.Err() == nil && photos.Classify(err) == photos.ClassTransient && !s.run.hopeless(ctx, err, before) {
		err = errPoison{err} // the service is there, it just does not take this batch
	}
	return out, err
}

// errPoison is the error of a batch that the service fails at again and again while it answers others.
type errPoison struct{ error }

// Unwrap gives the service's error.
func (e errPoison) Unwrap() error { return e.error }

// sinks lets a batch be split also where the service just cannot do it.
func sinks(err error) bool {
	poison := errPoison{}
	return errors.As(err, &poison) || batch.Sinks(err)
}
