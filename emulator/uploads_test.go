package emulator_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 3.1; 0 #15: any bytes earn a token, long, opaque, beginning CAIS.
func TestAnyBytesEarnAToken(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		seen, lengths := map[string]bool{}, map[int]bool{}
		for _, body := range []string{"x", "not a photo at all", string(photo(1)), string(photo(1)), strings.Repeat("a", 1<<20)} {
			token := c.upload([]byte(body))
			if !strings.HasPrefix(token, "CAIS") || len(token) < 100 || strings.ContainsAny(token, " \n") {
				t.Errorf("token %q", token)
			}
			seen[token], lengths[len(token)] = true, true
		}
		if len(seen) != 5 {
			t.Errorf("%d different tokens for 5 uploads", len(seen))
		}
		if len(lengths) < 2 {
			t.Errorf("all tokens have the same length %v: a client could rely on it", lengths)
		}
		if got := c.s.Calls()["uploads"]; got != 5 {
			t.Errorf("%d uploads counted, want 5", got)
		}
	})
}

// Contract 3.1 and 2.2: the headers and the errors of the raw protocol.
func TestUploadHeaderRules(t *testing.T) {
	media := photo(1)
	sum := func(b []byte) string {
		s := sha1.Sum(b)
		return base64.StdEncoding.EncodeToString(s[:])
	}
	tests := []struct {
		name    string
		header  map[string]string
		body    string
		status  int
		message string // of the error; "" = not compared
	}{
		{"as documented", nil, string(media), 200, ""},
		{"the file's type is a hint that may say anything", map[string]string{"X-Goog-Upload-Content-Type": "application/octet-stream"}, string(media), 200, ""},
		{"no content type", map[string]string{"Content-Type": ""}, string(media), 200, ""},
		{"the file's type as content type", map[string]string{"Content-Type": "image/gif"}, string(media), 400, ""},
		{"a form", map[string]string{"Content-Type": "multipart/form-data; boundary=x"}, string(media), 400, ""},
		{"no protocol", map[string]string{"X-Goog-Upload-Protocol": ""}, string(media), 400, "Missing header X-Goog-Upload-Protocol."},
		{"another protocol", map[string]string{"X-Goog-Upload-Protocol": "multipart"}, string(media), 400, ""},
		{"the resumable protocol without a command", map[string]string{"X-Goog-Upload-Protocol": "resumable"}, string(media), 400, "Missing header X-Goog-Upload-Command."},
		{"a command that is none", map[string]string{"X-Goog-Upload-Command": "send"}, string(media), 400, `Unsupported X-Goog-Upload-Command: "send".`},
		{"the right checksum", map[string]string{"X-Goog-Hash": "sha1=" + sum(media)}, string(media), 200, ""},
		{"the right checksum in a list", map[string]string{"X-Goog-Hash": "crc32c=AAAAAA==, sha1=" + sum(media)}, string(media), 200, ""},
		{"a checksum of other bytes", map[string]string{"X-Goog-Hash": "sha1=" + sum([]byte("other"))}, string(media), 400, "User-provided checksum does not match received payload content."},
		{"a checksum that is none", map[string]string{"X-Goog-Hash": "sha1=AAAA"}, string(media), 400, ""},
		{"only checksums of other kinds", map[string]string{"X-Goog-Hash": "md5=AAAA"}, string(media), 200, ""},
		{"no bytes", nil, "", 400, "Payload must not be empty"},
	}
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				r := c.uploadRequest(strings.NewReader(tt.body))
				for k, v := range tt.header {
					r.Header.Set(k, v)
					if v == "" {
						r.Header.Del(k)
					}
				}
				a := c.do(r)
				if tt.status != http.StatusOK {
					a.wantBareError(t, tt.status, 3, tt.message)
				}
				a.wantStatus(t, tt.status)
			})
		}
	})
}

// Contract 3.1: Content-Length may be missing; the body is streamed.
func TestAnUploadOfUnknownLengthIsTaken(t *testing.T) {
	bothWays(t, emulator.Config{Dir: t.TempDir()}, func(t *testing.T, c *client) {
		media := photo(7)
		pr, pw := io.Pipe()
		go func() {
			for _, b := range media { // byte by byte, as a slow camera card
				if _, err := pw.Write([]byte{b}); err != nil {
					return
				}
			}
			_ = pw.Close()
		}()
		a := c.do(c.uploadRequest(pr))
		a.wantStatus(t, http.StatusOK)
		c.createIDs(batch("", nil, string(a.body)))
		if got, want := c.s.MediaItems()[0].SHA256, sha256.Sum256(media); got != want {
			t.Errorf("the item's hash is %x, want %x", got, want)
		}
	})
}

