package batch

import "github.com/albumwright/albumwright/photos"

// Grouper decides where one batch ends and the next begins, for items in the order in which they are to stand. A batch holds at most
// [photos.MaxBatch] items of one album and one place. The zero value is ready; a plan and the run that carries it out use the same rule.
type Grouper struct {
	album string
	place Place
	n     int
	began bool
}

// Next takes the next item's album and place. It tells whether a new batch starts with this item, and whether it goes to another place than the
// item before.
func (g *Grouper) Next(album string, place Place) (starts, moves bool) {
	moves = !g.began || album != g.album || place != g.place
	starts = moves || g.n == photos.MaxBatch
	if starts {
		g.n = 0
	}
	g.album, g.place, g.began = album, place, true
	g.n++
	return starts, moves
}

// Break ends the current batch: something else goes in between.
func (g *Grouper) Break() { g.n = photos.MaxBatch }

// Full tells whether the current batch can take no more.
func (g *Grouper) Full() bool { return g.n == photos.MaxBatch }
