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

// gates hold back all calls of one kind when one of them is told to slow down. Bytes, writes and reads have quotas of their own.
type gates struct{ uploads, writes, reads retry.Gate }

// persist makes a call until it succeeds, is refused for good, or was tried often enough.
func (r *run) persist(ctx context.Context, gate *retry.Gate, call func(context.Context) error) error {
	return r.calls(gate).Do(ctx, call)
}

// calls says how calls of one kind are tried again.
func (r *run) calls(gate *retry.Gate) retry.Call {
	return retry.Call{
		Policy: retry.Policy{Tries: r.cfg.Tries},
		Gate:   gate,
		Judge:  judgeCall,
		Clock:  r.cfg.Clock,
		Wait: func(err error, until time.Time) {
			r.events.send(Waiting{For: waitReason(err), Until: until})
		},
	}
}

// judgeCall makes no call again of which it was found that the service fails at it.
func judgeCall(err error) retry.Failure {
	if errors.As(err, new(errPoison)) {
		return retry.Failure{}
	}
	return retry.Judge(err)
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

// streak counts calls of one kind that failed again and again, since the last one that succeeded.
type streak struct{ n counter }

// The longest streaks before a run gives up: the service takes calls of other kinds, but none of this one. To find one bad item of 50 in a batch takes
// up to seven failures in a row.
const (
	uploadStreak = 10
	createStreak = 7
)

// over decides about a call that was tried often enough: whether the run ends with err, or the failure is the call's own (an [errPoison]). It is the
// call's own if others of its kind have succeeded, or if the service answers at all and this has not happened too often in a row.
func (r *run) over(ctx context.Context, err error, s *streak, longest int) error {
	if err == nil {
		s.n.n.Store(0)
		return nil
	}
	if ctx.Err() != nil {
		return err
	}
	switch class := photos.Classify(err); {
	case s == &r.uploads && (class == photos.ClassInvalid || class == photos.ClassNotFound):
		// What a file is, is judged when it is created; a service that refuses the bytes of one file after the other is none.
		if s.n.add(1); s.n.value() > longest {
			err = errEnds{fmt.Errorf("every upload is refused; is the endpoint right? %w", err)}
		}
		return err
	case class != photos.ClassTransient:
		return err
	}
	if s.n.add(1); s.n.value() > longest || !r.answers(ctx) {
		return err
	}
	return errPoison{err}
}

// answers asks the service something that it can always answer.
func (r *run) answers(ctx context.Context) bool {
	_, _, err := r.albums.API.ListPage(ctx, "")
	return err == nil || photos.Classify(err) != photos.ClassTransient
}

// steadyMediaItems makes batchCreate calls that are tried again. Repeating one is safe: the same tokens give the same media items.
type steadyMediaItems struct {
	batch.API
	run *run
}

func (s steadyMediaItems) BatchCreate(ctx context.Context, in photos.BatchCreateRequest) (out photos.BatchCreateResponse, err error) {
	err = s.run.persist(ctx, &s.run.gates.writes, func(ctx context.Context) error {
		out, err = s.API.BatchCreate(ctx, in)
		return err
	})
	return out, s.run.orFull(ctx, in, s.run.over(ctx, err, &s.run.creates, createStreak))
}

// errPoison is the error of a call that the service fails at again and again while it answers others.
type errPoison struct{ error }

// Unwrap gives the service's error.
func (e errPoison) Unwrap() error { return e.error }

// errEnds is an error that looks like one file's own and ends the run all the same.
type errEnds struct{ error }

// Unwrap gives the service's error.
func (e errEnds) Unwrap() error { return e.error }

// sinks lets a batch be split also where the service just cannot do it.
func sinks(err error) bool {
	if errors.As(err, new(errFull)) {
		return false
	}
	poison := errPoison{}
	return errors.As(err, &poison) || batch.Sinks(err)
}
