package ledger

import "time"

// draftFacts are the [Facts] of a file in less room: what many files have in common, such as their camera, is there once.
type draftFacts struct {
	common                 *Facts // without what is a file's own
	captured               int64  // in ns; 0: not known
	offset                 *int
	latitude, longitude    *float64
	description, contentID string
	duration               time.Duration
}

// pack puts facts into less room.
func (d *Draft) pack(f Facts) draftFacts {
	own := draftFacts{
		captured: wallNano(f.Captured), offset: f.Offset, latitude: f.Latitude, longitude: f.Longitude,
		description: f.Description, contentID: f.ContentID, duration: f.Duration,
	}
	f.Captured, f.Offset, f.Latitude, f.Longitude, f.Description, f.ContentID, f.Duration = time.Time{}, nil, nil, nil, "", "", 0
	if own.common = d.shared[f]; own.common == nil {
		first := f // or each f would be allocated
		own.common = &first
		d.shared[f] = own.common
	}
	return own
}

// all are the facts as they were before they were packed.
func (f draftFacts) all() Facts {
	all := *f.common
	all.Captured, all.Offset, all.Latitude, all.Longitude = f.time(), f.offset, f.latitude, f.longitude
	all.Description, all.ContentID, all.Duration = f.description, f.contentID, f.duration
	return all
}

// time is when the file was taken, zero if that is not known.
func (f draftFacts) time() time.Time {
	if f.captured == 0 {
		return time.Time{}
	}
	return unix(f.captured)
}
