package gallery

import (
	"net/http"
	"net/url"
	"slices"
)

// plays reports whether browsers may be able to play a video.
func plays(it Item) bool {
	switch it.MIMEType {
	case "video/mp4", "video/webm", "video/quicktime", "video/x-m4v":
		return true
	}
	return false
}

// inlineTypes are served as what they are; every other type is a download, so
// that no upload can be a page of this server. Read only.
var inlineTypes = []string{
	"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp",
	"video/mp4", "video/webm", "video/quicktime", "video/x-m4v",
}

// media serves the bytes as they were uploaded.
func (g *Gallery) media(w http.ResponseWriter, r *http.Request, v visit) {
	it, ok := v.lib.Item(r.PathValue("item"))
	if !ok {
		g.missing(w, r, v)
		return
	}
	b, err := v.lib.Open(it.ID)
	if err != nil {
		http.Error(w, "the bytes are gone", http.StatusGone)
		return
	}
	defer b.Close()
	h := w.Header()
	h.Set("Content-Type", it.MIMEType)
	h.Set("ETag", `"`+it.SHA256+`"`)
	disposition := "attachment"
	if slices.Contains(inlineTypes, it.MIMEType) && !r.URL.Query().Has("download") {
		disposition = "inline"
	}
	h.Set("Content-Disposition", disposition+"; filename*=UTF-8''"+url.PathEscape(it.Name))
	http.ServeContent(w, r, "", it.Created, b)
}
