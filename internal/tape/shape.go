package tape

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// differences compares an answer with the recorded one, and learns the server's names for what both made.
func (c *checker) differences(e Exchange, resp *http.Response, body []byte) (what []string) {
	if e.Answer.Status != resp.StatusCode {
		what = append(what, fmt.Sprintf("status: %d, recorded %d", resp.StatusCode, e.Answer.Status))
	}
	for _, name := range []string{"X-Goog-Upload-Status", "X-Goog-Upload-Size-Received"} {
		if got, want := resp.Header.Get(name), e.Answer.Header[name]; got != want {
			what = append(what, fmt.Sprintf("%s: %q, recorded %q", name, got, want))
		}
	}
	session, live := e.Answer.Header["X-Goog-Upload-Url"], resp.Header.Get("X-Goog-Upload-Url")
	if (session == "") != (live == "") {
		what = append(what, "X-Goog-Upload-URL: only one of the two has it")
	}
	if session != "" && live != "" {
		size, _ := strconv.ParseInt(e.Request.Header["X-Goog-Upload-Raw-Size"], 10, 64)
		c.live[session] = live
		c.media["/"+session] = Media{e.Request.Header["X-Goog-Upload-Content-Type"], size, session}
	}
	return append(what, c.compareBodies(e.Answer, resp, body)...)
}

func (c *checker) compareBodies(want *Answer, resp *http.Response, body []byte) []string {
	b := want.Body
	switch {
	case b == nil && len(body) > 0:
		return []string{fmt.Sprintf("body: %d bytes, recorded none", len(body))}
	case b == nil:
		return nil
	case len(body) == 0:
		return []string{fmt.Sprintf("body: none, recorded %d bytes", b.Bytes)}
	case b.JSON == nil:
		if isPlaceholder(b.Text) {
			c.live[b.Text] = strings.TrimSpace(string(body))
		}
		if got, want := kindOf(resp.Header.Get("Content-Type")), kindOf(want.Header["Content-Type"]); got != want {
			return []string{fmt.Sprintf("Content-Type: %s, recorded %s", got, want)}
		}
		return nil
	}
	got, err := parse(body)
	if err != nil {
		return []string{"body: not JSON, recorded JSON"}
	}
	recorded, err := parse(b.JSON)
	if err != nil {
		return []string{"body: the recorded JSON is none"}
	}
	return c.shape("", "", recorded, got)
}

func kindOf(contentType string) string {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return contentType
	}
	return kind
}

// exact are the fields whose value is a part of the shape. Read only.
var exact = map[string]bool{"code": true, "status": true, "reason": true, "isWriteable": true, "quota_limit": true}

// varying are the fields of which a server may have more or less than another: the files are others, and so is what else is there. Read only.
var varying = map[string]bool{
	"albums": true, "mediaItems": true, "sharedAlbums": true, "nextPageToken": true, "mediaMetadata": true, "mediaItemsCount": true, "coverPhotoBaseUrl": true,
	"coverPhotoMediaItemId": true, "baseUrl": true, "links": true, "fieldViolations": true, "errors": true, "details": true,
}

// shape compares two values at a place, and learns from them.
func (c *checker) shape(at, field string, want, got any) (what []string) {
	if typeOf(want) != typeOf(got) {
		return []string{fmt.Sprintf("%s: %s, recorded %s", at, typeOf(got), typeOf(want))}
	}
	switch want := want.(type) {
	case map[string]any:
		return c.shapeOfObject(at, want, got.(map[string]any))
	case []any:
		return c.shapeOfList(at, field, want, got.([]any))
	case string:
		c.learn(field, want, got.(string))
	}
	if exact[field] && want != got {
		return []string{fmt.Sprintf("%s: %v, recorded %v", at, got, want)}
	}
	return nil
}

func (c *checker) shapeOfObject(at string, want, got map[string]any) (what []string) {
	names := maps.Clone(want)
	maps.Copy(names, got)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		place := strings.TrimPrefix(at+"."+name, ".")
		w, recorded := want[name]
		g, answered := got[name]
		switch {
		case recorded && answered:
			what = append(what, c.shape(place, name, w, g)...)
		case varying[name] || within(at, "mediaMetadata"):
		case recorded:
			what = append(what, place+": missing, recorded")
		default:
			what = append(what, place+": there, not recorded")
		}
	}
	return what
}

func within(at, name string) bool { return slices.Contains(strings.Split(at, "."), name) }

func (c *checker) shapeOfList(at, field string, want, got []any) (what []string) {
	if varying[field] {
		got = c.sorted(want, got)
	} else if len(want) != len(got) {
		what = append(what, fmt.Sprintf("%s: %d entries, recorded %d", at, len(got), len(want)))
	}
	for i := range min(len(want), len(got)) {
		if got[i] != nil && !(field == "newMediaItemResults" && failed(want[i])) {
			what = append(what, c.shape(fmt.Sprintf("%s[%d]", at, i), field, want[i], got[i])...)
		}
	}
	return what
}

// sorted puts the entries of a listing beside the recorded ones that they are, by their ids; nil where there is none.
func (c *checker) sorted(want, got []any) []any {
	byID := map[any]any{}
	for _, g := range got {
		byID[idOf(g)] = g
	}
	out := make([]any, len(want))
	for i, w := range want {
		id := idOf(w)
		if live, known := c.live[id]; known {
			out[i] = byID[live]
		} else if id == "" && i < len(got) {
			out[i] = got[i]
		}
	}
	return out
}

func idOf(v any) string {
	fields, _ := v.(map[string]any)
	id, _ := fields["id"].(string)
	return id
}

// failed tells that an entry of a batchCreate had a status of its own: its file was at fault, and another one stands for it here.
func failed(result any) bool {
	fields, _ := result.(map[string]any)
	status, _ := fields["status"].(map[string]any)
	return status["code"] != nil
}

// learn notes what an id, a token or an address of the recording is on this server.
func (c *checker) learn(field, recorded, live string) {
	switch field {
	case "id", "coverPhotoMediaItemId", "uploadToken", "shareToken", "nextPageToken", "baseUrl", "coverPhotoBaseUrl", "profilePictureBaseUrl", "shareableUrl":
		if _, known := c.live[recorded]; !known {
			c.live[recorded] = live
		}
	}
}

func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return "a number"
}
