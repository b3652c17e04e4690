package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/clocks"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/report"
)

// list finds out what is on the card, and what the history knows of it.
func (r *run) list(ctx context.Context) error {
	err := r.cfg.Card.List(ctx, r.fs, func(f card.File) error {
		if twin := r.at[f.Rel]; twin != nil {
			twin.fault = cmp.Or(twin.fault, whyAgain(f))
			return nil
		}
		row := &row{File: f, end: Unfinished, copies: map[string]*copied{}}
		switch {
		case f.Err != nil:
			row.unlisted(f.Err)
		case ignorable(f.Class):
			row.end = Ignored
		default:
			r.cfg.Progress.Found.Add(1)
		}
		r.rows = append(r.rows, row)
		r.at[f.Rel] = row
		return nil
	})
	if err != nil {
		return fmt.Errorf("listing the card: %w", err)
	}
	return nil
}

// whyAgain is why a listing visits a path that it has visited.
func whyAgain(f card.File) string {
	if f.Err == nil {
		f.Err = card.ErrTwice
	}
	return reason(f.Err)
}

// foresee recalls what the history knows of each file, and asks whether the destinations have room for the rest.
func (r *run) foresee(ctx context.Context) error {
	needs := make([]offload.Need, len(r.cfg.Dests))
	for i, dir := range r.cfg.Dests {
		needs[i].Dir = dir
	}
	for _, row := range r.rows {
		if row.end != Unfinished {
			continue
		}
		var err error
		if row.known, err = r.visit.known(ctx, row.File); err != nil {
			return err
		}
		if row.known.id == 0 {
			r.report.New++
		}
		r.recall(row, row.known)
		missing := 0
		for i, dir := range r.cfg.Dests {
			if row.copies[dir] == nil {
				missing++
				needs[i].Files, needs[i].Bytes = needs[i].Files+1, needs[i].Bytes+row.Size
			}
		}
		r.cfg.Progress.Total.Add(row.Size * r.reads(missing))
	}
	return offload.Room(r.fs, needs...)
}

// reads is how often a file will be read from the card: to copy it, and to prove it.
func (r *run) reads(missing int) (n int64) {
	if missing > 0 {
		n++
	}
	if len(r.cfg.Dests) > 0 && r.cfg.Depth == offload.Full {
		n++
	}
	return n
}

// recall takes over the copies that the history knows of and that are there still, by name and size. Whether they are good, verification tells.
func (r *run) recall(row *row, m memory) {
	if m.id == 0 {
		return
	}
	for _, dir := range r.cfg.Dests {
		rel, ok := m.copies[dir]
		if !ok || row.copies[dir] != nil {
			continue
		}
		at := join(dir, rel)
		if info, err := r.fs.Lstat(at); err == nil && info.Mode().IsRegular() && info.Size() == row.Size {
			row.copies[dir] = &copied{path: at}
			sums := m.sums
			row.sums = &sums
		}
	}
}

// look lists the card again when all is done, and looks at the copies once more: what was proved must still be there.
func (r *run) look(ctx context.Context) {
	present := map[string]card.File{}
	err := r.cfg.Card.List(ctx, r.fs, func(f card.File) error {
		if _, twin := present[f.Rel]; twin && f.Err == nil {
			f = card.File{Rel: f.Rel, Err: card.ErrTwice}
		}
		present[f.Rel] = f
		return nil
	})
	if err != nil {
		r.doubt = reason(err)
		if !errors.Is(err, offload.ErrGone) {
			r.doubt = "the card could not be listed again at the end: " + r.doubt
		}
		return
	}
	r.present = present
	r.compare()
	clear(r.folders) // what a link leads to can change
	r.glance()
	if err := r.distinct(); err != nil { // now all folders are there
		r.doubt = err.Error()
	}
}

// compare takes in what came to the card or changed on it meanwhile.
func (r *run) compare() {
	for _, rel := range slices.Sorted(maps.Keys(r.present)) {
		f, row := r.present[rel], r.at[rel]
		switch {
		case row == nil:
			row = newcomer(f)
			r.rows = append(r.rows, row)
			r.at[rel] = row
			continue
		case row.end == Ignored && !ignorable(f.Class): // so its bytes say now, or nobody knows any more
			*row = *newcomer(f)
			continue
		}
		if f.Err != nil && row.Err == nil {
			row.unreadable(reason(f.Err))
		}
		if f.Err == nil && row.Err == nil && (f.Size != row.Size || !f.ModTime.Equal(row.ModTime)) {
			row.changed = true
			if row.end != Ignored {
				row.fail("it changed on the card since it was listed")
			}
		}
	}
}

