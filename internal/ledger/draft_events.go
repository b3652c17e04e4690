package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// draftEvents is a scope of events.
type draftEvents struct {
	of    map[FileID]*draftEvent
	asked []*draftEvent // in this run
}

type draftEvent struct {
	Shot
	id   FileID
	file *draftFile // with run
	root string     // with run
	run  RunID      // that asked; 0: it is from the copy
}

// scope takes the named events of a scope over from the copy, once in a run.
func (d *Draft) scope(ctx context.Context, scope string) (*draftEvents, error) {
	if e, ok := d.events[scope]; ok {
		return e, nil
	}
	rows, err := d.read.QueryContext(ctx, `SELECT file, captured, zone_offset, began FROM events WHERE scope = ? AND began IS NOT NULL`, scope)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	e := &draftEvents{of: map[FileID]*draftEvent{}}
	for rows.Next() {
		var ev draftEvent
		var captured, began int64
		var offset sql.NullInt64
		if err := rows.Scan(&ev.id, &captured, &offset, &began); err != nil {
			return nil, wrap(err)
		}
		ev.Captured, ev.Event = unix(captured), unix(began)
		if offset.Valid {
			seconds := int(offset.Int64)
			ev.Offset = &seconds
		}
		e.of[ev.id] = &ev
	}
	if rows.Err() == nil {
		d.events[scope] = e
	}
	return e, wrap(rows.Err())
}

// await records that a file waits for its event. One that had an event keeps it, unless its capture time is another one now.
func (d *Draft) await(ctx context.Context, run RunID, f *draftFile, s Sighting) error {
	e, err := d.scope(ctx, s.Awaits)
	if err != nil {
		return err
	}
	ev := e.of[f.File]
	if ev == nil {
		ev = &draftEvent{id: f.File}
		e.of[f.File] = ev
	}
	if captured := unix(wallNano(s.Facts.Captured)); !ev.Captured.Equal(captured) {
		ev.Captured, ev.Event = captured, time.Time{}
	}
	if ev.run != run {
		e.asked = append(e.asked, ev)
	}
	ev.Offset, ev.file, ev.root, ev.run = s.Facts.Offset, f, s.Root, run
	d.waiting[f.File] = f
	return nil
}

// asked is a file that asked for its event.
func (d *Draft) asked(id FileID) (*draftFile, error) {
	if f, ok := d.waiting[id]; ok {
		return f, nil
	}
	return nil, fmt.Errorf("%w: file %d did not wait for its event", ErrTransition, id)
}

// Events returns the beginnings of the events of the files directly in a folder, by name. A file that has none is left out.
func (d *Draft) Events(ctx context.Context, scope, dir string) (map[string]time.Time, error) {
	if err := d.load(ctx, dir); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	e, err := d.scope(ctx, scope)
	if err != nil {
		return nil, err
	}
	in := d.dirs[dir]
	events := map[string]time.Time{}
	for _, f := range in.list {
		if ev := e.of[f.File]; ev != nil && !ev.Event.IsZero() && ev.Captured.Equal(unix(f.facts.captured)) {
			events[f.name] = ev.Event
		}
	}
	return events, nil
}

// Shots hands on the shots of a scope, in the order of [SQLite.Shots].
func (d *Draft) Shots(ctx context.Context, run RunID, scope string, visit func(Shot)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	e, err := d.scope(ctx, scope)
	if err != nil {
		return err
	}
	shots := make([]Shot, 0, len(e.of))
	for _, ev := range e.of {
		if !ev.Event.IsZero() || ev.run == run {
			shots = append(shots, ev.Shot)
		}
	}
	slices.SortFunc(shots, func(a, b Shot) int {
		return cmp.Or(a.Captured.Compare(b.Captured), falseFirst(a.Event.IsZero(), b.Event.IsZero()), a.Event.Compare(b.Event),
			falseFirst(a.Offset == nil, b.Offset == nil), offsets(a, b))
	})
	for _, s := range shots {
		visit(s)
	}
	return nil
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func offsets(a, b Shot) int {
	if a.Offset == nil || b.Offset == nil {
		return 0
	}
	return cmp.Compare(*a.Offset, *b.Offset)
}

// SetEvents records which events the shots of a run that wait for one belong to.
func (d *Draft) SetEvents(ctx context.Context, run RunID, scope string, found []Stretch) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	e, err := d.scope(ctx, scope)
	if err != nil {
		return err
	}
	byTime := func(a, b *draftEvent) int { return a.Captured.Compare(b.Captured) }
	if !slices.IsSortedFunc(e.asked, byTime) {
		slices.SortFunc(e.asked, byTime)
	}
	for _, s := range found {
		from, _ := slices.BinarySearchFunc(e.asked, s.From, func(ev *draftEvent, at time.Time) int { return ev.Captured.Compare(at) })
		for _, ev := range e.asked[from:] {
			if ev.Captured.After(s.To) {
				break
			}
			if ev.run == run && ev.Event.IsZero() {
				ev.Event = s.Event
			}
		}
	}
	return nil
}

// Awaiting returns a page of the files whose event this run asked for, in the order in which they were first seen.
func (d *Draft) Awaiting(ctx context.Context, run RunID, scope string, after FileID, limit int) ([]Awaiting, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e, err := d.scope(ctx, scope)
	if err != nil {
		return nil, err
	}
	byFile := func(a, b *draftEvent) int { return cmp.Compare(a.id, b.id) }
	if !slices.IsSortedFunc(e.asked, byFile) {
		slices.SortFunc(e.asked, byFile)
	}
	from, _ := slices.BinarySearchFunc(e.asked, after+1, func(ev *draftEvent, id FileID) int { return cmp.Compare(ev.id, id) })
	var page []Awaiting
	for _, ev := range e.asked[from:min(from+limit, len(e.asked))] {
		page = append(page, Awaiting{File: ev.id, Dir: ev.file.dir.path, Name: ev.file.name, Root: ev.root})
	}
	return page, nil
}
