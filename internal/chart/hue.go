package chart

import "hash/fnv"

// Hues is the number of album colours in the style sheet of package look: the classes hue0, hue1 and so on. They differ in lightness too, so that they
// are told apart by those who see fewer colours.
const Hues = 8

// Hue is an album's colour. Its title alone decides it, so that an album keeps it while others come and go, and from page to page.
func Hue(title string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(title)) // a hash takes everything
	sum := h.Sum32()
	return int((sum ^ sum>>15) % Hues)
}
