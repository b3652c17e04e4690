package gallery

import (
	"bytes"
	"fmt"
	"html"

	"github.com/albumwright/albumwright/internal/render"
)

// placeholder is a tile with the type's name, for what cannot be decoded. Its
// colours stand on light and dark pages.
func placeholder(it Item) render.Picture {
	from, to, sign := "#6d7f9e", "#47567a", ""
	if it.Video {
		from, to = "#8a6d93", "#5b4470"
		sign = `<circle cx="200" cy="118" r="34" fill="none" stroke="#fff" stroke-width="4"/>` +
			`<path d="M190 102v32l28-16z" fill="#fff"/>`
	} else {
		sign = `<path d="M158 92h84a8 8 0 0 1 8 8v48a8 8 0 0 1-8 8h-84a8 8 0 0 1-8-8v-48a8 8 0 0 1 8-8z" ` +
			`fill="none" stroke="#fff" stroke-width="4"/><circle cx="175" cy="112" r="6" fill="#fff"/>` +
			`<path d="M156 150l28-26 16 14 22-24 24 30" fill="none" stroke="#fff" stroke-width="4" stroke-linejoin="round"/>`
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300">`+
		`<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="%s"/>`+
		`<stop offset="1" stop-color="%s"/></linearGradient></defs><rect width="400" height="300" fill="url(#g)"/>%s`+
		`<text x="200" y="210" fill="#fff" font-family="system-ui, sans-serif" font-size="34" font-weight="600" `+
		`text-anchor="middle" letter-spacing="1">%s</text></svg>`, from, to, sign, html.EscapeString(it.TypeName))
	return render.Picture{ContentType: "image/svg+xml", Bytes: b.Bytes()}
}
