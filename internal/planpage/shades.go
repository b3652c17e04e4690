package planpage

import (
	"fmt"

	"github.com/albumwright/albumwright/internal/chart"
	"github.com/albumwright/albumwright/internal/plan"
)

// shades gives each album its style: its hue, and the darker or lighter kind of it if the album before has the same one.
func shades(albums []plan.Album) []string {
	out := make([]string, len(albums))
	before, second := -1, false
	for i, a := range albums {
		hue := chart.Hue(a.Title)
		second = hue == before && !second
		before = hue
		out[i] = fmt.Sprintf("hue%d", hue)
		if second {
			out[i] += " second"
		}
	}
	return out
}
