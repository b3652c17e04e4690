package emulator

import (
	"slices"
	"strconv"
	"strings"

	"github.com/albumwright/albumwright/internal/render"
)

// maxSide is the largest width or height that can be asked for (contract 8).
const maxSide = 16383

// loadParameters are what stands behind the equals sign of a base URL
// (contract 8).
type loadParameters struct {
	frame    render.Frame // w, h, c
	download bool         // d
	video    bool         // dv
	bare     bool         // no: without the button on the thumbnail of a video
}

// readLoadParameters reads "w2048-h1024-c" and its like, in any order. What is
// documented is taken and nothing else: a choice, as the service knows parameters
// that no page names. One of w and h is enough unless the picture is cropped: a
// choice too.
func readLoadParameters(text string) (p loadParameters, err *apiError) {
	var seen []string
	for field := range strings.SplitSeq(text, "-") {
		name := strings.TrimRight(field, "0123456789")
		if slices.Contains(seen, name) || !p.set(name, field[len(name):]) {
			return p, errBaseURLParameters()
		}
		seen = append(seen, name)
	}
	f, alone := p.frame, len(seen) == 1
	sized := f.W > 0 || f.H > 0
	switch {
	case p.video && !alone, // not with w and h, and no overlay is left out of it
		p.download && sized, // the whole picture
		f.Crop && (f.W == 0 || f.H == 0),
		p.bare && !sized && !p.download:
		return p, errBaseURLParameters()
	}
	return p, nil
}

// set takes one parameter, and reports whether there is such a one.
func (p *loadParameters) set(name, number string) bool {
	switch name {
	case "w":
		return readSide(&p.frame.W, number)
	case "h":
		return readSide(&p.frame.H, number)
	case "c":
		p.frame.Crop = true
	case "d":
		p.download = true
	case "dv":
		p.video = true
	case "no":
		p.bare = true
	default:
		return false
	}
	return number == ""
}

// readSide reads a size in pixels, 1 to 16383 (contract 8).
func readSide(side *int, number string) bool {
	n, err := strconv.Atoi(number)
	*side = n
	return err == nil && n >= 1 && n <= maxSide && number[0] != '0'
}
