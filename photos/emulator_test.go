package photos_test

import (
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
	for _, tc := range []struct {
		name string
		err  error
		want photos.Class
	}{
		{"a foreign album", into(foreign, item), photos.ClassAlbumForeign},
		{"a deleted album", into(deleted.ID, item), photos.ClassAlbumGone},
		{"an id that is none", into("?", item), photos.ClassAlbumGone},
		{"an empty token", into(own.ID, photos.NewMediaItem{}), photos.ClassInvalidToken},
		{"51 items", into(own.ID, slices.Repeat([]photos.NewMediaItem{item}, 51)...), photos.ClassInvalid},
		{"another access token", unknown, photos.ClassUnauthenticated},
	} {
		if got := photos.Classify(tc.err); got != tc.want {
			t.Errorf("%s: class %d, want %d (%v)", tc.name, got, tc.want, tc.err)
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
