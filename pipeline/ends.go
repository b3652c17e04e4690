package pipeline

import (
	"context"
	"slices"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
)

// together makes one end of those that a file has in several albums; whole is false as long as one of them is missing.
func (r *run) together(ctx context.Context, p *parcel, end File) (out File, whole bool, err error) {
	if p.Others == 0 {
		return end, true, nil
	}
	all, err := r.ledger.Siblings(ctx, r.id, p.Item)
	if err != nil {
		return end, false, err
	}
	parts := []File{end}
	for _, s := range all {
		switch {
		case !s.State.Ended():
			return end, false, nil
		case s.Item != p.Item && s.State != ledger.Gone:
			part := File{Path: end.Path, Size: end.Size, Album: s.Album, End: endOf(s.State), Reason: s.Reason}
			if s.State.Delivered() {
				part.ID = s.MediaItem
			}
			parts = append(parts, part)
		}
	}
	return asOne(parts), true, nil
}

// endOf is a state's end as the report names it.
func endOf(s ledger.State) report.End {
	switch s {
	case ledger.Created, ledger.Confirmed:
		return report.Uploaded
	case ledger.Already:
		return report.AlreadyThere
	case ledger.Duplicate:
		return report.Duplicate
	case ledger.Skipped:
		return report.Skipped
	}
	return report.Failed
}

// asOne makes one end of those that a file has in several albums: what is not well comes before what was done, and that before what was done before.
func asOne(parts []File) File {
	if len(parts) == 1 {
		return parts[0]
	}
	order := []report.End{report.Failed, report.Unfinished, report.Uploaded, report.Duplicate, report.Skipped, report.AlreadyThere}
	slices.SortStableFunc(parts, func(a, b File) int { return slices.Index(order, a.End) - slices.Index(order, b.End) })
	out := parts[0]
	var albums []string
	for _, p := range parts {
		if p.End == out.End {
			albums = append(albums, p.Album)
		}
	}
	slices.Sort(albums)
	out.Album, out.Further = albums[0], albums[1:]
	return out
}
