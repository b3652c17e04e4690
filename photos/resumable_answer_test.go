package photos_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/photos"
)

func TestTheAnswerToAQuery(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		headers    []string
		want       photos.UploadStatus
		is         error
	}{
		{"nothing yet", "", []string{"Status", "active", "Size-Received", "0"}, photos.UploadStatus{State: photos.UploadActive}, nil},
		{"some", "", []string{"Status", "active", "Size-Received", "999"}, photos.UploadStatus{State: photos.UploadActive, Received: 999}, nil},
		{"all", "", []string{"Status", "active", "Size-Received", "1000"}, photos.UploadStatus{State: photos.UploadActive, Received: 1000}, nil},
		{"over", " CAIS1\n", []string{"Status", "final"}, photos.UploadStatus{State: photos.UploadFinal, Received: 1000, Token: "CAIS1"}, nil},
		{"over, the token lost", "", []string{"Status", "final"}, photos.UploadStatus{State: photos.UploadFinal, Received: 1000}, nil},
		{"over, with something that is no token", `{"done":true}`, []string{"Status", "final"}, photos.UploadStatus{State: photos.UploadFinal, Received: 1000}, nil},
		{"cancelled", "", []string{"Status", "cancelled"}, photos.UploadStatus{State: photos.UploadCancelled}, nil},
		{"more than the file", "", []string{"Status", "active", "Size-Received", "1001"}, photos.UploadStatus{}, photos.ErrSessionGone},
		{"no size", "", []string{"Status", "active"}, photos.UploadStatus{}, photos.ErrBadHeaders},
		{"a negative size", "", []string{"Status", "active", "Size-Received", "-1"}, photos.UploadStatus{}, photos.ErrBadHeaders},
		{"a size that is no number", "", []string{"Status", "active", "Size-Received", secretQuery}, photos.UploadStatus{}, photos.ErrBadHeaders},
		{"no status", "", []string{"Size-Received", "5"}, photos.UploadStatus{}, photos.ErrBadHeaders},
		{"an unknown status", "", []string{"Status", secretAddress}, photos.UploadStatus{}, photos.ErrBadHeaders},
		{"a page", "<html>sign in", nil, photos.UploadStatus{}, photos.ErrBadHeaders},
	} {
		got, err := clientOn(t, answering(200, tc.body, tc.headers...)).Uploads.Query(t.Context(), aSession)
		wantStatus(t, tc.name, got, err, tc.want, tc.is)
	}
}

