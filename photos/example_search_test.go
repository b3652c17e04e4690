package photos_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// The photos of two months, the oldest first, with no more of each than is needed. An order goes with a date filter only.
func ExampleMediaItemsService_Search() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	found := client.MediaItems.Only("filename", "mediaMetadata/creationTime").Search(ctx, photos.SearchRequest{
		Filters: &photos.Filters{
			DateFilter:           &photos.DateFilter{Dates: []photos.Date{{Year: 2024, Month: 8}, {Year: 2024, Month: 7}}},
			IncludeArchivedMedia: true,
		},
		OrderBy: photos.OldestFirst,
	})
	for item, err := range found {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(item.Filename, item.MediaMetadata.CreationTime.Format(time.DateOnly))
	}
	// Output:
	// beach.jpg 2024-07-01
	// waves.mp4 2024-07-01
	// harbour.jpg 2024-07-02
	// receipt.jpg 2024-08-01
}

// search prints what some filters find.
func search(client *photos.Client, filters photos.Filters) {
	for item, err := range client.MediaItems.Search(context.Background(), photos.SearchRequest{Filters: &filters}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(item.Filename)
	}
}

// A date is a day, a month or a year; up to five of them, of which one must fit. What has no capture date is never found.
func ExampleDateFilter() {
	client, library := summer()
	defer library.Close()

	search(client, photos.Filters{DateFilter: &photos.DateFilter{Dates: []photos.Date{
		{Year: 2024, Month: 7, Day: 2},
		{Year: 2023},
	}}})
	// Output:
	// harbour.jpg
	// tree.jpg
}

// A date without a year is that day of every year, as for a birthday.
func ExampleDateFilter_everyYear() {
	client, library := summer()
	defer library.Close()

	search(client, photos.Filters{DateFilter: &photos.DateFilter{Dates: []photos.Date{{Month: 12, Day: 24}}}})
	// Output:
	// tree.jpg
}

// A range has both its ends in it, and both are of one form: here months.
func ExampleDateFilter_ranges() {
	client, library := summer()
	defer library.Close()

	search(client, photos.Filters{DateFilter: &photos.DateFilter{Ranges: []photos.DateRange{{
		StartDate: photos.Date{Year: 2024, Month: 6},
		EndDate:   photos.Date{Year: 2024, Month: 7},
	}}}})
	// Output:
	// harbour.jpg
	// waves.mp4
	// beach.jpg
}

// What shows a landscape or a city, and nobody in it. What is in a picture, the service judges.
func ExampleContentFilter() {
	client, library := summer()
	defer library.Close()

	search(client, photos.Filters{ContentFilter: &photos.ContentFilter{
		IncludedContentCategories: []photos.ContentCategory{photos.CategoryLandscapes, photos.CategoryCityscapes},
		ExcludedContentCategories: []photos.ContentCategory{photos.CategoryPeople},
	}})
	// Output:
	// beach.jpg
}

// Videos only. Exactly one type can be asked for.
func ExampleMediaTypeFilter() {
	client, library := summer()
	defer library.Close()

	search(client, photos.Filters{MediaTypeFilter: &photos.MediaTypeFilter{MediaTypes: []photos.MediaType{photos.VideoOnly}}})
	// Output:
	// waves.mp4
}

// The user's favorites.
func ExampleFeatureFilter() {
	client, library := summer()
	defer library.Close()

	search(client, photos.Filters{FeatureFilter: &photos.FeatureFilter{IncludedFeatures: []photos.Feature{photos.FeatureFavorites}}})
	// Output:
	// beach.jpg
}

// What the user has archived is found only where it is asked for. Filters are ANDed: of the receipts, those that are photos.
func ExampleFilters() {
	client, library := summer()
	defer library.Close()

	search(client, photos.Filters{
		ContentFilter:            &photos.ContentFilter{IncludedContentCategories: []photos.ContentCategory{photos.CategoryReceipts}},
		MediaTypeFilter:          &photos.MediaTypeFilter{MediaTypes: []photos.MediaType{photos.PhotoOnly}},
		IncludeArchivedMedia:     true,
		ExcludeNonAppCreatedData: true, // has no effect today: an app sees only its own
	})
	// Output:
	// receipt.jpg
}

// A search that breaks a documented rule costs no request: the error names the field.
func ExampleErrNotSent() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	favorites := &photos.Filters{FeatureFilter: &photos.FeatureFilter{IncludedFeatures: []photos.Feature{photos.FeatureFavorites}}}
	for _, request := range []photos.SearchRequest{
		{AlbumID: library.album, Filters: favorites},
		{Filters: favorites, OrderBy: photos.OldestFirst},
		{Filters: &photos.Filters{DateFilter: &photos.DateFilter{Dates: []photos.Date{{Month: 7}}}}},
	} {
		for _, err := range client.MediaItems.Search(ctx, request) {
			fmt.Println(errors.Is(err, photos.ErrNotSent), err)
		}
	}
	// Output:
	// true mediaItems.search: not sent: albumId cannot stand beside filters
	// true mediaItems.search: not sent: orderBy works with a date filter only
	// true mediaItems.search: not sent: filters.dateFilter.dates[0]: 0000-07-00 is no date that a search knows
}
