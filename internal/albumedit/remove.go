package albumedit

import (
	"context"
	"errors"
	"fmt"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
)

// Unclear is a refusal of a call that may have been carried out before: an earlier try of it got no answer.
type Unclear struct{ Err error }

// Error says what the service said.
func (u Unclear) Error() string { return u.Err.Error() }

// Unwrap gives the refusal.
func (u Unclear) Unwrap() error { return u.Err }

// remove takes items out of the album. What an earlier run began to take out, or to put in, is asked for one by one: the service refuses a call of which one
// item is not there.
func (e *editor) remove(ctx context.Context, names []string) error {
	items, err := e.items(ctx, names)
	if err != nil {
		return err
	}
	places, err := e.places(ctx)
	if err != nil {
		return err
	}
	var begun, doubtful, fresh []item
	for _, it := range items {
		p, placed := places[it.content]
		switch {
		case placed && p.Doubt:
			doubtful = append(doubtful, it)
		case placed && p.Removed:
			begun = append(begun, it)
		case !placed && it.name != it.id && len(e.target.ids) > 0:
			if err := e.absent(ctx, it); err != nil {
				return err
			}
		default:
			fresh = append(fresh, it)
		}
	}
	if err := e.chunks(fresh, func(chunk []item) error { return e.removeChunk(ctx, chunk) }); err != nil {
		e.endAll(append(begun, doubtful...), Unasked, "")
		return err
	}
	if !e.DryRun && len(doubtful) > 0 {
		if err := e.each(func(id ledger.AlbumID) error { return e.Ledger.SetRemoved(ctx, id, contents(doubtful)) }); err != nil {
			return err
		}
	}
	return e.removeDoubtful(ctx, append(begun, doubtful...))
}

const refusedRemove = "the service takes out all of a call or nothing, and refused it: an item is not in the album, or was not put there by this app"

func (e *editor) removeChunk(ctx context.Context, chunk []item) error {
	if e.DryRun {
		e.called(Call{Method: MethodRemove, Items: ids(chunk)})
		e.endAll(chunk, Removed, "")
		return nil
	}
	if err := e.each(func(id ledger.AlbumID) error { return e.Ledger.SetRemoved(ctx, id, contents(chunk)) }); err != nil {
		e.endAll(chunk, Unasked, "")
		return err
	}
	err := e.API.BatchRemoveMediaItems(ctx, e.target.Remote, ids(chunk))
	if errors.As(err, new(Unclear)) {
		return e.removeDoubtful(ctx, chunk)
	}
	return e.ended(ctx, chunk, err)
}

// ended gives items of a call their end. What the service refused is in the album as before.
func (e *editor) ended(ctx context.Context, chunk []item, err error) error {
	if err == nil {
		e.called(Call{Method: MethodRemove, Items: ids(chunk)})
		e.endAll(chunk, Removed, "")
		return nil
	}
	if refusal(err) {
		back := e.each(func(id ledger.AlbumID) error {
			return e.Ledger.SetHere(context.WithoutCancel(ctx), id, contents(chunk))
		})
		if photos.Classify(err) == photos.ClassInvalid {
			e.endAll(chunk, Failed, explain(err, refusedRemove).Error())
			return back
		}
		err = errors.Join(err, back)
	}
	e.endAll(chunk, Unasked, "")
	return explain(err, "")
}

// removeDoubtful takes items out of which nobody knows whether they are out already, one in a call.
func (e *editor) removeDoubtful(ctx context.Context, items []item) error {
	for i, it := range items {
		if e.DryRun {
			e.called(Call{Method: MethodRemove, Items: []string{it.id}})
			e.end(it, Removed, "")
			continue
		}
		err := e.Stop()
		if err == nil {
			err = e.API.BatchRemoveMediaItems(ctx, e.target.Remote, []string{it.id})
		}
		switch {
		case photos.Classify(err) == photos.ClassInvalid:
			e.end(it, Already, "the service says that it is not in the album")
		case err != nil:
			e.endAll(items[i:], Unasked, "")
			return explain(err, "")
		default:
			e.called(Call{Method: MethodRemove, Items: []string{it.id}})
			e.end(it, Removed, "")
		}
	}
	return nil
}

// absent ends an item that is not in the album.
func (e *editor) absent(ctx context.Context, it item) error {
	other, err := e.elsewhere(ctx, it)
	switch {
	case err != nil:
		return err
	case other != "":
		e.end(it, Failed, fmt.Sprintf("it is in the album %q; name that one", other))
	default:
		e.end(it, Already, "it is not in the album, as far as the ledger knows")
	}
	return nil
}

// elsewhere is the title of another volume of the album's title that holds an item, "" if there is none.
func (e *editor) elsewhere(ctx context.Context, it item) (title string, err error) {
	for _, id := range e.target.ids {
		if title, err = e.Ledger.Elsewhere(ctx, id, it.content); title != "" || err != nil {
			return title, err
		}
	}
	return "", nil
}

// each does something for every album of the ledger that is this one.
func (e *editor) each(do func(ledger.AlbumID) error) error {
	for _, id := range e.target.ids {
		if err := do(id); err != nil {
			return err
		}
	}
	return nil
}
