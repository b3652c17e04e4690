package dashboard_test

import (
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/dashboard"
	"github.com/albumwright/albumwright/internal/watch"
)

// A page from elsewhere can give its own name this machine's address; it cannot make a browser send another Host.
func TestOnLoopbackARequestForAnotherHostIsRefused(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	at, _ := url.Parse(w.url)
	for host, want := range map[string]int{
		at.Host: http.StatusOK, "localhost:" + at.Port(): http.StatusOK, "LOCALHOST": http.StatusOK, "[::1]:" + at.Port(): http.StatusOK, "127.0.0.2:1": http.StatusOK,
		"evil.example:" + at.Port(): http.StatusForbidden, "evil.example": http.StatusForbidden, "localhost.evil.example": http.StatusForbidden,
		"127.0.0.1.evil.example": http.StatusForbidden, "192.168.1.7:" + at.Port(): http.StatusForbidden, "nas": http.StatusForbidden, " ": http.StatusForbidden,
	} {
		for _, path := range []string{"", "healthz", "metrics", "events", "static/dashboard.js"} {
			if path == "events" && want == http.StatusOK {
				continue // it does not end
			}
			r := w.request(http.MethodGet, path, nil)
			r.Host = host
			if status, _, body := w.do(r); status != want || want != http.StatusOK && strings.Contains(body, "mara") {
				t.Errorf("%q for %q: %d, want %d: %.80q", path, host, status, want, body)
			}
		}
	}
}

func TestElsewhereOnlyWhoKnowsTheSecretGetsIn(t *testing.T) {
	const secret = "QK7PJ2XWRT5VAYB3ZC6NDM4HSL"
	f := newFake(afternoon(t.TempDir()))
	w := serveAs(t, f, dashboard.Config{Secret: secret, Names: []string{"nas"}})
	at, _ := url.Parse(w.url)
	for _, host := range []string{at.Host, "192.168.1.7:8090", "nas:8090", "NAS.lan", "nas.fritz.box:8090", "localhost"} {
		r := w.request(http.MethodGet, "", nil)
		r.Host = host
		if status, _, _ := w.do(r); status != http.StatusOK {
			t.Errorf("for %s: %d", host, status)
		}
	}
	shut := func(host, path string) {
		t.Helper()
		r := w.request(http.MethodGet, "", nil)
		r.Host, r.URL.Path = host, path
		if status, _, body := w.do(r); status != http.StatusForbidden || strings.Contains(body, "mara") || strings.Contains(body, "found") {
			t.Errorf("%s for %s: %d %.80q, want it refused", path, host, status, body)
		}
	}
	for _, host := range []string{"evil.example", "nasty.example", "evil.nas"} {
		shut(host, at.Path)
	}
	for _, path := range []string{"/", "/metrics", "/events", "/" + strings.ToLower(secret) + "/", "/" + secret[1:] + "/", "//" + secret + "/", "/x/../" + secret + "/", "/" + secret + "x/metrics", "/static/look.css"} {
		shut(at.Host, path)
	}
	r := w.request(http.MethodGet, "", nil)
	r.URL.Path = "/healthz"
	if status, _, body := w.do(r); status != http.StatusOK || strings.Contains(body, "mara") {
		t.Errorf("/healthz without the secret: %d %s; monitors ask it, and it names nothing", status, body)
	}
	if _, _, body := w.get(""); strings.Contains(body, secret) {
		t.Error("the page has its secret in it")
	}
}

func TestEachAnswerForbidsWhatCouldComeFromElsewhere(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	for _, path := range []string{"", "healthz", "metrics", "static/look.css", "thumbs/none", "nowhere"} {
		_, h, _ := w.get(path)
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%q: %v", path, h)
		}
	}
}

func TestWithoutTheTokenNothingIsDone(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	other := serve(t, afternoon(t.TempDir())) // another process, as it were
	for _, act := range []string{"pause", "resume", "rescan", "retry"} {
		for _, token := range []string{"", "guess", other.token()} {
			status, _, body := w.post(act, url.Values{"token": {token}, "all": {"1"}})
			if status != http.StatusForbidden {
				t.Errorf("%s with %q: %d", act, token, status)
			}
			wantIn(t, body, "Nothing was done")
		}
		if status, _, _ := w.get(act + "?token=" + w.token()); status != http.StatusMethodNotAllowed {
			t.Errorf("GET %s: %d", act, status)
		}
		if status, _, _ := w.post(act+"?token="+w.token(), url.Values{"all": {"1"}}); status != http.StatusForbidden {
			t.Errorf("%s with a token in its address: %d", act, status)
		}
	}
	if heard := w.watch.heard(); heard != "" {
		t.Error("the watch was told:", heard)
	}
}