func TestTheAnswerToAChunk(t *testing.T) {
	middle, end, bare := chunk(200, 300, false), chunk(500, 500, true), photos.UploadChunk{Offset: 1000, Final: true}
	at := func(n int64) photos.UploadStatus { return photos.UploadStatus{State: photos.UploadActive, Received: n} }
	for _, tc := range []struct {
		name, body string
		chunk      photos.UploadChunk
		headers    []string
		want       photos.UploadStatus
		is         error
	}{
		{"taken", "", middle, []string{"Status", "active", "Size-Received", "500"}, at(500), nil},
		{"taken without a size", "", middle, []string{"Status", "active"}, at(500), nil},
		{"taken in part", "", middle, []string{"Status", "active", "Size-Received", "201"}, at(201), nil},
		{"the end taken in part", "", end, []string{"Status", "active", "Size-Received", "999"}, at(999), nil},
		{"the end taken, and not over", "", end, []string{"Status", "active", "Size-Received", "1000"}, at(1000), nil},
		{"over", "CAIS1", end, []string{"Status", "final"}, photos.UploadStatus{State: photos.UploadFinal, Received: 1000, Token: "CAIS1"}, nil},
		{"over without bytes", "CAIS1", bare, []string{"Status", "final"}, photos.UploadStatus{State: photos.UploadFinal, Received: 1000, Token: "CAIS1"}, nil},
		{"nothing taken", "", middle, []string{"Status", "active", "Size-Received", "200"}, photos.UploadStatus{}, photos.ErrWrongOffset},
		{"going backwards", "", middle, []string{"Status", "active", "Size-Received", "100"}, photos.UploadStatus{}, photos.ErrWrongOffset},
		{"more than was sent", "", middle, []string{"Status", "active", "Size-Received", "501"}, photos.UploadStatus{}, photos.ErrWrongOffset},
		{"the end, and active without a size", "", end, []string{"Status", "active"}, photos.UploadStatus{}, photos.ErrWrongOffset},
		{"an end without bytes, and active", "", bare, []string{"Status", "active", "Size-Received", "1000"}, photos.UploadStatus{}, photos.ErrWrongOffset},
		{"over too early", "CAIS1", middle, []string{"Status", "final"}, photos.UploadStatus{}, photos.ErrSessionGone},
		{"cancelled", "", middle, []string{"Status", "cancelled"}, photos.UploadStatus{}, photos.ErrSessionGone},
		{"over without a token", "", end, []string{"Status", "final"}, photos.UploadStatus{}, photos.ErrNotJSON},
		{"over with a page", "<html>", end, []string{"Status", "final"}, photos.UploadStatus{}, photos.ErrNotJSON},
		{"a size that is no number", "", middle, []string{"Status", "active", "Size-Received", "x"}, photos.UploadStatus{}, photos.ErrBadHeaders},
		{"a token without a status", "CAIS1", end, nil, photos.UploadStatus{}, photos.ErrBadHeaders},
		{"a page", "<html>sign in", end, nil, photos.UploadStatus{}, photos.ErrBadHeaders},
	} {
		got, err := clientOn(t, answering(200, tc.body, tc.headers...)).Uploads.Send(t.Context(), aSession, tc.chunk)
		wantStatus(t, tc.name, got, err, tc.want, tc.is)
	}
}

// wantStatus checks an answer that says how a session stands, or an error that passes.
func wantStatus(t *testing.T, name string, got photos.UploadStatus, err error, want photos.UploadStatus, is error) {
	t.Helper()
	if got != want || !errors.Is(err, is) {
		t.Errorf("%s: %+v, error %v, want %+v and %v", name, got, err, want, is)
	}
	if err == nil {
		return
	}
	if class := photos.Classify(err); class != photos.ClassTransient {
		t.Errorf("%s: %v, want an error that passes", name, class)
	}
	wantNoSecret(t, name, err)
}

// The rules of the protocol: what a refusal says of the session.
func TestWhatARefusalSaysOfTheSession(t *testing.T) {
	const bare = `{"code":3,"message":"Invalid."}`
	for _, tc := range []struct {
		status      int
		state, body string
		is          error // nil: the session may be as good as before
		class       photos.Class
	}{
		{400, "active", bare, photos.ErrWrongOffset, photos.ClassTransient},
		{412, "active", "", photos.ErrWrongOffset, photos.ClassTransient},
		{400, "final", bare, photos.ErrWrongOffset, photos.ClassTransient},
		{400, "cancelled", bare, photos.ErrWrongOffset, photos.ClassTransient},
		{404, "", `{"code":5,"message":"Not found."}`, photos.ErrSessionGone, photos.ClassTransient},
		{404, "active", "", photos.ErrSessionGone, photos.ClassTransient},
		{410, "", "", photos.ErrSessionGone, photos.ClassTransient},
		{400, "", bare, photos.ErrSessionGone, photos.ClassTransient},
		{400, "", "<html>Bad Request", photos.ErrSessionGone, photos.ClassTransient},
		{500, "", "", nil, photos.ClassTransient},
		{503, "active", "", nil, photos.ClassTransient},
		{408, "", "", nil, photos.ClassTransient},
		{409, "active", `{"code":10,"message":"Another request."}`, nil, photos.ClassTransient},
		{400, "", insufficientTokens, nil, photos.ClassRateLimited},
		{429, "", perMinuteBody, nil, photos.ClassRateLimited},
		{429, "", perDayBody, nil, photos.ClassDailyQuota},
		{401, "", "", nil, photos.ClassUnauthenticated},
		{403, "active", scopeBody, nil, photos.ClassForbidden},
		{413, "", "Request Entity Too Large", nil, photos.ClassInvalid},
		{302, "", "", nil, photos.ClassTransient},
	} {
		headers := []string{"Status", tc.state}
		if tc.state == "" {
			headers = nil
		}
		uploads := func() *photos.UploadsService { return clientOn(t, answering(tc.status, tc.body, headers...)).Uploads }
		_, queried := uploads().Query(t.Context(), aSession)
		_, sent := uploads().Send(t.Context(), aSession, chunk(0, 1000, true))
		for op, err := range map[string]error{"uploads.query": queried, "uploads.finalize": sent, "uploads.cancel": uploads().Cancel(t.Context(), aSession)} {
			e := asError(t, err)
			if e.Op != op || e.Status != tc.status || photos.Classify(err) != tc.class {
				t.Errorf("%d %q: %v is %v, want %s, %v", tc.status, tc.state, err, photos.Classify(err), op, tc.class)
			}
			for _, is := range []error{photos.ErrSessionGone, photos.ErrWrongOffset} {
				if errors.Is(err, is) != (is == tc.is) {
					t.Errorf("%d %q: %s: %v is %v: %t", tc.status, tc.state, op, err, is, is != tc.is)
				}
			}
		}
		_, err := uploads().Start(t.Context(), photos.StartUpload{Size: 1})
		if errors.Is(err, photos.ErrSessionGone) || errors.Is(err, photos.ErrWrongOffset) {
			t.Errorf("%d: a start says %v of a session that there is not", tc.status, err)
		}
	}
}

