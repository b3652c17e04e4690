package photos

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// NewEnrichmentItem is something to stand between the items of an album: exactly one of the three (reference "albums.addEnrichment").
type NewEnrichmentItem struct {
	TextEnrichment     *TextEnrichment     `json:"textEnrichment,omitempty"`
	LocationEnrichment *LocationEnrichment `json:"locationEnrichment,omitempty"`
	MapEnrichment      *MapEnrichment      `json:"mapEnrichment,omitempty"`
}

// TextEnrichment is a text of the user's own words.
type TextEnrichment struct {
	Text string `json:"text"`
}

// LocationEnrichment is a place.
type LocationEnrichment struct {
	Location Location `json:"location"`
}

// MapEnrichment is a map with the way from one place to another.
type MapEnrichment struct {
	Origin      Location `json:"origin"`
	Destination Location `json:"destination"`
}

// Location is a place by its name, its coordinates, or both.
type Location struct {
	LocationName string  `json:"locationName,omitempty"`
	Latlng       *LatLng `json:"latlng,omitempty"`
}

// LatLng is a point on the earth, in degrees (WGS 84).
type LatLng struct {
	Latitude  float64 `json:"latitude"`  // -90 to 90
	Longitude float64 `json:"longitude"` // -180 to 180
}

// EnrichmentItem is an enrichment that was added. Its id is all that the API ever shows of it; it serves as an [AlbumPosition].
type EnrichmentItem struct {
	ID string `json:"id"`
}

// AddEnrichment puts one enrichment into an album that this app created, at a position; the zero position is the end. It cannot be changed or taken
// away by the API afterwards. To send it again after a lost answer may add it twice (reference "albums.addEnrichment").
func (s *AlbumsService) AddEnrichment(ctx context.Context, id string, item NewEnrichmentItem, at AlbumPosition) (EnrichmentItem, error) {
	const op = "albums.addEnrichment"
	if err := notSent(op, wantID("album", id), item.problem(), at.problem()); err != nil {
		return EnrichmentItem{}, err
	}
	at.Position = cmp.Or(at.Position, LastInAlbum)
	in := struct {
		NewEnrichmentItem NewEnrichmentItem `json:"newEnrichmentItem"`
		AlbumPosition     AlbumPosition     `json:"albumPosition"`
	}{item, at}
	var out struct {
		EnrichmentItem EnrichmentItem `json:"enrichmentItem"`
	}
	err := s.c.post(ctx, op, albumPath(id)+":addEnrichment", in, &out)
	return out.EnrichmentItem, err
}

func (e NewEnrichmentItem) problem() error {
	var kinds int
	var problems []error
	if t := e.TextEnrichment; t != nil {
		kinds++
		if t.Text == "" {
			problems = append(problems, errors.New("textEnrichment.text is empty"))
		}
	}
	if l := e.LocationEnrichment; l != nil {
		kinds++
		problems = append(problems, l.Location.problem("locationEnrichment.location"))
	}
	if m := e.MapEnrichment; m != nil {
		kinds++
		problems = append(problems, m.Origin.problem("mapEnrichment.origin"), m.Destination.problem("mapEnrichment.destination"))
	}
	if kinds != 1 {
		return fmt.Errorf("newEnrichmentItem has %d kinds, want exactly one of a text, a location and a map", kinds)
	}
	return errors.Join(problems...)
}

func (l Location) problem(field string) error {
	p := l.Latlng
	switch {
	case l.LocationName == "" && p == nil:
		return fmt.Errorf("%s has neither a name nor coordinates", field)
	case p != nil && !(p.Latitude >= -90 && p.Latitude <= 90 && p.Longitude >= -180 && p.Longitude <= 180): // not a number is none of it
		return fmt.Errorf("%s.latlng is %g, %g: want degrees of -90 to 90 and of -180 to 180", field, p.Latitude, p.Longitude)
	}
	return nil
}