// unlisted is something on the card that could not even be looked at.
func (row *row) unlisted(err error) {
	row.Class = card.Other
	row.unreadable(reason(err))
}

// newcomer is a file that the first listing did not have.
func newcomer(f card.File) *row {
	row := &row{File: f, end: Unfinished, reason: "it came to the card after it was listed", changed: true}
	switch {
	case f.Err != nil:
		row.unlisted(f.Err)
	case ignorable(f.Class):
		row.end, row.reason = Ignored, ""
	}
	return row
}

// glance looks at the copies that are proved: one that was taken away or touched since is proved no more.
func (r *run) glance() {
	for _, row := range r.rows {
		seen := map[string]os.FileInfo{}
		for dir, c := range row.copies {
			if !c.verified {
				continue
			}
			info, err := r.fs.Lstat(c.path)
			if err != nil || stampOf(info) != c.stamp {
				c.verified, c.reason = false, "it was taken away or touched after it was verified"
				row.fail(dir + ": " + c.reason)
				continue
			}
			seen[dir] = info
		}
		r.apart(row, seen)
	}
}

func stampOf(info os.FileInfo) stamp { return stamp{info.Size(), info.ModTime()} }

// evidence is what the verdict goes by.
func (r *run) evidence() Evidence {
	e := Evidence{
		DryRun: r.cfg.DryRun, Stopped: r.report.Cause, Card: r.doubt, Depth: r.cfg.Depth, Places: r.cfg.Places, Confirm: r.cfg.Confirm != nil,
	}
	if r.present == nil && e.Card == "" && !e.DryRun {
		e.Card = "the card was not listed again at the end"
	}
	if strings.HasPrefix(e.Card, offload.ErrGone.Error()) {
		e.Stopped = "" // for that reason
	}
	for _, row := range r.rows {
		if _, there := r.present[row.Rel]; !there && r.present != nil {
			if ignorable(row.Class) {
				continue
			}
			e.Lost = append(e.Lost, report.Text(row.Rel))
			continue
		}
		x := Exhibit{Path: report.Text(row.Rel), Class: row.Class, Changed: row.changed, Sent: row.Upload}
		x.Fault = row.fault
		if row.end == Failed {
			x.Short = row.reason
		}
		for _, c := range row.copies {
			if c.verified {
				x.Places++
			}
		}
		x.Confirmed = row.upload != nil && row.upload.Answer == answerConfirmed
		if x.Places >= e.Places && row.upload != nil && !x.Changed && !x.Confirmed { // what is wrong, if anything is, is that
			x.Short = cmp.Or(row.upload.Answer, row.upload.Reason)
		}
		e.Files = append(e.Files, x)
	}
	return e
}

// warnings are what is odd about the names on the card.
func (r *run) warnings() (out []string) {
	folders := map[string]map[string]bool{}
	for _, row := range r.rows {
		if row.Class == card.Media && row.Tree == "" {
			name := strings.ToUpper(path.Base(row.Rel))
			if folders[name] == nil {
				folders[name] = map[string]bool{}
			}
			folders[name][path.Dir(row.Rel)] = true
		}
	}
	twice, first := 0, ""
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		if len(folders[name]) > 1 {
			if twice++; first == "" {
				first = name
			}
		}
	}
	if twice > 0 {
		out = append(out, fmt.Sprintf("%s in several folders of the card, such as %s: the camera's numbers started again; copies are kept apart", plural(twice, "name stands", "names stand"), report.Text(first)))
	}
	var shifts clocks.Shifts
	if r.cfg.Upload != nil {
		shifts = r.cfg.Upload.Shifts
	}
	return append(out, r.facts.warnings(shifts)...)
}

// reason says what the system said about a file, as text, without the path that the file's own line has already.
func reason(err error) string {
	read, p := (*offload.ReadError)(nil), (*fs.PathError)(nil)
	switch {
	case errors.Is(err, card.ErrAnother):
		return offload.ErrGone.Error() + ": " + card.ErrAnother.Error()
	case errors.Is(err, offload.ErrGone):
		return offload.ErrGone.Error()
	case errors.As(err, &read) && read.At > 0:
		return fmt.Sprintf("at byte %d: %s", read.At, reason(read.Err))
	case errors.As(err, &p):
		err = p.Err
	}
	return report.Text(err.Error())
}
