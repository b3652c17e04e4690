package emulator_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// ownFiles are all that a server ever makes in its folder.
var ownFiles = regexp.MustCompile(`^(lock|journal\.jsonl|quota\.json|media/small|media/[0-9a-f]{64}|sessions/[0-9a-f]+\.part)$`)

// hostileNames returns names that mean something to a file system.
func hostileNames(secret string) []string {
	return []string{
		"../../evil.jpg", "/etc/passwd", secret, `..\..\evil.jpg`, "C:\\evil.jpg", "\\\\host\\share\\evil.jpg", "a\x00.jpg", "..", ".",
		"~/.ssh/authorized_keys", "journal.jsonl", "lock", "media/../quota.json", "CON", "-rf", "a\nb.jpg", "\u202egpj.exe", "%2e%2e%2fevil.jpg",
		strings.Repeat("../", 80) + "evil.jpg",
	}
}

// No name that a client sends becomes a part of a path: neither in what is
// written nor in what is read.
func TestNamesOfClientsNeverReachTheFileSystem(t *testing.T) {
	parent := t.TempDir()
	dir, secret := filepath.Join(parent, "data"), filepath.Join(parent, "secret.txt")
	if err := os.WriteFile(secret, []byte("not yours"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := socket(t, emulator.Config{Dir: dir})
	for n, name := range hostileNames(secret) {
		c.sendUnder(name, largePhoto(n))
		c.askFor(name)
	}
	if got := filesBelow(t, parent); !slices.Equal(got, []string{"data", "secret.txt"}) {
		t.Errorf("beside the server's folder there is %q", got)
	}
	for _, path := range filesBelow(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, path)); err != nil || !info.IsDir() && !ownFiles.MatchString(filepath.ToSlash(path)) {
			t.Errorf("the server made %q", path)
		}
	}
	if kept := keptFiles(t, dir); len(kept) == 0 {
		t.Error("no media were kept: the test saw nothing")
	}
}

// sendUnder gives a name to all that a client can name, and looks at it.
func (c *client) sendUnder(name string, media []byte) {
	c.t.Helper()
	r := c.uploadRequest(bytes.NewReader(media))
	r.Header.Set("X-Goog-Upload-File-Name", url.PathEscape(name))
	token := string(c.do(r).body)
	album := c.album(name)
	id := c.createIDs(map[string]any{"albumId": album, "newMediaItems": []any{entry(token, name, name)}})[0]
	for _, path := range []string{"/items/" + id, "/media/" + id + "?download", "/thumbs/" + id, "/albums/" + album} {
		if a := c.open(path); a.status != http.StatusOK {
			c.t.Errorf("%q: %s is answered %d", name, path, a.status)
		}
	}
	if d := c.open("/media/" + id + "?download").header.Get("Content-Disposition"); strings.ContainsAny(d, "\r\n\x00/\\") {
		c.t.Errorf("%q is handed to a browser as %q", name, d)
	}
	start := c.uploadRequest(nil)
	for header, value := range map[string]string{
		"Protocol": "resumable", "Command": "start", "Raw-Size": "9", "Content-Type": "image/gif", "File-Name": url.PathEscape(name),
	} {
		start.Header.Set("X-Goog-Upload-"+header, value)
	}
	c.do(start).wantStatus(c.t, http.StatusOK)
}

// askFor uses a name as the id of all that has one.
func (c *client) askFor(name string) {
	c.t.Helper()
	escaped := url.PathEscape(name)
	c.steer("POST", "/control/items/"+escaped+"/marks", `{"favorite": true}`)
	c.steer("POST", "/control/albums/"+escaped+"/delete", "")
	for _, command := range []string{"query", "upload, finalize", "cancel"} {
		r := c.uploadRequest(strings.NewReader("x"))
		r.URL.RawQuery = url.Values{"upload_id": {name}, "upload_protocol": {"resumable"}}.Encode()
		r.Header.Set("X-Goog-Upload-Command", command)
		r.Header.Set("X-Goog-Upload-Offset", "0")
		if a := c.do(r); a.status == http.StatusOK {
			c.t.Errorf("%q: there is such a session", name)
		}
	}
	for _, path := range []string{"/media/", "/thumbs/", "/previews/", "/items/", "/albums/", "/static/", "/lh/", "/v1/mediaItems/"} {
		a := c.open(path + escaped)
		if bytes.Contains(a.body, []byte("not yours")) || bytes.Contains(a.body, []byte("albumwrightEmulator")) {
			c.t.Errorf("%s%s is answered with a file: %.200s", path, escaped, a.body)
		}
	}
}

// filesBelow are the names in a folder, at all depths if the folder is the
// server's own.
func filesBelow(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, name)
		if d.IsDir() && d.Name() == "data" {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// A request has a size that it cannot exceed, whatever part of it is large.
func TestRequestsThatAreTooLargeAreRefused(t *testing.T) {
	c := socket(t, emulator.Config{})
	header := c.request(http.MethodGet, "/v1/albums", nil)
	header.Header.Set("X-Long", strings.Repeat("x", 128<<10))
	address := c.request(http.MethodGet, "/v1/albums?pageToken="+strings.Repeat("x", 128<<10), nil)
	many := c.request(http.MethodGet, "/v1/albums", nil)
	for range 20_000 {
		many.Header.Add("X-Many", "x")
	}
	for what, r := range map[string]*http.Request{"a long header": header, "a long address": address, "many headers": many} {
		a, err := c.try(r)
		if err != nil { // the server hangs up on who goes on sending
			continue
		}
		if a.status != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s: status %d", what, a.status)
		}
	}
	if n := c.s.Calls(); len(n) != 0 {
		t.Errorf("calls %v: one got through", n)
	}
}

func TestMoreHostNamesCanBeTheServersOwn(t *testing.T) {
	c := socket(t, emulator.Config{HostNames: []string{"photos", "emulator.test"}})
	for host, want := range map[string]int{
		"photos": 200, "photos:8085": 200, "PHOTOS": 200, "emulator.test": 200, "localhost": 200,
		"photos.evil.example": 403, "evil.test": 403, "photo": 403,
	} {
		r := c.request(http.MethodGet, "/", nil)
		r.Host = host
		if a := c.do(r); a.status != want {
			t.Errorf("host %q: status %d, want %d", host, a.status, want)
		}
	}
}
