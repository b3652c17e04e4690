package photos_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/shapes"
	"github.com/albumwright/albumwright/photos"
)

// Every request that the pages of the API show is one that the client makes, or refuses by itself where the service would; and every
// field of the answers that they show is in its results. The emulator is held against the same cases.
func TestTheDocumentedShapesAreMadeAndRead(t *testing.T) {
	_, cases, err := shapes.Load(os.DirFS("../emulator/testdata/shapes"))
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range cases {
		if sc.Only == "emulator" {
			continue
		}
		t.Run(sc.Page+"/"+sc.Name, func(t *testing.T) {
			if sc.Method == "baseUrl" {
				checkAddress(t, sc)
				return
			}
			checkShape(t, sc)
		})
	}
}

// named is what the client is told for a name of a case: the name itself, or its access token.
func named(name string) string {
	if name == "access" {
		return accessToken
	}
	return name
}

func checkShape(t *testing.T, sc shapes.Case) {
	ask, ok := askers[sc.Method]
	if !ok {
		t.Fatalf("the client is not asked for %s", sc.Method)
	}
	want := shapes.Sample(shapes.Fill(sc.Response.Body, named))
	answer, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got *http.Request
	var body string
	c := clientOn(t, wire(func(req *http.Request) (*http.Response, error) {
		got, body = req, read(t, req)
		return reply(sc.Response.Status, string(answer)), nil
	}))
	req := requestOf(t, sc.Request)
	result, err := ask(t, c, req)
	if errors.Is(err, photos.ErrNotSent) && sc.Response.Status == http.StatusBadRequest {
		if got != nil {
			t.Errorf("a request was made beside %v", err)
		}
		return
	}
	if got == nil {
		t.Fatalf("no request was made: %v", err)
	}
	if asked := req.query["mediaItemIds"]; sc.Method == "mediaItems.batchGet" && sc.Response.Status == http.StatusBadRequest && !slices.Equal(asked, got.URL.Query()["mediaItemIds"]) {
		wantInGroups(t, asked, got.URL.Query()["mediaItemIds"])
		return
	}
	req.compare(t, got, body)
	if sc.Response.Status/100 != 2 {
		wantRefusal(t, err, sc.Response.Status, want)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range shapes.Match(spare(want), spare(asJSON(t, result))) {
		t.Error("result", d)
	}
}

// wantInGroups: what one request may not ask for, the client asks for in several that are allowed.
func wantInGroups(t *testing.T, asked, got []string) {
	t.Helper()
	distinct := slices.Compact(slices.Sorted(slices.Values(got)))
	if len(got) == 0 || len(got) > photos.MaxBatch || len(distinct) != len(got) || !slices.Contains(asked, got[0]) {
		t.Errorf("of %d ids the first request asks for %q", len(asked), got)
	}
}

// wantRefusal: the error holds what the answer says.
func wantRefusal(t *testing.T, err error, status int, answer any) {
	t.Helper()
	e := asError(t, err)
	said := answer.(map[string]any)["error"].(map[string]any)
	if e.Status != status || e.Message != said["message"] || e.Code.String() != said["status"] {
		t.Errorf("error %+v, want %d %v", e, status, said)
	}
}

// shapeRequest is a request of a case, read.
type shapeRequest struct {
	method  string
	path    string
	query   url.Values
	headers map[string]string
	body    any
}

func requestOf(t *testing.T, r shapes.Request) shapeRequest {
	t.Helper()
	u, err := url.Parse(shapes.FillText(r.Path, named))
	if err != nil {
		t.Fatal(err)
	}
	return shapeRequest{r.Verb, u.Path, u.Query(), r.Headers, plainNumber(shapes.Fill(r.Body, named))}
}

// plainNumber: the pages quote a page's size. So may who asks; the client does not.
func plainNumber(body any) any {
	fields, ok := body.(map[string]any)
	if !ok {
		return body
	}
	if s, ok := fields["pageSize"].(string); ok {
		fields["pageSize"] = json.Number(s)
	}
	return fields
}

// compare wants the request that was made to be the documented one. A page's size may stand in it beside that: the client asks for the largest.
func (want shapeRequest) compare(t *testing.T, got *http.Request, body string) {
	t.Helper()
	query := got.URL.Query()
	if !want.query.Has("pageSize") {
		query.Del("pageSize")
	}
	if got.Method != want.method || got.URL.Path != want.path || query.Encode() != want.query.Encode() {
		t.Errorf("request %s %s, want %s %s %v", got.Method, got.URL.RequestURI(), want.method, want.path, want.query)
	}
	for name, value := range want.headers {
		if name == "Content-Type" && want.method == http.MethodGet {
			continue // the pages have it beside requests without content
		}
		if got := got.Header.Get(name); got != shapes.FillText(value, named) {
			t.Errorf("header %s: %q, want %q", name, got, value)
		}
	}
	if want.body == nil {
		if body != "" {
			t.Errorf("body %s, want none", body)
		}
		return
	}
	if got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("a body of %q", got.Header.Get("Content-Type"))
	}
	made := jsonOf(t, body)
	if _, given := want.body.(map[string]any)["pageSize"]; !given {
		delete(made.(map[string]any), "pageSize")
	}
	for _, d := range shapes.Match(spare(want.body), spare(made)) {
		t.Error("body", d)
	}
}

func jsonOf(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func asJSON(t *testing.T, v any) any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return jsonOf(t, string(raw))
}

// into decodes a value of JSON into the client's own type, which must know all its fields.
func into(t *testing.T, v, own any) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(own); err != nil {
		t.Fatal(err)
	}
}

// spare leaves out what says as little as its absence: defaults, and objects of nothing. Only a "photo" of nothing says that it is one.
func spare(v any) any {
	switch v := v.(type) {
	case []any:
		made := make([]any, len(v))
		for i := range v {
			made[i] = spare(v[i])
		}
		return made
	case map[string]any:
		made := make(map[string]any)
		for name, value := range v {
			value = spare(value)
			if object, ok := value.(map[string]any); ok && len(object) == 0 && name != "photo" {
				continue
			}
			if value != nil && !isDefault(value) {
				made[name] = value
			}
		}
		return made
	}
	return v
}

func isDefault(v any) bool {
	switch v.(type) {
	case string, bool, float64:
		return v == "" || v == false || v == 0.0
	}
	return false
}

// checkAddress: the client makes the same address of a base URL, or none where the service would refuse it.
func checkAddress(t *testing.T, sc shapes.Case) {
	const base = "https://lh3.example/p/AF"
	_, parameters, _ := strings.Cut(sc.Request.Path, "=")
	want := base + "=" + parameters
	got, err := addressOf(t, photos.BaseURL(base), parameters)
	if refused := sc.Response.Status == http.StatusBadRequest; refused != (err != nil) || !refused && got != want {
		t.Errorf("address %s (%v), want %s, refused %t", got, err, want, refused)
	}
}
