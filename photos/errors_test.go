package photos_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/albumwright/albumwright/photos"
)

// Bodies as the service sends them.
const (
	perMinuteBody = `{"error":{"code":429,"message":"Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service 'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'.",
"errors":[{"message":"(same)","domain":"global","reason":"rateLimitExceeded"}],"status":"RESOURCE_EXHAUSTED",
"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","domain":"googleapis.com","metadata":{"service":"photoslibrary.googleapis.com","quota_limit_value":"30","quota_location":"global","consumer":"projects/844831818923","quota_metric":"photoslibrary.googleapis.com/write_requests","quota_limit":"WritesPerMinutePerUser"}},
{"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Request a higher quota limit.","url":"https://cloud.google.com/docs/quota#requesting_higher_quota"}]}]}}`
	perMinuteText = "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service 'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'."

	perDayBody = `{"error":{"code":429,"message":"Quota exceeded for quota metric 'All requests' and limit 'All requests per day' of service 'photoslibrary.googleapis.com' for consumer 'project_number:1'.","status":"RESOURCE_EXHAUSTED",
"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","domain":"googleapis.com","metadata":{"quota_limit_value":"10000","quota_limit":"ApiCallsPerProjectPerDay","quota_metric":"photoslibrary.googleapis.com/all_requests"}}]}}`

	insufficientTokens = `{"code":3,"message":"Insufficient tokens for quota \u0027photoslibrary.googleapis.com/upload_requests\u0027 and limit \u0027UploadsPerMinute\u0027 of service \u0027photoslibrary.googleapis.com\u0027 for consumer \u0027project_number:1\u0027."}`

	scopeBody = `{"error":{"code":403,"message":"Request had insufficient authentication scopes.","status":"PERMISSION_DENIED",
"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT","domain":"googleapis.com","metadata":{"service":"photoslibrary.googleapis.com","method":"google.photos.library.v1.PhotosLibrary.BatchCreateMediaItems"}}]}}`
)

func TestBothErrorEnvelopesAreRead(t *testing.T) {
	for _, tc := range []struct {
		name   string
		status int
		body   string
		want   photos.Error // Op and Status apart
	}{
		{"JSON method", 400, `{"error":{"code":400,"message":"Invalid album ID.","status":"INVALID_ARGUMENT"}}`,
			photos.Error{Code: photos.CodeInvalidArgument, Message: "Invalid album ID."}},
		{"per-minute quota", 429, perMinuteBody,
			photos.Error{Code: photos.CodeResourceExhausted, Message: perMinuteText, Reason: "RATE_LIMIT_EXCEEDED", Quota: "WritesPerMinutePerUser"}},
		{"daily quota", 429, perDayBody,
			photos.Error{Code: photos.CodeResourceExhausted, Reason: "RATE_LIMIT_EXCEEDED", Quota: "ApiCallsPerProjectPerDay",
				Message: "Quota exceeded for quota metric 'All requests' and limit 'All requests per day' of service 'photoslibrary.googleapis.com' for consumer 'project_number:1'."}},
		{"missing scope", 403, scopeBody,
			photos.Error{Code: photos.CodePermissionDenied, Message: "Request had insufficient authentication scopes.", Reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}},
		{"a name that is new", 400, `{"error":{"code":400,"message":"m","status":"SOMETHING_NEW"}}`, photos.Error{Code: photos.CodeUnknown, Message: "m"}},
		{"no name", 400, `{"error":{"code":400,"message":"m"}}`, photos.Error{Message: "m"}},
		{"no words", 500, `{"error":{"code":500,"status":"INTERNAL"}}`, photos.Error{Code: photos.CodeInternal}},
		{"a detail of an unknown shape", 400, `{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT","details":[{"reason":7,"metadata":{"a":1}},{"reason":"R"}]}}`,
			photos.Error{Code: photos.CodeInvalidArgument, Message: "m", Reason: "R"}},
		{"code as text", 400, `{"error":{"code":"400","message":"m","status":"ABORTED"}}`, photos.Error{Code: photos.CodeAborted, Message: "m"}},

		{"uploads", 401, `{"code":16,"message":"Authentication session is not defined."}`,
			photos.Error{Code: photos.CodeUnauthenticated, Message: "Authentication session is not defined."}},
		{"uploads, empty", 400, `{"code":3,"message":"Payload must not be empty"}`,
			photos.Error{Code: photos.CodeInvalidArgument, Message: "Payload must not be empty"}},
		{"uploads, escaped apostrophes", 400, insufficientTokens,
			photos.Error{Code: photos.CodeInvalidArgument, Message: "Insufficient tokens for quota 'photoslibrary.googleapis.com/upload_requests' and limit 'UploadsPerMinute' of service 'photoslibrary.googleapis.com' for consumer 'project_number:1'."}},
	} {
		for op, err := range bothCalls(t, always(tc.status, tc.body)) {
			got := *asError(t, err)
			want := tc.want
			want.Op, want.Status = op, tc.status
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(photos.Error{}, "Err")); diff != "" {
				t.Errorf("%s: %s: -want +got\n%s", tc.name, op, diff)
			}
		}
	}
}

// bothCalls makes a JSON call and an upload, and returns their errors by operation.
func bothCalls(t *testing.T, w http.RoundTripper) map[string]error {
	t.Helper()
	// Each call has a client of its own: one that was told 401 makes no further request with the same token.
	_, create := clientOn(t, w).MediaItems.BatchCreate(t.Context(), oneItem)
	_, upload := clientOn(t, w).Uploads.Raw(t.Context(), tiny("x"))
	return map[string]error{"mediaItems.batchCreate": create, "uploads": upload}
}

