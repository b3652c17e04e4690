package photos_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/albumwright/albumwright/photos"
)

// Words that must not leave the client in any text.
const (
	uploadToken   = "CAIS-a-very-secret-upload-token"
	secretQuery   = "upload_id=AEnB2U-a-very-secret-session"
	secretAddress = "https://photoslibrary.googleapis.com/v1/uploads?" + secretQuery
)

func TestNoErrorTextHoldsATokenOrTheAddressOfARequest(t *testing.T) {
	withAddress := &url.Error{Op: "Post", URL: secretAddress, Err: errors.New("connection reset")}
	for _, tc := range []struct {
		name string
		wire wire
	}{
		{"a transport's own url.Error", broken(withAddress)},
		{"one inside the other", broken(&url.Error{Op: "Post", URL: secretAddress, Err: withAddress})},
		{"deep inside", broken(fmt.Errorf("retry: %w", fmt.Errorf("proxy: %w", withAddress)))},
		{"among others", broken(errors.Join(io.EOF, withAddress))},
		{"while the answer is read", func(*http.Request) (*http.Response, error) {
			resp := reply(http.StatusOK, "")
			resp.Body = io.NopCloser(iotest.ErrReader(withAddress))
			return resp, nil
		}},
		{"half of a good answer", always(http.StatusOK, `{"newMediaItemResults":[{"uploadToken":"`+uploadToken+`","status":{"message"`+"\x00 ")},
		{"an answer of another shape", always(http.StatusOK, `{"newMediaItemResults":{"uploadToken":"`+uploadToken+`"}} `)},
		{"half a token", always(http.StatusOK, uploadToken+"\n"+uploadToken)},
		{"a token with a status of another success", always(http.StatusCreated, uploadToken+" x")},
		{"a page that repeats the request", always(http.StatusNotFound, "<html><p>The requested URL /v1/uploads?"+secretQuery+" was not found")},
		{"a redirect", func(*http.Request) (*http.Response, error) {
			resp := reply(http.StatusFound, "")
			resp.Header.Set("Location", secretAddress)
			return resp, nil
		}},
	} {
		for op, err := range bothCalls(t, tc.wire) {
			if err == nil {
				t.Errorf("%s: %s succeeded, want an error", tc.name, op)
			}
			wantNoSecret(t, tc.name+": "+op, err)
		}
	}
}

func TestTheAddressOfTheSignInServiceIsNotShownEither(t *testing.T) {
	c, err := photos.New(photos.Config{TokenSource: failing{&url.Error{Op: "Post", URL: secretAddress, Err: io.EOF}}, Transport: always(200, "{}")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Albums.Get(t.Context(), "a")
	if !errors.Is(err, photos.ErrNoToken) {
		t.Fatalf("error is %v, want ErrNoToken", err)
	}
	wantNoSecret(t, "token source", err)
}

// broken is a connection that breaks with err.
func broken(err error) wire {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// wantNoSecret looks at an error as people and logs see it.
func wantNoSecret(t *testing.T, what string, err error) {
	t.Helper()
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Error("failed", "err", err)
	slog.New(slog.NewJSONHandler(&logged, nil)).Error("failed", "err", err)
	e := asError(t, err)
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%+v", *e), logged.String()} {
		for _, secret := range []string{accessToken, uploadToken, secretQuery, "https://", "Bearer"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: %q holds %q", what, text, secret)
			}
		}
	}
}
