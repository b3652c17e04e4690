package photos_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"testing"
	"testing/iotest"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/photos"
)

// jsonError is the envelope of the JSON methods.
func jsonError(status int, name, message string) string {
	return fmt.Sprintf(`{"error":{"code":%d,"message":%q,"status":%q}}`, status, message, name)
}

// bareError is the envelope of the uploads.
func bareError(code int, message string) string {
	return fmt.Sprintf(`{"code":%d,"message":%q}`, code, message)
}

const (
	junk       = "<!DOCTYPE html><html><title>Error</title></html>"
	badLogin   = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
	noLogin    = "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See ..."
	concurrent = "Quota exceeded for quota 'concurrent write request' of service 'photoslibrary.googleapis.com'."
	rawMinute  = "Quota exceeded for quota metric 'photoslibrary.googleapis.com/write_requests' and limit 'WritesPerMinutePerUser' of service 'photoslibrary.googleapis.com' for consumer 'project_number:1'."
	rawDay     = "Quota exceeded for quota metric 'photoslibrary.googleapis.com/all_requests' and limit 'ApiCallsPerProjectPerDay' of service 'photoslibrary.googleapis.com' for consumer 'project_number:1'."
	wordsDay   = "Quota exceeded for quota metric 'All requests' and limit 'All requests per day' of service 'photoslibrary.googleapis.com' for consumer 'project_number:1'."
	uploadsDay = "Insufficient tokens for quota 'photoslibrary.googleapis.com/all_requests' and limit 'ApiCallsPerProjectPerDay' of service 'photoslibrary.googleapis.com' for consumer 'project_number:1'."
)

