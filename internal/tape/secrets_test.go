package tape_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/tape"
)

// spy notes all that passes, as it is.
type spy struct {
	next http.RoundTripper
	text strings.Builder
}

func (s *spy) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err := errors.Join(err, req.Body.Close()); err != nil {
			return nil, err
		}
		s.text.Write(b)
		req = req.Clone(req.Context())
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
	}
	s.text.WriteString("\n" + req.URL.String() + "\n")
	resp, err := s.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(b))
	_ = resp.Header.Write(&s.text)
	s.text.WriteString("\n")
	s.text.Write(b)
	return resp, nil
}

// secretForms are how the emulator's secrets look.
var secretForms = map[string]*regexp.Regexp{
	"upload token":    regexp.MustCompile(`CAIS[A-Za-z0-9_-]{100,}`),
	"upload_id":       regexp.MustCompile(`AEnB2U[A-Za-z0-9_-]{50,}`),
	"base URL":        regexp.MustCompile(`/lh/[A-Za-z0-9_-]{20,}`),
	"share token":     regexp.MustCompile(`"shareToken": ?"([^"]+)"`),
	"shareable URL":   regexp.MustCompile(`"shareableUrl": ?"([^"]+)"`),
	"page token":      regexp.MustCompile(`"nextPageToken": ?"([^"]+)"`),
	"session address": regexp.MustCompile(`X-Goog-Upload-Url: (\S+)`),
}

// wantWithout looks for a secret in every disguise.
func wantWithout(t *testing.T, recording []byte, what, secret string) {
	t.Helper()
	quoted, _ := json.Marshal(secret)
	for how, form := range map[string]string{
		"as it is": secret, "percent-encoded": url.QueryEscape(secret), "in a path": url.PathEscape(secret), "in hex": hex.EncodeToString([]byte(secret)),
		"in base64": base64.StdEncoding.EncodeToString([]byte(secret)), "in base64url": base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"in JSON": string(quoted[1 : len(quoted)-1]), "in part": secret[:min(len(secret), 24)], "at its end": secret[max(len(secret)-24, 0):],
	} {
		if at := bytes.Index(recording, []byte(form)); at >= 0 {
			t.Errorf("of the %s something is in the recording %s, behind %s", what, how, recording[max(at-200, 0):at])
			return
		}
	}
}

func TestNoSecretIsInARecording(t *testing.T) {
	for _, words := range []bool{true, false} {
		var out bytes.Buffer
		rec, err := tape.New(&out, tape.Config{Words: words})
		if err != nil {
			t.Fatal(err)
		}
		seen := &spy{}
		server, c := service(t, emulator.Config{Era: emulator.Era2024, AccessToken: "ya29.short+/="}, func(wire http.RoundTripper) http.RoundTripper {
			seen.next = wire
			return rec.Transport(seen)
		})
		c.story()
		c.misuse()
		c.token = server.NewAccessToken(emulator.ScopeSharing)
		_, shared := c.must("POST", "/v1/albums/"+c.album("Shared")+":share", "{}")
		c.must("GET", "/v1/sharedAlbums/"+shared["shareInfo"].(map[string]any)["shareToken"].(string), "")
		if err := rec.Close(); err != nil {
			t.Fatal(err)
		}
		wantWithout(t, out.Bytes(), "access token", c.token)
		wantWithout(t, out.Bytes(), "access token", server.AccessToken())
		for what, form := range secretForms {
			found := form.FindAllStringSubmatch(seen.text.String(), -1)
			if len(found) == 0 {
				t.Errorf("no %s has passed: the test proves nothing", what)
			}
			secrets := map[string]bool{}
			for _, m := range found {
				secrets[m[len(m)-1]] = true
			}
			for secret := range secrets {
				wantWithout(t, out.Bytes(), what, secret)
			}
		}
	}
}

