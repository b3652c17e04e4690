package pipeline_test

import (
	"testing"

	"github.com/albumwright/albumwright/pipeline"
)

// A rule that names what an album was renamed to means that album, and goes on to when it is renamed once more, or made anew.
func TestRulesOfTheOldAndOfTheNewTitleShareTheAlbum(t *testing.T) {
	w := newWorld(t)
	w.photo("Trip/a.jpg", 1)
	w.photo("Trip/c.jpg", 3)
	w.run()
	w.change(pipeline.AlbumEdit{Album: "Trip", Rename: "Summer"})
	w.photo("Summer/b.jpg", 2)
	w.foreseenExactly()
	w.wantAlbums(map[string][]string{"Summer": {"a.jpg", "b.jpg", "c.jpg"}})
	w.change(pipeline.AlbumEdit{Album: "Summer", Rename: "Norway"})
	w.photo("Trip/d.jpg", 5)
	w.photo("Summer/e.jpg", 4)
	w.foreseenExactly()
	w.wantAlbums(map[string][]string{"Norway": {"a.jpg", "b.jpg", "c.jpg", "e.jpg", "d.jpg"}})
	w.service.DeleteAlbum(w.idOf("Norway"))
	w.photo("Summer/f.jpg", 6)
	w.run()
	w.wantAlbums(map[string][]string{"Trip": {"a.jpg", "b.jpg", "c.jpg", "e.jpg", "d.jpg", "f.jpg"}})

	w.change(pipeline.AlbumEdit{Album: "Trip", Rename: "Autumn"})
	w.cfg.AlbumBy, w.cfg.Album = "", "Autumn" // of files that are known by other rules
	w.photo("Trip/g.jpg", 0)
	wantEnds(t, w.foreseenExactly(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 6})
	w.wantAlbums(map[string][]string{"Autumn": {"g.jpg", "a.jpg", "b.jpg", "c.jpg", "e.jpg", "d.jpg", "f.jpg"}})
}

// It keeps its numbers when it is full.
func TestAFullAlbumGoesOnThoughTwoRulesNameIt(t *testing.T) {
	w := newSmallAlbums(t, 2)
	w.photo("Trip/a.jpg", 1)
	w.run()
	w.change(pipeline.AlbumEdit{Album: "Trip", Rename: "Summer"})
	w.photo("Summer/b.jpg", 2)
	w.photo("Trip/c.jpg", 3)
	w.photo("Summer/d.jpg", 4)
	w.foreseen()
	w.wantAlbums(map[string][]string{"Summer": {"a.jpg", "b.jpg"}, "Trip (2)": {"c.jpg", "d.jpg"}})
}

// Rules that name a title go on to mean their album: another one of that title would get mixed up with it.
func TestATitleThatRulesGoOnToUseIsRefused(t *testing.T) {
	w := newWorld(t)
	w.photo("Trip/a.jpg", 1)
	w.photo("Other/b.jpg", 2)
	w.run()
	w.change(pipeline.AlbumEdit{Album: "Trip", Rename: "Summer"})
	w.wantMistake(pipeline.AlbumEdit{Album: "Other", Rename: "Trip"}, `rules go on to name another album "Trip"`)
	w.change(pipeline.AlbumEdit{Album: "Summer", Rename: "Trip"})
	w.wantAlbums(map[string][]string{"Trip": {"a.jpg"}, "Other": {"b.jpg"}})
}
