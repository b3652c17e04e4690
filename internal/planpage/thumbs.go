package planpage

import (
	"net/http"
	"strconv"
)

// thumb answers with the picture of a file of the plan, or with a tile that names its type. Its address has no path in it: only a number.
func (p *page) thumb(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.PathValue("file"))
	path, known := p.files.path(number)
	if err != nil || !known {
		http.NotFound(w, r)
		return
	}
	p.thumbs.Serve(w, r, strconv.Itoa(number), path)
}
