package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

const (
	perMinute    = "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service 'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'."
	perMinuteOld = "Quota exceeded for quota metric 'photoslibrary.googleapis.com/write_requests' and limit 'WritesPerMinutePerUser' of service 'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'."
	perDay       = "Quota exceeded for quota metric 'All requests' and limit 'All requests per day' of service 'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'."
	perDayOld    = "Quota exceeded for quota metric 'photoslibrary.googleapis.com/all_requests' and limit 'ApiCallsPerProjectPerDay' of service 'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'."
	uploadQuota  = "Insufficient tokens for quota 'photoslibrary.googleapis.com/upload_requests' and limit 'UploadsPerMinute' of service 'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'."
	badLogin     = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
	storageFull  = "The remaining storage in the user's account is not enough to perform this operation."
	noToken      = "Request must contain a valid upload token."
)

// refusalsByName are contract 2.2, 2.3 and 6, word for word.
var refusalsByName = []struct {
	name    string
	http    int
	rpc     int
	status  string
	message string
}{
	{"400-album-id", 400, 3, "INVALID_ARGUMENT", "Invalid album ID."},
	{"400-album-permission", 400, 3, "INVALID_ARGUMENT", "No permission to add media items to this album."},
	{"400-storage", 400, 3, "INVALID_ARGUMENT", storageFull},
	{"400-upload-quota", 400, 3, "INVALID_ARGUMENT", uploadQuota},
	{"401", 401, 16, "UNAUTHENTICATED", badLogin},
	{"401-upload", 401, 16, "UNAUTHENTICATED", "Authentication session is not defined."},
	{"403-disabled", 403, 7, "PERMISSION_DENIED", "Google Photos is disabled for the user"},
	{"403-permission", 403, 7, "PERMISSION_DENIED", "The caller does not have permission"},
	{"403-scope", 403, 7, "PERMISSION_DENIED", "Request had insufficient authentication scopes."},
	{"404-album", 404, 5, "NOT_FOUND", "The provided ID does not match any albums."},
	{"408", 408, 4, "DEADLINE_EXCEEDED", "Request Timeout"},
	{"409", 409, 10, "ABORTED", "The operation was aborted."},
	{"413", 413, 3, "INVALID_ARGUMENT", "Request Entity Too Large"},
	{"429-concurrent", 429, 8, "RESOURCE_EXHAUSTED", concurrentWrite},
	{"429-day", 429, 8, "RESOURCE_EXHAUSTED", perDay},
	{"429-day-old", 429, 8, "RESOURCE_EXHAUSTED", perDayOld},
	{"429-minute", 429, 8, "RESOURCE_EXHAUSTED", perMinute},
	{"429-minute-old", 429, 8, "RESOURCE_EXHAUSTED", perMinuteOld},
	{"500", 500, 13, "INTERNAL", "Internal error encountered."},
	{"503", 503, 14, "UNAVAILABLE", "The service is currently unavailable."},
}

// Each refusal comes in the envelope of the operation, once, and nothing has
// been carried out; with Apply, it has.
func TestARefusalIsTheServicesOwn(t *testing.T) {
	for _, want := range refusalsByName {
		t.Run(want.name, func(t *testing.T) {
			bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
				for _, s := range c.sends() {
					effect := emulator.Refuse(want.name)
					c.plan(emulator.Fault{Operation: s.operation, Effect: effect})
					a := c.do(s.request())
					if s.operation == "uploads" {
						a.wantBareError(t, want.http, want.rpc, want.message)
					} else {
						a.wantError(t, want.http, want.status, want.message)
					}
					if h, found := a.header["Retry-After"]; found {
						t.Errorf("Retry-After %v", h) // contract 0 #11
					}
					s.wantApplied(t, 0)

					effect.Apply, effect.RetryAfter = true, 7
					c.plan(emulator.Fault{Operation: s.operation, Effect: effect})
					a = c.do(s.request())
					a.wantStatus(t, want.http)
					if a.header.Get("Retry-After") != "7" {
						t.Errorf("Retry-After %q, want 7", a.header.Get("Retry-After"))
					}
					s.wantApplied(t, 1)
					c.do(s.request()).wantStatus(t, http.StatusOK)
				}
				c.wantClean()
			})
		})
	}
}

