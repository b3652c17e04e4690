package emulator

import "slices"

// The values of AlbumPosition.PositionType, contract 7.
const (
	positionUnspecified = iota
	firstInAlbum
	lastInAlbum
	afterMediaItem
	afterEnrichmentItem
)

// positionNames is read only.
var positionNames = []string{
	positionUnspecified: "POSITION_TYPE_UNSPECIFIED",
	firstInAlbum:        "FIRST_IN_ALBUM",
	lastInAlbum:         "LAST_IN_ALBUM",
	afterMediaItem:      "AFTER_MEDIA_ITEM",
	afterEnrichmentItem: "AFTER_ENRICHMENT_ITEM",
}

// albumPosition is the AlbumPosition message of a request.
type albumPosition struct {
	given      bool // the field was there, even if empty
	position   int
	mediaItem  string // relativeMediaItemId
	enrichment string // relativeEnrichmentItemId
}

func readPosition(m message) (p albumPosition) {
	sub, given := m.object("albumPosition", "google.photos.types.AlbumPosition")
	p.given = given
	p.position = sub.enum("position", "google.photos.types.AlbumPosition.PositionType", positionNames)
	p.mediaItem = sub.text("relativeMediaItemId")
	p.enrichment = sub.text("relativeEnrichmentItemId")
	_ = sub.end() // the complaint is kept for the whole body
	return p
}

// positionNeedsAlbum: contract 4; 12 #13.
func positionNeedsAlbum(p albumPosition, albumID string) *apiError {
	if p.given && albumID == "" {
		return errInvalid("Request must not contain an album position without an album ID.")
	}
	return nil
}

// relativeIDFitsPosition: each relative id goes with one position only, and
// that position needs it (contract 7, AlbumPosition; 12 #11, #12).
func relativeIDFitsPosition(p albumPosition) *apiError {
	if p.mediaItem != "" && p.position != afterMediaItem {
		return errInvalid("Album position %s must not have a relative media item ID.", positionNames[p.position])
	}
	if p.enrichment != "" && p.position != afterEnrichmentItem {
		return errInvalid("Album position %s must not have a relative enrichment item ID.", positionNames[p.position])
	}
	if p.position == afterMediaItem && p.mediaItem == "" {
		return errInvalid("Album position AFTER_MEDIA_ITEM must have a relative media item ID.")
	}
	if p.position == afterEnrichmentItem && p.enrichment == "" {
		return errInvalid("Album position AFTER_ENRICHMENT_ITEM must have a relative enrichment item ID.")
	}
	return nil
}

// placeIn is the index at which new items go. The default is the end (contract
// 4); an item that is not in the album, or was taken out of it by the user, is
// no place (contract 12 #11, #43). Server.mu is held.
func (p albumPosition) placeIn(a *album) (int, *apiError) {
	switch p.position {
	case firstInAlbum:
		return 0, nil
	case afterMediaItem:
		i := slices.IndexFunc(a.order, func(at place) bool { return at.item != nil && at.item.id == p.mediaItem && a.holds[at.item] })
		if i < 0 {
			return 0, errInvalid("The relative media item ID of the album position is not in the album.")
		}
		return i + 1, nil
	case afterEnrichmentItem:
		i := slices.IndexFunc(a.order, func(at place) bool { return at.enrichment != nil && at.enrichment.id == p.enrichment })
		if i < 0 {
			return 0, errInvalid("The relative enrichment item ID of the album position is not in the album.")
		}
		return i + 1, nil
	default:
		return len(a.order), nil
	}
}
