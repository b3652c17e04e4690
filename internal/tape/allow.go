package tape

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// requestHeaders and answerHeaders are the header fields that are recorded, each with what becomes of its value. Read only.
var requestHeaders = map[string]rule{
	"Authorization": (*scrub).authorization,
	"Content-Type":  (*scrub).text, "Content-Length": (*scrub).text, "Accept": (*scrub).text, "User-Agent": (*scrub).text, "Range": (*scrub).text,
	"X-Goog-Upload-Command": (*scrub).text, "X-Goog-Upload-Content-Type": (*scrub).text, "X-Goog-Upload-File-Name": (*scrub).ownName,
	"X-Goog-Upload-Offset": (*scrub).text, "X-Goog-Upload-Protocol": (*scrub).text, "X-Goog-Upload-Raw-Size": (*scrub).text,
	"X-Goog-Hash": (*scrub).without, // of the file, as its SHA-256 is
}

var answerHeaders = map[string]rule{
	"Content-Type": (*scrub).text, "Content-Length": (*scrub).text, "Date": (*scrub).text, "Retry-After": (*scrub).text, "Server": (*scrub).text,
	"Allow": (*scrub).text, "Content-Range": (*scrub).text, "Www-Authenticate": (*scrub).text,
	"X-Goog-Upload-Chunk-Granularity": (*scrub).text, "X-Goog-Upload-Size-Received": (*scrub).text, "X-Goog-Upload-Status": (*scrub).text,
	"X-Goog-Upload-Url": (*scrub).session, "X-Goog-Upload-Control-Url": (*scrub).session, "X-Guploader-Uploadid": as(kindUploadID),
}

// maxHeader is how much of a header's value is recorded.
const maxHeader = 1000

// header takes what is known to be harmless.
func (s *scrub) header(h http.Header, allowed map[string]rule) map[string]string {
	clean := map[string]string{}
	for name, values := range h {
		r := allowed[http.CanonicalHeaderKey(name)]
		if r == nil || len(values) == 0 {
			continue
		}
		v := r(s, strings.Join(values, ", "))
		clean[http.CanonicalHeaderKey(name)] = v[:min(len(v), maxHeader)]
	}
	return clean
}

// authorization keeps the scheme, and which token it was.
func (s *scrub) authorization(value string) string {
	if token, ok := strings.CutPrefix(value, "Bearer "); ok {
		return "Bearer " + s.secret(kindAccess, token)
	}
	return s.secret(kindPassword, value)
}

// session leaves the address of a resumable upload out, and knows it again when it is used. It is opaque: contract 3.2.
func (s *scrub) session(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return s.secret(kindSession, address)
	}
	if id := u.Query().Get("upload_id"); id != "" {
		defer s.secret(kindUploadID, id) // wherever else it stands
	}
	return s.secret(kindSession, addressOf(u))
}

// addressOf is an address without its host.
func addressOf(u *url.URL) string { return u.EscapedPath() + "?" + u.RawQuery }

// queryRules say which fields of a query are recorded. Read only.
var queryRules = map[string]rule{
	"pageSize": (*scrub).text, "page_size": (*scrub).text, "pageToken": as(kindPage), "page_token": as(kindPage),
	"updateMask": (*scrub).text, "update_mask": (*scrub).text, "mediaItemIds": (*scrub).id, "media_item_ids": (*scrub).id,
	"excludeNonAppCreatedData": (*scrub).text, "exclude_non_app_created_data": (*scrub).text,
	"fields": (*scrub).text, "alt": (*scrub).text, "prettyPrint": (*scrub).text, "$.xgafv": (*scrub).text,
	"upload_protocol": (*scrub).text, "uploadType": (*scrub).text,
	"access_token": as(kindAccess), "oauth_token": as(kindAccess), "response_type": (*scrub).text, "scope": (*scrub).text,
}

func (s *scrub) query(q url.Values) map[string][]string {
	clean := map[string][]string{}
	for name, values := range q {
		if r := queryRules[name]; r != nil {
			for _, v := range values {
				clean[name] = append(clean[name], r(s, v))
			}
		}
	}
	return clean
}

// idForm is how ids look: up to 99 letters have been seen (contract 7), and upload tokens are longer.
var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// id keeps what can be the id of an item or an album.
func (s *scrub) id(v string) string {
	if _, secret := s.lookUp(v); secret || !idForm.MatchString(v) {
		return s.secret(kindOpaque, v)
	}
	return v
}

// path leaves out of an address what is a secret; known is false for one that is not of the API.
func (s *scrub) path(u *url.URL) (path string, query map[string][]string, known bool) {
	full := u.EscapedPath()
	stands, isSession := s.lookUp(addressOf(u))
	switch {
	case isSession:
		return "/" + stands, nil, true
	case u.Query().Has("upload_id"):
		return "/" + s.session(addressOf(u)), nil, true
	case s.replay && isPlaceholder(placeholder.FindString(full)) && strings.HasPrefix(full, "/"+placeholder.FindString(full)):
		return full, s.query(u.Query()), true
	}
	if at := strings.Index(full, "/v1/"); at >= 0 {
		return s.apiPath(full[at+len("/v1/"):]), s.query(u.Query()), true
	}
	if oauthPaths[full] {
		return full, s.query(u.Query()), true
	}
	base, params := full, ""
	if m := baseURLParameters.FindString(full); m != "" {
		base, params = strings.TrimSuffix(full, m), m
	}
	if stands, found := s.lookUp(base); found {
		return "/" + stands + params, nil, true
	}
	return "/" + s.secret(kindPath, base) + params, nil, strings.HasPrefix(full, "/lh/")
}

var baseURLParameters = regexp.MustCompile(`=[a-z0-9-]{1,40}$`)

// oauthPaths are those of sign-in, as the service has them. Read only.
var oauthPaths = map[string]bool{
	"/token": true, "/revoke": true, "/o/oauth2/auth": true, "/o/oauth2/v2/auth": true, "/o/oauth2/token": true, "/o/oauth2/revoke": true,
	"/oauth2/v3/token": true, "/oauth2/v4/token": true, "/oauth2/v3/userinfo": true,
	"/oauth2/v2/userinfo": true, "/oauth2/v3/tokeninfo": true, "/tokeninfo": true,
}

// apiPath is what follows /v1/: a collection, an id, a verb (contract 1.1).
func (s *scrub) apiPath(rest string) string {
	m := apiForm.FindStringSubmatch(rest)
	if m == nil {
		return "/v1/" + s.secret(kindPath, rest)
	}
	collection, id, verb := m[1], m[2], m[3]
	if id == "" {
		return "/v1/" + collection + verb
	}
	plain, err := url.PathUnescape(id)
	switch {
	case s.replay && isPlaceholder(id):
		plain = id
	case err != nil:
		plain = s.secret(kindOpaque, id)
	case collection == "sharedAlbums":
		plain = s.secret(kindShare, plain)
	default:
		plain = s.id(plain)
	}
	return "/v1/" + collection + "/" + plain + verb
}

var apiForm = regexp.MustCompile(`^(uploads|albums|mediaItems|sharedAlbums)(?:/([^/:]+))?(:[A-Za-z]{1,40})?$`)

// isAPI tells the requests that are worth recording on a server that has other things too.
func isAPI(r *http.Request) bool {
	_, _, known := newScrub(false).path(r.URL)
	return known
}
