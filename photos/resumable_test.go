package photos_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/photos"
)

// aSession is an upload of 1000 bytes that was begun.
var aSession = photos.UploadSession{URL: secretAddress, Size: 1000, Granularity: 100}

// chunk is a stretch of zeros.
func chunk(offset, size int64, final bool) photos.UploadChunk {
	return photos.UploadChunk{Offset: offset, Size: size, Final: final, Body: strings.NewReader(strings.Repeat("0", int(size)))}
}

// answering is a service that gives each request the same answer, the headers in pairs.
func answering(status int, body string, headers ...string) wire {
	return func(req *http.Request) (*http.Response, error) {
		if req.Body != nil {
			_, _ = io.Copy(io.Discard, req.Body)
		}
		resp := reply(status, body)
		for i := 0; i < len(headers); i += 2 {
			resp.Header.Set("X-Goog-Upload-"+headers[i], headers[i+1])
		}
		return resp, nil
	}
}

func TestTheCommandsOfAnUploadAreSentAsDocumented(t *testing.T) {
	for _, tc := range []struct {
		name   string
		call   func(context.Context, *photos.UploadsService) error
		url    string
		header map[string]string
		body   string
	}{
		{"start", func(ctx context.Context, s *photos.UploadsService) error {
			_, err := s.Start(ctx, photos.StartUpload{Size: 1000, ContentType: "video/mp4"})
			return err
		}, photos.DefaultEndpoint + "/v1/uploads", map[string]string{
			"Command": "start", "Protocol": "resumable", "Content-Type": "video/mp4", "Raw-Size": "1000",
		}, ""},
		{"start, the type unknown", func(ctx context.Context, s *photos.UploadsService) error {
			_, err := s.Start(ctx, photos.StartUpload{Size: 1})
			return err
		}, photos.DefaultEndpoint + "/v1/uploads", map[string]string{
			"Command": "start", "Protocol": "resumable", "Content-Type": "application/octet-stream", "Raw-Size": "1",
		}, ""},
		{"chunk", sends(photos.UploadChunk{Offset: 100, Size: 200, Body: strings.NewReader(strings.Repeat("x", 200))}),
			secretAddress, map[string]string{"Command": "upload", "Offset": "100"}, strings.Repeat("x", 200)},
		{"last chunk", sends(photos.UploadChunk{Offset: 993, Size: 7, Body: strings.NewReader("the end"), Final: true}),
			secretAddress, map[string]string{"Command": "upload, finalize", "Offset": "993"}, "the end"},
		{"end without bytes", sends(photos.UploadChunk{Offset: 1000, Final: true}),
			secretAddress, map[string]string{"Command": "finalize", "Offset": "1000"}, ""},
		{"query", func(ctx context.Context, s *photos.UploadsService) error {
			_, err := s.Query(ctx, aSession)
			return err
		}, secretAddress, map[string]string{"Command": "query"}, ""},
		{"cancel", func(ctx context.Context, s *photos.UploadsService) error { return s.Cancel(ctx, aSession) },
			secretAddress, map[string]string{"Command": "cancel"}, ""},
	} {
		var got *http.Request
		var body string
		c := clientOn(t, wire(func(req *http.Request) (*http.Response, error) {
			got, body = req, read(t, req)
			return reply(http.StatusTeapot, ""), nil
		}))
		if err := tc.call(t.Context(), c.Uploads); asError(t, err).Status != http.StatusTeapot {
			t.Errorf("%s: error %v, want the answer's", tc.name, err)
		}
		want := http.Header{"Authorization": {"Bearer " + accessToken}, "User-Agent": {"test/1"}}
		for name, value := range tc.header {
			want.Set("X-Goog-Upload-"+name, value)
		}
		if diff := cmp.Diff(want, got.Header); diff != "" {
			t.Errorf("%s: headers, -want +got\n%s", tc.name, diff)
		}
		if got.Method != "POST" || got.URL.String() != tc.url || body != tc.body || got.ContentLength != int64(len(tc.body)) {
			t.Errorf("%s: %s, length %d, body %q, want POST to the right address with %q", tc.name, got.Method, got.ContentLength, body, tc.body)
		}
	}
}

func sends(chunk photos.UploadChunk) func(context.Context, *photos.UploadsService) error {
	return func(ctx context.Context, s *photos.UploadsService) error {
		_, err := s.Send(ctx, aSession, chunk)
		return err
	}
}

func TestAStartGivesTheSession(t *testing.T) {
	c := clientOn(t, answering(200, "", "Status", "active", "URL", secretAddress, "Chunk-Granularity", "262144"))
	got, err := c.Uploads.Start(t.Context(), photos.StartUpload{Size: 1000})
	want := photos.UploadSession{URL: secretAddress, Size: 1000, Granularity: 262144}
	if err != nil || got != want {
		t.Errorf("session %v (%v), want %v", got, err, want)
	}
}

