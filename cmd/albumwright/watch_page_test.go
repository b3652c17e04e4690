package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/browser"
	"github.com/albumwright/albumwright/internal/fixture"
)

// watchWithPage starts a watch of a folder with a page on a free port of this machine, until the test ends.
func watchWithPage(t *testing.T, folder string) (address string) {
	t.Helper()
	for _, v := range serve(t) {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
	told, tell := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{
			"albumwright", "watch", "--listen", "127.0.0.1:0", "--settle", "100ms", "--batch-timeout", "100ms", "--state-dir", filepath.Join(t.TempDir(), "state"), folder,
		}, terminal{out: io.Discard, err: tell})
		_ = tell.Close()
	}()
	lines := bufio.NewScanner(told)
	for address == "" && lines.Scan() {
		address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/$`).FindString(lines.Text())
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, told)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
		<-drained
	})
	if address == "" {
		t.Fatal("no address")
	}
	return address
}

// dropIn puts a photo into a folder as programs do: under another name first.
func dropIn(t *testing.T, path string, media []byte) {
	t.Helper()
	if err := os.WriteFile(path+".part", media, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		t.Fatal(err)
	}
}

func TestAPhotoThatIsDroppedIntoAFolderAppearsOnThePage(t *testing.T) {
	folder := t.TempDir()
	address := watchWithPage(t, folder)
	p := browser.ForTest(t).Page(t)
	p.Open(address)
	p.Wait(`document.getElementById("live").classList.contains("on") && document.querySelector("h1").textContent === "Waiting for the first file"`)
	browser.Value[any](p, `window.same = true`)
	dropIn(t, filepath.Join(folder, "pier.jpg"), fixture.JPEG(fixture.Spec{Seed: 1, Width: 160, Height: 120}))
	p.Wait(`document.querySelector(".wall .file")?.textContent === "pier.jpg" && document.querySelector(".wall .badge").textContent === "uploaded" && window.same`)
	p.Wait(`document.querySelector(".wall img").naturalWidth === 160 && document.querySelector(".found b").textContent === "1"`)
	p.Wait(`document.querySelector("h1").textContent === "All is in the library" && document.querySelectorAll("#times path").length === 1`)

	p.Click(`#pause button`)
	p.Wait(`document.querySelector("h1").textContent.startsWith("Paused")`)
	dropIn(t, filepath.Join(folder, "broken.jpg"), bytes.Repeat([]byte("no photo "), 99))
	p.Wait(`document.querySelector("h1").textContent === "Paused, 1 file is on the way"`)
	p.Click(`#pause button`)
	p.Wait(`document.querySelector(".rows .file")?.textContent === "broken.jpg" && document.querySelector(".rows").textContent.includes("1 try")`)
	p.Click(`.rows button`)
	p.Wait(`document.getElementById("said").textContent.includes("1 file is tried again now")`)
	p.Wait(`document.querySelector(".rows")?.textContent.match(/[2-9] tries/)`) // it tries by itself, too, after a minute
	dropIn(t, filepath.Join(folder, "broken.jpg"), fixture.JPEG(fixture.Spec{Seed: 2, Width: 160, Height: 120}))
	p.Wait(`!document.querySelector(".rows") && document.querySelectorAll(".wall .end-uploaded").length === 2`)

	res, err := http.Get(address + "healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if text, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(text), `"status":"ok"`) {
		t.Errorf("%d %s %v", res.StatusCode, text, err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for at, want := range map[string]string{
		"8090": "must be HOST:PORT, as 127.0.0.1:8090", "127.0.0.1": "must be HOST:PORT", "127.0.0.1:": "must be HOST:PORT", "127.0.0.1:http-or-so": "name another",
		taken.Addr().String(): "address already in use; name another address or port",
	} {
		if _, err := listenAt(at); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("--listen %s: %v, want %q", at, err, want)
		}
	}
}

// A bookmark outlives a restart, and nobody else on the machine reads the secret.
func TestTheSecretOfThePageStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", pageSecret)
	first, err := readSecret(path)
	if err != nil || len(first) < 26 {
		t.Fatal(first, err)
	}
	if again, err := readSecret(path); err != nil || again != first {
		t.Errorf("%q and then %q, %v", first, again, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v, want it for this user alone", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("cut"), 0o600); err != nil {
		t.Fatal(err)
	}
	if mended, err := readSecret(path); err != nil || len(mended) < 26 {
		t.Errorf("of a file that was cut: %q %v", mended, err)
	}
}

func TestTheAddressOfThePageIsOneThatABrowserCanOpen(t *testing.T) {
	for _, c := range []struct{ ip, host, secret, want string }{
		{"127.0.0.1", "nas", "", "http://127.0.0.1:8090/"},
		{"::1", "nas", "", "http://[::1]:8090/"},
		{"0.0.0.0", "nas", "SECRET", "http://nas:8090/SECRET/"},
		{"192.168.1.7", "nas", "SECRET", "http://192.168.1.7:8090/SECRET/"},
	} {
		if got := pageAddress(&net.TCPAddr{IP: net.ParseIP(c.ip), Port: 8090}, c.host, c.secret); got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}

func TestALogDoesNotHaveTheSecretOfThePage(t *testing.T) {
	at := &net.TCPAddr{IP: net.IPv4zero, Port: 8090}
	if got := pageLine(at, "nas", "QK7P", ""); got != "the page is at http://nas:8090/QK7P/" {
		t.Errorf("a terminal is told %q", got)
	}
	if got := pageLine(at, "nas", "QK7P", "/state/"+pageSecret); strings.Contains(got, "QK7P") || !strings.HasSuffix(got, "what stands in /state/watch-page-secret") {
		t.Errorf("a log is told %q", got)
	}
}