func TestEveryKnownAnswerHasItsClass(t *testing.T) {
	for _, tc := range []struct {
		status int
		body   string
		want   photos.Class
	}{
		// errors of the uploads
		{401, bareError(16, "Authentication session is not defined."), photos.ClassUnauthenticated},
		{400, bareError(3, "Payload must not be empty"), photos.ClassInvalid},
		{400, insufficientTokens, photos.ClassRateLimited},
		{400, bareError(3, uploadsDay), photos.ClassDailyQuota},
		{400, bareError(3, "Checksum from header does not match received payload content."), photos.ClassInvalid},
		{400, bareError(3, "User-provided checksum does not match received payload content."), photos.ClassInvalid},
		{413, "Request Entity Too Large", photos.ClassInvalid},
		{413, junk, photos.ClassInvalid},
		{409, bareError(10, "The operation was aborted."), photos.ClassTransient},
		{412, bareError(9, "x"), photos.ClassInvalid},
		{429, bareError(8, "x"), photos.ClassRateLimited},
		{500, bareError(13, "x"), photos.ClassTransient},
		{503, bareError(14, "x"), photos.ClassTransient},

		// errors of the JSON methods
		{400, jsonError(400, "INVALID_ARGUMENT", "Request must have less than 50 items."), photos.ClassInvalid},
		{400, jsonError(400, "INVALID_ARGUMENT", "Request must contain a valid upload token."), photos.ClassInvalidToken},
		{400, jsonError(400, "INVALID_ARGUMENT", "No permission to add media items to this album."), photos.ClassAlbumForeign},
		{400, jsonError(400, "INVALID_ARGUMENT", "Invalid album ID."), photos.ClassAlbumGone},
		{404, jsonError(404, "NOT_FOUND", "The provided ID does not match any albums."), photos.ClassAlbumGone},
		{400, jsonError(400, "INVALID_ARGUMENT", "The provided ID does not match any albums."), photos.ClassAlbumGone},
		{400, jsonError(400, "INVALID_ARGUMENT", "The remaining storage in the user's account is not enough to perform this operation."), photos.ClassStorageFull},
		{400, jsonError(400, "INVALID_ARGUMENT", "Request contains an invalid media item id."), photos.ClassInvalid},
		{400, jsonError(400, "INVALID_ARGUMENT", "Request must not contain duplicated ids"), photos.ClassInvalid},
		{400, jsonError(400, "INVALID_ARGUMENT", "Invalid JSON payload received. Unexpected token."), photos.ClassInvalid},
		{401, jsonError(401, "UNAUTHENTICATED", badLogin), photos.ClassUnauthenticated},
		{401, jsonError(401, "UNAUTHENTICATED", noLogin), photos.ClassUnauthenticated},
		{401, junk, photos.ClassUnauthenticated},
		{403, scopeBody, photos.ClassForbidden},
		{403, jsonError(403, "PERMISSION_DENIED", "The caller does not have permission"), photos.ClassForbidden},
		{403, jsonError(403, "PERMISSION_DENIED", "Google Photos is disabled for the user"), photos.ClassForbidden},
		{403, `{"error":{"code":403,"message":"x","status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}`, photos.ClassForbidden},
		{404, jsonError(404, "NOT_FOUND", "Requested entity was not found."), photos.ClassNotFound},
		{404, junk, photos.ClassNotFound},
		{409, jsonError(409, "ABORTED", "The operation was aborted."), photos.ClassTransient},
		{409, junk, photos.ClassTransient},
		{409, jsonError(409, "ALREADY_EXISTS", "x"), photos.ClassInvalid},
		{500, jsonError(500, "INTERNAL", "Internal error encountered."), photos.ClassTransient},
		{502, junk, photos.ClassTransient},
		{503, jsonError(503, "UNAVAILABLE", "The service is currently unavailable."), photos.ClassTransient},
		{504, "", photos.ClassTransient},
		{408, junk, photos.ClassTransient},

		// quotas, both wordings
		{429, perMinuteBody, photos.ClassRateLimited},
		{429, jsonError(429, "RESOURCE_EXHAUSTED", rawMinute), photos.ClassRateLimited},
		{429, jsonError(429, "RESOURCE_EXHAUSTED", concurrent), photos.ClassRateLimited},
		{429, junk, photos.ClassRateLimited},
		{429, perDayBody, photos.ClassDailyQuota},
		{429, jsonError(429, "RESOURCE_EXHAUSTED", wordsDay), photos.ClassDailyQuota},
		{429, jsonError(429, "RESOURCE_EXHAUSTED", rawDay), photos.ClassDailyQuota},
		{429, `{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED","details":[{"reason":"RATE_LIMIT_EXCEEDED","metadata":{"quota_limit":"ApiCallsPerProjectPerDay"}}]}}`, photos.ClassDailyQuota},

		// not the service at all
		{200, junk, photos.ClassTransient},
		{200, "", photos.ClassTransient},
		{302, "", photos.ClassTransient},
		{400, junk, photos.ClassInvalid},
		{400, "", photos.ClassInvalid},
	} {
		for op, err := range bothCalls(t, always(tc.status, tc.body)) {
			if got := photos.Classify(err); got != tc.want {
				t.Errorf("%s: HTTP %d %s: class %d, want %d (%v)", op, tc.status, tc.body, got, tc.want, err)
			}
			if got := photos.Classify(fmt.Errorf("upload a.jpg: %w", err)); got != tc.want {
				t.Errorf("%s: HTTP %d %s, wrapped: class %d, want %d", op, tc.status, tc.body, got, tc.want)
			}
		}
	}
}

func TestABrokenConnectionIsTransient(t *testing.T) {
	for _, cause := range []error{
		&net.OpError{Op: "read", Err: syscall.ECONNRESET}, &net.DNSError{Err: "no such host", IsNotFound: true},
		io.ErrUnexpectedEOF, http.ErrServerClosed, context.DeadlineExceeded,
	} {
		for op, err := range bothCalls(t, wire(func(*http.Request) (*http.Response, error) { return nil, cause })) {
			if got := photos.Classify(err); got != photos.ClassTransient || !errors.Is(err, cause) {
				t.Errorf("%s: %v: class %d, want transient and the cause kept (%v)", op, cause, got, err)
			}
		}
	}
}

