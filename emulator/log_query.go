package emulator

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// harmless are the query fields whose values the log shows, if they are among
// these. Read only.
var harmless = map[string][]string{
	"alt":                      {"json", "media", "proto"},
	"prettyPrint":              {"true", "false"},
	"excludeNonAppCreatedData": {"true", "false"},
	"upload_protocol":          {"resumable", "raw"},
	"updateMask":               {"title", "description", "coverPhotoMediaItemId", "title,coverPhotoMediaItemId"},
}

// shownQuery is a query without what may be a secret: the names of fields that
// the API has, and the values that can only be what they are.
func shownQuery(raw string, binds []string) string {
	if raw == "" {
		return ""
	}
	query, _ := url.ParseQuery(raw)
	var shown []string
	others := false
	for _, name := range slices.Sorted(maps.Keys(query)) {
		known := slices.Contains(binds, name) || slices.Contains(standardQuery, name)
		if !known {
			others = true
			continue
		}
		value := query.Get(name)
		if !slices.Contains(harmless[name], value) && !(name == "pageSize" && isNumber(value)) {
			value = hidden
		}
		shown = append(shown, name+"="+value)
	}
	if others {
		shown = append(shown, hidden)
	}
	return "?" + strings.Join(shown, "&")
}

// isNumber: as much of a number as a page needs.
func isNumber(text string) bool {
	return text != "" && len(text) <= 6 && strings.Trim(text, "0123456789") == ""
}

// shownBaseURL is the path of a load: who has the address has the picture, and so
// only what is asked for is shown, if it is something.
func shownBaseURL(path string) string {
	_, text, _ := strings.Cut(path, "=")
	if _, err := readLoadParameters(text); text == "" || err != nil {
		return baseURLPath + "/" + hidden
	}
	return baseURLPath + "/" + hidden + "=" + text
}