// Contract 2.2, 3.3: more than 20 GB is refused before its first byte.
func TestMoreThan20GBIsRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		if tr, ok := c.http.Transport.(*http.Transport); ok {
			tr.ExpectContinueTimeout = 1 << 40 // the body is sent only when it is asked for
		}
		read := &countingReader{}
		r := c.uploadRequest(read)
		r.ContentLength = 20<<30 + 1
		r.Header.Set("Expect", "100-continue")
		c.do(r).wantBareError(t, http.StatusRequestEntityTooLarge, 3, "Request Entity Too Large")
		if read.n > 0 {
			t.Errorf("%d bytes were read first", read.n)
		}
	})
}

type countingReader struct{ n int }

func (r *countingReader) Read(p []byte) (int, error) {
	r.n += len(p)
	return len(p), nil
}

// The name of the legacy upload header counts when batchCreate names none;
// without both, a name is made up (contract 3.1; 4; 12 #30).
func TestWhereAFileNameComesFrom(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		named := func(n int) string {
			r := c.uploadRequest(bytes.NewReader(photo(n)))
			r.Header.Set("X-Goog-Upload-File-Name", "header.gif")
			return string(c.do(r).body)
		}
		c.create(map[string]any{"newMediaItems": []any{
			entry(named(1), "", ""), entry(named(2), "body.gif", ""), entry(c.upload(photo(3)), "", ""),
		}})
		items := c.s.MediaItems()
		if items[0].Filename != "header.gif" || items[1].Filename != "body.gif" {
			t.Errorf("names %q and %q", items[0].Filename, items[1].Filename)
		}
		if name := items[2].Filename; filepath.Ext(name) != ".gif" || len(name) < 8 {
			t.Errorf("the made up name is %q", name)
		}
	})
}

// Nothing is kept of what was refused or broke off, every content is kept
// once, and nothing else in the folder is touched: file names come from hashes.
func TestBytesOnDiskAreThoseOfTokens(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(mine, []byte("not the emulator's"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := emulator.New(emulator.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, s: s, http: &http.Client{Transport: s.Transport()}, base: "http://emulator.test"}
	wantKept := func(want int) {
		t.Helper()
		if kept := keptFiles(t, dir); len(kept) != want {
			t.Fatalf("%d files are kept, want %d: %v", len(kept), want, kept)
		}
	}
	r := c.uploadRequest(bytes.NewReader(largePhoto(1)))
	r.Header.Set("X-Goog-Hash", "sha1="+base64.StdEncoding.EncodeToString(make([]byte, 20)))
	c.do(r).wantStatus(t, http.StatusBadRequest)
	wantKept(0)

	broken := errors.New("the card was pulled out")
	r = c.uploadRequest(io.MultiReader(bytes.NewReader(largePhoto(1)), &failingReader{broken}))
	if _, err := c.http.Do(r); !errors.Is(err, broken) {
		t.Errorf("a broken body gives %v, want %v", err, broken)
	}
	wantKept(0)

	c.upload(largePhoto(1))
	wantKept(1)
	c.upload(largePhoto(1))
	wantKept(1)
	c.upload(largePhoto(2))
	wantKept(2)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantKept(2)
	if text, err := os.ReadFile(mine); err != nil || string(text) != "not the emulator's" {
		t.Errorf("the user's own file holds %q, %v", text, err)
	}
}

type failingReader struct{ err error }

func (r *failingReader) Read([]byte) (int, error) { return 0, r.err }

func TestAClosedServerAnswersNothing(t *testing.T) {
	c := direct(t, emulator.Config{})
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	c.get("/v1/albums").wantError(t, http.StatusServiceUnavailable, "UNAVAILABLE", "")
	c.do(c.uploadRequest(strings.NewReader("x"))).wantBareError(t, http.StatusServiceUnavailable, 14, "")
	c.get("/").wantStatus(t, http.StatusServiceUnavailable)
}

func TestBadConfigIsRefusedWithTheFieldNamed(t *testing.T) {
	notAFolder := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(notAFolder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]emulator.Config{
		"Latency":       {Latency: -1},
		"PartialStatus": {PartialStatus: 400},
		"AlbumLimit":    {AlbumLimit: -1},
		"TokenLife":     {TokenLife: -1},
		"SessionLife":   {SessionLife: -1},

		"ChunkGranularity": {ChunkGranularity: -1},
		"Dir":              {Dir: filepath.Join(notAFolder, "below")},
	}
	for field, cfg := range tests {
		if _, err := emulator.New(cfg); err == nil || !strings.Contains(err.Error(), "Config."+field) {
			t.Errorf("%s: error %v does not name the field", field, err)
		}
	}
}
