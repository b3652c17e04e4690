package photos

// ContentCategory is what the service sees in a media item (reference "mediaItems.search").
type ContentCategory string

// The categories that a search knows. What falls into them is the service's own judgement.
const (
	CategoryNone         ContentCategory = "NONE" // says nothing; ignored beside any other
	CategoryLandscapes   ContentCategory = "LANDSCAPES"
	CategoryReceipts     ContentCategory = "RECEIPTS"
	CategoryCityscapes   ContentCategory = "CITYSCAPES"
	CategoryLandmarks    ContentCategory = "LANDMARKS"
	CategorySelfies      ContentCategory = "SELFIES"
	CategoryPeople       ContentCategory = "PEOPLE"
	CategoryPets         ContentCategory = "PETS"
	CategoryWeddings     ContentCategory = "WEDDINGS"
	CategoryBirthdays    ContentCategory = "BIRTHDAYS"
	CategoryDocuments    ContentCategory = "DOCUMENTS"
	CategoryTravel       ContentCategory = "TRAVEL"
	CategoryAnimals      ContentCategory = "ANIMALS"
	CategoryFood         ContentCategory = "FOOD"
	CategorySport        ContentCategory = "SPORT"
	CategoryNight        ContentCategory = "NIGHT"
	CategoryPerformances ContentCategory = "PERFORMANCES"
	CategoryWhiteboards  ContentCategory = "WHITEBOARDS"
	CategoryScreenshots  ContentCategory = "SCREENSHOTS"
	CategoryUtility      ContentCategory = "UTILITY" // documents, screenshots, whiteboards and their like
	CategoryArts         ContentCategory = "ARTS"
	CategoryCrafts       ContentCategory = "CRAFTS"
	CategoryFashion      ContentCategory = "FASHION"
	CategoryHouses       ContentCategory = "HOUSES"
	CategoryGardens      ContentCategory = "GARDENS"
	CategoryFlowers      ContentCategory = "FLOWERS"
	CategoryHolidays     ContentCategory = "HOLIDAYS"
)

// Categories are all categories that a search knows.
func Categories() []ContentCategory {
	return []ContentCategory{
		CategoryNone, CategoryLandscapes, CategoryReceipts, CategoryCityscapes, CategoryLandmarks, CategorySelfies,
		CategoryPeople, CategoryPets, CategoryWeddings, CategoryBirthdays, CategoryDocuments, CategoryTravel,
		CategoryAnimals, CategoryFood, CategorySport, CategoryNight, CategoryPerformances, CategoryWhiteboards,
		CategoryScreenshots, CategoryUtility, CategoryArts, CategoryCrafts, CategoryFashion, CategoryHouses,
		CategoryGardens, CategoryFlowers, CategoryHolidays,
	}
}

// MediaType is a kind of media item in a search.
type MediaType string

// The media types that a search knows.
const (
	AllMedia  MediaType = "ALL_MEDIA" // as if there were no filter
	VideoOnly MediaType = "VIDEO"     // films that the user made in the app too
	PhotoOnly MediaType = "PHOTO"     // animated, live and motion photos, panoramas too
)

// Feature is a mark of the user's on a media item.
type Feature string

// The features that a search knows.
const (
	FeatureNone      Feature = "NONE" // every item has it
	FeatureFavorites Feature = "FAVORITES"
)
