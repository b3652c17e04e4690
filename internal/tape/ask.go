package tape

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

var aboutSharing = regexp.MustCompile(`^/v1/sharedAlbums|:(un)?share$`)

// request is a recorded request as this server has to be asked.
func (c *checker) request(ctx context.Context, r Request) (*http.Request, error) {
	address, err := c.address(r)
	if err != nil {
		return nil, err
	}
	body, size, err := c.body(r)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, address, body)
	if err != nil {
		return nil, skipped(skipUnknown)
	}
	req.ContentLength = size
	if size == 0 {
		req.Body = http.NoBody
	}
	for name, value := range r.Header {
		switch name {
		case "Authorization", "Content-Length", "X-Goog-Hash": // that of another file
		default:
			req.Header.Set(name, value)
		}
	}
	if r.Header["Authorization"] != "" {
		req.Header.Set("Authorization", "Bearer "+c.AccessToken)
	}
	return req, nil
}

// baseOf is the placeholder in the path of a session or a base URL.
func baseOf(path string) string { return placeholder.FindString(path) }

func (c *checker) address(r Request) (string, error) {
	if base := baseOf(r.Path); base != "" && strings.HasPrefix(r.Path, "/"+base) {
		at, known := c.live[base]
		if !known {
			return "", skipped(skipBefore)
		}
		return at + r.Path[1+len(base):], nil
	}
	path, err := c.path(r.Path)
	if err != nil {
		return "", err
	}
	query := url.Values{}
	for name, values := range r.Query {
		for _, v := range values {
			live, err := c.alive(name, v)
			if err != nil {
				return "", err
			}
			query.Add(name, live)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.Endpoint + path, nil
}

func (c *checker) path(path string) (string, error) {
	m := apiForm.FindStringSubmatch(strings.TrimPrefix(path, "/v1/"))
	switch {
	case m == nil:
		return "", skipped(skipUnknown)
	case m[2] == "":
		return path, nil
	}
	id, known := c.live[m[2]]
	if !known {
		return "", skipped(skipBefore)
	}
	return "/v1/" + m[1] + "/" + url.PathEscape(id) + m[3], nil
}

// refers are the fields that name something which the server made. Read only.
var refers = map[string]bool{
	"id": true, "albumId": true, "album_id": true, "mediaItemIds": true, "media_item_ids": true, "relativeMediaItemId": true, "relative_media_item_id": true,
	"relativeEnrichmentItemId": true, "relative_enrichment_item_id": true, "coverPhotoMediaItemId": true, "cover_photo_media_item_id": true,
	"uploadToken": true, "upload_token": true, "shareToken": true, "share_token": true, "pageToken": true, "page_token": true,
}

// alive is a value of a request as this server knows it.
func (c *checker) alive(field, value string) (string, error) {
	switch {
	case value == "":
		return value, nil
	case strings.HasPrefix(value, kindAccess+"-"):
		return c.AccessToken, nil
	case !refers[field]:
		return value, nil
	}
	live, known := c.live[value]
	if !known {
		return "", skipped(skipBefore)
	}
	return live, nil
}

func (c *checker) body(r Request) (body io.Reader, size int64, err error) {
	b := r.Body
	switch {
	case b == nil:
		return nil, 0, nil
	case b.JSON != nil:
		return c.jsonBody(b.JSON)
	case b.SHA256 == "" || b.Cut || !isUpload(r.Path):
		return nil, 0, skipped(skipUnknown)
	}
	m, at := c.announced(r)
	file, ok := c.Media(m)
	if !ok {
		return nil, 0, skipped(skipMedia)
	}
	return io.NewSectionReader(file, at, b.Bytes), b.Bytes, nil
}

// announced is the file of an upload, and where in it the request begins.
func (c *checker) announced(r Request) (m Media, at int64) {
	if m, found := c.media[r.Path]; found {
		at, _ := strconv.ParseInt(r.Header["X-Goog-Upload-Offset"], 10, 64)
		return m, at
	}
	return Media{r.Header["X-Goog-Upload-Content-Type"], r.Body.Bytes, r.Body.SHA256}, 0
}

func (c *checker) jsonBody(text json.RawMessage) (io.Reader, int64, error) {
	v, err := parse(text)
	if err != nil {
		return nil, 0, err
	}
	if v, err = c.revive(v, ""); err != nil {
		return nil, 0, err
	}
	b := encode(v)
	return bytes.NewReader(b), int64(len(b)), nil
}

func parse(text []byte) (v any, err error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	err = dec.Decode(&v)
	return v, err
}

// revive puts this server's ids and tokens into a body.
func (c *checker) revive(v any, field string) (any, error) {
	var err error
	switch v := v.(type) {
	case string:
		return c.alive(field, v)
	case []any:
		for i := range v {
			if v[i], err = c.revive(v[i], field); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for name := range v {
			if v[name], err = c.revive(v[name], name); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}
