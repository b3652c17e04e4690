package photos_test

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/photos"
)

func TestRefusalsOfTheEmulatedServiceHaveTheirClass(t *testing.T) {
	s, c := onEmulator(t)
	foreign := s.AddForeignAlbum("theirs")
	own, err := c.Albums.Create(t.Context(), "ours")
	if err != nil {
		t.Fatal(err)
	}
	deleted, err := c.Albums.Create(t.Context(), "gone")
	if err != nil {
		t.Fatal(err)
	}
	s.DeleteAlbum(deleted.ID)
	into := func(album string, items ...photos.NewMediaItem) error {
		_, err := c.MediaItems.BatchCreate(t.Context(), photos.BatchCreateRequest{AlbumID: album, NewMediaItems: items})
		return err
	}
	item := oneItem.NewMediaItems[0]
	stranger, err := photos.New(photos.Config{TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "other"}), Transport: s.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	_, unknown := stranger.Albums.Get(t.Context(), own.ID)
	_, renamed := c.Albums.Patch(t.Context(), foreign, photos.AlbumPatch{Title: "mine"})
	_, covered := c.Albums.Patch(t.Context(), own.ID, photos.AlbumPatch{CoverPhotoMediaItemID: "elsewhere"})
	_, described := c.MediaItems.Patch(t.Context(), "?", "mine")
	_, searched := filenames(c.MediaItems.InAlbum(t.Context(), deleted.ID))
	_, shared := c.Albums.Share(t.Context(), own.ID, photos.SharedAlbumOptions{})
	for _, tc := range []struct {
		name string
		err  error
		want photos.Class
	}{
		{"a foreign album", into(foreign, item), photos.ClassAlbumForeign},
		{"a deleted album", into(deleted.ID, item), photos.ClassAlbumGone},
		{"an id that is none", into("?", item), photos.ClassAlbumGone},
		{"an empty token", into(own.ID, photos.NewMediaItem{}), photos.ClassInvalidToken},
		{"another app's album renamed", renamed, photos.ClassForbidden},
		{"a cover that is not in the album", covered, photos.ClassInvalid},
		{"an id that is no item's, described", described, photos.ClassInvalid},
		{"items added that are not there", c.Albums.BatchAddMediaItems(t.Context(), own.ID, []string{"elsewhere"}), photos.ClassInvalid},
		{"items removed that are not there", c.Albums.BatchRemoveMediaItems(t.Context(), own.ID, []string{"elsewhere"}), photos.ClassInvalid},
		{"a deleted album searched", searched, photos.ClassAlbumGone},
		{"an album shared", shared, photos.ClassForbidden},
		{"a shared album left", c.SharedAlbums.Leave(t.Context(), "token"), photos.ClassForbidden},
		{"another access token", unknown, photos.ClassUnauthenticated},
	} {
		if got := photos.Classify(tc.err); got != tc.want {
			t.Errorf("%s: %v, want %v (%v)", tc.name, got, tc.want, tc.err)
		}
	}
}

// A refusal says since when, in whatever way sharing is asked for.
func TestSharingIsClosed(t *testing.T) {
	_, c := onEmulator(t)
	own, err := c.Albums.Create(t.Context(), "ours")
	if err != nil {
		t.Fatal(err)
	}
	_, share := c.Albums.Share(t.Context(), own.ID, photos.SharedAlbumOptions{})
	_, get := c.SharedAlbums.Get(t.Context(), "token")
	_, _, list := c.SharedAlbums.ListPage(t.Context(), "")
	_, join := c.SharedAlbums.Join(t.Context(), "token")
	for name, err := range map[string]error{
		"share": share, "unshare": c.Albums.Unshare(t.Context(), own.ID), "get": get, "list": list, "join": join, "leave": c.SharedAlbums.Leave(t.Context(), "token"),
	} {
		if !errors.Is(err, photos.ErrSharingClosed) || photos.Classify(err) != photos.ClassForbidden || asError(t, err).Status != http.StatusForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAListingOfManyAlbumsHasEachOnce(t *testing.T) {
	s, c := onEmulator(t)
	var want []string
	for n := range 120 {
		a, err := c.Albums.Create(t.Context(), "album "+strconv.Itoa(n))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, a.ID)
	}
	got, err := albumIDs(c.Albums.List(t.Context()), -1)
	slices.Sort(got)
	slices.Sort(want)
	if err != nil || !slices.Equal(got, want) || s.Calls()["albums.list"] != 3 {
		t.Errorf("%d albums in %d requests (%v), want each of %d once, in 3", len(got), s.Calls()["albums.list"], err, len(want))
	}
}