// The page without script: a form leads back to the page, which says what was done.
func TestFormsLeadBackToThePageThatSaysWhatWasDone(t *testing.T) {
	const secret = "QK7PJ2XWRT5VAYB3ZC6NDM4HSL"
	w := serveAs(t, newFake(afternoon(t.TempDir())), dashboard.Config{Secret: secret})
	for _, c := range []struct {
		act        string
		form       url.Values
		says, told string
	}{
		{"pause", url.Values{}, "Paused. What is being sent ends", "pause"},
		{"resume", url.Values{}, "Resumed.", "resume"},
		{"rescan", url.Values{}, "All folders are looked at now", "rescan"},
		{"retry", url.Values{"file": {"../../etc/passwd"}}, "not among the failures any more", ""},
		{"retry", url.Values{"file": {"/home/mara/Pictures/Phone/broken.jpg"}}, "not among the failures any more", ""},
		{"retry", url.Values{"all": {"1"}}, "3 files are tried again now", "retry "},
	} {
		before := w.watch.heard()
		c.form.Set("token", w.token())
		status, header, _ := w.post(c.act, c.form)
		if status != http.StatusSeeOther || !strings.HasPrefix(header.Get("Location"), "./?") {
			t.Errorf("%s: %d, leads to %q", c.act, status, header.Get("Location"))
		}
		_, _, body := w.get(strings.TrimPrefix(header.Get("Location"), "./"))
		wantIn(t, body, c.says)
		if told := strings.TrimPrefix(strings.TrimPrefix(w.watch.heard(), before), ", "); told != c.told {
			t.Errorf("%s: the watch was told %q, want %q", c.act, told, c.told)
		}
	}
}

func TestWhatCannotBeDoneIsSaid(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	w.watch.err = errors.New("write pause: no space left on device")
	status, _, body := w.post("pause", url.Values{"token": {w.token()}})
	if status != http.StatusInternalServerError {
		t.Error(status)
	}
	wantIn(t, body, "That could not be done: write pause: no space left on device", "1,412")
}

func TestOnlyPicturesOfTheWallAreServedAndNeverByAPath(t *testing.T) {
	dir := t.TempDir()
	s := afternoon(dir)
	photos(t, s)
	w := serve(t, s)
	ids := idsOnTheWall(w)
	if len(ids) != len(s.Last) {
		t.Fatalf("%d pictures of %d files", len(ids), len(s.Last))
	}
	for _, id := range ids {
		if status, header, body := w.get("thumbs/" + id); status != http.StatusOK || !isPicture(header, body) {
			t.Errorf("%s: %d %v", id, status, header)
		}
	}
	for _, bad := range []string{
		"thumbs/", "thumbs/0", "thumbs/IMG_2290.jpg", "thumbs/" + url.PathEscape(s.Last[0].Path), "thumbs/..%2f..%2fetc%2fpasswd", "thumbs/" + ids[0] + "0", "thumbs/" + ids[0] + "/x",
		"static/", "static/../door.go", "static/..%2fdoor.go", "templates/page.html", "thumbs/?path=" + url.QueryEscape(s.Last[0].Path),
	} {
		if status, _, body := w.get(bad); status == http.StatusOK {
			t.Errorf("%s: %.60q", bad, body)
		}
	}
	w.watch.change(func(s *watch.Snapshot) { s.Last = s.Last[1:] })
	if status, _, _ := w.get("thumbs/" + ids[0]); status != http.StatusNotFound {
		t.Errorf("a file that is not on the wall any more: %d", status)
	}
}

// A share that does not answer would keep the picture, and with it the page, for ever.
func TestAFileWhoseFolderIsAwayIsNotLookedAtForItsPicture(t *testing.T) {
	dir := t.TempDir()
	s := afternoon(dir)
	photos(t, s)
	w := serve(t, s)
	id := idsOnTheWall(w)[0]
	_, _, there := w.get("thumbs/" + id)
	w.watch.change(func(s *watch.Snapshot) {
		s.Folders = []watch.Folder{{Path: filepath.Dir(s.Last[0].Path), State: "offline"}}
	})
	if status, header, body := w.get("thumbs/" + id); status != http.StatusOK || !isPicture(header, body) || body == there {
		t.Errorf("%d %v, want a picture that needs no look at the file", status, header)
	}
}