func TestTheAccessTokenGoesToNoOtherHost(t *testing.T) {
	for _, tc := range []struct {
		endpoint, session string
		want              bool
	}{
		{"https://photoslibrary.googleapis.com", "https://photoslibrary.googleapis.com/v1/uploads?upload_id=1", true},
		{"https://photoslibrary.googleapis.com", "https://PhotosLibrary.googleapis.com:443/anything", true},
		{"https://photoslibrary.googleapis.com", "https://photoslibrary.googleapis.com:8443/v1/uploads?upload_id=1", false},
		{"https://photoslibrary.googleapis.com", "https://uploads.googleapis.com/v1/uploads?upload_id=1", false},
		{"https://photoslibrary.googleapis.com", "https://photoslibrary.googleapis.com.example.com/v1/uploads", false},
		{"https://photoslibrary.googleapis.com", "http://127.0.0.1/v1/uploads?upload_id=1", false},
		{"http://127.0.0.1:8085", "http://127.0.0.1:8085/v1/uploads?upload_id=1", true},
		{"http://127.0.0.1:8085", "http://127.0.0.1:8086/v1/uploads?upload_id=1", false},
		{"http://127.0.0.1:8085", "https://127.0.0.1:8085/v1/uploads?upload_id=1", false},
		{"http://[::1]:80", "http://[::1]/v1/uploads?upload_id=1", true},
	} {
		var got *http.Request
		c, err := photos.New(photos.Config{Endpoint: tc.endpoint, TokenSource: signedIn(), UploadTransport: wire(func(req *http.Request) (*http.Response, error) {
			got = req
			return reply(http.StatusUnauthorized, ""), nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Uploads.Query(t.Context(), photos.UploadSession{URL: photos.SessionURL(tc.session), Size: 1})
		if photos.Classify(err) != photos.ClassUnauthenticated || got.URL.String() != tc.session {
			t.Errorf("%s: error %v, want the answer's, from the address as it was given", tc.session, err)
		}
		if sent := got.Header.Get("Authorization") != ""; sent != tc.want {
			t.Errorf("endpoint %s, session %s: token sent %t, want %t", tc.endpoint, tc.session, sent, tc.want)
		}
	}
}

func TestAnAddressThatIsNoSessionsIsNotUsed(t *testing.T) {
	for _, address := range []string{
		"", "x", "/v1/uploads?" + secretQuery, "https://", "https:///v1/uploads", "ftp://example.com/?" + secretQuery, "http://example.com/?" + secretQuery,
		"https://user:password@photoslibrary.googleapis.com/", secretAddress + "#part", secretAddress + "\r\nX-Injected: 1", secretAddress + " x",
		secretAddress + "é", "mailto:someone", "https://photoslibrary.googleapis.com:port/", secretAddress + strings.Repeat("x", 8<<10),
	} {
		c := clientOn(t, neverAsked(t))
		session := photos.UploadSession{URL: photos.SessionURL(address), Size: 1000, Granularity: 1}
		_, sent := c.Uploads.Send(t.Context(), session, chunk(0, 1000, true))
		_, queried := c.Uploads.Query(t.Context(), session)
		for _, err := range []error{sent, queried, c.Uploads.Cancel(t.Context(), session)} {
			if !errors.Is(err, photos.ErrNotSent) || photos.Classify(err) != photos.ClassInvalid {
				t.Errorf("%.80q: error %v, want it not sent", address, err)
			}
			wantNoSecret(t, address, err)
		}
	}
}

func TestNoErrorOfASessionShowsItsAddress(t *testing.T) {
	withAddress := &url.Error{Op: "Post", URL: secretAddress, Err: errors.New("connection reset")}
	escaped := strings.ReplaceAll(secretQuery, "=", `\u003d`)
	for name, w := range map[string]wire{
		"a transport's error":             broken(withAddress),
		"one inside the other":            broken(fmt.Errorf("proxy: %w", &url.Error{Op: "Post", URL: secretAddress, Err: withAddress})),
		"a text that repeats the request": always(404, "No "+secretAddress+" here"),
		"one that repeats the path":       always(400, "/v1/uploads?"+secretQuery+" is not known"),
		"a message that does":             always(400, `{"code":3,"message":"Unknown AEnB2U-a-very-secret-session."}`),
		"an escaped one":                  always(400, `{"code":3,"message":"Unknown `+escaped+`"}`),
		"a page":                          always(502, "<html>"+secretAddress),
		"a status that does":              answering(200, "", "Status", secretAddress),
		"a redirect": func(*http.Request) (*http.Response, error) {
			resp := reply(http.StatusFound, "")
			resp.Header.Set("Location", secretAddress)
			return resp, nil
		},
	} {
		c := clientOn(t, w)
		_, sent := c.Uploads.Send(t.Context(), aSession, chunk(0, 1000, true))
		_, queried := c.Uploads.Query(t.Context(), aSession)
		for _, err := range []error{sent, queried, c.Uploads.Cancel(t.Context(), aSession)} {
			wantNoSecret(t, name, err)
			if strings.Contains(err.Error(), "very-secret") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	var shown strings.Builder
	slog.New(slog.NewTextHandler(&shown, nil)).Info("session", "url", aSession.URL, "session", aSession)
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("session", "url", aSession.URL)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&shown, verb+verb+verb, aSession, &aSession, aSession.URL)
	}
	if text := shown.String(); strings.Contains(text, "very-secret") || strings.Contains(text, "photoslibrary") || strings.Contains(text, fmt.Sprintf("%x", "very-secret")) {
		t.Errorf("shown: %s", text)
	}
}

func TestASessionOverASocketThatIsGoneKeepsItsSecret(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL + "/v1/uploads?" + secretQuery
	transport := photos.NewUploadTransport(1)
	defer transport.CloseIdleConnections()
	c, err := photos.New(photos.Config{Endpoint: server.URL, TokenSource: signedIn(), UploadTransport: transport})
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	session := photos.UploadSession{URL: photos.SessionURL(address), Size: 1000, Granularity: 1}
	_, sent := c.Uploads.Send(t.Context(), session, photos.UploadChunk{Size: 1000, Body: io.LimitReader(neverEnding{}, 1000), Final: true})
	_, queried := c.Uploads.Query(t.Context(), session)
	for _, err := range []error{sent, queried} {
		if photos.Classify(err) != photos.ClassTransient {
			t.Errorf("error %v, want one that passes", err)
		}
		wantNoSecret(t, "connection refused", err)
	}
}

// neverEnding is a file of zeros.
type neverEnding struct{}

func (neverEnding) Read(p []byte) (int, error) { clear(p); return len(p), nil }
