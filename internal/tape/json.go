package tape

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
)

// rule is what becomes of a string in a JSON body, by the name of its field.
type rule func(s *scrub, value string) string

// as makes a rule of a kind of secret.
func as(kind string) rule {
	return func(s *scrub, value string) string { return s.secret(kind, value) }
}

// plain is for values that the API defines: ids, enums, times, numbers.
func plain(s *scrub, value string) string {
	if len(value) > maxValue {
		return unknown(s, value)
	}
	return s.without(value)
}

// unknown is for fields that nobody knows: what is in them may be anything.
func unknown(_ *scrub, value string) string { return fmt.Sprintf("string of %d", len(value)) }

// maxValue is more than any value has that is not a text.
const maxValue = 2000

// jsonRules say what becomes of the strings of a field. Numbers and booleans stay. Read only.
var jsonRules = func() map[string]rule {
	rules := map[string]rule{
		"uploadToken": as(kindUpload), "upload_token": as(kindUpload),
		"baseUrl": (*scrub).baseURL, "coverPhotoBaseUrl": (*scrub).baseURL, "profilePictureBaseUrl": (*scrub).baseURL,
		"shareToken": as(kindShare), "share_token": as(kindShare), "shareableUrl": as(kindShareURL),
		"pageToken": as(kindPage), "page_token": as(kindPage), "nextPageToken": as(kindPage),
		"access_token": as(kindAccess), "accessToken": as(kindAccess), "refresh_token": as(kindRefresh), "id_token": as(kindIdentity),
		"code": as(kindCode), "code_verifier": as(kindVerifier), "client_id": as(kindClient), "client_secret": as(kindPassword),
		"token": as(kindAccess), "assertion": as(kindIdentity), "device_code": as(kindCode), "user_code": as(kindCode),

		"fileName": (*scrub).ownName, "file_name": (*scrub).ownName, "filename": (*scrub).ownName,
		"description": (*scrub).own, "title": (*scrub).own, "text": (*scrub).own,
		"locationName": (*scrub).own, "location_name": (*scrub).own, "displayName": (*scrub).own,

		"message": (*scrub).text, "error": (*scrub).text, "error_description": (*scrub).text,
	}
	for _, name := range []string{
		"id", "albumId", "album_id", "mediaItemIds", "media_item_ids", "relativeMediaItemId", "relative_media_item_id", "relativeEnrichmentItemId",
		"relative_enrichment_item_id", "coverPhotoMediaItemId", "cover_photo_media_item_id", "productUrl", "mimeType", "mediaItemsCount",
		"creationTime", "width", "height", "cameraMake", "cameraModel", "exposureTime", "status", "position",
		"pageSize", "page_size", "orderBy", "order_by", "mediaTypes", "media_types", "includedFeatures", "included_features",
		"includedContentCategories", "included_content_categories", "excludedContentCategories", "excluded_content_categories",
		"@type", "reason", "domain", "service", "method", "consumer", "quota_limit", "quota_limit_value", "quota_location", "quota_metric", "url", "field",
		"grant_type", "response_type", "token_type", "scope", "expires_in", "year", "month", "day",
	} {
		rules[name] = plain
	}
	return rules
}()

// ruleOf finds the rule of a field. Inside of an error, a description is the service's.
func ruleOf(field string, inError bool) rule {
	if inError && field == "description" {
		return (*scrub).text
	}
	if r := jsonRules[field]; r != nil {
		return r
	}
	return unknown
}

// fieldName is the name that a field of an API can have. Others may be data.
var fieldName = regexp.MustCompile(`^[A-Za-z_@][A-Za-z0-9_.-]{0,39}$`)

// json takes the secrets out of a JSON body; false if it is none. Fields come out sorted.
func (s *scrub) json(body []byte) (json.RawMessage, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil || dec.More() {
		return nil, false
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s.value(v, "", false)); err != nil {
		return nil, false
	}
	return bytes.TrimSpace(out.Bytes()), true
}

func (s *scrub) value(v any, field string, inError bool) any {
	switch v := v.(type) {
	case string:
		return ruleOf(field, inError)(s, v)
	case json.Number:
		if !s.words && (field == "latitude" || field == "longitude") {
			return 0
		}
	case []any:
		for i := range v {
			v[i] = s.value(v[i], field, inError)
		}
	case map[string]any:
		return s.object(v, inError)
	}
	return v
}

func (s *scrub) object(fields map[string]any, inError bool) map[string]any {
	clean := make(map[string]any, len(fields))
	for name, v := range fields {
		_, isStatus := v.(map[string]any)
		within := inError || name == "error" || name == "errors" || name == "details" || name == "status" && isStatus
		clean[s.fieldName(name)] = s.value(v, name, within)
	}
	return clean
}

func (s *scrub) fieldName(name string) string {
	if jsonRules[name] == nil {
		if _, secret := s.lookUp(name); secret || !fieldName.MatchString(name) {
			return fmt.Sprintf("field of %d", len(name))
		}
	}
	return name
}

// form takes the secrets out of an OAuth form. Unknown fields are dropped.
func (s *scrub) form(body []byte) (map[string][]string, bool) {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, false
	}
	clean := map[string][]string{}
	for name, all := range values {
		if jsonRules[name] == nil {
			continue
		}
		for _, v := range all {
			clean[name] = append(clean[name], jsonRules[name](s, v))
		}
	}
	return clean, true
}

// baseURL leaves an address out, and knows it again by its path when it is loaded.
func (s *scrub) baseURL(address string) string {
	stands := s.secret(kindBaseURL, address)
	if u, err := url.Parse(address); err == nil && len(u.Path) > 1 {
		s.alias(address, u.EscapedPath())
	}
	return stands
}