func TestAStartWithABadAnswerIsNoSession(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		headers    []string
		want       string
	}{
		{"nothing", "", nil, "X-Goog-Upload-Status is missing (an empty body)"},
		{"a page", "<html>sign in", nil, "X-Goog-Upload-Status is missing (a page of HTML)"},
		{"rejected", "", []string{"Status", "final", "URL", secretAddress, "Chunk-Granularity", "1"}, "final at its start"},
		{"an unknown status", "", []string{"Status", "ACTIVE"}, "X-Goog-Upload-Status is none that there is"},
		{"no address", "", []string{"Status", "active", "Chunk-Granularity", "1"}, "X-Goog-Upload-URL is missing"},
		{"an address that is none", "", []string{"Status", "active", "URL", "/v1/uploads?" + secretQuery, "Chunk-Granularity", "1"}, "X-Goog-Upload-URL is not one"},
		{"an address in the clear", "", []string{"Status", "active", "URL", "http://example.com/?" + secretQuery}, "X-Goog-Upload-URL is neither https"},
		{"no granularity", "", []string{"Status", "active", "URL", secretAddress}, "X-Goog-Upload-Chunk-Granularity is missing"},
		{"granularity 0", "", []string{"Status", "active", "URL", secretAddress, "Chunk-Granularity", "0"}, "Granularity is 0, want 1 to"},
		{"a negative one", "", []string{"Status", "active", "URL", secretAddress, "Chunk-Granularity", "-1"}, "Granularity is no number"},
		{"a huge one", "", []string{"Status", "active", "URL", secretAddress, "Chunk-Granularity", "1073741825"}, "Granularity is 1073741825, want 1 to"},
		{"one beyond numbers", "", []string{"Status", "active", "URL", secretAddress, "Chunk-Granularity", "99999999999999999999"}, "is no number"},
		{"words", "", []string{"Status", "active", "URL", secretAddress, "Chunk-Granularity", "256 KiB"}, "is no number"},
	} {
		got, err := clientOn(t, answering(200, tc.body, tc.headers...)).Uploads.Start(t.Context(), photos.StartUpload{Size: 1000})
		if got != (photos.UploadSession{}) || !errors.Is(err, photos.ErrBadHeaders) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: session %v, error %v, want none and %q", tc.name, got, err, tc.want)
		}
		if class := photos.Classify(err); class != photos.ClassTransient {
			t.Errorf("%s: %v, want an error that passes", tc.name, class)
		}
		wantNoSecret(t, tc.name, err)
	}
}

func TestAnEmptyFileIsNotStarted(t *testing.T) {
	for _, size := range []int64{0, -1} {
		_, err := clientOn(t, neverAsked(t)).Uploads.Start(t.Context(), photos.StartUpload{Size: size})
		if photos.Classify(err) != photos.ClassInvalid {
			t.Errorf("size %d: error %v, want a final refusal", size, err)
		}
	}
}

// neverAsked is a service that gets no request.
func neverAsked(t *testing.T) wire {
	return func(req *http.Request) (*http.Response, error) {
		t.Errorf("%s was sent, want nothing sent", req.Method)
		return nil, io.EOF
	}
}

func TestAChunkThatCannotBeRightIsNotSent(t *testing.T) {
	for _, tc := range []struct {
		chunk photos.UploadChunk
		want  string
	}{
		{chunk(-1, 100, false), "not within a file of 1000"},
		{photos.UploadChunk{Size: -1}, "not within a file of 1000"},
		{chunk(900, 200, false), "not within a file of 1000"},
		{photos.UploadChunk{Offset: 1, Size: 1<<63 - 1}, "not within a file of 1000"},
		{chunk(0, 900, true), "the final chunk ends at 900 of 1000"},
		{chunk(0, 150, false), "not a multiple of the granularity 100"},
		{chunk(0, 0, false), "not a multiple of the granularity 100"},
	} {
		_, err := clientOn(t, neverAsked(t)).Uploads.Send(t.Context(), aSession, tc.chunk)
		if !errors.Is(err, photos.ErrNotSent) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v: error %v, want ErrNotSent and %q", tc.chunk, err, tc.want)
		}
	}
	if _, err := clientOn(t, neverAsked(t)).Uploads.Send(t.Context(), photos.UploadSession{URL: secretAddress, Size: 9}, chunk(0, 1, false)); !errors.Is(err, photos.ErrNotSent) {
		t.Errorf("without a granularity: error %v, want ErrNotSent", err)
	}
}