func TestARefusalThatIsNoEnvelopeIsShownInShort(t *testing.T) {
	for _, tc := range []struct{ body, want string }{
		{"", "an empty body"},
		{" \n\t", "an empty body"},
		{"<!DOCTYPE html>\n<html lang=en><title>Error 413 (Request Entity Too Large)!!1</title>", "a page of HTML"},
		{"<HTML><BODY>", "a page of HTML"},
		{"Request Entity\nToo   Large", `"Request Entity Too Large"`},
		{"null", `"null"`},
		{"[]", `"[]"`},
		{`{"error":"invalid_grant"}`, `"{\"error\":\"invalid_grant\"}"`},
		{`{"error":{`, `"{\"error\":{"`},
		{strings.Repeat("x", 200), `"` + strings.Repeat("x", 80) + `…"`},
		{"\xff\x00\x1b[2J", `"�\x00\x1b[2J"`},
	} {
		for op, err := range bothCalls(t, always(http.StatusBadGateway, tc.body)) {
			want := op + ": HTTP 502: answered with " + tc.want
			if err == nil || err.Error() != want {
				t.Errorf("body %q: error is %q, want %q", tc.body, err, want)
			}
		}
	}
}

func TestAnErrorIsOneLineTheServicesWordsFirst(t *testing.T) {
	for _, tc := range []struct {
		err  photos.Error
		want string
	}{
		{photos.Error{Op: "albums.get", Status: 404, Code: photos.CodeNotFound, Message: "Not here."}, "albums.get: HTTP 404 NOT_FOUND: Not here."},
		{photos.Error{Op: "uploads", Err: errors.New("connection reset")}, "uploads: connection reset"},
		{photos.Error{Op: "uploads", Status: 502, Err: errors.New("x")}, "uploads: HTTP 502: x"},
		{photos.Error{Op: "uploads", Status: 400, Code: 99, Message: "two\n lines"}, "uploads: HTTP 400 code 99: two lines"},
	} {
		if got := tc.err.Error(); got != tc.want {
			t.Errorf("error text %q, want %q", got, tc.want)
		}
	}
}

func TestRetryAfterIsReadInSeconds(t *testing.T) {
	for _, tc := range []struct {
		header string
		want   time.Duration
	}{
		{"", 0}, {"0", 0}, {"30", 30 * time.Second}, {"86400", 24 * time.Hour},
		{"86401", 0}, {"-1", 0}, {"1.5", 0}, {"soon", 0}, {"Wed, 21 Oct 2026 07:28:00 GMT", 0},
	} {
		w := wire(func(*http.Request) (*http.Response, error) {
			resp := reply(http.StatusTooManyRequests, perMinuteBody)
			resp.Header.Set("Retry-After", tc.header)
			return resp, nil
		})
		for op, err := range bothCalls(t, w) {
			if got := asError(t, err).RetryAfter; got != tc.want {
				t.Errorf("%s: Retry-After %q: wait is %v, want %v", op, tc.header, got, tc.want)
			}
		}
	}
}

func TestAnAnswerOfSuccessThatIsNotWhatWasPromisedIsAnError(t *testing.T) {
	for _, body := range []string{"", "<!DOCTYPE html><html>Sign in to the hotel's network</html>", `{"newMediaItemResults":[`, "\x00\x00"} {
		for op, err := range bothCalls(t, always(http.StatusOK, body)) {
			e := asError(t, err)
			if !errors.Is(err, photos.ErrNotJSON) || e.Status != http.StatusOK || photos.Classify(err) != photos.ClassTransient {
				t.Errorf("%s: body %q: error is %q of class %d, want ErrNotJSON, transient", op, body, err, photos.Classify(err))
			}
		}
	}
}

func TestAnyStatusOfSuccessIsSuccessForJSON(t *testing.T) {
	for _, status := range []int{200, 201, 206, 207} {
		c := clientOn(t, always(status, `{"newMediaItemResults":[{"uploadToken":"t","status":{"code":3}}]}`))
		out, err := c.MediaItems.BatchCreate(t.Context(), oneItem)
		if err != nil || len(out.NewMediaItemResults) != 1 {
			t.Errorf("HTTP %d: %v, %v, want one result", status, out, err)
		}
	}
}

func TestAnAlbumThatWasCreatedWithoutAnIDIsAnError(t *testing.T) {
	for _, body := range []string{`{}`, `null`, `{"title":"Summer"}`} {
		_, err := clientOn(t, always(http.StatusOK, body)).Albums.Create(t.Context(), "Summer")
		if !errors.Is(err, photos.ErrNotJSON) {
			t.Errorf("answer %s: error is %v, want ErrNotJSON: items for this album would end up in none", body, err)
		}
	}
}

func TestCodesHaveTheNamesOfTheAPI(t *testing.T) {
	for code, want := range map[photos.Code]string{
		0: "OK", 3: "INVALID_ARGUMENT", 6: "ALREADY_EXISTS", 8: "RESOURCE_EXHAUSTED", 10: "ABORTED", 14: "UNAVAILABLE", 16: "UNAUTHENTICATED", 17: "code 17", -1: "code -1",
	} {
		if got := code.String(); got != want {
			t.Errorf("code %d is %q, want %q", int(code), got, want)
		}
	}
}
