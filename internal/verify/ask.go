package verify

import (
	"context"
	"time"

	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

// asker gathers files until their media items fill a request. Each media item is asked about once, however many files have its content.
type asker struct {
	*verifier
	answers map[string]confirm.Answer // by media item id
	waiting []File
	ids     []string // of the waiting files, each once
	asked   map[string]bool
}

// mostWaiting bounds the files that wait for an answer where many have the same content.
const mostWaiting = 10 * photos.MaxBatch

func (a *asker) take(ctx context.Context, f File) error {
	if answer, known := a.answers[f.ID]; known {
		a.answered(f, answer)
		return nil
	}
	if a.asked == nil {
		a.asked = map[string]bool{}
	}
	if !a.asked[f.ID] {
		a.asked[f.ID] = true
		a.ids = append(a.ids, f.ID)
	}
	a.waiting = append(a.waiting, f)
	if len(a.ids) < photos.MaxBatch && len(a.waiting) < mostWaiting {
		return nil
	}
	return a.ask(ctx)
}

// ask asks about the files that wait.
func (a *asker) ask(ctx context.Context) error {
	if len(a.ids) == 0 {
		return nil
	}
	answers, err := confirm.Items(ctx, steady{a.verifier}, a.ids)
	if err != nil {
		return err
	}
	for id, answer := range answers {
		a.answers[id] = answer
	}
	for _, f := range a.waiting {
		a.answered(f, a.answers[f.ID])
	}
	a.waiting, a.ids, a.asked = nil, nil, nil
	return nil
}

// answered gives a file the state that follows from the service's answer, which is named alike.
func (a *asker) answered(f File, answer confirm.Answer) {
	if f.State == Matched && answer == confirm.Confirmed {
		a.end(f) // that the item is there was known; what is not known is that it has these bytes
		return
	}
	f.State = State(answer)
	switch answer {
	case confirm.Gone:
		f.Reason = "the service no longer shows it to this app; albumwright import --resend sends it again"
	case confirm.Processing:
		f.Reason = "the service is not done with the video"
	case confirm.Broken:
		f.Reason = "the service cannot show the video"
	case confirm.Unanswered:
		f.Reason = "the service fails whenever it is asked about it"
	}
	a.end(f)
}

// steady makes calls that are tried again. One that fails with 500 is tried only once more: it is probably about one of its ids, which is found by asking
// for fewer.
type steady struct{ v *verifier }

func (s steady) BatchGet(ctx context.Context, ids []string) (out []photos.MediaItemResult, err error) {
	call := retry.Call{
		Policy: retry.Policy{Tries: s.v.Tries},
		Judge:  confirm.Judge(),
		Wait: func(err error, until time.Time) {
			if s.v.Wait != nil {
				s.v.Wait(err.Error(), until)
			}
		},
	}
	err = call.Do(ctx, func(ctx context.Context) error {
		s.v.report.Requests++
		out, err = s.v.Remote.BatchGet(ctx, ids)
		return err
	})
	return out, err
}
