package emulator

import "slices"

// maxCategories is how many content categories a search may include, and how
// many it may exclude (contract 5, search).
const maxCategories = 10

// The values of MediaType and of Feature, contract 7.
const (
	allMedia = iota
	videosOnly
	photosOnly
)

const (
	anyFeature = iota
	favoritesOnly
)

// mediaTypes and features are read only.
var (
	mediaTypes = []string{allMedia: "ALL_MEDIA", videosOnly: "VIDEO", photosOnly: "PHOTO"}
	features   = []string{anyFeature: "NONE", favoritesOnly: "FAVORITES"}
)

// filters are the Filters message of a search; they are ANDed (contract 5,
// search). The zero value is that of mediaItems.list: everything that is not
// archived.
type filters struct {
	days      []span      // ORed; none = any time, or none at all
	include   categorySet // one of these; 0 = all items
	exclude   categorySet // none of these
	mediaType int
	favorites bool
	archived  bool // archived items too
	ownOnly   bool // only what this app created

	others bool // filters that no order may stand beside
}

func readFilters(m message) (f filters) {
	const library = "google.photos.library.v1."
	if sub, given := m.object("dateFilter", library+"DateFilter"); given {
		f.days = readDateFilter(sub)
	}
	if sub, given := m.object("contentFilter", library+"ContentFilter"); given {
		f.include, f.exclude = readContentFilter(sub)
		f.others = true
	}
	if sub, given := m.object("mediaTypeFilter", library+"MediaTypeFilter"); given {
		f.mediaType = readMediaTypeFilter(sub)
		f.others = true
	}
	if sub, given := m.object("featureFilter", library+"FeatureFilter"); given {
		f.favorites = readFeatureFilter(sub)
		f.others = true
	}
	f.archived = m.flag("includeArchivedMedia")
	f.ownOnly = m.flag("excludeNonAppCreatedData")
	_ = m.end() // the complaint is kept for the whole body
	return f
}

// readContentFilter: up to 10 categories on each side, none on both, and NONE is
// ignored (contract 5, search).
func readContentFilter(m message) (include, exclude categorySet) {
	const kind = "google.photos.library.v1.ContentCategory"
	in := m.enums("includedContentCategories", kind, contentCategories)
	out := m.enums("excludedContentCategories", kind, contentCategories)
	_ = m.end()
	include, exclude = categoriesOf(in), categoriesOf(out)
	switch {
	case len(in) > maxCategories:
		m.fail(m.at("includedContentCategories"), "A content filter must not include more than %d categories.", maxCategories)
	case len(out) > maxCategories:
		m.fail(m.at("excludedContentCategories"), "A content filter must not exclude more than %d categories.", maxCategories)
	case include&exclude != 0:
		m.fail(m.path, "A content filter must not include and exclude the same category.")
	}
	return include &^ (1 << noCategory), exclude &^ (1 << noCategory)
}

// readMediaTypeFilter: exactly one type (contract 5, search).
func readMediaTypeFilter(m message) int {
	types := m.enums("mediaTypes", "google.photos.library.v1.MediaTypeFilter.MediaType", mediaTypes)
	_ = m.end()
	if len(types) != 1 {
		m.fail(m.at("mediaTypes"), "A media type filter must have exactly one media type.")
		return allMedia
	}
	return types[0]
}

// readFeatureFilter: the features are ORed, and NONE is every item's (contract
// 5, search), so beside it FAVORITES says nothing.
func readFeatureFilter(m message) (favorites bool) {
	wanted := m.enums("includedFeatures", "google.photos.library.v1.FeatureFilter.Feature", features)
	_ = m.end()
	return slices.Contains(wanted, favoritesOnly) && !slices.Contains(wanted, anyFeature)
}

// match is all filters but that of the days themselves, which the order of the
// timeline answers. What has no capture date is of no day (contract 5, search).
func (f *filters) match(it *item, by grant) bool {
	switch {
	case it.marks.Archived && !f.archived,
		it.marks.Undated && f.days != nil,
		!it.madeBy(by) && f.ownOnly,
		!it.marks.Favorite && f.favorites,
		f.include != 0 && it.shows&f.include == 0,
		it.shows&f.exclude != 0:
		return false
	}
	switch f.mediaType {
	case videosOnly:
		return it.content.facts.Type.Video()
	case photosOnly:
		return !it.content.facts.Type.Video()
	}
	return true
}