// The names of the refusals are those of the table above, and three more that
// tests of their own are about.
func TestEveryRefusalIsTested(t *testing.T) {
	var tested []string
	for _, r := range refusalsByName {
		tested = append(tested, r.name)
	}
	tested = append(tested, "400-token", "502-html",
		"html", "empty", "slow", "stall", "cut-before", "apply-then-cut", "cut-request", "cut-answer",
		"item", "shuffled", "missing", "207", "ok-text")
	slices.Sort(tested)
	if diff := cmp.Diff(tested, emulator.EffectNames()); diff != "" {
		t.Error(diff)
	}
}

// detailed is an error envelope with all that can be in it.
type detailed struct {
	Error struct {
		Message string
		Errors  []struct{ Message, Domain, Reason string }
		Details []struct {
			Type     string `json:"@type"`
			Reason   string
			Domain   string
			Metadata map[string]string
			Links    []struct{ Description, URL string }
		}
	}
}

// Contract 6: what tells the quotas apart is in the details of today's wording,
// and the older list of errors comes with it.
func TestAQuotaIsNamedInTheDetails(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, tt := range []struct{ effect, limit, value, metric string }{
			{"429-minute", "WritesPerMinutePerUser", "30", "photoslibrary.googleapis.com/write_requests"},
			{"429-day", "ApiCallsPerProjectPerDay", "10000", "photoslibrary.googleapis.com/all_requests"},
			{"429-minute-old", "", "", ""},
			{"429-day-old", "", "", ""},
			{"429-concurrent", "", "", ""},
		} {
			c.plan(emulator.Fault{Operation: "albums.create", Nth: 1, Effect: emulator.Refuse(tt.effect)})
			var e detailed
			c.do(c.albumRequest("x")).into(t, &e)
			if tt.limit == "" {
				if e.Error.Details != nil || e.Error.Errors != nil {
					t.Errorf("%s has details: %+v", tt.effect, e)
				}
				continue
			}
			want := map[string]string{
				"service": "photoslibrary.googleapis.com", "quota_limit_value": tt.value, "quota_location": "global",
				"consumer": "projects/844831818923", "quota_metric": tt.metric, "quota_limit": tt.limit,
			}
			info := e.Error.Details[0]
			if diff := cmp.Diff(want, info.Metadata); diff != "" || info.Reason != "RATE_LIMIT_EXCEEDED" ||
				info.Type != "type.googleapis.com/google.rpc.ErrorInfo" || info.Domain != "googleapis.com" {
				t.Errorf("%s: %+v\n%s", tt.effect, info, diff)
			}
			help := e.Error.Details[1]
			if help.Type != "type.googleapis.com/google.rpc.Help" || len(help.Links) != 1 ||
				help.Links[0].URL != "https://cloud.google.com/docs/quota#requesting_higher_quota" {
				t.Errorf("%s: %+v", tt.effect, help)
			}
			if r := e.Error.Errors[0]; r.Message != e.Error.Message || r.Domain != "global" || r.Reason != "rateLimitExceeded" {
				t.Errorf("%s: %+v", tt.effect, r)
			}
		}
	})
}