func TestAnAnswerThatBreaksOffIsTransientWhateverItsStatus(t *testing.T) {
	for _, status := range []int{200, 400, 401, 403, 404, 429} {
		w := wire(func(*http.Request) (*http.Response, error) {
			resp := reply(status, "")
			resp.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF))
			return resp, nil
		})
		for op, err := range bothCalls(t, w) {
			if got := photos.Classify(err); got != photos.ClassTransient || !errors.Is(err, io.ErrUnexpectedEOF) || asError(t, err).Status != status {
				t.Errorf("%s: HTTP %d cut short: class %d, want transient (%v)", op, status, got, err)
			}
		}
	}
}

func TestTheCallersOwnEndIsCancelledWhateverItsCause(t *testing.T) {
	stopped := errors.New("stopped by the user")
	for _, cause := range []error{nil, stopped} {
		for _, when := range []string{"before", "reading the answer"} {
			ctx, cancel := context.WithCancelCause(t.Context())
			w := wire(func(req *http.Request) (*http.Response, error) {
				cancel(cause)
				if when == "before" {
					return nil, context.Cause(ctx) // what net/http does
				}
				resp := reply(http.StatusOK, "")
				resp.Body = io.NopCloser(iotest.ErrReader(context.Cause(ctx)))
				return resp, nil
			})
			_, err := clientOn(t, w).MediaItems.BatchCreate(ctx, oneItem)
			if got := photos.Classify(err); got != photos.ClassCancelled || !errors.Is(err, context.Cause(ctx)) {
				t.Errorf("cause %v, %s: class %d, want cancelled and the cause kept (%v)", cause, when, got, err)
			}
		}
	}
}

func TestACallWithoutAnAccessTokenIsSortedByWhatTheSignInServiceSaid(t *testing.T) {
	refused := func(status int) error {
		return &oauth2.RetrieveError{Response: &http.Response{StatusCode: status, Status: http.StatusText(status)}, ErrorCode: "invalid_grant"}
	}
	for _, tc := range []struct {
		err  error
		want photos.Class
	}{
		{errors.New("no sign-in found"), photos.ClassUnauthenticated},
		{refused(400), photos.ClassUnauthenticated},
		{refused(401), photos.ClassUnauthenticated},
		{&oauth2.RetrieveError{ErrorCode: "invalid_grant"}, photos.ClassUnauthenticated},
		{refused(429), photos.ClassTransient},
		{refused(503), photos.ClassTransient},
		{&url.Error{Op: "Post", URL: "https://oauth2.example/token", Err: io.EOF}, photos.ClassTransient},
		{&url.Error{Op: "Post", URL: "https://oauth2.example/token", Err: context.Canceled}, photos.ClassCancelled},
	} {
		var sent int
		c, err := photos.New(photos.Config{TokenSource: failing{tc.err}, UploadTransport: wire(func(*http.Request) (*http.Response, error) {
			sent++
			return reply(200, "t"), nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Uploads.Raw(t.Context(), tiny("x"))
		if got := photos.Classify(err); got != tc.want || !errors.Is(err, photos.ErrNoToken) || sent != 0 {
			t.Errorf("token source says %v: class %d, %d requests, want class %d and none (%v)", tc.err, got, sent, tc.want, err)
		}
	}
}

// failing is a token source that has no token.
type failing struct{ err error }

func (f failing) Token() (*oauth2.Token, error) { return nil, f.err }

func TestErrorsFromElsewhereHaveNoClass(t *testing.T) {
	for _, err := range []error{nil, io.EOF, errors.New("429 per day"), context.DeadlineExceeded} {
		if got := photos.Classify(err); got != photos.ClassUnknown {
			t.Errorf("class of %v is %d, want unknown", err, got)
		}
	}
}
