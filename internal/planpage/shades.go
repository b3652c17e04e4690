package planpage

import (
	"fmt"
	"hash/fnv"

	"github.com/albumwright/albumwright/internal/plan"
)

// hues is the number of colours in the style sheet. They differ in lightness too, so that they are told apart by those who see fewer colours.
const hues = 8

// shades gives each album its style: a hue that its title alone decides, so that an album keeps it while others come and go, and the darker or
// lighter kind of it if the album before has the same one.
func shades(albums []plan.Album) []string {
	out := make([]string, len(albums))
	before, second := -1, false
	for i, a := range albums {
		hue := hueOf(a.Title)
		second = hue == before && !second
		before = hue
		out[i] = fmt.Sprintf("hue%d", hue)
		if second {
			out[i] += " second"
		}
	}
	return out
}

func hueOf(title string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(title)) // a hash takes everything
	sum := h.Sum32()
	return int((sum ^ sum>>15) % hues)
}
