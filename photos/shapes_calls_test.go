package photos_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/photos"
)

// askers ask the client for what a request of a case asks, and give its result the form of an answer.
var askers = map[string]func(*testing.T, *photos.Client, shapeRequest) (any, error){
	"mediaItems.get":         askForItem,
	"mediaItems.batchGet":    askForItems,
	"mediaItems.list":        askForLibrary,
	"mediaItems.search":      askForSearch,
	"mediaItems.batchCreate": askToCreate,
	"albums.list":            askForAlbums,
	"sharedAlbums.list":      askForSharedAlbums,
}

func askForItem(t *testing.T, c *photos.Client, r shapeRequest) (any, error) {
	service := c.MediaItems
	if fields := r.query.Get("fields"); fields != "" {
		first, rest, _ := strings.Cut(fields, ",")
		service = service.Only(first, rest)
	}
	return service.Get(t.Context(), strings.TrimPrefix(r.path, "/v1/mediaItems/"))
}

func askForItems(t *testing.T, c *photos.Client, r shapeRequest) (any, error) {
	results, err := c.MediaItems.BatchGet(t.Context(), r.query["mediaItemIds"])
	return map[string]any{"mediaItemResults": results}, err
}

func askForLibrary(t *testing.T, c *photos.Client, r shapeRequest) (any, error) {
	items, next, err := c.MediaItems.ListPage(t.Context(), r.query.Get("pageToken"))
	return listed("mediaItems", items, next), err
}

func askForSearch(t *testing.T, c *photos.Client, r shapeRequest) (any, error) {
	var in struct {
		photos.SearchRequest
		PageToken string `json:"pageToken"`
	}
	into(t, r.body, &in)
	items, next, err := c.MediaItems.SearchPage(t.Context(), in.SearchRequest, in.PageToken)
	return listed("mediaItems", items, next), err
}

func askToCreate(t *testing.T, c *photos.Client, r shapeRequest) (any, error) {
	var in photos.BatchCreateRequest
	into(t, r.body, &in)
	return c.MediaItems.BatchCreate(t.Context(), in)
}

func askForAlbums(t *testing.T, c *photos.Client, r shapeRequest) (any, error) {
	service := c.Albums
	if r.query.Get("excludeNonAppCreatedData") == "true" {
		service = service.AppCreated()
	}
	albums, next, err := service.ListPage(t.Context(), r.query.Get("pageToken"))
	return listed("albums", albums, next), err
}

func askForSharedAlbums(t *testing.T, c *photos.Client, r shapeRequest) (any, error) {
	service := c.SharedAlbums
	if r.query.Get("excludeNonAppCreatedData") == "true" {
		service = service.AppCreated()
	}
	albums, next, err := service.ListPage(t.Context(), r.query.Get("pageToken"))
	return listed("sharedAlbums", albums, next), err
}

// listed is a page of a listing as the answer has it; an empty one has no list.
func listed[T any](name string, things []T, next string) any {
	page := map[string]any{"nextPageToken": next}
	if len(things) > 0 {
		page[name] = things
	}
	return page
}

// addressOf asks a base URL for what some parameters say.
func addressOf(t *testing.T, u photos.BaseURL, parameters string) (string, error) {
	t.Helper()
	switch parameters {
	case "d":
		return u.Download()
	case "dv":
		return u.Video()
	}
	var width, height int
	n, err := fmt.Sscanf(parameters, "w%d-h%d", &width, &height)
	if n != 2 {
		t.Fatalf("no size in %q: %v", parameters, err)
	}
	_, more, _ := strings.Cut(parameters, fmt.Sprintf("-h%d", height))
	switch more {
	case "":
		return u.Fit(width, height)
	case "-c":
		return u.Crop(width, height)
	case "-no":
		return u.Still(width, height)
	}
	t.Fatalf("nothing of the client's says %q", parameters)
	return "", nil
}