// Contract 2.3: the scope's refusal names the method by its rpc.
func TestAMissingScopeNamesTheMethod(t *testing.T) {
	c := direct(t, emulator.Config{})
	for operation, want := range map[string]string{
		"mediaItems.batchCreate": "BatchCreateMediaItems", "mediaItems.list": "ListMediaItems", "mediaItems.get": "GetMediaItem",
		"mediaItems.batchGet": "BatchGetMediaItems", "mediaItems.search": "SearchMediaItems",
		"albums.create": "CreateAlbum", "albums.list": "ListAlbums", "albums.get": "GetAlbum",
	} {
		c.plan(emulator.Fault{Operation: operation, Effect: emulator.Refuse("403-scope")})
		method, path := http.MethodGet, "/v1/"+strings.Split(operation, ".")[0]
		switch verb := strings.Split(operation, ".")[1]; verb {
		case "batchCreate", "search":
			method, path = http.MethodPost, path+":"+verb
		case "batchGet":
			path += ":batchGet"
		case "create":
			method = http.MethodPost
		case "get":
			path += "/id"
		}
		a := c.do(c.request(method, path, nil))
		a.wantError(t, http.StatusForbidden, "PERMISSION_DENIED", "Request had insufficient authentication scopes.")
		for _, part := range []string{`"ACCESS_TOKEN_SCOPE_INSUFFICIENT"`, `"google.photos.library.v1.PhotosLibrary.` + want + `"`} {
			if !strings.Contains(string(a.body), part) {
				t.Errorf("%s: no %s in %s", operation, part, a.body)
			}
		}
	}
}

// Contract 2.2: the quota of uploads came with its apostrophes escaped.
func TestApostrophesOfUploadErrorsAreEscaped(t *testing.T) {
	c := direct(t, emulator.Config{})
	c.plan(emulator.Fault{Operation: "uploads", Effect: emulator.Refuse("400-upload-quota")})
	a := c.do(c.uploadRequest(strings.NewReader("x")))
	if !strings.Contains(string(a.body), `quota \u0027photoslibrary.googleapis.com/upload_requests\u0027`) {
		t.Errorf("body %s", a.body)
	}
}

// A front end's page has no envelope, whatever the operation.
func TestABadGatewayIsAPage(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, s := range c.sends() {
			c.plan(emulator.Fault{Operation: s.operation, Effect: emulator.Refuse("502-html")})
			a := c.do(s.request())
			if a.status != http.StatusBadGateway || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") ||
				!strings.Contains(string(a.body), "<title>Error 502 (Server Error)!!1</title>") {
				t.Errorf("%s: %d %s", s.operation, a.status, a.body)
			}
			s.wantApplied(t, 0)
		}
	})
}

// The token's refusal says which entry is to blame where it is asked to.
func TestARefusedTokenCanNameItsEntry(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		tokens := []string{c.upload(photo(1)), c.upload(photo(2)), c.upload(photo(3))}
		body := map[string]any{"newMediaItems": []any{
			entry(tokens[0], "a.gif", ""), entry(tokens[1], "b.gif", ""), entry(tokens[2], "c.gif", ""),
		}}
		for i, tt := range []struct {
			match  string
			effect emulator.Effect
			field  string
		}{
			{"", emulator.Effect{Name: "400-token"}, ""},
			{"", emulator.Effect{Name: "400-token", NameEntry: true, Entry: 1}, "new_media_items[1].simple_media_item.upload_token"},
			{"c.gif", emulator.Effect{Name: "400-token", NameEntry: true}, "new_media_items[2].simple_media_item.upload_token"},
			{tokens[0], emulator.Effect{Name: "400-token", NameEntry: true}, "new_media_items[0].simple_media_item.upload_token"},
		} {
			c.plan(emulator.Fault{Operation: "mediaItems.batchCreate", Match: tt.match, Nth: 1, Effect: tt.effect})
			a := c.do(c.batchRequest(body))
			a.wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", noToken)
			if tt.field == "" != !strings.Contains(string(a.body), "fieldViolations") || !strings.Contains(string(a.body), tt.field) {
				t.Errorf("case %d: body %s", i, a.body)
			}
		}
		if n := len(c.s.MediaItems()); n != 0 {
			t.Errorf("%d items were made", n)
		}
		c.wantClean()
	})
}
