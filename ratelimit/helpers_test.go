package ratelimit_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/ratelimit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limited puts a new limiter in front of a service.
func limited(t *testing.T, cfg ratelimit.Config, base http.RoundTripper) http.RoundTripper {
	t.Helper()
	l, err := ratelimit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return l.Transport(base)
}

const batchCreate = "/v1/mediaItems:batchCreate"

// request makes a request of the API.
func request(ctx context.Context, method, path string) *http.Request {
	req, err := http.NewRequestWithContext(ctx, method, "https://photos.example"+path, strings.NewReader("{}"))
	if err != nil {
		panic(err) // a test with a bad address
	}
	return req
}

// write makes one write and reads its answer to the end.
func write(ctx context.Context, through http.RoundTripper) error {
	return call(ctx, through, http.MethodPost, batchCreate)
}

func call(ctx context.Context, through http.RoundTripper, method, path string) error {
	resp, err := through.RoundTrip(request(ctx, method, path))
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return err
}
