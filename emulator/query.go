package emulator

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// form is the bound fields of a query, by their camelCase names.
type form map[string][]string

// standardQuery are the parameters that every Google method takes, contract 1.
// Read only.
var standardQuery = []string{
	"$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token",
	"prettyPrint", "quotaUser", "uploadType", "upload_protocol",
}

// bindQuery takes the query fields that an operation knows, in camelCase or
// snake_case, and refuses all that are not standard.
func bindQuery(q url.Values, known []string) (form, *apiError) {
	f := form{}
	for name, values := range q {
		if i := slices.IndexFunc(known, func(k string) bool { return name == k || name == snake(k) }); i >= 0 {
			f[known[i]] = append(f[known[i]], values...)
		} else if !slices.Contains(standardQuery, name) {
			return nil, errField("", "Invalid JSON payload received. Unknown name %q: Cannot bind query parameter. "+
				"Field '%s' could not be found in request message.", name, name)
		}
	}
	return f, nil
}

// text is the last value of a field, as a repeated scalar field binds.
func (f form) text(name string) string {
	if v := f[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

// number is an int32 field; absent is 0.
func (f form) number(name string) (int, *apiError) {
	v := f.text(name)
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 32)
	if err != nil {
		return 0, errField(snake(name), "Invalid value at '%s' (TYPE_INT32), %q", snake(name), v)
	}
	return int(n), nil
}

// flag is a bool field; absent is false.
func (f form) flag(name string) (bool, *apiError) {
	switch v := f.text(name); v {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	default:
		return false, errField(snake(name), "Invalid value at '%s' (TYPE_BOOL), %q", snake(name), v)
	}
}

// snake is the proto name of a camelCase JSON name.
func snake(name string) string {
	var b strings.Builder
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}