// misuse puts secrets where they do not belong.
func (c *client) misuse() {
	c.t.Helper()
	token := c.upload(photo(5))
	escaped := url.QueryEscape(token)
	for _, a := range []answer{
		c.ask("GET", "/v1/albums/"+token, ""),
		c.ask("GET", "/v1/albums?pageToken="+escaped, ""),
		c.ask("GET", "/v1/albums?unknown="+escaped, ""),
		c.ask("GET", "/v1/albums?access_token="+url.QueryEscape(c.token), "", "Authorization: "),
		c.ask("GET", "/v1/mediaItems:batchGet?mediaItemIds="+escaped, ""),
		c.ask("GET", "/v1/"+token, ""),
		c.ask("GET", "/v1/nothing/"+token+"/at/all", ""),
		c.ask("GET", "/elsewhere/"+token, ""),
		c.ask("POST", "/v1/albums", `{"album":{"title":"`+token+`"}}`),
		c.ask("POST", "/v1/albums", `{"album":{"title":"x","`+token+`":1}}`),
		c.ask("POST", "/v1/albums", `{"album":{"title":"x","unknown":"`+token+`"}}`),
		c.ask("POST", "/v1/albums", `{"album":{"title":"x","unknown":{"deep":["`+c.token+`"]}}}`),
		c.ask("POST", "/v1/albums", `{"album": no JSON, but `+token),
		c.ask("POST", "/v1/albums", token, "Content-Type: text/plain"),
		c.ask("POST", "/v1/mediaItems:batchCreate", `{"newMediaItems":[{"description":"`+token+" "+c.token+`","simpleMediaItem":{"uploadToken":"`+token+`","fileName":"`+token+`.jpg"}}]}`),
		c.ask("POST", "/v1/mediaItems:search", `{"pageToken":"`+token+`","orderBy":"`+token+`"}`),
		c.ask("GET", "/v1/albums", "", "Cookie: session="+token, "X-Secret: "+token, "User-Agent: mine/1 "+token+" "+c.token, "X-Goog-Upload-File-Name: "+escaped),
		c.ask("POST", "/v1/uploads?upload_id="+escaped+"&upload_protocol=resumable", "", "X-Goog-Upload-Command: query"),
		c.ask("POST", "/v1/uploads?upload_protocol=resumable&key="+escaped, "", "X-Goog-Upload-Command: "+token),
	} {
		if a.status == 0 {
			c.t.Error(a.body)
		}
	}
}

// service of a sign-in and of a front end that talk too much.
func chatty(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	h := w.Header()
	switch r.URL.Path {
	case "/token":
		h.Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"ya29.fresh","refresh_token":"1//refresh","id_token":"eyJh.eyJi.c2ln","expires_in":3599,"scope":"a b","surprise":"ya29.fresh"}`)
	case "/o/oauth2/v2/auth":
		h.Set("Location", "http://127.0.0.1:1/?code=4/0code&state=state-secret")
		h.Set("Set-Cookie", "SID=cookie-secret")
		w.WriteHeader(http.StatusFound)
	case "/v1/albums":
		h.Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":{"code":401,"message":"The token ya29.fresh of `+strings.Repeat("s", 40)+` is bad.","status":"UNAUTHENTICATED"}}`)
	default:
		h.Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>ya29.fresh")
	}
}

func TestNoSecretOfASignInIsInARecording(t *testing.T) {
	var out bytes.Buffer
	rec, err := tape.New(&out, tape.Config{Words: true})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, wire: rec.Transport(handlerTransport{http.HandlerFunc(chatty)}), base: "http://accounts.test", token: "ya29.first"}
	c.ask("GET", "/o/oauth2/v2/auth?response_type=code&state=state-secret&code_challenge=challenge-secret&login_hint=me@example.com&client_id=client-secret-id", "")
	c.ask("POST", "/token", "grant_type=authorization_code&code=4%2F0code&code_verifier=verifier-secret&client_secret=GOCSPX-secret&client_id=client-secret-id&x=unknown-secret",
		"Content-Type: application/x-www-form-urlencoded", "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte("client-secret-id:GOCSPX-secret")))
	c.ask("POST", "/token", "grant_type=refresh_token&refresh_token=1%2F%2Frefresh", "Content-Type: application/x-www-form-urlencoded")
	c.ask("GET", "/v1/albums", "")
	c.ask("GET", "/page", "")
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{
		"ya29.first", "ya29.fresh", "1//refresh", "eyJh.eyJi.c2ln", "state-secret", "challenge-secret", "cookie-secret", "me@example.com", "client-secret-id",
		"4/0code", "verifier-secret", "GOCSPX-secret", "unknown-secret", "client-secret-id:GOCSPX-secret", strings.Repeat("s", 40),
	} {
		wantWithout(t, out.Bytes(), "secret", secret)
	}
	_, all := exchanges(t, out.Bytes())
	if form := all[1].Request.Body.Form; form["grant_type"][0] != "authorization_code" || form["code"][0] != "oauth-code-1" {
		t.Errorf("the form is %v, want what was asked for, and placeholders", form)
	}
	if got := all[2].Request.Body.Form["refresh_token"][0]; !bytes.Contains(all[1].Answer.Body.JSON, []byte(`"refresh_token":"`+got+`"`)) {
		t.Errorf("the refresh token is %s, want the one that was issued: %s", got, all[1].Answer.Body.JSON)
	}
	if got := string(all[3].Answer.Body.JSON); !strings.Contains(got, "The token access-token-2 of opaque-1 is bad.") {
		t.Errorf("the error is %s, want the service's words", got)
	}
}

// handlerTransport reaches a handler without a socket.
type handlerTransport struct{ http.Handler }

func (h handlerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	w := newResponse()
	r := req.Clone(req.Context())
	if r.Body == nil {
		r.Body = http.NoBody
	}
	h.ServeHTTP(w, r)
	return w.result(req), r.Body.Close()
}
