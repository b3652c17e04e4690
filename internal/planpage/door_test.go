package planpage_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/report"
)

func TestOnlyWhoKnowsTheSecretGetsIn(t *testing.T) {
	w := newWorld(t)
	w.file("1.jpg", photo(1), clock(18, 9, 0))
	w.serve()
	at, _ := url.Parse(w.url)
	secret := strings.Trim(at.Path, "/")
	if len(secret) < 24 {
		t.Errorf("the secret is %q", secret)
	}
	below := []string{"", "?gap=2h", "thumbs/0", "plan.yaml", "static/look.css", "static/planpage.js"}
	for _, path := range below {
		if status, header, _ := w.get(path); status != http.StatusOK || header.Get("Content-Security-Policy") == "" || header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%q with the secret: %d %v", path, status, header)
		}
		for _, wrong := range []string{"", strings.ToLower(secret) + "/", secret[:len(secret)-1] + "/", secret + "x/", "//" + secret + "/", "x/../" + secret + "/"} {
			w.wantShut(http.MethodGet, at.Host, "/"+wrong+path)
		}
	}
	w.wantShut(http.MethodPost, at.Host, "/done")
	w.wantShut(http.MethodGet, at.Host, "/"+secret[:1]+"%2F"+secret[1:]+"/")
}

// A page from elsewhere can give its own name this machine's address; it cannot make a browser send another Host.
func TestARequestForAnotherHostIsRefused(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	at, _ := url.Parse(w.url)
	for _, host := range []string{"evil.example:" + at.Port(), "evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:" + at.Port(), "127.0.0.1.:" + at.Port()} {
		w.wantShut(http.MethodGet, host, at.Path)
		w.wantShut(http.MethodPost, host, at.Path+"done")
	}
}

// wantShut wants a request refused with nothing of the plan in the answer.
func (w *world) wantShut(method, host, path string) {
	w.t.Helper()
	at, _ := url.Parse(w.url)
	r, err := http.NewRequestWithContext(w.t.Context(), method, "http://"+at.Host+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Host = host
	if status, _, body := w.do(r); status != http.StatusForbidden || strings.Contains(body, "jpg") {
		w.t.Errorf("%s %s for %s: %d %.80q, want it refused", method, path, host, status, body)
	}
}

func TestNoAddressLeadsToAFileThatIsNotInThePlan(t *testing.T) {
	w := newWorld(t)
	w.file("in.jpg", photo(1), clock(18, 9, 0))
	secret := filepath.Join(filepath.Dir(w.items[0].File), "beside.jpg")
	if err := os.WriteFile(secret, photo(2), 0o600); err != nil {
		t.Fatal(err)
	}
	w.serve()
	for _, path := range []string{
		"thumbs/1", "thumbs/-1", "thumbs/9999999999999999999", "thumbs/0x0", "thumbs/", "thumbs/beside.jpg", "thumbs/..%2fbeside.jpg", "thumbs/0/../../beside.jpg",
		"thumbs/" + url.PathEscape(secret), "thumbs/%2e%2e/%2e%2e/etc/passwd", "static/../door.go", "static/..%2fdoor.go", "static/", "templates/page.html", "etc/passwd",
		"thumbs/?file=" + url.QueryEscape(secret), "thumbs/0%00", "static/planpage.css/../../planpage.go",
	} {
		if status, _, body := w.get(path); status == http.StatusOK {
			t.Errorf("%s: %.60q", path, body)
		}
	}
}

func TestHostileNamesAreShownAndDoNothing(t *testing.T) {
	names := []string{
		`<script>alert(1)</script>.jpg`, `"><img src=x onerror=alert(2)>.jpg`, "a\u202egpj.exe.jpg", "bell\x07\x1b[31m.jpg", "\xff\xfe not text.jpg",
		strings.Repeat("very long ", 25) + ".jpg", "{{.Base}} ${x} `y`.jpg", "new\nline.jpg", "שלום.jpg", "' onmouseover='alert(3).jpg",
	}
	w := newWorld(t)
	for i, name := range names {
		it := taken(name, clock(18, 9, i))
		it.Description, it.Notes = "words "+name, []string{"note " + name}
		w.items = append(w.items, it)
	}
	w.title = func(begin clockTime) string {
		return `</title><script>alert("album")</script>` + "\u202e reversed \xff"
	}
	w.serve()
	status, _, body := w.get("?open=1")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	for _, bad := range []string{"<script>alert", "<img src=x", "\u202e", "\x07", "\x1b", "\xff", "onmouseover='", " onerror=alert(2)>."} {
		if strings.Contains(body, bad) {
			t.Errorf("the page has %q as it stands", bad)
		}
	}
	wantIn(t, body, "&lt;script&gt;alert(1)&lt;/script&gt;.jpg", `a\u202egpj.exe.jpg`, "שלום.jpg", `words bell\a\x1b[31m.jpg`)
	for i := range names {
		if number, _, _ := w.get(fmt.Sprintf("thumbs/%d", i)); number != http.StatusOK {
			t.Errorf("%q has no tile: %d", report.Text(names[i]), number)
		}
	}
}
