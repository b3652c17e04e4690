package ledger

import "time"

// draftFacts are the [Facts] of a file in less room: what many files have in common, such as their camera, is there once.
type draftFacts struct {
	common   *Facts     // without what is a file's own
	captured int64      // in ns; 0: not known
	rare     *draftRare // nil: none
}

// draftRare is what many files have none of.
type draftRare struct {
	offset                 *int
	latitude, longitude    *float64
	description, contentID string
	duration               time.Duration
}

// orNil is what there is, nil if that is nothing.
func (r draftRare) orNil() *draftRare {
	if r == (draftRare{}) {
		return nil
	}
	return &r
}

// own are the facts that only the file has.
func (f draftFacts) own() draftRare {
	if f.rare == nil {
		return draftRare{}
	}
	return *f.rare
}

// inCommon are the facts that many files may have.
func (f Facts) inCommon() Facts {
	f.Captured, f.Offset, f.Latitude, f.Longitude, f.Description, f.ContentID, f.Duration = time.Time{}, nil, nil, nil, "", "", 0
	return f
}

// pack puts facts into less room.
func (d *Draft) pack(f Facts) draftFacts {
	rare := draftRare{f.Offset, f.Latitude, f.Longitude, f.Description, f.ContentID, f.Duration}
	own := draftFacts{captured: wallNano(f.Captured), rare: rare.orNil()}
	common := f.inCommon()
	if own.common = d.common[common]; own.common == nil {
		first := common // or each one would be allocated
		own.common = &first
		d.common[common] = own.common
	}
	return own
}

// all are the facts as they were before they were packed.
func (f draftFacts) all() Facts {
	all, own := *f.common, f.own()
	all.Captured, all.Offset, all.Latitude, all.Longitude = f.time(), own.offset, own.latitude, own.longitude
	all.Description, all.ContentID, all.Duration = own.description, own.contentID, own.duration
	return all
}

// time is when the file was taken, zero if that is not known.
func (f draftFacts) time() time.Time {
	if f.captured == 0 {
		return time.Time{}
	}
	return unix(f.captured)
}
