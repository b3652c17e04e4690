package emulator

import (
	"fmt"
	"strings"
)

// enrichmentWire is the reply of albums.addEnrichment. The id is all that the
// API ever shows of an enrichment.
type enrichmentWire struct {
	EnrichmentItem enrichmentItemWire `json:"enrichmentItem"`
}

type enrichmentItemWire struct {
	ID string `json:"id"`
}

// addEnrichment is albums.addEnrichment: a text, a location or a map at a place
// among the items of an album (contract 5).
func (s *Server) addEnrichment(c *call) (reply, *apiError) {
	added, position, err := readEnrichment(c)
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.albumForWriting(c, c.id)
	if err != nil {
		return reply{}, err
	}
	if err := positionIsTheOwners(position, a); err != nil {
		return reply{}, err
	}
	if added.At, err = position.placeIn(a); err != nil {
		return reply{}, err
	}
	added.Album, added.ID = a.id, newID(idOfEnrichment)
	if err := s.commit(change{Enrichment: &added}); err != nil {
		return reply{}, err
	}
	return reply{body: enrichmentWire{enrichmentItemWire{added.ID}}}, nil
}

// readEnrichment takes a body, in which newEnrichmentItem and albumPosition are
// both required (contract 5).
func readEnrichment(c *call) (added enrichmentAdded, p albumPosition, err *apiError) {
	m, err := readMessage(c.r)
	if err != nil {
		return added, p, err
	}
	p = readPosition(m)
	item, given := m.object("newEnrichmentItem", "google.photos.library.v1.NewEnrichmentItem")
	kinds := readEnrichmentKinds(item)
	_ = item.end() // m.end returns its complaint
	if err := m.end(); err != nil {
		return added, p, err
	}
	switch {
	case !given:
		return added, p, errInvalid("Request must contain a new enrichment item.")
	case !p.given:
		return added, p, errInvalid("Request must contain an album position.")
	case len(kinds) != 1:
		return added, p, errInvalid("An enrichment must be exactly one of a text, a location and a map.")
	case kinds[0].Text == "": // a choice
		return added, p, errInvalid("An enrichment must not be empty.")
	}
	return kinds[0], p, relativeIDFitsPosition(p)
}

// readEnrichmentKinds are those of the three that are set (contract 7,
// NewEnrichmentItem).
func readEnrichmentKinds(item message) (kinds []enrichmentAdded) {
	const types = "google.photos.library.v1."
	if e, given := item.object("textEnrichment", types+"TextEnrichment"); given {
		kinds = append(kinds, enrichmentAdded{Kind: "text", Text: e.text("text")})
		_ = e.end()
	}
	if e, given := item.object("locationEnrichment", types+"LocationEnrichment"); given {
		kinds = append(kinds, enrichmentAdded{Kind: "location", Text: readLocation(e, "location")})
		_ = e.end()
	}
	if e, given := item.object("mapEnrichment", types+"MapEnrichment"); given {
		ends := []string{readLocation(e, "origin"), readLocation(e, "destination")}
		added := enrichmentAdded{Kind: "map"}
		if ends[0] != "" && ends[1] != "" {
			added.Text = strings.Join(ends, " to ")
		}
		kinds = append(kinds, added)
		_ = e.end()
	}
	return kinds
}

// readLocation is what a map calls a place: its name, else its coordinates;
// empty if nothing is said. Latitudes and longitudes have their ranges
// (contract 7).
func readLocation(m message, name string) string {
	location, _ := m.object(name, "google.photos.types.Location")
	title := location.text("locationName")
	point, given := location.object("latlng", "google.type.LatLng")
	latitude, longitude := inRange(point, "latitude", 90), inRange(point, "longitude", 180)
	_, _ = point.end(), location.end()
	if title == "" && given {
		return fmt.Sprintf("%g, %g", latitude, longitude)
	}
	return title
}

// inRange is a double field between -most and most.
func inRange(m message, name string, most float64) float64 {
	v := m.double(name)
	if v < -most || v > most {
		m.fail(m.at(name), "Invalid value at '%s': %g is not between %g and %g.", m.at(name), v, -most, most)
	}
	return v
}

// Enrichment is a snapshot of a text, a location or a map in an album.
type Enrichment struct {
	ID   string
	Kind string // "text", "location" or "map"
	Text string // the text, or the names of the places
	At   int    // how many media items of the album stand before it
}

// Enrichments are those of an album, in its order. The API does not show them.
func (s *Server) Enrichments(albumID string) []Enrichment {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.albumID[albumID]
	if a == nil {
		return nil
	}
	var all []Enrichment
	items := 0
	for _, p := range a.order {
		switch {
		case p.enrichment != nil:
			all = append(all, Enrichment{p.enrichment.id, p.enrichment.kind, p.enrichment.text, items})
		case a.holds[p.item]:
			items++
		}
	}
	return all
}