func TestAnUploadGoesThroughItsStates(t *testing.T) {
	s, c := onEmulator(t)
	const size = 2 * 262144
	session, err := c.Uploads.Start(t.Context(), photos.StartUpload{Size: size, ContentType: "image/jpeg"})
	if err != nil {
		t.Fatal(err)
	}
	want := func(what string, got photos.UploadStatus, err error, state photos.UploadState, received int64) {
		t.Helper()
		if err != nil || got.State != state || got.Received != received || (got.Token != "") != (state == photos.UploadFinal) {
			t.Errorf("%s: %+v (%v), want %s at %d", what, got, err, state, received)
		}
	}
	st, err := c.Uploads.Query(t.Context(), session)
	want("begun", st, err, photos.UploadActive, 0)
	st, err = c.Uploads.Send(t.Context(), session, chunk(0, size/2, false))
	want("half sent", st, err, photos.UploadActive, size/2)
	if _, err := c.Uploads.Send(t.Context(), session, chunk(0, size/2, false)); !errors.Is(err, photos.ErrWrongOffset) {
		t.Errorf("the same half again: error %v, want ErrWrongOffset", err)
	}
	st, err = c.Uploads.Send(t.Context(), session, chunk(size/2, size/2, true))
	want("all sent", st, err, photos.UploadFinal, size)
	token := st.Token
	st, err = c.Uploads.Query(t.Context(), session)
	want("afterwards", st, err, photos.UploadFinal, size)
	if err := c.Uploads.Cancel(t.Context(), session); st.Token != token || !errors.Is(err, photos.ErrWrongOffset) {
		t.Errorf("token %q, then %q; cancelled: %v, want the same one, and a refusal", token, st.Token, err)
	}

	session, _ = c.Uploads.Start(t.Context(), photos.StartUpload{Size: size})
	if err := c.Uploads.Cancel(t.Context(), session); err != nil {
		t.Error(err)
	}
	st, err = c.Uploads.Query(t.Context(), session)
	want("cancelled", st, err, photos.UploadCancelled, 0)
	session.URL += "x"
	if _, err := c.Uploads.Query(t.Context(), session); !errors.Is(err, photos.ErrSessionGone) {
		t.Errorf("unknown: error %v, want ErrSessionGone", err)
	}
	if _, err := c.Uploads.Start(t.Context(), photos.StartUpload{Size: 21 << 30}); photos.Classify(err) != photos.ClassInvalid {
		t.Errorf("a file of 21 GiB: error %v, want a final refusal", err)
	}
	if calls := s.Calls(); calls["uploads.start"] != 3 || calls["uploads.cancel"] != 2 {
		t.Errorf("calls %v", calls)
	}
}

func TestSendReturnsOnlyWhenItsBodyIsGivenBack(t *testing.T) {
	for _, size := range []int64{1000, 0} {
		synctest.Test(t, func(t *testing.T) {
			goOn := make(chan struct{})
			c := clientOn(t, lingeringWire(func(req *http.Request) (*http.Response, error) {
				if req.Body == nil {
					close(goOn)
					return reply(http.StatusOK, "t"), nil
				}
				go func() {
					<-goOn
					_, _ = io.Copy(io.Discard, req.Body)
					_ = req.Body.Close()
				}()
				return reply(http.StatusOK, "t"), nil
			}))
			returned := make(chan struct{})
			go func() {
				defer close(returned)
				_, _ = c.Uploads.Send(t.Context(), aSession, chunk(1000-size, size, true))
			}()
			synctest.Wait()
			select {
			case <-returned:
				if size > 0 {
					t.Error("Send returned while the transport may still read its body")
				}
			default:
				if size == 0 {
					t.Error("Send waits for a body that there is not")
				}
			}
			if size > 0 {
				close(goOn)
			}
			<-returned
		})
	}
}

func TestAnUploadWithoutAnAccessTokenDoesNotHang(t *testing.T) {
	c, err := photos.New(photos.Config{TokenSource: failing{io.EOF}, UploadTransport: neverAsked(t)})
	if err != nil {
		t.Fatal(err)
	}
	for i, call := range []func() error{
		func() error { _, err := c.Uploads.Start(t.Context(), photos.StartUpload{Size: 1}); return err },
		func() error { _, err := c.Uploads.Send(t.Context(), aSession, chunk(0, 1000, true)); return err },
		func() error { _, err := c.Uploads.Query(t.Context(), aSession); return err },
		func() error { return c.Uploads.Cancel(t.Context(), aSession) },
	} {
		if err := call(); !errors.Is(err, photos.ErrNoToken) {
			t.Errorf("call %s: error %v, want ErrNoToken", strconv.Itoa(i), err)
		}
	}
}
